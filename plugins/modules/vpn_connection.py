#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_connection
short_description: A site-to-site VPN connection
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - One VPN connection between a customer gateway and a virtual private gateway or a transit gateway.
  - It is found by the tags C(hybridnet:collection) and C(hybridnet:site), which are written in the call that creates
    it.
  - What can be changed in place is; what would need a new connection is refused before the first write. Options that
    are
    not given are left alone.
  - Pre-shared keys are never returned. To read them, use M(hybridnet.aws_vpn.vpn_connection_info).
  - For many sites M(hybridnet.aws_vpn.vpn_sites) does the same in one task.
options:
  name:
    description: Name of the site, unique within the Region. It is the identity of the connection.
    type: str
    required: true
  state:
    description: Whether it is to exist.
    type: str
    choices: [present, absent]
    default: present
  customer_gateway_id:
    description:
      - The customer gateway. Without it, the one that M(hybridnet.aws_vpn.customer_gateway) made under the same
        O(name).
      - A change moves the connection, which needs O(allow_interruption=true).
    type: str
  vpn_gateway_id:
    description:
      - An existing virtual private gateway as the target.
      - A new connection needs one of O(vpn_gateway_id), O(vpc_id) and O(transit_gateway_id). A change moves the
        connection, which needs O(allow_interruption=true).
    type: str
  vpc_id:
    description: The virtual private gateway which M(hybridnet.aws_vpn.vpn_gateway) made for this VPC as the target.
    type: str
  transit_gateway_id:
    description: An existing transit gateway as the target.
    type: str
  routing:
    description: How routes get across. Fixed at creation; a change on an existing connection is refused.
    type: str
    choices: [bgp, static]
    default: bgp
  static_routes:
    description:
      - All static routes of the connection as IPv4 networks; others are removed, with an empty list all.
      - Only with O(routing=static) and a virtual private gateway. Those of a transit gateway belong into its route
        tables.
      - Without it they are left alone.
    type: list
    elements: str
  tunnels:
    description:
      - Up to two tunnels. An entry is for the tunnel which has its inside CIDR, otherwise for the one at its position.
      - A change of an existing tunnel interrupts that tunnel and needs its twin to be up, or
        O(force_tunnel_change=true).
    type: list
    elements: dict
    suboptions:
      inside_cidr:
        description:
          - "Network of the two inside addresses: a /30 within 169.254.0.0/16. AWS takes the first host address, the
            customer gateway the second."
          - Not one of V(169.254.0.0/30), V(169.254.1.0/30), V(169.254.2.0/30), V(169.254.3.0/30), V(169.254.4.0/30),
            V(169.254.5.0/30) and V(169.254.169.252/30), which AWS keeps for itself.
          - When it is left out, AWS chooses one for a new connection, and that of an existing one is left alone.
        type: str
      pre_shared_key:
        description:
          - "Pre-shared key of the tunnel: 8 to 64 characters out of A-Z, a-z, 0-9, V(.) and V(_), first not V(0)."
          - When it is left out, AWS makes a key of 32 characters for a new connection, and that of an existing one is
            left alone.
          - Never returned, and shown as C((set)) or C((changed)) in plans and diffs.
        type: str
        aliases: [psk]
extends_documentation_fragment:
  - hybridnet.aws_vpn._tags
  - hybridnet.aws_vpn._consent
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnConnections), C(ec2:DescribeVpnGateways),
    C(ec2:DescribeTransitGateways), C(ec2:CreateVpnConnection), C(ec2:ModifyVpnConnection),
    C(ec2:ModifyVpnTunnelOptions), C(ec2:CreateVpnConnectionRoute), C(ec2:DeleteVpnConnectionRoute),
    C(ec2:DeleteVpnConnection), C(ec2:CreateTags), C(ec2:DeleteTags)."
  - Ranges and defaults are those of U(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html).
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
  - module: hybridnet.aws_vpn.vpn_connection_info
"""

EXAMPLES = r"""
- name: A connection with BGP on a transit gateway
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: berlin
    transit_gateway_id: tgw-0123456789abcdef0
    tunnels:
      - inside_cidr: 169.254.20.0/30
      - inside_cidr: 169.254.20.4/30

- name: A connection with static routes on the gateway of a VPC
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: madrid
    vpc_id: vpc-0123456789abcdef0
    routing: static
    static_routes: [10.30.0.0/16]

- name: No connection any more
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: madrid
    state: absent
"""

RETURN = r"""
plan:
  description: What is to be done, or in a real run what was done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: always, also with a refusal
  type: dict
  sample:
    counts: {create: 1, change: 0, replace: 0, delete: 0, unchanged: 0}
connection:
  description:
    - The connection, as RV(hybridnet.aws_vpn.vpn_connection_info#module:connections) has it. Null when there is none.
  returned: success
  type: dict
applied:
  description: Steps that were done before the failure.
  returned: when a run fails half way
  type: list
  elements: str
failed_steps:
  description: Steps that failed, each with the reason.
  returned: when a run fails half way
  type: list
  elements: str
not_begun:
  description: Steps that were not begun. Running again resumes.
  returned: when a run fails half way
  type: list
  elements: str
problems:
  description: Every problem, when something is refused before the first write.
  returned: when the input or the plan is refused
  type: list
  elements: str
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module import argspec, runner, tasks


def main() -> None:
    runner.run(
        tasks.vpn_connection,
        argument_spec={
            "name": {"type": "str", "required": True},
            **argspec.state(),
            "customer_gateway_id": {"type": "str"},
            "vpn_gateway_id": {"type": "str"},
            "vpc_id": {"type": "str"},
            "transit_gateway_id": {"type": "str"},
            "routing": {"type": "str", "choices": ["bgp", "static"], "default": "bgp"},
            "static_routes": {"type": "list", "elements": "str"},
            **argspec.tunnels(),
            **argspec.tagging(),
            **argspec.consent(),
            **argspec.waiting(),
        },
        mutually_exclusive=[["vpn_gateway_id", "vpc_id", "transit_gateway_id"]],
    )


if __name__ == "__main__":
    main()
