#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_adoption
short_description: Take over VPN connections that were made elsewhere
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Finds connections made by hand, by CloudFormation, by Terraform or by another account of the team, shows them, and
    says in RV(host_vars) what the inventory has to say about them so that the next plan of
    M(hybridnet.aws_vpn.vpn_sites) is empty.
  - With O(adopt=true) the connection and its customer gateway get the tags C(hybridnet:collection) and
    C(hybridnet:site), and a C(Name) where they have none. No other tag is set, changed or removed, and traffic is not
    interrupted.
  - A connection is never guessed. None, several, or one that belongs to another site is an error which lists what
    there is, and then no connection is adopted.
  - Pre-shared keys are neither returned nor written. Tunnels without a key in the inventory keep the one they have.
  - A virtual private gateway, a transit gateway or a VPN concentrator is not adopted. It becomes the target by its id,
    so nothing here ever removes it.
options:
  connections:
    description: The connections, each for one site.
    type: list
    elements: dict
    required: true
    suboptions:
      site:
        description: Name of the site that takes the connection over, which is the name of its host in the inventory.
        type: str
        required: true
      vpn_connection_id:
        description: The connection by its id. Exactly one of this and O(connections[].public_ip) is needed.
        type: str
      public_ip:
        description: The connection by the address of its customer gateway.
        type: str
  adopt:
    description:
      - Set the tags. Without it the connections are looked at only.
    type: bool
    default: false
extends_documentation_fragment:
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeVpnConnections), C(ec2:DescribeCustomerGateways), and C(ec2:CreateTags) to adopt."
  - Take the connection out of the state of the tool that made it, without destroying it, as C(terraform state rm)
    does, before M(hybridnet.aws_vpn.vpn_sites) changes it. Otherwise both tools change it in turns.
  - Networks that AWS does not know, which are those on the AWS side and those a BGP gateway announces, are listed in
    RV(unknown) and have to be added to the inventory.
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
  - module: hybridnet.aws_vpn.vpn_connection_info
"""

EXAMPLES = r"""
- name: Look at two connections
  hybridnet.aws_vpn.vpn_adoption:
    region: eu-central-1
    connections:
      - site: berlin
        public_ip: 198.51.100.10
      - site: madrid
        vpn_connection_id: vpn-0123456789abcdef0
  register: adoption

- name: Show what the inventory has to say about berlin
  ansible.builtin.debug:
    var: adoption.host_vars.berlin

- name: Make berlin's connection ours
  hybridnet.aws_vpn.vpn_adoption:
    region: eu-central-1
    connections:
      - site: berlin
        public_ip: 198.51.100.10
    adopt: true
"""

RETURN = r"""
connections:
  description:
    - By site, the connection that was found, as RV(hybridnet.aws_vpn.vpn_connection_info#module:connections), without
      keys.
  returned: success
  type: dict
  contains:
    site:
      description: The site.
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
      description: Whether both carry the tags of the site. In check mode, as it is now.
      type: bool
      returned: always
host_vars:
  description:
    - By site, the variables C(site_vpn_*) that describe what is there. See P(hybridnet.aws_vpn.site_list#filter).
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
unknown:
  description: By site, the variables a site needs and AWS cannot know.
  returned: success
  type: dict
  sample: {berlin: [site_vpn_local_cidrs, site_vpn_remote_cidrs]}
plan:
  description: What is to be done, or in a real run what was done; as RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: success
  type: dict
problems:
  description: Every connection that is not found, not the only one, or not free, each with what there is.
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
