#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_tunnel_replacement
short_description: Replace the endpoint of a VPN tunnel if maintenance is pending
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Replaces the AWS endpoint of one tunnel at a time of your choice, and applies its pending maintenance. Addresses,
    keys and options do not change. The tunnel is down for up to a few minutes.
  - The module changes a tunnel only while AWS reports the other tunnel as C(UP). It checks this again right before the
    call.
  - AWS announces maintenance in advance if the tunnel has the option C(enable_tunnel_lifecycle_control). See
    U(https://docs.aws.amazon.com/vpn/latest/s2svpn/tunnel-endpoint-lifecycle.html).
options:
  vpn_connection_id:
    description: Id of the connection. It can be one that another tool created. Either this or O(name).
    type: str
  name:
    description: Name of the site of the connection. Only for connections of this collection.
    type: str
  tunnel:
    description: Number of the tunnel in AWS's order. Either this or O(outside_address).
    type: int
    choices: [1, 2]
  outside_address:
    description: Outside address of the AWS side of the tunnel.
    type: str
  force_tunnel_change:
    description:
      - Allow the interruption of the tunnel although the other tunnel is not up.
      - Without it such a run is refused before the first write, because it would leave the site without a tunnel. A
        tunnel that is down itself needs no consent.
    type: bool
    default: false
  replace:
    description:
      - When to replace. With V(pending) only if maintenance is pending, so a second run does nothing.
      - With V(always) each time the task runs.
    type: str
    choices: [pending, always]
    default: pending
extends_documentation_fragment:
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    description: Shows the plan and changes nothing. The connection must exist.
    support: full
  idempotent:
    description: With O(replace=pending) a second run changes nothing; with O(replace=always) each run replaces.
    support: partial
notes:
  - "IAM actions: C(ec2:DescribeVpnConnections), C(ec2:GetVpnTunnelReplacementStatus), C(ec2:ReplaceVpnTunnel),
    C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnGateways), C(ec2:DescribeTransitGateways),
    C(ec2:DescribeTransitGatewayAttachments), C(ec2:DescribeVpnConcentrators)."
  - With O(wait=true) the module waits until the connection is available and the maintenance is no longer pending. If
    the tunnel was up before, it also waits until AWS reports it as C(UP) again. If the tunnel is not up within
    O(wait_timeout), the module shows a warning and does not fail, because this depends on the gateway at the site.
seealso:
  - module: hybridnet.aws_vpn.vpn_connection_info
  - module: hybridnet.aws_vpn.vpn_tunnel_certificate
"""

EXAMPLES = r"""
- name: Apply pending maintenance to both tunnels, one after the other
  hybridnet.aws_vpn.vpn_tunnel_replacement:
    region: eu-central-1
    name: berlin
    tunnel: "{{ item }}"
  loop: [1, 2]

- name: Replace one endpoint, also without pending maintenance
  hybridnet.aws_vpn.vpn_tunnel_replacement:
    region: eu-central-1
    vpn_connection_id: vpn-0123456789abcdef0
    outside_address: 203.0.113.2
    replace: always
"""

RETURN = r"""
plan:
  description: The planned actions, in a real run the actions done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: always, also when the run is refused
  type: dict
  sample:
    counts: {create: 0, change: 0, replace: 1, delete: 0, unchanged: 0}
vpn_connection_id:
  description: The connection.
  returned: success
  type: str
  sample: vpn-0123456789abcdef0
tunnel:
  description:
    - The tunnel after the run, as in RV(hybridnet.aws_vpn.vpn_connection_info#module:connections[].tunnels), without
      its key, and with C(maintenance).
  returned: success
  type: dict
  sample:
    number: 1
    outside_address: 203.0.113.2
    telemetry: {status: UP}
    maintenance: {is_pending: false, pending_maintenance: None}
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

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import tunnels
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import argspec
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner


def main() -> None:
    runner.run(
        tunnels.replacement,
        argument_spec={
            **tunnels.spec(),
            "replace": {"type": "str", "choices": ["pending", "always"], "default": "pending"},
            **argspec.waiting(),
        },
        **tunnels.settings(),
    )


if __name__ == "__main__":
    main()
