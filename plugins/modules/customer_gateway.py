#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: customer_gateway
short_description: Manage a customer gateway
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Creates, changes and deletes one customer gateway. A customer gateway is how AWS describes the gateway at a site.
  - The module finds it by the tags C(hybridnet:collection) and C(hybridnet:gateway). The call that creates the customer
    gateway also writes these tags.
  - AWS can change only the tags of a customer gateway. For another address, ASN, device name or certificate the module
    creates a second customer gateway, and deletes the old one when no connection uses it. To move the connection, use
    M(hybridnet.aws_vpn.vpn_connection) or M(hybridnet.aws_vpn.vpn_sites).
options:
  name:
    description: Name of the gateway, unique within the Region. The customer gateway is found by this name.
    type: str
    required: true
  state:
    description:
      - Whether the customer gateway exists. If a connection uses it, the module refuses to delete it. It waits for a
        connection that is being deleted.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - hybridnet.aws_vpn._customer_gateway_options
  - hybridnet.aws_vpn._tags
  - hybridnet.aws_vpn._wait
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:DescribeCustomerGateways), C(ec2:DescribeVpnConnections), C(ec2:CreateCustomerGateway),
    C(ec2:DeleteCustomerGateway), C(ec2:CreateTags), C(ec2:DeleteTags)."
  - "Optional IAM action: C(servicequotas:GetServiceQuota), to refuse a plan that exceeds a quota of the account before
    anything is changed."
  - Ranges and defaults are from U(https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html).
seealso:
  - module: hybridnet.aws_vpn.vpn_sites
"""

EXAMPLES = r"""
- name: Create a customer gateway with BGP
  hybridnet.aws_vpn.customer_gateway:
    region: eu-central-1
    name: berlin
    public_ip: 198.51.100.10
    bgp_asn: 64496
    tags:
      cost-center: network

- name: Create a customer gateway that authenticates with a certificate, from any address
  hybridnet.aws_vpn.customer_gateway:
    region: eu-central-1
    name: lisbon
    bgp_asn: 4200000001
    device_name: edge-1
    certificate_arn: arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012

- name: Delete a customer gateway
  hybridnet.aws_vpn.customer_gateway:
    region: eu-central-1
    name: berlin
    state: absent
"""

RETURN = r"""
plan:
  description: The planned actions, in a real run the actions done; see RV(hybridnet.aws_vpn.vpn_sites#module:plan).
  returned: always, also when the run is refused
  type: dict
  sample:
    counts: {create: 1, change: 0, replace: 0, delete: 0, unchanged: 0}
customer_gateway:
  description: The customer gateway, null when there is none.
  returned: success
  type: dict
  contains:
    customer_gateway_id:
      description: Its id.
      type: str
      returned: always
    state:
      description: pending, available, deleting or deleted.
      type: str
      returned: always
    public_ip:
      description: Its address, null when it has none.
      type: str
      returned: always
    bgp_asn:
      description: Its autonomous system number.
      type: int
      returned: always
    device_name:
      description: Its device name.
      type: str
      returned: always
    certificate_arn:
      description: Its certificate, null when it has none.
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
        resources.customer_gateway,
        argument_spec={
            "name": {"type": "str", "required": True},
            **argspec.state(),
            **argspec.customer_gateway(),
            **argspec.tagging(),
            **argspec.waiting(),
        },
        required_if=[("state", "present", ["public_ip", "certificate_arn"], True)],
    )


if __name__ == "__main__":
    main()
