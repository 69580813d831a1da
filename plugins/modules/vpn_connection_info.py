#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_connection_info
short_description: VPN connections with their tunnels and telemetry
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Reads VPN connections, whoever made them, with the gateways around them, in four calls at most whatever their
    number.
  - Without a selector all connections of the Region are returned. Deleted ones, which AWS lists for a while, are not,
    unless they are asked for by id or by a filter on C(state).
options:
  vpn_connection_ids:
    description: Ids of connections. One that does not exist is an error.
    type: list
    elements: str
  sites:
    description: Names of sites whose connections are returned; one that has none is left out.
    type: list
    elements: str
  filters:
    description:
      - Filters of C(DescribeVpnConnections), each a name with a value or a list of values. See
        U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpnConnections.html).
    type: dict
    default: {}
  include_secrets:
    description:
      - Return the pre-shared keys in clear. Use C(no_log=true) on the task then.
      - A key kept in Secrets Manager is not readable here and returned as null.
    type: bool
    default: false
  telemetry_timeout:
    description:
      - How long to look again until AWS reports every tunnel as C(UP), in seconds. AWS learns of it later than the
        gateway. When the time is over, what was seen last is returned; that is no failure.
      - With V(0) it looks once.
    type: int
    default: 0
extends_documentation_fragment:
  - hybridnet.aws_vpn._attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeVpnConnections), C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnGateways),
    C(ec2:DescribeTransitGateways)."
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
"""

EXAMPLES = r"""
- name: Look at the telemetry of two sites
  hybridnet.aws_vpn.vpn_connection_info:
    region: eu-central-1
    sites: [berlin, madrid]
  register: vpn

- name: Read the keys of one connection
  hybridnet.aws_vpn.vpn_connection_info:
    region: eu-central-1
    vpn_connection_ids: [vpn-0123456789abcdef0]
    include_secrets: true
  no_log: true
  register: keys
"""

RETURN = r"""
connections:
  description: The connections, by site and id.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the connection.
      type: str
      returned: always
    vpn_connection_id:
      description: The same.
      type: str
      returned: always
    state:
      description: pending, available, modifying, deleting or deleted.
      type: str
      returned: always
    site:
      description: Value of the tag C(hybridnet:site), null for a connection this collection did not make.
      type: str
      returned: always
    name:
      description: Value of the tag C(Name).
      type: str
      returned: always
    routing:
      description: One of bgp and static.
      type: str
      returned: always
    customer_gateway_id:
      description: The customer gateway.
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
    amazon_side_asn:
      description: Autonomous system number of the AWS side.
      type: int
      returned: always
    customer_asn:
      description: Autonomous system number of the customer gateway.
      type: int
      returned: always
    public_ip:
      description: Address of the customer gateway.
      type: str
      returned: always
    static_routes:
      description: Static routes.
      type: list
      elements: str
      returned: always
    options:
      description: Options of the connection which AWS returned.
      type: dict
      returned: always
    tags:
      description: All tags.
      type: dict
      returned: always
    tunnels:
      description: The tunnels in AWS's order.
      type: list
      elements: dict
      returned: always
      contains:
        vpn_connection_id:
          description: The connection.
          type: str
          returned: always
        number:
          description: 1 or 2, the position in AWS's answer.
          type: int
          returned: always
        outside_address:
          description: Public address of the AWS side.
          type: str
          returned: always
        customer_address:
          description: Public address of the customer side.
          type: str
          returned: always
        inside_cidr:
          description: Network of the two inside addresses.
          type: str
          returned: always
          sample: 169.254.20.0/30
        aws_inside_address:
          description: Inside address of the AWS side.
          type: str
          returned: always
          sample: 169.254.20.1
        customer_inside_address:
          description: Inside address of the customer side.
          type: str
          returned: always
          sample: 169.254.20.2
        amazon_side_asn:
          description: Autonomous system number of the AWS side.
          type: int
          returned: always
        customer_asn:
          description: Autonomous system number of the customer side.
          type: int
          returned: always
        routing:
          description: One of bgp and static.
          type: str
          returned: always
        options:
          description: Further options of the tunnel which AWS returned; one that is absent has AWS's default.
          type: dict
          returned: always
          sample: {phase1_encryption_algorithms: [AES256-GCM-16], ike_versions: [ikev2]}
        telemetry:
          description:
            - What AWS says of the tunnel, which lags behind by seconds to minutes. Null before AWS says anything.
          type: dict
          returned: always
          contains:
            status:
              description: UP or DOWN.
              type: str
              returned: always
            status_message:
              description: AWS's explanation.
              type: str
              returned: always
              sample: 2 BGP ROUTES
            accepted_route_count:
              description: Routes AWS accepted over BGP.
              type: int
              returned: always
            last_status_change:
              description: When the status changed last.
              type: str
              returned: always
              sample: "2026-01-30T12:00:00+00:00"
        pre_shared_key:
          description: The key.
          type: str
          returned: with O(include_secrets=true)
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module import runner, tasks


def main() -> None:
    runner.run(
        tasks.vpn_connection_info,
        argument_spec={
            "vpn_connection_ids": {"type": "list", "elements": "str"},
            "sites": {"type": "list", "elements": "str"},
            "filters": {"type": "dict", "default": {}},
            "include_secrets": {"type": "bool", "default": False},
            "telemetry_timeout": {"type": "int", "default": 0},
        },
    )


if __name__ == "__main__":
    main()
