#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_sites
short_description: The AWS side of many site-to-site VPN sites in one task
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - For every site in O(sites) a customer gateway and a VPN connection on a transit gateway or on a virtual private
    gateway, which is made, attached to its VPC and propagated into route tables where asked for.
  - One look at the Region, one plan for all sites, creations side by side at the pace AWS allows, and one shared wait.
  - Resources are found by the tags C(hybridnet:collection), C(hybridnet:site) and C(hybridnet:vpc), which are written
    in
    the call that creates them; never by being the first that fits.
  - Sites that are not listed are not touched. Options of a tunnel that are not given are left alone.
  - Pre-shared keys are never returned. To read them, use M(hybridnet.aws_vpn.vpn_connection_info) with
    O(hybridnet.aws_vpn.vpn_connection_info#module:include_secrets=true).
options:
  sites:
    description: The sites.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the site, unique within the Region. It is the identity of the site's resources.
        type: str
        required: true
      public_ip:
        description:
          - Public IPv4 address AWS sees the gateway at; behind NAT that of the NAT device.
          - A change makes a new customer gateway and moves the connection to it, which needs
            O(allow_interruption=true).
        type: str
        required: true
      bgp_asn:
        description:
          - Autonomous system number of the gateway, V(1) to V(4294967294). AWS keeps 7224 in every Region, 9059 in
            eu-west-1, 10124 in ap-northeast-1 and 17943 in ap-southeast-1 for itself.
          - Needed with O(sites[].routing=bgp). A static site without one gets V(65000), AWS's own default.
          - A change is as costly as one of O(sites[].public_ip).
        type: int
      target:
        description:
          - What the connection ends on; exactly one of the keys.
          - A change moves the connection, which needs O(allow_interruption=true).
        type: dict
        required: true
        suboptions:
          transit_gateway_id:
            description: An existing transit gateway.
            type: str
          vpn_gateway_id:
            description: An existing virtual private gateway.
            type: str
          vpn_gateway:
            description:
              - The virtual private gateway of a VPC, made if there is none. Sites on one VPC share it and must agree.
            type: dict
            suboptions:
              vpc_id:
                description: The VPC, which must exist. A VPC takes one virtual private gateway.
                type: str
                required: true
              amazon_side_asn:
                description:
                  - Autonomous system number of the AWS side, V(64512) to V(65534) or V(4200000000) to V(4294967294).
                    Without it AWS takes V(64512) for a new gateway, and that of an existing one is not looked at.
                  - Fixed at creation; a different one on an existing gateway is refused.
                type: int
              propagate_to:
                description:
                  - Ids of all route tables of the VPC into which the gateway propagates its routes. Propagation into
                    others of that VPC is stopped, with an empty list into all.
                  - Without it propagation is left alone.
                type: list
                elements: str
      routing:
        description:
          - How routes get across. With V(static) on a virtual private gateway O(sites[].local_cidrs) become static
            routes of the connection; on a transit gateway static routes belong into its route tables.
          - Fixed at creation; a change on an existing connection is refused.
        type: str
        choices: [bgp, static]
        default: bgp
      local_cidrs:
        description: IPv4 networks behind the gateway.
        type: list
        elements: str
        required: true
      remote_cidrs:
        description: IPv4 networks on the AWS side. AWS is not told; they are passed on to the gateway.
        type: list
        elements: str
        required: true
      tunnels:
        description:
          - Up to two tunnels. An entry is for the tunnel which has its inside CIDR, otherwise for the one at its
            position.
          - A change of an existing tunnel interrupts that tunnel and needs its twin to be up, or
            O(force_tunnel_change=true).
        type: list
        elements: dict
        suboptions:
          inside_cidr:
            description:
              - "Network of the two inside addresses: a /30 within 169.254.0.0/16. AWS takes the first host address, the
                customer gateway the second."
              - Not one of V(169.254.0.0/30), V(169.254.1.0/30), V(169.254.2.0/30), V(169.254.3.0/30),
                V(169.254.4.0/30),
                V(169.254.5.0/30) and V(169.254.169.252/30), which AWS keeps for itself.
              - When it is left out, AWS chooses one for a new connection, and that of an existing one is left alone.
            type: str
          pre_shared_key:
            description:
              - "Pre-shared key of the tunnel: 8 to 64 characters out of A-Z, a-z, 0-9, V(.) and V(_), first not V(0)."
              - When it is left out, AWS makes a key of 32 characters for a new connection, and that of an existing
                one is
                left alone.
              - Never returned, and shown as C((set)) or C((changed)) in plans and diffs.
            type: str
            aliases: [psk]
      tags:
        description:
          - Further tags of the site's customer gateway and connection. A C(Name) given here wins over the site's
            name.
        type: dict
  purge_tags:
    description:
      - Remove tags from the sites' customer gateways and connections that are not given. Tags whose keys begin with
        C(aws:) or C(hybridnet:) stay.
    type: bool
    default: false
extends_documentation_fragment:
  - hybridnet.aws_vpn._consent
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions for plans and runs that change nothing: C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnConnections),
    C(ec2:DescribeVpnGateways), C(ec2:DescribeTransitGateways), C(ec2:DescribeRouteTables), C(ec2:DescribeVpcs)."
  - "IAM actions for changes: C(ec2:CreateCustomerGateway), C(ec2:DeleteCustomerGateway), C(ec2:CreateVpnGateway),
    C(ec2:AttachVpnGateway), C(ec2:EnableVgwRoutePropagation), C(ec2:DisableVgwRoutePropagation),
    C(ec2:CreateVpnConnection), C(ec2:ModifyVpnConnection), C(ec2:ModifyVpnTunnelOptions),
    C(ec2:CreateVpnConnectionRoute), C(ec2:DeleteVpnConnectionRoute), C(ec2:CreateTags), C(ec2:DeleteTags)."
  - Ranges and defaults are those of U(https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html) and
    U(https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html).
