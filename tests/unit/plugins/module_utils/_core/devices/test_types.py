# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device type is meant."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.devices.types import (
    DeviceType,
    DeviceWanted,
    select,
    the_one,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput

IOS = DeviceType("11111111", "Cisco Systems, Inc.", "ISR Series Routers", "IOS 12.4+")
IOS_STATIC = DeviceType("22222222", "Cisco Systems, Inc.", "ISR Series Routers", "IOS 12.4+ (no-BGP)")
SWAN = DeviceType("33333333", "Strongswan", "Ubuntu 16.04", "Strongswan 5.5.1+")
KNOWN = [SWAN, IOS_STATIC, IOS]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (DeviceWanted(), [IOS, IOS_STATIC, SWAN]),
        (DeviceWanted(id="33333333"), [SWAN]),
        (DeviceWanted(vendor="strongSWAN"), [SWAN]),
        (DeviceWanted(vendor="cisco", software="no-bgp"), [IOS_STATIC]),
        (DeviceWanted(vendor="cisco", platform="ubuntu"), []),
    ],
)
def test_parts_of_names_select(wanted: DeviceWanted, found: list[DeviceType]) -> None:
    assert select(KNOWN, wanted) == found


def test_the_one_that_is_meant() -> None:
    assert the_one(KNOWN, DeviceWanted(vendor="strongswan")) == SWAN
    assert the_one(KNOWN, DeviceWanted(software="ios 12.4+")) == IOS


def test_several_or_none_are_an_error_that_helps() -> None:
    with pytest.raises(InvalidInput, match=r"vendor=cisco: several device types match: 11111111 \(Cisco.*; 22222222"):
        the_one(KNOWN, DeviceWanted(vendor="cisco"))
    with pytest.raises(InvalidInput, match="device_type_id=x: AWS has no such device type.*vpn_device_info"):
        the_one(KNOWN, DeviceWanted(id="x"))


def test_results() -> None:
    assert SWAN.as_result() == {
        "device_type_id": "33333333",
        "vendor": "Strongswan",
        "platform": "Ubuntu 16.04",
        "software": "Strongswan 5.5.1+",
    }
