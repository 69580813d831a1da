#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_sites
short_description: Manage the AWS side of many VPN sites in one task
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Creates a customer gateway and a VPN connection for each entry of O(gateways). The target of the connection is a
    transit gateway, a virtual private gateway, a VPN concentrator, or none for Cloud WAN. If you ask for it, the module
    also creates the virtual private gateway, attaches it to its VPC and propagates its routes into route tables.
  - The module reads each Region once, makes one plan for all gateways, creates connections in parallel as fast as AWS
    allows, and waits for all of them together.
  - The connections of one task can be in several Regions and accounts. The module works in them side by side, each with
    its own calls and its own rate limit. It writes nothing before the plans of all of them are made and allowed.
  - The module finds resources only by the tags C(hybridnet:collection), C(hybridnet:gateway), C(hybridnet:connection),
    C(hybridnet:vpc) and C(hybridnet:transit-gateway). The call that creates a resource also writes these tags.
  - Gateways that are not listed do not change. Options that you omit do not change.
  - A connection that a listed gateway has in AWS, and that is not listed, does not change. The module warns about it.
  - Before the first write the module checks AWS's rules for all gateways and reports all problems at once.
  - Pre-shared keys are never returned. To read them, use M(hybridnet.aws_vpn.vpn_connection_info) with
    O(hybridnet.aws_vpn.vpn_connection_info#module:include_secrets=true).
options:
  state:
    description:
      - Whether the gateways' resources exist. With V(absent) the module deletes the connections, customer gateways and
        shared gateways that have the identity tags of the gateways, in a safe order, and nothing else.
      - A virtual private gateway or VPN concentrator that this module created is deleted with a gateway only if
        O(gateways[].target) names it as C(vpn_gateway) or C(vpn_concentrator) and no other connection uses it. A target
        that is given by its id is never deleted.
      - The module does not check Direct Connect. To keep a virtual private gateway that Direct Connect uses, omit
        O(gateways[].target).
    type: str
    choices: [present, absent]
    default: present
  all_sites:
    description:
      - With V(true) and O(state=absent) the module deletes everything of this collection in the Region of the task.
        If O(gateways) are given too, they only name the Regions and accounts, and everything of this collection in
        these is deleted. Without both the task fails and deletes nothing.
    type: bool
    default: false
  purge_tags:
    description:
      - Remove tags that are not given from the resources of the gateways, also from the virtual private gateways and
        VPN concentrators that they share. Tags whose keys begin with C(aws:) or C(hybridnet:) are never removed.
    type: bool
    default: false
  max_failures:
    description:
      - Number of failed gateways, in all Regions and accounts together, after which the module begins no new steps
        anywhere. With V(0) it never stops. Running steps are finished, and the result has every connection. Run the
        task again to resume.
    type: int
    default: 1
  progress_file:
    description:
      - File for the progress, on the host where the module runs. An existing file is overwritten. The module writes a
        line of JSON each time the progress changes, with the numbers C(gateways), C(ready) and C(failed), the steps
        for which it waits (C(waiting_for)) and the seconds since the start (C(elapsed)).
      - In a directory where other users can write, the module fails if the file is a link or belongs to another user.
      - On the controller, a task that takes longer than ten seconds shows its progress also without this option, unless
        it becomes another user.
    type: path
extends_documentation_fragment:
  - hybridnet.aws_vpn._gateways
  - hybridnet.aws_vpn._consent
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions for plans and runs that change nothing: C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnConnections),
    C(ec2:DescribeVpnGateways), C(ec2:DescribeTransitGateways), C(ec2:DescribeRouteTables), C(ec2:DescribeVpcs); with
    VPN concentrators C(ec2:DescribeVpnConcentrators)."
  - "IAM actions for changes: C(ec2:CreateCustomerGateway), C(ec2:DeleteCustomerGateway), C(ec2:CreateVpnGateway),
    C(ec2:AttachVpnGateway), C(ec2:EnableVgwRoutePropagation), C(ec2:DisableVgwRoutePropagation),
    C(ec2:CreateVpnConnection), C(ec2:ModifyVpnConnection), C(ec2:ModifyVpnConnectionOptions),
    C(ec2:ModifyVpnTunnelOptions), C(ec2:CreateVpnConnectionRoute), C(ec2:DeleteVpnConnectionRoute),
    C(ec2:CreateTags), C(ec2:DeleteTags); with VPN concentrators C(ec2:CreateVpnConcentrator); for replacements
    C(ec2:DeleteVpnConnection)."
  - "IAM actions with O(state=absent): C(ec2:DeleteVpnConnection), C(ec2:DeleteCustomerGateway),
    C(ec2:DetachVpnGateway), C(ec2:DeleteVpnGateway), C(ec2:DisableVgwRoutePropagation),
    C(ec2:DeleteVpnConcentrator)."
  - "IAM action with O(gateways[].assume_role_arn): C(sts:AssumeRole), for the credentials that assume the role."
  - "IAM action with transit gateways: C(ec2:DescribeTransitGatewayAttachments)."
  - "IAM actions with route tables of transit gateways, some of them also for a move away from a transit gateway:
    C(ec2:DescribeTransitGatewayRouteTables), C(ec2:GetTransitGatewayRouteTablePropagations),
    C(ec2:SearchTransitGatewayRoutes), C(ec2:AssociateTransitGatewayRouteTable),
    C(ec2:DisassociateTransitGatewayRouteTable), C(ec2:EnableTransitGatewayRouteTablePropagation),
    C(ec2:DisableTransitGatewayRouteTablePropagation), C(ec2:CreateTransitGatewayRoute),
    C(ec2:ReplaceTransitGatewayRoute), C(ec2:DeleteTransitGatewayRoute)."
  - "Optional IAM action: C(servicequotas:GetServiceQuota), to refuse a plan that exceeds a quota of the account before
    anything is changed."
  - Ranges and defaults are from U(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html) and
    U(https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html).
