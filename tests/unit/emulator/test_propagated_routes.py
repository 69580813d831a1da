# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of a VPC's route table that come from its virtual private gateway."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest


class Place(NamedTuple):
    gateway_id: str
    table_id: str


@pytest.fixture
def place(region: Any, ec2: Any) -> Place:
    vpc_id, gateway_id = region.vpc(), region.vpn_gateway()
    region.attach(gateway_id, vpc_id)
    table_id = region.main_route_table(vpc_id)
    ec2.enable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table_id)
    return Place(gateway_id, table_id)


def propagated(ec2: Any, place: Place) -> list[tuple[str, str]]:
    (table,) = ec2.describe_route_tables(RouteTableIds=[place.table_id])["RouteTables"]
    assert [one["GatewayId"] for one in table["PropagatingVgws"]] in ([], [place.gateway_id])
    found = [one for one in table["Routes"] if one["Origin"] == "EnableVgwRoutePropagation"]
    assert all(one["State"] == "active" for one in found)
    return [(one["DestinationCidrBlock"], one["GatewayId"]) for one in found]


def up(emulator: Any, connection: dict[str, Any], **more: Any) -> None:
    emulator.telemetry(connection["Options"]["TunnelOptions"][0]["OutsideIpAddress"], "UP", **more)


def test_static_routes_are_propagated_while_a_tunnel_is_up(region: Any, ec2: Any, emulator: Any, place: Place) -> None:
    connection = region.connection(VpnGatewayId=place.gateway_id, Options={"StaticRoutesOnly": True})
    ec2.create_vpn_connection_route(VpnConnectionId=connection["VpnConnectionId"], DestinationCidrBlock="10.20.0.0/16")
    assert propagated(ec2, place) == []
    up(emulator, connection)
    assert propagated(ec2, place) == [("10.20.0.0/16", place.gateway_id)]
    ec2.create_route(RouteTableId=place.table_id, DestinationCidrBlock="10.20.0.0/16", GatewayId=place.gateway_id)
    assert propagated(ec2, place) == []


def test_so_is_what_was_learned_by_bgp(region: Any, ec2: Any, emulator: Any, place: Place) -> None:
    connection = region.connection(VpnGatewayId=place.gateway_id)
    up(emulator, connection, prefixes=["10.30.0.0/16", "10.20.0.0/16"])
    assert [cidr for cidr, _gateway_id in propagated(ec2, place)] == ["10.20.0.0/16", "10.30.0.0/16"]
    ec2.disable_vgw_route_propagation(GatewayId=place.gateway_id, RouteTableId=place.table_id)
    assert propagated(ec2, place) == []
