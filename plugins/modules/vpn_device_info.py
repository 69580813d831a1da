#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_device_info
short_description: List the device types with sample VPN configurations
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Lists the types of customer gateway devices for which AWS has a sample configuration.
  - Without options it returns all. With several options it returns those that match all of them.
options:
  vendor:
    description: Part of the vendor's name, in upper or lower case.
    type: str
  platform:
    description: Part of the platform's name, in upper or lower case.
    type: str
  software:
    description: Part of the software's name, in upper or lower case.
    type: str
extends_documentation_fragment:
  - hybridnet.aws_vpn._attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - "IAM actions: C(ec2:GetVpnConnectionDeviceTypes)."
seealso:
  - module: hybridnet.aws_vpn.vpn_device_configuration
"""

EXAMPLES = r"""
- name: List the samples for strongSwan
  hybridnet.aws_vpn.vpn_device_info:
    region: eu-central-1
    vendor: strongswan
  register: devices
"""

RETURN = r"""
device_types:
  description: The device types, by vendor, platform and software.
  returned: success
  type: list
  elements: dict
  contains:
    device_type_id:
      description: Id of the device type.
      type: str
      returned: always
      sample: 9005b6c1
    vendor:
      description: The vendor.
      type: str
      returned: always
      sample: Strongswan
    platform:
      description: The platform.
      type: str
      returned: always
      sample: Ubuntu 16.04
    software:
      description: The software on it.
      type: str
      returned: always
      sample: Strongswan 5.5.1+
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import devices
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner


def main() -> None:
    runner.run(devices.types, only_reads=True, argument_spec=devices.spec())


if __name__ == "__main__":
    main()