seealso:
  - module: hybridnet.aws_vpn.vpn_connection
  - module: hybridnet.aws_vpn.vpn_connection_info
"""

EXAMPLES = r"""
- name: Create a site with BGP on a transit gateway and a site with static routes on a virtual private gateway
  hybridnet.aws_vpn.vpn_sites:
    region: eu-central-1
    gateways:
      - name: berlin
        public_ip: 198.51.100.10
        bgp_asn: 64496
        target:
          transit_gateway_id: tgw-0123456789abcdef0
        local_cidrs: [10.20.0.0/16]
        remote_cidrs: [10.0.0.0/16]
        tunnels:
          - inside_cidr: 169.254.20.0/30
          - inside_cidr: 169.254.20.4/30
      - name: madrid
        public_ip: 192.0.2.10
        routing: static
        target:
          vpn_gateway:
            vpc_id: vpc-0123456789abcdef0
            propagate_to: [rtb-0123456789abcdef0]
        local_cidrs: [10.30.0.0/16]
        remote_cidrs: [10.0.0.0/16]
  register: aws_side

- name: Create a site with strong algorithms, logs, IPv6 outside addresses and its own transit gateway route table
  hybridnet.aws_vpn.vpn_sites:
    region: eu-central-1
    gateways:
      - name: lisbon
        public_ip: 2001:db8::10
        bgp_asn: 4200000001
        device_name: edge-1
        target:
          transit_gateway_id: tgw-0123456789abcdef0
          associate_with: tgw-rtb-0123456789abcdef0
          propagate_to: [tgw-rtb-0123456789abcdef0]
        options:
          outside_ip_address_type: Ipv6
          tunnel_bandwidth: large
        pre_shared_key_storage: SecretsManager
        local_cidrs: [10.40.0.0/16]
        remote_cidrs: [10.0.0.0/16]
        tunnels:
          - &strong
            ike_versions: [ikev2]
            phase1_encryption_algorithms: [AES256-GCM-16]
            phase2_encryption_algorithms: [AES256-GCM-16]
            phase1_dh_group_numbers: [20, 21]
            phase2_dh_group_numbers: [20, 21]
            phase1_additional_key_exchanges:
              - round: 1
                methods: [36, 37]
            log_enabled: true
            log_group_arn: arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn
            bgp_log_enabled: true
            bgp_log_group_arn: arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn-bgp
          - *strong

