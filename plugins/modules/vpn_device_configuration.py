#!/usr/bin/python
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_device_configuration
short_description: Write AWS's sample configuration for a device to a file
version_added: 0.1.0
author:
  - hybridnet.aws_vpn contributors (@hybridnet)
description:
  - Fetches AWS's sample configuration of one connection for one device type. Writes it to a file on the host where the
    module runs, usually the controller.
  - The text contains the pre-shared keys of the connection. So only the owner can read the file. The text is never
    returned or shown in a diff.
  - A sample is a starting point. Its algorithms are the minimum that AWS accepts, not those of the tunnel options.
options:
  vpn_connection_id:
    description: Id of the connection. It can be one that another tool created. Either this or O(name).
    type: str
  name:
    description: Name of the site of the connection. Only for connections of this collection.
    type: str
  dest:
    description:
      - Path of the file. Its directory must exist. The file is written atomically, and its mode is 0600 from the start.
      - The file belongs to the user who runs the module. A wrong owner or mode is corrected.
      - In a directory where other users can write, such as C(/tmp), the module fails if the file is there and belongs
        to another user, or if the path has a link. The file itself must not be a link anywhere.
      - A draft that an interrupted run has left in the directory is removed.
    type: path
    required: true
  device_type_id:
    description:
      - Id of the device type, as M(hybridnet.aws_vpn.vpn_device_info) returns it. Instead of this you can give
        O(vendor), O(platform) and O(software), or some of them. If several device types match, the module fails and
        lists them.
    type: str
  vendor:
    description: Part of the vendor's name, in upper or lower case.
    type: str
  platform:
    description: Part of the platform's name, in upper or lower case.
    type: str
  software:
    description: Part of the software's name, in upper or lower case.
    type: str
  ike_version:
    description: IKE version of the sample. By default AWS chooses.
    type: str
    choices: [ikev1, ikev2]
  sample_type:
    description: Type of the sample. V(recommended) has stronger algorithms and no IKEv1. By default AWS chooses.
    type: str
    choices: [compatibility, recommended]
extends_documentation_fragment:
  - hybridnet.aws_vpn._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    description: Fetches and compares the sample, and writes nothing.
    support: full
  diff_mode:
    description: Shows the path of the file, never its text.
    support: partial
notes:
  - "IAM actions: C(ec2:DescribeVpnConnections), C(ec2:GetVpnConnectionDeviceTypes),
    C(ec2:GetVpnConnectionDeviceSampleConfiguration)."
  - If the keys are in Secrets Manager, AWS does not document what the sample contains instead of them.
seealso:
  - module: hybridnet.aws_vpn.vpn_device_info
"""

EXAMPLES = r"""
- name: Write the sample for strongSwan
  hybridnet.aws_vpn.vpn_device_configuration:
    region: eu-central-1
    name: berlin
    vendor: strongswan
    ike_version: ikev2
    dest: ./berlin.txt
"""

RETURN = r"""
dest:
  description: The path of the file, with links to directories resolved.
  returned: success
  type: str
  sample: /etc/vpn/berlin.txt
mode:
  description: Its mode.
  returned: success
  type: str
  sample: "0600"
vpn_connection_id:
  description: The connection.
  returned: success
  type: str
  sample: vpn-0123456789abcdef0
device_type:
  description: The device type of the sample.
  returned: success
  type: dict
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
problems:
  description: All problems, if the run is refused before anything is written.
  returned: when the input is refused
  type: list
  elements: str
"""

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import devices
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.options import one_connection
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.run import runner


def main() -> None:
    runner.run(
        devices.configuration,
        argument_spec={
            **one_connection.spec(),
            "dest": {"type": "path", "required": True},
            "device_type_id": {"type": "str"},
            **devices.spec(),
            "ike_version": {"type": "str", "choices": ["ikev1", "ikev2"]},
            "sample_type": {"type": "str", "choices": ["compatibility", "recommended"]},
        },
        required_one_of=[one_connection.ONE_OF, ("device_type_id", "vendor", "platform", "software")],
        mutually_exclusive=[
            one_connection.ONE_OF,
            *(("device_type_id", name) for name in ("vendor", "platform", "software")),
        ],
    )


if __name__ == "__main__":
    main()
