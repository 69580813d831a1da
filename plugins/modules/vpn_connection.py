#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_connection
short_description: Manage a site-to-site VPN connection
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Creates, changes and deletes one VPN connection from a customer gateway to a virtual private gateway, a transit
    gateway or a VPN concentrator, or without a target for Cloud WAN.
  - The module finds it by the tags C(hybridnet:collection), C(hybridnet:gateway) and C(hybridnet:connection). The call
    that creates it also writes these tags.
  - If AWS can make a change in place, the module changes the connection in place. A change that interrupts both tunnels
    or needs a new connection needs your consent, see O(allow_interruption) and O(allow_replacement). Options that you
    omit do not change.
  - Pre-shared keys are never returned. To read them, use M(hybridnet.aws_vpn.vpn_connection_info).
  - For many sites use M(hybridnet.aws_vpn.vpn_sites), which does the same in one task.
options:
  name:
    description:
      - Name of the connection, unique within the Region. The connection is found by this name.
      - It is the name of the gateway if the gateway has one connection, and C(GATEWAY/CONNECTION) for another one. The
        customer gateway is that of the gateway.
    type: str
    required: true
  state:
    description: Whether the connection exists.
    type: str
    choices: [present, absent]
    default: present
  customer_gateway_id:
    description:
      - The customer gateway. By default the one that M(hybridnet.aws_vpn.customer_gateway) created with the same
        O(name).
      - A change moves the connection, which needs O(allow_interruption=true).
    type: str
  vpn_gateway_id:
    description:
      - An existing virtual private gateway as the target.
      - A new connection needs one of O(vpn_gateway_id), O(vpc_id), O(transit_gateway_id), O(vpn_concentrator_id) and
        O(unattached). A change moves the connection, which interrupts both tunnels and needs
        O(allow_interruption=true). A move from or to a VPN concentrator, or from a gateway to no target, needs a new
        connection and O(allow_replacement=true).
    type: str
  vpc_id:
    description: The virtual private gateway that M(hybridnet.aws_vpn.vpn_gateway) created for this VPC, as the target.
    type: str
  transit_gateway_id:
    description: An existing transit gateway as the target.
    type: str
  vpn_concentrator_id:
    description:
      - An existing VPN concentrator as the target. It accepts only connections with O(routing=bgp).
        M(hybridnet.aws_vpn.vpn_concentrator) creates one.
    type: str
  unattached:
    description: With V(true) the connection has no target. Cloud WAN attaches it later.
    type: bool
  transit_gateway_routing:
    description: How the connection uses the route tables of the transit gateway. Only with O(transit_gateway_id).
    type: dict
    suboptions:
      associate_with:
        description:
          - Route table for traffic from the connection. If you omit it, the association does not change. A new
            connection gets the default association route table, if the transit gateway has one.
          - AWS removes the old association before it creates the new one. So if a tunnel is up, a change interrupts
            both tunnels for about a minute and needs O(allow_interruption=true).
          - If another account shares the transit gateway, its route tables belong to that account.
        type: str
      propagate_to:
        description:
          - Ids of all route tables that learn the routes of the connection. Propagation into other route tables is
            disabled. An empty list disables it for all. If you omit it, propagation does not change.
        type: list
        elements: str
      static_routes_to:
        description:
          - Ids of all route tables that get O(static_routes) as static routes to the connection. In these tables,
            static routes to it for other networks are removed. In the other tables of the transit gateway, static
            routes to it for its own networks are removed. If you omit it, static routes do not change.
          - A route table can have one static route to a network. If this route leads to an attachment of others, the
            run is refused.
        type: list
        elements: str
  routing:
    description:
      - How routes are exchanged. If you omit it, a new connection has V(bgp), and an existing connection does not
        change.
      - A change needs a new connection with new outside addresses, and O(allow_replacement=true).
    type: str
    choices: [bgp, static]
  static_routes:
    description:
      - All static routes of the connection, as IPv4 networks. Other static routes are removed. An empty list removes
        all.
      - Only with O(routing=static) and a virtual private gateway. On a transit gateway they are the networks for
        O(transit_gateway_routing.static_routes_to), and are IPv6 networks with
        O(options.tunnel_inside_ip_version=ipv6).
      - If you omit it, static routes do not change.
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
  - "IAM actions with O(transit_gateway_routing), some of them also for a move away from a transit gateway:
    C(ec2:DescribeTransitGatewayRouteTables), C(ec2:GetTransitGatewayRouteTablePropagations),
    C(ec2:SearchTransitGatewayRoutes), C(ec2:AssociateTransitGatewayRouteTable),
    C(ec2:DisassociateTransitGatewayRouteTable), C(ec2:EnableTransitGatewayRouteTablePropagation),
    C(ec2:DisableTransitGatewayRouteTablePropagation), C(ec2:CreateTransitGatewayRoute),
    C(ec2:ReplaceTransitGatewayRoute), C(ec2:DeleteTransitGatewayRoute)."
  - "Optional IAM action: C(servicequotas:GetServiceQuota), to refuse a plan that exceeds a quota of the account before
    anything is changed."
  - Ranges and defaults are from U(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html).
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
  - module: hybridnet.aws_vpn.vpn_connection_info
"""

EXAMPLES = r"""
- name: Create a connection with BGP on a transit gateway
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: berlin
    transit_gateway_id: tgw-0123456789abcdef0
    tunnels:
      - inside_cidr: 169.254.20.0/30
      - inside_cidr: 169.254.20.4/30

- name: Allow only strong algorithms, add a quantum-safe key exchange, and enable logs
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

- name: Create a connection with large bandwidth, with its keys in Secrets Manager
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

- name: Create a connection with static routes on the virtual private gateway of a VPC
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: madrid
    vpc_id: vpc-0123456789abcdef0
    routing: static
    static_routes: [10.30.0.0/16]

- name: Delete a connection
  hybridnet.aws_vpn.vpn_connection:
    region: eu-central-1
    name: madrid
    state: absent
"""

RETURN = r"""
plan:
  description: The planned actions, in a real run the actions done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: always, also when the run is refused
  type: dict
  sample:
    counts: {create: 1, change: 0, replace: 0, delete: 0, unchanged: 0}
connection:
  description:
    - The connection, as in RV(hybridnet.aws_vpn.vpn_connection_info#module:connections). Null when there is none.
  returned: success
  type: dict
applied:
  description: Steps that were completed before the failure, each with the id of its resource.
  returned: when a run fails after changes
  type: list
  elements: str
failed_steps:
  description: Steps that failed, each with the reason.
  returned: when a run fails after changes
  type: list
  elements: str
not_begun:
  description: Steps that did not begin. Run the task again to resume.
  returned: when a run fails after changes
  type: list
  elements: str
problems:
  description: All problems, if the run is refused before the first write.
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
            "routing": {"type": "str", "choices": ["bgp", "static"]},
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
