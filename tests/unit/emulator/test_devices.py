# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Device types and sample configurations."""

from __future__ import annotations

from typing import Any

import pytest

FORTIGATE = "9d9470de"


def sample(ec2: Any, connection: dict[str, Any], **more: Any) -> str:
    more.setdefault("VpnConnectionDeviceTypeId", FORTIGATE)
    answer = ec2.get_vpn_connection_device_sample_configuration(VpnConnectionId=connection["VpnConnectionId"], **more)
    return str(answer["VpnConnectionDeviceSampleConfiguration"])


def test_device_types(ec2: Any, refused: Any) -> None:
    pages = ec2.get_paginator("get_vpn_connection_device_types").paginate(PaginationConfig={"PageSize": 200})
    types = [one for page in pages for one in page["VpnConnectionDeviceTypes"]]
    ids = [one["VpnConnectionDeviceTypeId"] for one in types]
    assert len(set(ids)) == len(ids) > 20
    assert all(len(one) == 8 and int(one, 16) >= 0 for one in ids)
    (fortigate,) = [one for one in types if one["VpnConnectionDeviceTypeId"] == FORTIGATE]
    assert (fortigate["Vendor"], fortigate["Software"]) == ("Fortinet", "FortiOS 5.0+")
    with refused("InvalidNextToken"):
        ec2.get_vpn_connection_device_types(NextToken="tomorrow")


def test_a_sample_has_what_a_device_needs_and_is_the_same_each_time(region: Any, ec2: Any) -> None:
    connection = region.connection()
    text = sample(ec2, connection)
    assert text == sample(ec2, connection)
    for tunnel in connection["Options"]["TunnelOptions"]:
        assert tunnel["OutsideIpAddress"] in text
        assert f"pre_shared_key = {tunnel['PreSharedKey']}" in text
    assert "Fortinet" in text
    assert "local_asn = 65010" in text
    assert "asn" not in sample(ec2, region.connection(Options={"StaticRoutesOnly": True}))


@pytest.mark.parametrize(
    ("request_part", "version"),
    [
        ({}, "ikev1"),
        ({"InternetKeyExchangeVersion": "ikev2"}, "ikev2"),
        ({"SampleType": "recommended"}, "ikev2"),
        ({"SampleType": "compatibility"}, "ikev1"),
    ],
)
def test_the_ike_version(region: Any, ec2: Any, request_part: dict[str, Any], version: str) -> None:
    assert f"ike_version = {version}" in sample(ec2, region.connection(), **request_part)


@pytest.mark.parametrize(
    ("request_part", "code"),
    [
        ({"VpnConnectionDeviceTypeId": "00000000"}, "InvalidParameterValue"),
        ({"InternetKeyExchangeVersion": "ikev3"}, "InvalidParameterValue"),
        ({"SampleType": "best"}, "InvalidParameterValue"),
        ({"SampleType": "recommended", "InternetKeyExchangeVersion": "ikev1"}, "UnsupportedOperation"),
    ],
)
def test_bad_requests(region: Any, ec2: Any, refused: Any, request_part: dict[str, Any], code: str) -> None:
    connection = region.connection()
    with refused(code):
        sample(ec2, connection, **request_part)


def test_keys_that_are_elsewhere_are_not_in_it(region: Any, ec2: Any, refused: Any) -> None:
    sent = {"PreSharedKey": "marker.key_of_berlin"}
    connection = region.connection(tunnels=[sent, sent], PreSharedKeyStorage="SecretsManager")
    text = sample(ec2, connection)
    assert "marker" not in text
    assert connection["PreSharedKeyArn"] in text
    ec2.delete_vpn_connection(VpnConnectionId=connection["VpnConnectionId"])
    with refused("InvalidVpnConnection.InvalidState"):
        sample(ec2, connection)