- name: Create connections in two Regions, one of them in another account
  hybridnet.aws_vpn.vpn_sites:
    region: eu-central-1
    gateways:
      - name: hub
        public_ip: 198.51.100.20
        bgp_asn: 64497
        local_cidrs: [10.50.0.0/16]
        remote_cidrs: [10.0.0.0/16]
        connections:
          - name: frankfurt
            target:
              transit_gateway_id: tgw-0123456789abcdef0
          - name: dublin
            region: eu-west-1
            assume_role_arn: arn:aws:iam::111122223333:role/vpn
            target:
              transit_gateway_id: tgw-0fedcba9876543210
            remote_cidrs: [10.1.0.0/16]

- name: Remove the gateway madrid and its connections
  hybridnet.aws_vpn.vpn_sites:
    region: eu-central-1
    state: absent
    gateways:
      - name: madrid

- name: Create two connections of one gateway
  hybridnet.aws_vpn.vpn_sites:
    region: eu-central-1
    gateways:
      - name: hub
        public_ip: 198.51.100.30
        bgp_asn: 64500
        local_cidrs: [10.50.0.0/16]
        connections:
          - name: production
            target:
              transit_gateway_id: tgw-0123456789abcdef0
            remote_cidrs: [10.0.0.0/16]
          - name: test
            target:
              transit_gateway_id: tgw-0123456789abcdef1
            remote_cidrs: [10.1.0.0/16]

- name: Show the actions
  ansible.builtin.debug:
    var: aws_side.plan.lines
"""

RETURN = r"""
plan:
  description: The planned actions. In a real run, the actions done.
  returned: always, also when the run is refused
  type: dict
  contains:
    counts: &counts
      description: Number of actions by verb, and of resources that do not change.
      type: dict
      returned: always
      sample: {create: 5, change: 0, replace: 0, delete: 0, unchanged: 0}
    lines:
      description: The plan as text, the sum first. With several Regions and accounts each has a heading.
      type: list
      elements: str
      returned: always
      sample:
        - Plan: 2 to create, 0 to change, 0 to replace, 0 to delete, 0 unchanged.
        - berlin  create customer gateway 198.51.100.10 ASN 64496
        - berlin  create vpn connection bgp to tgw-0123456789abcdef0
    actions:
      description: The actions in their order.
      type: list
      elements: dict
      returned: always
      contains:
        gateway:
          description: The gateway, or the shared resource if no gateway is meant.
          type: str
          returned: always
        connection:
          description: The connection on the gateway, null for a resource that several connections use.
          type: str
          returned: always
        resource:
          description: The kind of resource.
          type: str
          returned: always
          sample: vpn_connection
        name:
          description: Name of the connection, or of the gateway for its customer gateway.
          type: str
          returned: always
        id:
          description: The id of the resource, null if it does not exist yet.
          type: str
          returned: always
        verb:
          description: One of create, change, replace and delete.
          type: str
          returned: always
        detail:
          description: Details of the action.
          type: str
          returned: always
        interruption:
          description: What the action interrupts, one of none, one_tunnel, both_tunnels and replace.
          type: str
          returned: always
        region:
          description: The Region of the resource.
          type: str
          returned: always
        account: &account
          description: The role or the profile with which the account is reached, null for the credentials of the task.
          type: str
          returned: always
    parts:
      description: The plan of each Region and account.
      type: list
      elements: dict
      returned: always
      contains:
        region:
          description: The Region.
          type: str
          returned: always
        account: *account
        counts: *counts
        lines:
          description: Its actions as text.
          type: list
          elements: str
          returned: always
