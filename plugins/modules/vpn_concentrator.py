#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_concentrator
short_description: The VPN concentrator of a transit gateway
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - The VPN concentrator of one transit gateway, which carries the connections of many small sites over a single
    attachment.
  - It is found by the tags C(hybridnet:collection) and C(hybridnet:transit-gateway), which are written in the call that
    creates it. M(hybridnet.aws_vpn.vpn_sites) makes one by itself for sites that ask for it.
options:
  transit_gateway_id:
    description:
      - The transit gateway, which must exist. AWS fixes it at creation, so another one means another VPN concentrator.
    type: str
    required: true
  state:
    description:
      - Whether it is to exist. The removal is refused while a connection uses it. A connection that is being deleted is
        waited for.
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
- name: A concentrator for the branches
  hybridnet.aws_vpn.vpn_concentrator:
    region: eu-central-1
    transit_gateway_id: tgw-0123456789abcdef0
    tags:
      env: production

- name: No concentrator any more
  hybridnet.aws_vpn.vpn_concentrator:
    region: eu-central-1
    transit_gateway_id: tgw-0123456789abcdef0
    state: absent
"""

RETURN = r"""
plan:
  description: What is to be done, or in a real run what was done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: always, also with a refusal
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
      description: Its attachment to the transit gateway, null as long as AWS does not name it.
      type: str
      returned: always
    tags:
      description: All its tags.
      type: dict
      returned: always
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
