#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_concentrator
short_description: Manage the VPN concentrator of a transit gateway
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Creates and deletes the VPN concentrator of one transit gateway. It carries the connections of many small sites over
    one attachment.
  - The module finds it by the tags C(hybridnet:collection) and C(hybridnet:transit-gateway). The call that creates it
    also writes these tags. M(hybridnet.aws_vpn.vpn_sites) also creates VPN concentrators for its sites.
options:
  transit_gateway_id:
    description:
      - The transit gateway, which must exist. AWS cannot change it. Another transit gateway has another VPN
        concentrator.
    type: str
    required: true
  state:
    description:
      - Whether the VPN concentrator exists. If a connection uses it, the module refuses to delete it. It waits for a
        connection that is being deleted.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - hybridnet.aws_vpn._tags
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeVpnConcentrators), C(ec2:DescribeVpnConnections), C(ec2:DescribeCustomerGateways),
    C(ec2:DescribeTransitGateways), C(ec2:CreateVpnConcentrator), C(ec2:DeleteVpnConcentrator), C(ec2:CreateTags),
    C(ec2:DeleteTags)."
  - The connections on it use BGP. See U(https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-concentrator.html).
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
  - module: hybridnet.aws_vpn.vpn_connection
"""

EXAMPLES = r"""
- name: Create a VPN concentrator for the branches
  hybridnet.aws_vpn.vpn_concentrator:
    region: eu-central-1
    transit_gateway_id: tgw-0123456789abcdef0
    tags:
      env: production

- name: Delete the VPN concentrator
  hybridnet.aws_vpn.vpn_concentrator:
    region: eu-central-1
    transit_gateway_id: tgw-0123456789abcdef0
    state: absent
"""

RETURN = r"""
plan:
  description: The planned actions, in a real run the actions done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: always, also when the run is refused
  type: dict
  sample:
    counts: {create: 1, change: 0, replace: 0, delete: 0, unchanged: 0}
vpn_concentrator:
  description: The VPN concentrator, null when there is none.
  returned: success
  type: dict
  contains:
    vpn_concentrator_id:
      description: Its id.
      type: str
      returned: always
    state:
      description: pending, available, deleting or deleted.
      type: str
      returned: always
    transit_gateway_id:
      description: Its transit gateway.
      type: str
      returned: always
    transit_gateway_attachment_id:
      description: Its attachment to the transit gateway, null until AWS returns it.
      type: str
      returned: always
    tags:
      description: All its tags.
      type: dict
      returned: always
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
        resources.vpn_concentrator,
        argument_spec={
            "transit_gateway_id": {"type": "str", "required": True},
            **argspec.state(),
            **argspec.tagging(),
            **argspec.waiting(),
        },
    )


if __name__ == "__main__":
    main()