connections:
  description: By name, the state of each connection after the run. If a resource does not exist, its id is null.
    Without a connection in AWS the list of tunnels is empty. In check mode, existing connections have the options that
    the run would set. What AWS chooses, and what is moved or replaced, is as it is now.
  returned: success, and when a run fails after changes
  type: dict
  contains:
    name:
      description: Name of the connection, C(GATEWAY) or C(GATEWAY/CONNECTION).
      type: str
      returned: always
    site:
      description: The site where the gateway stands.
      type: str
      returned: always
    gateway:
      description: The gateway.
      type: str
      returned: always
    connection:
      description: What the connection is called on the gateway.
      type: str
      returned: always
    preference:
      description: The order in which the gateway uses its connections.
      type: int
      returned: always
    region:
      description: The Region of the connection.
      type: str
      returned: always
    account: *account
    customer_gateway_id:
      description: The customer gateway.
      type: str
      returned: always
    vpn_connection_id:
      description: The connection.
      type: str
      returned: always
    vpn_gateway_id:
      description: The virtual private gateway, if that is the target.
      type: str
      returned: always
    transit_gateway_id:
      description: The transit gateway, if that is the target.
      type: str
      returned: always
    transit_gateway_attachment_id:
      description:
        - The attachment of the connection to its transit gateway, or of its VPN concentrator. Null on a virtual private
          gateway.
      type: str
      returned: always
    vpn_concentrator_id:
      description: The VPN concentrator, if that is the target.
      type: str
      returned: always
    options:
      description: Options of the connection, as O(gateways[].options) names them.
      type: dict
      returned: always
    pre_shared_key_storage:
      description: Where AWS keeps the keys, Standard or SecretsManager.
      type: str
      returned: always
    outgoing_connection_ids:
      description: Replaced connections. They are deleted when a tunnel of the new connection is up.
      type: list
      elements: str
      returned: always
    failed:
      description: Whether the gateway failed.
      type: bool
      returned: when a run fails after changes
    error:
      description: Why it failed, null if it did not fail.
      type: str
      returned: when a run fails after changes
    state:
      description: State of the connection.
      type: str
      returned: always
      sample: available
    routing:
      description: bgp or static.
      type: str
      returned: always
    amazon_side_asn:
      description: Autonomous system number of the AWS side.
      type: int
      returned: always
    customer_asn:
      description: Autonomous system number of the gateway.
      type: int
      returned: always
    public_ip:
      description: Address of the gateway as AWS sees it, null if it has none.
      type: str
      returned: always
    local_cidrs:
      description: Networks behind the gateway.
      type: list
      elements: str
      returned: always
    remote_cidrs:
      description: Networks on the AWS side.
      type: list
      elements: str
      returned: always
    static_routes:
      description: Static routes of the connection.
      type: list
      elements: str
      returned: always
    tunnels:
      description:
        - The tunnels, as in RV(hybridnet.aws_vpn.vpn_connection_info#module:connections[].tunnels), with
          C(local_cidrs), C(remote_cidrs) and C(preference) of the connection. The role
          P(hybridnet.aws_vpn.gateway#role) uses them.
      type: list
      elements: dict
      returned: always
failures:
  description: The failed gateways, by name.
  returned: when a run fails after changes
  type: dict
  contains:
    error:
      description: Why it failed. The reason can be a resource that it shares with other gateways.
      type: str
      returned: always
    failed_steps:
      description: Its steps that failed.
      type: list
      elements: str
      returned: always
    applied:
      description: Its steps that were completed.
      type: list
      elements: str
      returned: always
    not_begun:
      description: Its steps that did not begin.
      type: list
      elements: str
      returned: always
applied:
  description: Steps that were completed, of all gateways.
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
  description: All problems of all gateways, if the run is refused before the first write.
  returned: when the input or the plan is refused
  type: list
  elements: str
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import resources
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import argspec
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner


def main() -> None:
    runner.run(
        resources.vpn_sites,
        argument_spec={
            **argspec.gateways(),
            **argspec.state(),
            "all_sites": {"type": "bool", "default": False},
            "purge_tags": {"type": "bool", "default": False},
            **argspec.bulk(),
            **argspec.consent(),
            **argspec.waiting(),
        },
        required_if=[("state", "present", ["gateways"])],
    )


if __name__ == "__main__":
    main()
