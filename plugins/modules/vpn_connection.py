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
  - One VPN connection between a customer gateway and a virtual private gateway, a transit gateway, a VPN concentrator
    or, for Cloud WAN, nothing yet.
  - It is found by the tags C(hybridnet:collection) and C(hybridnet:site), which are written in the call that creates
    it.
  - What AWS can change in place is changed in place. What interrupts both tunnels or needs a new connection is done
    with consent only, see O(allow_interruption) and O(allow_replacement). Options that are not given are left alone.
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
      - A new connection needs one of O(vpn_gateway_id), O(vpc_id), O(transit_gateway_id), O(vpn_concentrator_id) and
        O(unattached). A change moves the connection, which interrupts both tunnels and needs
        O(allow_interruption=true); from or to a VPN concentrator, and from a gateway to none, it needs a new connection
        and O(allow_replacement=true).
    type: str
  vpc_id:
    description: The virtual private gateway which M(hybridnet.aws_vpn.vpn_gateway) made for this VPC as the target.
    type: str
  transit_gateway_id:
    description: An existing transit gateway as the target.
    type: str
  vpn_concentrator_id:
    description:
      - An existing VPN concentrator as the target, such as M(hybridnet.aws_vpn.vpn_concentrator) makes. It takes
        connections with O(routing=bgp) only.
    type: str
  unattached:
    description: With V(true) the connection has no target here; a Cloud WAN attaches it later.
    type: bool
  transit_gateway_routing:
    description: What route tables of the transit gateway know of the connection. Only with O(transit_gateway_id).
    type: dict
    suboptions:
      associate_with:
        description:
          - Route table that says where traffic from the connection goes. Without it that is left alone; a new
            connection gets the default association route table, where the transit gateway has one.
          - AWS dissolves an association before it makes another, so while a tunnel is up a change interrupts both for
            about a minute, and needs O(allow_interruption=true).
          - The route tables of a transit gateway that another account shares belong to that account.
        type: str
      propagate_to:
        description:
          - Ids of all route tables that learn the routes of the connection. Propagation into others is stopped, with an
            empty list into all. Without it propagation is left alone.
        type: list
        elements: str
      static_routes_to:
        description:
          - Ids of all route tables that have O(static_routes) as static routes to the connection. In these tables
            static routes to it for other networks are removed, in the others of the transit gateway those for its own
            networks. Without it they are left alone.
          - A route table knows one static route to a network; one that leads to an attachment of others is refused.
        type: list
        elements: str
  routing:
    description:
      - How routes get across.
      - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
    type: str
    choices: [bgp, static]
    default: bgp
  static_routes:
    description:
      - All static routes of the connection, as IPv4 networks; others are removed, with an empty list all.
      - Only with O(routing=static) and a virtual private gateway. On a transit gateway they are the networks for
        O(transit_gateway_routing.static_routes_to), IPv6 ones where O(options.tunnel_inside_ip_version=ipv6).
      - Without it they are left alone.
    type: list
    elements: str
extends_documentation_fragment:
  - hybridnet.aws_vpn._connection_options
  - hybridnet.aws_vpn._tunnel_options
  - hybridnet.aws_vpn._tags
  - hybridnet.aws_vpn._consent
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnConnections), C(ec2:DescribeVpnGateways),
    C(ec2:DescribeTransitGateways), C(ec2:CreateVpnConnection), C(ec2:ModifyVpnConnection),
    C(ec2:ModifyVpnConnectionOptions), C(ec2:ModifyVpnTunnelOptions), C(ec2:CreateVpnConnectionRoute),
    C(ec2:DeleteVpnConnectionRoute), C(ec2:DeleteVpnConnection), C(ec2:CreateTags), C(ec2:DeleteTags)."
  - "IAM action with a transit gateway: C(ec2:DescribeTransitGatewayAttachments)."
  - "IAM actions with O(transit_gateway_routing), some of them also to leave a transit gateway:
    C(ec2:DescribeTransitGatewayRouteTables), C(ec2:GetTransitGatewayRouteTablePropagations),
    C(ec2:SearchTransitGatewayRoutes), C(ec2:AssociateTransitGatewayRouteTable),
    C(ec2:DisassociateTransitGatewayRouteTable), C(ec2:EnableTransitGatewayRouteTablePropagation),
    C(ec2:DisableTransitGatewayRouteTablePropagation), C(ec2:CreateTransitGatewayRoute),
    C(ec2:ReplaceTransitGatewayRoute), C(ec2:DeleteTransitGatewayRoute)."
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

- name: Strong algorithms only, a quantum-safe key exchange, and a log of what the tunnels do
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: berlin
    tunnels:
      - &strong
        ike_versions: [ikev2]
        phase1_encryption_algorithms: [AES256-GCM-16]
        phase2_encryption_algorithms: [AES256-GCM-16]
        phase1_integrity_algorithms: [SHA2-384, SHA2-512]
        phase1_dh_group_numbers: [20, 21]
        phase2_dh_group_numbers: [20, 21]
        phase1_additional_key_exchanges:
          - round: 1
            methods: [36, 37]
        startup_action: start
        dpd_timeout_action: restart
        log_enabled: true
        log_group_arn: arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn
      - *strong

- name: A larger connection, whose keys lie in Secrets Manager
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: lisbon
    transit_gateway_id: tgw-0123456789abcdef0
    pre_shared_key_storage: SecretsManager
    options:
      tunnel_bandwidth: large
      local_ipv4_network_cidr: 10.40.0.0/16
    transit_gateway_routing:
      associate_with: tgw-rtb-0123456789abcdef0
      propagate_to: [tgw-rtb-0123456789abcdef0]

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
  description: Steps that were done before the failure, each with the id of its resource.
  returned: when a run fails after it began to make changes
  type: list
  elements: str
failed_steps:
  description: Steps that failed, each with the reason.
  returned: when a run fails after it began to make changes
  type: list
  elements: str
not_begun:
  description: Steps that were not begun. Running again resumes.
  returned: when a run fails after it began to make changes
  type: list
  elements: str
problems:
  description: Every problem, when something is refused before the first write.
  returned: when the input or the plan is refused
  type: list
  elements: str
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import resources
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import argspec
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner


def main() -> None:
    runner.run(
        resources.vpn_connection,
        argument_spec={
            "name": {"type": "str", "required": True},
            **argspec.state(),
            "customer_gateway_id": {"type": "str"},
            "vpn_gateway_id": {"type": "str"},
            "vpc_id": {"type": "str"},
            "transit_gateway_id": {"type": "str"},
            "vpn_concentrator_id": {"type": "str"},
            "unattached": {"type": "bool"},
            "transit_gateway_routing": {"type": "dict", "options": argspec.transit_gateway_routing()},
            "routing": {"type": "str", "choices": ["bgp", "static"], "default": "bgp"},
            "static_routes": {"type": "list", "elements": "str"},
            **argspec.connection_options(),
            **argspec.tagging(),
            **argspec.consent(),
            **argspec.waiting(),
        },
        mutually_exclusive=[["vpn_gateway_id", "vpc_id", "transit_gateway_id", "vpn_concentrator_id", "unattached"]],
    )


if __name__ == "__main__":
    main()
