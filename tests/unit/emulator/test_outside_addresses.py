# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outside addresses: IPv6, private ones over Direct Connect, and connections without a target."""

from __future__ import annotations

from typing import Any

import pytest

IPV6 = {"OutsideIpAddressType": "Ipv6"}


def outside(connection: dict[str, Any]) -> list[str]:
    return [one["OutsideIpAddress"] for one in connection["Options"]["TunnelOptions"]]


def test_ipv6_outside_needs_an_ipv6_device_and_no_virtual_private_gateway(region: Any, refused: Any) -> None:
    gateway_id, device = region.transit_gateway(), region.customer_gateway("2001:db8::10")
    connection = region.connection(CustomerGatewayId=device, TransitGatewayId=gateway_id, Options=IPV6)
    assert connection["Options"]["OutsideIpAddressType"] == "Ipv6"
    other = region.connection(CustomerGatewayId=device, TransitGatewayId=gateway_id, Options=IPV6)
    assert len({*outside(connection), *outside(other)}) == 4
    assert all(":" in address for address in outside(connection))
    for request in (
        {"CustomerGatewayId": device, "TransitGatewayId": gateway_id},
        {"CustomerGatewayId": region.customer_gateway(), "TransitGatewayId": gateway_id, "Options": IPV6},
        {"CustomerGatewayId": device, "Options": IPV6},
        {
            "CustomerGatewayId": device,
            "TransitGatewayId": gateway_id,
            "Options": {**IPV6, "EnableAcceleration": True},
        },
    ):
        with refused("InvalidParameterCombination"):
            region.connection(**request)
    with refused("InvalidParameterValue"):
        region.connection(Options={"OutsideIpAddressType": "PublicIpv6"})


@pytest.fixture
def private(region: Any, emulator: Any) -> dict[str, Any]:
    """What a private IP VPN needs: a transit gateway with addresses, and Direct Connect attached to it."""
    gateway_id = region.transit_gateway(Options={"TransitGatewayCidrBlocks": ["10.99.0.0/24"]})
    transport = emulator.direct_connect_attachment(gateway_id)
    options = {"OutsideIpAddressType": "PrivateIpv4", "TransportTransitGatewayAttachmentId": transport}
    return {
        "CustomerGatewayId": region.customer_gateway("10.1.2.3"),
        "TransitGatewayId": gateway_id,
        "Options": options,
    }


def test_private_addresses_are_the_first_of_the_transit_gateway(region: Any, ec2: Any, private: dict[str, Any]) -> None:
    first = region.connection(**private)
    assert outside(first) == ["10.99.0.0", "10.99.0.1"]
    shown = first["Options"]
    assert shown["OutsideIpAddressType"] == "PrivateIpv4"
    assert shown["TransportTransitGatewayAttachmentId"] == private["Options"]["TransportTransitGatewayAttachmentId"]
    second = region.connection(**private)
    assert outside(second) == ["10.99.0.2", "10.99.0.3"]
    ec2.delete_vpn_connection(VpnConnectionId=first["VpnConnectionId"])
    assert outside(region.connection(**private)) == ["10.99.0.0", "10.99.0.1"]


def test_what_a_private_connection_needs(region: Any, ec2: Any, private: dict[str, Any], refused: Any) -> None:
    options = private["Options"]
    with refused("MissingParameter"):
        region.connection(**{**private, "Options": {"OutsideIpAddressType": "PrivateIpv4"}})
    with refused("InvalidTransitGatewayAttachmentID.NotFound"):
        unknown = {**options, "TransportTransitGatewayAttachmentId": "tgw-attach-0123456789abcdef0"}
        region.connection(**{**private, "Options": unknown})
    with refused("InvalidParameterCombination"):
        region.connection(**{**private, "Options": {**options, "OutsideIpAddressType": "PublicIpv4"}})
    with refused("InvalidParameterCombination"):
        region.connection(CustomerGatewayId=private["CustomerGatewayId"], Options=options)
    with refused("InvalidParameterValue"):
        region.connection(**{**private, "TransitGatewayId": region.transit_gateway()})
    connection = region.connection(**private)
    (attachment,) = ec2.describe_transit_gateway_attachments(
        Filters=[{"Name": "resource-id", "Values": [connection["VpnConnectionId"]]}]
    )["TransitGatewayAttachments"]
    with refused("InvalidParameterValue"):
        wrong = {**options, "TransportTransitGatewayAttachmentId": attachment["TransitGatewayAttachmentId"]}
        region.connection(**{**private, "Options": wrong})
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection(
            VpnConnectionId=connection["VpnConnectionId"], TransitGatewayId=region.transit_gateway()
        )


def test_direct_connect_is_attached_over_http(region: Any, emulator: Any, ec2: Any, ask: Any) -> None:
    gateway_id = region.transit_gateway()
    url = f"{emulator.url}/vpn-emulator/direct-connect-attachments"
    made = ask(url, "POST", {"transit_gateway_id": gateway_id})["transit_gateway_attachment_id"]
    (shown,) = ec2.describe_transit_gateway_attachments(TransitGatewayAttachmentIds=[made])["TransitGatewayAttachments"]
    assert (shown["ResourceType"], shown["State"]) == ("direct-connect-gateway", "available")


@pytest.fixture
def unattached(ec2: Any, region: Any) -> dict[str, Any]:
    answer = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=region.customer_gateway())
    connection: dict[str, Any] = answer["VpnConnection"]
    return connection


@pytest.mark.parametrize("kind", ["VpnGatewayId", "TransitGatewayId"])
def test_an_unattached_connection_gets_its_target_later(
    region: Any, ec2: Any, unattached: dict[str, Any], kind: str
) -> None:
    assert unattached["GatewayAssociationState"] == "not-associated"
    target = {kind: region.vpn_gateway() if kind == "VpnGatewayId" else region.transit_gateway()}
    answer = ec2.modify_vpn_connection(VpnConnectionId=unattached["VpnConnectionId"], **target)["VpnConnection"]
    assert answer["GatewayAssociationState"] == "associated"
    assert answer[kind] == target[kind]
    assert outside(answer) == outside(unattached)


def test_a_move_keeps_to_the_quota_of_the_gateway(
    region: Any, ec2: Any, emulator: Any, unattached: dict[str, Any], refused: Any
) -> None:
    gateway_id = region.vpn_gateway()
    emulator.quotas.set(vpn_connections_per_vpn_gateway=0)
    with refused("VpnConnectionLimitExceeded"):
        ec2.modify_vpn_connection(VpnConnectionId=unattached["VpnConnectionId"], VpnGatewayId=gateway_id)


def test_a_move_to_a_virtual_private_gateway_needs_options_it_has(region: Any, ec2: Any, refused: Any) -> None:
    gateway_id = region.transit_gateway()
    for options in ({"TunnelBandwidth": "large"}, {"EnableAcceleration": True}, {"TunnelInsideIpVersion": "ipv6"}):
        connection = region.connection(TransitGatewayId=gateway_id, Options=options)
        with refused("InvalidParameterCombination"):
            ec2.modify_vpn_connection(VpnConnectionId=connection["VpnConnectionId"], VpnGatewayId=region.vpn_gateway())


def test_a_move_to_another_device_needs_an_address_of_the_same_family(region: Any, ec2: Any, refused: Any) -> None:
    connection = region.connection()
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection(
            VpnConnectionId=connection["VpnConnectionId"], CustomerGatewayId=region.customer_gateway("2001:db8::10")
        )
