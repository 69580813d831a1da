#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_connection_info
short_description: Read VPN connections with their tunnels and telemetry
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Reads VPN connections, also those of other tools, with their gateways. It makes at most six API calls for any number
    of connections in a Region.
  - Without a selector it returns all connections of the Region. AWS lists deleted connections for some time. They are
    returned only if you select them by id or by a filter on C(state).
options:
  vpn_connection_ids:
    description: Ids of connections. If one does not exist, the module fails.
    type: list
    elements: str
  names:
    description:
      - Names of the connections to return, as M(hybridnet.aws_vpn.vpn_sites) returns them. A name without a connection
        is omitted.
    type: list
    elements: str
  filters:
    description:
      - Filters of C(DescribeVpnConnections). Each has a name and a value or a list of values. See
        U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpnConnections.html).
    type: dict
    default: {}
  include_secrets:
    description:
      - Return the pre-shared keys in clear text. Use C(no_log=true) on the task.
      - A key in Secrets Manager cannot be read and is returned as null.
    type: bool
    default: false
  include_active_status:
    description:
      - Return what the two ends of each tunnel negotiated. This needs one more API call for each tunnel.
    type: bool
    default: false
  include_maintenance:
    description:
      - Return the pending maintenance of the endpoint of each tunnel. This needs one more API call for each tunnel.
      - M(hybridnet.aws_vpn.vpn_tunnel_replacement) applies it.
    type: bool
    default: false
  telemetry_timeout:
    description:
      - How long to wait until AWS reports every tunnel as C(UP), in seconds. AWS shows this later than the gateway.
        After this time the module returns the last state and does not fail.
      - With V(0) it reads the state once.
    type: int
    default: 0
  telemetry_tunnels:
    description: Outside addresses of the tunnels for which O(telemetry_timeout) waits, by default all.
    type: list
    elements: str
  log_tunnels:
    description:
      - Outside addresses of tunnels whose newest log lines are returned, those of the last 15 minutes, where the tunnel
        has its logs on (C(log_enabled), C(bgp_log_enabled)). This needs one call to CloudWatch Logs for each connection
        and log group.
      - If a log cannot be read, RV(connections[].tunnels[].log.problem) says why, and the module does not fail.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - hybridnet.aws_vpn._access.regions
  - hybridnet.aws_vpn._attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeVpnConnections), C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnGateways),
    C(ec2:DescribeTransitGateways), C(ec2:DescribeTransitGatewayAttachments),
    C(ec2:DescribeVpnConcentrators); with O(include_active_status=true) C(ec2:GetActiveVpnTunnelStatus), with
    O(include_maintenance=true) C(ec2:GetVpnTunnelReplacementStatus); with O(log_tunnels) C(logs:FilterLogEvents); with
    O(regions[].assume_role_arn) C(sts:AssumeRole)."
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
  - module: hybridnet.aws_vpn.vpn_tunnel_replacement
"""

EXAMPLES = r"""
- name: Read the telemetry of two sites
  hybridnet.aws_vpn.vpn_connection_info:
    region: eu-central-1
    names: [berlin, madrid]
  register: vpn

