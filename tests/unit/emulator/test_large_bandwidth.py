# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TunnelBandwidth large: where it can be, what it excludes, and the change to and from standard."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

LARGE = {"TunnelBandwidth": "large"}
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def target(region: Any) -> dict[str, str]:
    return {"TransitGatewayId": region.transit_gateway()}


@pytest.fixture
def nowhere(region: Any) -> str:
    """A customer gateway without an address."""
    request = {"Type": "ipsec.1", "BgpAsn": 65010, "CertificateArn": CERTIFICATE}
    return str(region.ec2.create_customer_gateway(**request)["CustomerGateway"]["CustomerGatewayId"])


def test_on_a_transit_gateway_and_unattached(region: Any, ec2: Any, target: dict[str, str], refused: Any) -> None:
    assert region.connection(Options=LARGE, **target)["Options"]["TunnelBandwidth"] == "large"
    request = {"Type": "ipsec.1", "CustomerGatewayId": region.customer_gateway(), "Options": LARGE}
    assert ec2.create_vpn_connection(**request)["VpnConnection"]["Options"]["TunnelBandwidth"] == "large"
    concentrator = ec2.create_vpn_concentrator(Type="ipsec.1", **target)["VpnConcentrator"]
    for other in ({"VpnGatewayId": region.vpn_gateway()}, {"VpnConcentratorId": concentrator["VpnConcentratorId"]}):
        with refused("InvalidParameterCombination"):
            region.connection(Options=LARGE, **other)
        connection = region.connection(**other)
        with refused("InvalidParameterCombination"):
            ec2.modify_vpn_connection_options(VpnConnectionId=connection["VpnConnectionId"], **LARGE)


def test_not_with_acceleration(region: Any, ec2: Any, target: dict[str, str], refused: Any) -> None:
    with refused("InvalidParameterCombination"):
        region.connection(Options={**LARGE, "EnableAcceleration": True}, **target)
    accelerated = region.connection(Options={"EnableAcceleration": True}, **target)
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection_options(VpnConnectionId=accelerated["VpnConnectionId"], **LARGE)


def test_the_customer_gateway_has_an_address(
    region: Any, ec2: Any, target: dict[str, str], nowhere: str, refused: Any
) -> None:
    with refused("InvalidParameterCombination"):
        region.connection(CustomerGatewayId=nowhere, Options=LARGE, **target)
    standard = region.connection(CustomerGatewayId=nowhere, **target)
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection_options(VpnConnectionId=standard["VpnConnectionId"], **LARGE)
    large = region.connection(Options=LARGE, **target)
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection(VpnConnectionId=large["VpnConnectionId"], CustomerGatewayId=nowhere)


@pytest.mark.parametrize("name", ["ap-southeast-4", "ca-west-1", "eu-central-2", "il-central-1", "me-central-1"])
def test_some_regions_do_not_have_it(region: Any, emulator: Any, refused: Any, name: str) -> None:
    ec2 = boto3.client("ec2", **{**emulator.client_options(), "region_name": name})
    there = type(region)(ec2)
    target = {"TransitGatewayId": there.transit_gateway()}
    with refused("UnsupportedOperation"):
        there.connection(Options=LARGE, **target)
    connection = there.connection(Options={"TunnelBandwidth": "standard"}, **target)
    with refused("UnsupportedOperation"):
        ec2.modify_vpn_connection_options(VpnConnectionId=connection["VpnConnectionId"], **LARGE)


def test_it_is_changed_in_place_and_interrupts_both_tunnels(
    region: Any, ec2: Any, emulator: Any, target: dict[str, str]
) -> None:
    connection = region.connection(**target)
    request = {"VpnConnectionId": connection["VpnConnectionId"]}
    for one in connection["Options"]["TunnelOptions"]:
        emulator.telemetry(one["OutsideIpAddress"], "UP")
    emulator.settle = 30
    for bandwidth in ("large", "standard"):
        changed = ec2.modify_vpn_connection_options(**request, TunnelBandwidth=bandwidth)["VpnConnection"]
        assert changed["State"] == "modifying"
        assert [one["Status"] for one in region.show(request["VpnConnectionId"])["VgwTelemetry"]] == ["DOWN", "DOWN"]
        emulator.clock.advance(30)
        shown = region.show(request["VpnConnectionId"])
        assert (shown["State"], shown["Options"]["TunnelBandwidth"]) == ("available", bandwidth)
        assert [one["Status"] for one in shown["VgwTelemetry"]] == ["UP", "UP"]
        # Addresses, inside CIDRs and keys stay.
        assert shown["Options"]["TunnelOptions"] == connection["Options"]["TunnelOptions"]
