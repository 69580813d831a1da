# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes of connections on a virtual private gateway."""

from __future__ import annotations

from typing import Any

import pytest

CIDR = "10.20.0.0/16"


@pytest.fixture
def connection_id(region: Any) -> str:
    return str(region.connection(Options={"StaticRoutesOnly": True})["VpnConnectionId"])


def routes(region: Any, connection_id: str) -> list[tuple[str, str]]:
    found = region.show(connection_id)["Routes"]
    assert all(route["Source"] == "Static" for route in found)
    return [(route["DestinationCidrBlock"], route["State"]) for route in found]


def test_states_follow_the_clock(region: Any, ec2: Any, emulator: Any, connection_id: str, refused: Any) -> None:
    emulator.settle = 30
    ec2.create_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock=CIDR)
    assert routes(region, connection_id) == [(CIDR, "pending")]
    emulator.clock.advance(30)
    assert routes(region, connection_id) == [(CIDR, "available")]
    ec2.delete_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock=CIDR)
    assert routes(region, connection_id) == [(CIDR, "deleting")]
    ec2.delete_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock=CIDR)
    emulator.clock.advance(30)
    assert routes(region, connection_id) == []
    with refused("InvalidRoute.NotFound"):
        ec2.delete_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock=CIDR)


def test_creating_a_route_again_changes_nothing(region: Any, ec2: Any, connection_id: str) -> None:
    for _twice in range(2):
        ec2.create_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock=CIDR)
    assert routes(region, connection_id) == [(CIDR, "available")]


def test_a_deleted_route_can_come_back(region: Any, ec2: Any, connection_id: str) -> None:
    for call in (ec2.create_vpn_connection_route, ec2.delete_vpn_connection_route, ec2.create_vpn_connection_route):
        call(VpnConnectionId=connection_id, DestinationCidrBlock=CIDR)
    assert routes(region, connection_id) == [(CIDR, "available")]


@pytest.mark.parametrize("cidr", ["10.20.0.1/16", "10.20.0.0/33", "berlin", "2001:db8::/32"])
def test_a_bad_cidr_is_refused(ec2: Any, connection_id: str, refused: Any, cidr: str) -> None:
    with refused("InvalidParameterValue"):
        ec2.create_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock=cidr)


def test_other_connections_have_none(region: Any, ec2: Any, refused: Any) -> None:
    on_transit = region.connection(Options={"StaticRoutesOnly": True}, TransitGatewayId=region.transit_gateway())
    for connection in (on_transit, region.connection()):
        with refused("InvalidVpnConnection.InvalidType"):
            ec2.create_vpn_connection_route(VpnConnectionId=connection["VpnConnectionId"], DestinationCidrBlock=CIDR)


def test_the_connection_must_be_there_and_available(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    gateway_id = region.vpn_gateway()
    with refused("InvalidVpnConnectionID.NotFound"):
        ec2.create_vpn_connection_route(VpnConnectionId="vpn-0123456789abcdef0", DestinationCidrBlock=CIDR)
    emulator.settle = 30
    connection = region.connection(Options={"StaticRoutesOnly": True}, VpnGatewayId=gateway_id)
    with refused("InvalidVpnConnection.InvalidState"):
        ec2.create_vpn_connection_route(VpnConnectionId=connection["VpnConnectionId"], DestinationCidrBlock=CIDR)
