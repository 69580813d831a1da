# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The modules vpn_device_info and vpn_device_configuration: device types, and a sample configuration in a file."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._core.devices.types import DeviceWanted, select, the_one
from ..._core.errors import InvalidInput, Refused
from ..._core.model.secret import Secret
from ..._core.nouns import GONE
from ..files.change import Change
from ..files.directory import Directory
from ..options import one_connection
from ..run.clients import connect

MODE = "0600"


def spec() -> dict[str, Any]:
    """The options that name device types by parts of their names."""
    return {name: {"type": "str"} for name in ("vendor", "platform", "software")}


def types(module: AnsibleAWSModule) -> dict[str, Any]:
    """Device types."""
    found = select(connect(module).device_types(), _wanted(module.params))
    return {"changed": False, "device_types": [each.as_result() for each in found]}


def configuration(module: AnsibleAWSModule) -> dict[str, Any]:
    """The sample configuration of one connection for one device."""
    params = module.params
    _check(params)
    ec2 = connect(module)
    connection = one_connection.find(ec2, params)
    if connection.state in GONE:
        raise Refused([f"{connection.id} is {connection.state}"])
    device = the_one(ec2.device_types(), _wanted(params))
    text = ec2.device_configuration(connection.id, device.id, params["ike_version"], params["sample_type"])
    change, is_changed = _file(params["dest"], text, is_real=not module.check_mode)
    result: dict[str, Any] = {
        "changed": is_changed,
        "dest": change.path,
        "mode": MODE,
        "vpn_connection_id": connection.id,
        "device_type": device.as_result(),
    }
    if module._diff and is_changed:
        result["diff"] = change.diff()
    return result


def _wanted(params: Mapping[str, Any]) -> DeviceWanted:
    return DeviceWanted(params.get("device_type_id"), params["vendor"], params["platform"], params["software"])


def _check(params: Mapping[str, Any]) -> None:
    problems = []
    dest = params["dest"]
    if os.path.isdir(dest):
        problems.append(f"dest={dest}: this is a directory; name the file")
    elif not os.path.isdir(os.path.dirname(os.path.realpath(dest))):
        problems.append(f"dest={dest}: its directory does not exist")
    if params["ike_version"] == "ikev1" and params["sample_type"] == "recommended":
        problems.append("sample_type=recommended: AWS has it for ike_version=ikev2 only")
    if problems:
        raise InvalidInput(problems)


def _file(dest: str, text: Secret, is_real: bool) -> tuple[Change, bool]:
    """The file, brought to what AWS sent, and whether that changes it. Errors name the file and nothing of its text."""
    change = Change(Directory.root(), {"path": dest, "content": text.reveal(), "mode": MODE}, is_secret=True)
    directory = change.directory
    # What runs that were killed have left there has keys in it, too.
    drafts = directory.drafts() if directory else []
    if is_real and change.is_needed:
        change.write()
    if is_real and directory:
        for draft in drafts:
            directory.remove(draft)
    return change, change.is_needed or bool(drafts)
