#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_adoption
short_description: Adopt VPN connections that other tools created
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Finds connections that were created by hand, by CloudFormation, by Terraform or by another team, and returns them.
    RV(host_vars) has the inventory variables for them, so that the next plan of M(hybridnet.aws_vpn.vpn_sites) is
    empty.
  - With O(adopt=true) the connection and its customer gateway get the tags C(hybridnet:collection) and
    C(hybridnet:gateway), the connection also C(hybridnet:connection), and a C(Name) if they have none. No other tag is
    changed, and traffic is not interrupted.
  - Tags that the connection and its customer gateway have in common become C(site_vpn_tags). With O(adopt=true) the
    transit gateway attachment of the connection gets them, and the identity tags of the connection.
  - The module never guesses a connection. If no connection matches, if several match, or if the connection has
    another name already, it fails, lists the connections that it found, and adopts none.
  - Pre-shared keys are not returned and not changed. A tunnel without a key in the inventory keeps its key.
  - A virtual private gateway, transit gateway or VPN concentrator is not adopted. It becomes the target by its id, so
    this collection never deletes it.
  - Ansible evaluates text of an inventory as templates, and many people can tag a connection. A value with template
    syntax is not in RV(host_vars). RV(left_out) names it, and there is a warning.
options:
  adopt:
    description:
      - Set the tags. Without it the module only reads the connections.
    type: bool
    default: false
extends_documentation_fragment:
  - hybridnet.aws_vpn._access.adopted
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeVpnConnections), C(ec2:DescribeCustomerGateways); to adopt C(ec2:CreateTags), with
    transit gateways also C(ec2:DescribeTransitGatewayAttachments); with O(connections[].assume_role_arn)
    C(sts:AssumeRole)."
  - Before M(hybridnet.aws_vpn.vpn_sites) changes a connection, remove it from the state of the tool that created it,
    for example with C(terraform state rm). Do not delete it in AWS. Otherwise both tools change it again and again.
  - AWS does not know the networks on the AWS side and the networks that a gateway announces with BGP. RV(unknown) lists
    their variables. Add them to the inventory.
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
  - module: hybridnet.aws_vpn.vpn_connection_info
"""

EXAMPLES = r"""
- name: Read two connections
  hybridnet.aws_vpn.vpn_adoption:
    region: eu-central-1
    connections:
      - name: berlin
        public_ip: 198.51.100.10
      - name: madrid
        vpn_connection_id: vpn-0123456789abcdef0
  register: adoption

- name: Show the inventory variables of berlin
  ansible.builtin.debug:
    var: adoption.host_vars.berlin

- name: Adopt the connection of berlin
  hybridnet.aws_vpn.vpn_adoption:
    region: eu-central-1
    connections:
      - name: berlin
        public_ip: 198.51.100.10
    adopt: true
"""

RETURN = r"""
connections:
  description:
    - By name, the connection that was found, as RV(hybridnet.aws_vpn.vpn_connection_info#module:connections), without
      keys.
  returned: success
  type: dict
  contains:
    name:
      description: The name of the connection.
      type: str
      returned: always
    vpn_connection_id:
      description: The connection.
      type: str
      returned: always
    customer_gateway_id:
      description: Its customer gateway.
      type: str
      returned: always
    public_ip:
      description: The address of the customer gateway.
      type: str
      returned: always
    state:
      description: State of the connection.
      type: str
      returned: always
      sample: available
    is_adopted:
      description: Whether both have the identity tags. In check mode, the state before the run.
      type: bool
      returned: always
host_vars:
  description:
    - By gateway, the variables C(site_vpn_*) that describe its connections. See P(hybridnet.aws_vpn.site_list#filter).
  returned: success
  type: dict
  sample:
    berlin:
      site_vpn_region: eu-central-1
      site_vpn_target: {transit_gateway_id: tgw-0123456789abcdef0}
      site_vpn_routing: bgp
      site_vpn_public_ip: 198.51.100.10
      site_vpn_bgp_asn: 65010
      site_vpn_tunnels:
        - {inside_cidr: 169.254.20.0/30}
        - {inside_cidr: 169.254.20.4/30}
left_out:
  description:
    - By gateway, the values that AWS has and RV(host_vars) does not have, each with the reason. A value
      is left out if it contains template syntax, if AWS would not accept it in a request, or if it contains a secret of
      the run, so that Ansible would mask it.
  returned: success
  type: dict
  sample:
    berlin:
      - "site_vpn_tags.Name is left out: AWS has template syntax there ({{, {%, {# or
        #jinja2:), which Ansible would evaluate"
unknown:
  description: By gateway, the variables that it needs and AWS does not know.
  returned: success
  type: dict
  sample: {berlin: [site_vpn_local_cidrs, site_vpn_remote_cidrs]}
plan:
  description: The planned actions, in a real run the actions done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: success
  type: dict
problems:
  description: All connections that are not found, are not unique, or have another name, each with the connections
    found.
  returned: when something is refused before the first write
  type: list
  elements: str
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import adoption
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner


def main() -> None:
    runner.run(adoption.vpn_adoption, argument_spec=adoption.argument_spec())


if __name__ == "__main__":
    main()