- name: Read the pending maintenance of all tunnels
  hybridnet.aws_vpn.vpn_connection_info:
    region: eu-central-1
    include_maintenance: true
    include_active_status: true
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
  description: The connections, by name and id.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the connection.
      type: str
      returned: always
    vpn_connection_id:
      description: The same as RV(connections[].id).
      type: str
      returned: always
    region:
      description: The Region of the connection.
      type: str
      returned: always
    account:
      description: The role or the profile with which its account is reached, null for the credentials of the task.
      type: str
      returned: always
    state:
      description: pending, available, modifying, deleting or deleted.
      type: str
      returned: always
    gateway:
      description: Value of the tag C(hybridnet:gateway), null for a connection that does not belong to this collection.
      type: str
      returned: always
    connection:
      description: Value of the tag C(hybridnet:connection), null for a connection that is not of this collection.
      type: str
      returned: always
    name:
      description: Name of the connection, C(GATEWAY) or C(GATEWAY/CONNECTION), null if it has none.
      type: str
      returned: always
    routing:
      description: bgp or static.
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
    transit_gateway_attachment_id:
      description:
        - Attachment of the connection to its transit gateway, or of its VPN concentrator. Null with another target, and
          until AWS lists it.
      type: str
      returned: always
      sample: tgw-attach-0123456789abcdef0
    vpn_concentrator_id:
      description: The VPN concentrator, if that is the target.
      type: str
      returned: always
    gateway_association_state:
      description: associated, associating, disassociating, or not-associated without a target. Null if AWS does not
        return it.
      type: str
      returned: always
    pre_shared_key_storage:
      description: Where AWS keeps the keys, Standard or SecretsManager.
      type: str
      returned: always
    is_outgoing:
      description: Whether this connection was replaced. It is deleted when a tunnel of the new connection is up.
      type: bool
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
      description: Options of the connection as AWS returns them.
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
        connection_name:
          description: Name of the connection, as RV(connections[].name).
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
          description: bgp or static.
          type: str
          returned: always
        options:
          description: Other options of the tunnel as AWS returns them. An option that is absent has AWS's default.
          type: dict
          returned: always
          sample: {phase1_encryption_algorithms: [AES256-GCM-16], ike_versions: [ikev2]}
        connection_options:
          description: Options of the connection, which the gateway needs too.
          type: dict
          returned: always
          sample: {enable_acceleration: true, local_ipv4_network_cidr: 0.0.0.0/0}
        telemetry:
          description:
            - AWS's telemetry of the tunnel. It is seconds to minutes late. Null before AWS returns any.
          type: dict
          returned: always
          contains:
            status:
              description: UP or DOWN.
              type: str
              returned: always
            status_message:
              description: AWS's message.
              type: str
              returned: always
              sample: 2 BGP ROUTES
            accepted_route_count:
              description: Routes AWS accepted over BGP.
              type: int
              returned: always
            last_status_change:
              description: Time of the last change of the status.
              type: str
              returned: always
              sample: "2026-01-30T12:00:00+00:00"
            certificate_arn:
              description: Certificate of the AWS side, null on a connection with pre-shared keys.
              type: str
              returned: always
        active_status:
          description:
            - What the two ends negotiated. A value is null if AWS does not return it, for example for a tunnel that is
              down. For a deleted connection all of it is null.
          type: dict
          returned: with O(include_active_status=true)
          contains:
            provisioning_status:
              description: available, pending or failed.
              type: str
              returned: always
            provisioning_status_reason:
              description: The reason of a failure.
              type: str
              returned: always
            ike_version:
              description: ikev1 or ikev2.
              type: str
              returned: always
            phase1_encryption_algorithm:
              description: Cipher of phase 1.
              type: str
              returned: always
              sample: AES256-GCM-16
            phase1_integrity_algorithm:
              description: Integrity algorithm of phase 1.
              type: str
              returned: always
              sample: SHA2-256
            phase1_dh_group:
              description: Diffie-Hellman group of phase 1.
              type: int
              returned: always
              sample: 20
            phase1_additional_key_exchanges:
              description: Additional key exchanges of phase 1.
              type: list
              elements: dict
              returned: always
              contains:
                round:
                  description: Number of the round.
                  type: int
                  returned: always
                method:
                  description: The method, a Diffie-Hellman group or ML-KEM.
                  type: int
                  returned: always
                  sample: 36
            phase2_encryption_algorithm:
              description: Cipher of phase 2.
              type: str
              returned: always
              sample: AES256-GCM-16
            phase2_integrity_algorithm:
              description: Integrity algorithm of phase 2.
              type: str
              returned: always
              sample: SHA2-256
            phase2_dh_group:
              description: Diffie-Hellman group of phase 2.
              type: int
              returned: always
              sample: 20
            phase2_additional_key_exchanges:
              description: Additional key exchanges of phase 2.
              type: list
              elements: dict
              returned: always
              contains:
                round:
                  description: Number of the round.
                  type: int
                  returned: always
                method:
                  description: The method, a Diffie-Hellman group or ML-KEM.
                  type: int
                  returned: always
                  sample: 36
        maintenance:
          description: Maintenance of the endpoint. For a deleted connection all of it is null.
          type: dict
          returned: with O(include_maintenance=true)
          contains:
            is_pending:
              description: Whether maintenance is pending.
              type: bool
              returned: always
            pending_maintenance:
              description: The value that AWS returns.
              type: str
              returned: always
              sample: Available
            maintenance_auto_applied_after:
              description: Time after which AWS applies it itself.
              type: str
              returned: always
              sample: "2026-03-01T00:00:00+00:00"
            last_maintenance_applied:
              description: Time of the last applied maintenance.
              type: str
              returned: always
              sample: "2026-01-30T12:00:00+00:00"
        log:
          description: What AWS wrote about the tunnel into CloudWatch Logs. Null for a tunnel without logs.
          type: dict
          returned: for the tunnels in O(log_tunnels)
          contains:
            lines:
              description: Up to 25 lines of each log, the newest last.
              type: list
              elements: dict
              returned: always
              contains:
                time:
                  description: When it happened.
                  type: str
                  returned: always
                  sample: "2026-01-30T12:00:00Z"
                log:
                  description: V(tunnel) or V(bgp).
                  type: str
                  returned: always
                text:
                  description: What AWS says.
                  type: str
                  returned: always
                  sample: "AWS tunnel detected a pre-shared key mismatch with cgw: 198.51.100.10"
                is_up:
                  description: Whether the tunnel or its BGP session was up then, null if the line does not say it.
                  type: bool
                  returned: always
            problem:
              description: Why a log could not be read, for example a missing permission. Null if it could.
              type: str
              returned: always
        pre_shared_key:
          description: The key.
          type: str
          returned: with O(include_secrets=true)
pre_shared_keys:
  description:
    - The same keys by connection id and by outside address.
    - A tunnel whose key AWS does not return, for example a key in Secrets Manager, is omitted.
  returned: with O(include_secrets=true)
  type: dict
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import connection_info
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import argspec
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner


def main() -> None:
    runner.run(
        connection_info.vpn_connection_info,
        only_reads=True,
        argument_spec={
            "vpn_connection_ids": {"type": "list", "elements": "str"},
            "names": {"type": "list", "elements": "str"},
            "regions": {"type": "list", "elements": "dict", "options": argspec.access()},
            "filters": {"type": "dict", "default": {}},
            "include_secrets": {"type": "bool", "default": False},
            "include_active_status": {"type": "bool", "default": False},
            "include_maintenance": {"type": "bool", "default": False},
            "telemetry_timeout": {"type": "int", "default": 0},
            "telemetry_tunnels": {"type": "list", "elements": "str"},
            "log_tunnels": {"type": "list", "elements": "str", "default": []},
        },
    )


if __name__ == "__main__":
    main()
