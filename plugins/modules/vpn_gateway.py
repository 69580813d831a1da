#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_gateway
short_description: Manage the virtual private gateway of a VPC
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Creates, changes and deletes the virtual private gateway of one VPC, its attachment, and the propagation of its
    routes into route tables.
  - The module finds it by the tags C(hybridnet:collection) and C(hybridnet:vpc). The call that creates it also writes
    these tags.
options:
  vpc_id:
    description: The VPC, which must exist. A VPC can have one virtual private gateway. If it has one of others, the run
      is refused.
    type: str
    required: true
  state:
    description:
      - Whether the virtual private gateway exists. With V(absent) the module disables its propagation, detaches and
        deletes it. If a connection uses it, or it is attached to another VPC, the module refuses to delete it. It waits
        for a connection that is being deleted.
    type: str
    choices: [present, absent]
    default: present
  amazon_side_asn:
    description:
      - Autonomous system number of the AWS side, V(64512) to V(65534) or V(4200000000) to V(4294967294). If you omit
        it, AWS uses V(64512) for a new gateway, and the ASN of an existing gateway is not checked.
      - AWS cannot change it. Another value for an existing gateway is refused.
    type: int
  propagate_to:
    description:
      - Ids of all route tables of the VPC into which the gateway propagates its routes. Propagation into other route
        tables of that VPC is disabled. An empty list disables it for all.
      - If you omit it, propagation does not change.
    type: list
    elements: str
extends_documentation_fragment:
  - hybridnet.aws_vpn._tags
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeVpnGateways), C(ec2:DescribeVpnConnections), C(ec2:DescribeCustomerGateways),
    C(ec2:DescribeRouteTables), C(ec2:DescribeVpcs), C(ec2:CreateVpnGateway), C(ec2:AttachVpnGateway),
    C(ec2:DetachVpnGateway), C(ec2:DeleteVpnGateway), C(ec2:EnableVgwRoutePropagation),
    C(ec2:DisableVgwRoutePropagation), C(ec2:CreateTags), C(ec2:DeleteTags)."
  - "Optional IAM action: C(servicequotas:GetServiceQuota), to refuse a plan that exceeds a quota of the account before
    anything is changed."
  - Ranges and defaults are from U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html).
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
"""

EXAMPLES = r"""
- name: Create a virtual private gateway that propagates into one route table
  hybridnet.aws_vpn.vpn_gateway:
    region: eu-central-1
    vpc_id: vpc-0123456789abcdef0
    amazon_side_asn: 64620
    propagate_to: [rtb-0123456789abcdef0]

- name: Delete the virtual private gateway
  hybridnet.aws_vpn.vpn_gateway:
    region: eu-central-1
    vpc_id: vpc-0123456789abcdef0
    state: absent
"""

RETURN = r"""
plan:
  description: The planned actions, in a real run the actions done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: always, also when the run is refused
  type: dict
  sample:
    counts: {create: 1, change: 0, replace: 0, delete: 0, unchanged: 0}
vpn_gateway:
  description: The virtual private gateway, null when there is none.
  returned: success
  type: dict
  contains:
    vpn_gateway_id:
      description: Its id.
      type: str
      returned: always
    state:
      description: pending, available, deleting or deleted.
      type: str
      returned: always
    amazon_side_asn:
      description: Its autonomous system number.
      type: int
      returned: always
    vpc_id:
      description: The VPC to which it is attached, null if it is not attached.
      type: str
      returned: always
    attachment_state:
      description: attaching, attached, detaching or null.
      type: str
      returned: always
    propagate_to:
      description: Route tables of the VPC into which it propagates.
      type: list
      elements: str
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
        resources.vpn_gateway,
        argument_spec={**argspec.vpc_gateway(), **argspec.state(), **argspec.tagging(), **argspec.waiting()},
    )


if __name__ == "__main__":
    main()