seealso:
  - module: hybridnet.aws_vpn.vpn_connection
  - module: hybridnet.aws_vpn.vpn_connection_info
"""

EXAMPLES = r"""
- name: Two sites, one with BGP on a transit gateway, one with static routes on the gateway of a VPC
  hybridnet.aws_vpn.vpn_sites:
    region: eu-central-1
    sites:
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

- name: Show what was done
  ansible.builtin.debug:
    var: aws_side.plan.lines
"""

RETURN = r"""
plan:
  description: What is to be done, or in a real run what was done.
  returned: always, also with a refusal
  type: dict
  contains:
    counts:
      description: Number of actions by verb, and of resources that stay as they are.
      type: dict
      returned: always
      sample: {create: 5, change: 0, replace: 0, delete: 0, unchanged: 0}
    lines:
      description: The plan as text.
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
        site:
          description: The site.
          type: str
          returned: always
        resource:
          description: The kind of resource.
          type: str
          returned: always
          sample: vpn_connection
        name:
          description: The name of the resource.
          type: str
          returned: always
        id:
          description: The id of the resource, null when it is yet to be made.
          type: str
          returned: always
        verb:
          description: One of create, change, replace and delete.
          type: str
          returned: always
        detail:
          description: What exactly.
          type: str
          returned: always
        interruption:
          description: What traffic loses meanwhile; one of none, one_tunnel, both_tunnels and replace.
          type: str
          returned: always
sites:
  description: Per site what exists afterwards. Ids are null, and the list of tunnels empty, for what does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The site.
      type: str
      returned: always
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
    state:
      description: State of the connection.
      type: str
      returned: always
      sample: available
    routing:
      description: One of bgp and static.
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
      description: Public address of the gateway.
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
        - The tunnels, as RV(hybridnet.aws_vpn.vpn_connection_info#module:connections[].tunnels), with C(local_cidrs)
          and
          C(remote_cidrs) of the site. Input of the role P(hybridnet.aws_vpn.gateway#role).
      type: list
      elements: dict
      returned: always
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
  description: Every problem of every site, when something is refused before the first write.
  returned: when the input or the plan is refused
  type: list
  elements: str
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module import argspec, runner, tasks


def main() -> None:
    runner.run(
        tasks.vpn_sites,
        argument_spec={
            **argspec.sites(),
            "purge_tags": {"type": "bool", "default": False},
            **argspec.consent(),
            **argspec.waiting(),
        },
    )


if __name__ == "__main__":
    main()
