# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of transit gateway route tables: static, blackhole, and what VPCs and tunnels propagate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

Search = Callable[..., list[tuple[str, str, str]]]


class Place(NamedTuple):
    connection: dict[str, Any]
    attachment_id: str
    table_id: str


@pytest.fixture
def place(region: Any, ec2: Any) -> Place:
    gateway_id = region.transit_gateway()
    connection = region.connection(TransitGatewayId=gateway_id)
    (attachment,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    table_id = attachment["Association"]["TransitGatewayRouteTableId"]
    return Place(connection, attachment["TransitGatewayAttachmentId"], table_id)


@pytest.fixture
def search(ec2: Any, place: Place) -> Search:
    """search(type="static"): destination, type and state of each route found."""

    def find(**filters: str) -> list[tuple[str, str, str]]:
        wanted = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
        answer = ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=place.table_id, Filters=wanted)
        assert answer["AdditionalRoutesAvailable"] is False
        return [(one["DestinationCidrBlock"], one["Type"], one["State"]) for one in answer["Routes"]]

    return find


def create(ec2: Any, place: Place, cidr: str, **more: Any) -> dict[str, Any]:
    target = more or {"TransitGatewayAttachmentId": place.attachment_id}
    answer = ec2.create_transit_gateway_route(
        DestinationCidrBlock=cidr, TransitGatewayRouteTableId=place.table_id, **target
    )
    route: dict[str, Any] = answer["Route"]
    return route


def test_a_static_route_is_made_found_and_deleted(ec2: Any, place: Place, search: Search, refused: Any) -> None:
    route = create(ec2, place, "10.20.0.0/16")
    assert (route["Type"], route["State"]) == ("static", "active")
    assert route["TransitGatewayAttachments"] == [
        {
            "ResourceId": place.connection["VpnConnectionId"],
            "ResourceType": "vpn",
            "TransitGatewayAttachmentId": place.attachment_id,
        }
    ]
    with refused("RouteAlreadyExists"):
        create(ec2, place, "10.20.0.0/16")
    assert search(type="static") == [("10.20.0.0/16", "static", "active")]
    where = {"DestinationCidrBlock": "10.20.0.0/16", "TransitGatewayRouteTableId": place.table_id}
    ec2.delete_transit_gateway_route(**where)
    assert search(type="static") == []
    with refused("InvalidRoute.NotFound"):
        ec2.delete_transit_gateway_route(**where)
    with refused("InvalidRoute.NotFound"):
        ec2.replace_transit_gateway_route(**where, TransitGatewayAttachmentId=place.attachment_id)


def test_a_blackhole_has_no_attachment(ec2: Any, place: Place, search: Search, refused: Any) -> None:
    create(ec2, place, "10.20.0.0/16", Blackhole=True)
    assert search(state="blackhole") == [("10.20.0.0/16", "static", "blackhole")]
    with refused("InvalidParameterCombination"):
        create(ec2, place, "10.21.0.0/16", Blackhole=True, TransitGatewayAttachmentId=place.attachment_id)
    ec2.replace_transit_gateway_route(
        DestinationCidrBlock="10.20.0.0/16",
        TransitGatewayRouteTableId=place.table_id,
        TransitGatewayAttachmentId=place.attachment_id,
    )
    assert search(type="static") == [("10.20.0.0/16", "static", "active")]


def test_a_route_outlives_its_attachment_as_a_blackhole(ec2: Any, place: Place, search: Search) -> None:
    create(ec2, place, "10.20.0.0/16")
    ec2.delete_vpn_connection(VpnConnectionId=place.connection["VpnConnectionId"])
    assert search(type="static") == [("10.20.0.0/16", "static", "blackhole")]
    of_attachment = {"attachment.transit-gateway-attachment-id": place.attachment_id}
    assert search(**of_attachment) == [("10.20.0.0/16", "static", "blackhole")]


@pytest.mark.parametrize("cidr", ["10.20.0.1/16", "10.20.0.0", "ten"])
def test_destinations_are_networks(ec2: Any, place: Place, refused: Any, cidr: str) -> None:
    with refused("InvalidParameterValue"):
        create(ec2, place, cidr)


def test_searching_by_prefix(ec2: Any, place: Place, search: Search) -> None:
    for cidr in ("10.0.0.0/8", "10.20.0.0/16", "10.20.1.0/24", "2001:db8::/32"):
        create(ec2, place, cidr)

    def found(name: str, value: str) -> list[str]:
        return [route[0] for route in search(**{f"route-search.{name}": value})]

    assert found("exact-match", "10.20.0.0/16") == ["10.20.0.0/16"]
    assert found("longest-prefix-match", "10.20.2.0/24") == ["10.20.0.0/16"]
    assert found("subnet-of-match", "10.20.0.0/16") == ["10.20.0.0/16", "10.20.1.0/24"]
    assert found("supernet-of-match", "10.20.1.0/24") == ["10.0.0.0/8", "10.20.0.0/16", "10.20.1.0/24"]
    by_attachment = search(**{"attachment.transit-gateway-attachment-id": place.attachment_id})
    assert len(by_attachment) == 4


def test_networks_of_vpcs_and_bgp_are_propagated(
    region: Any, ec2: Any, emulator: Any, place: Place, search: Search
) -> None:
    vpc_id = region.vpc("10.0.0.0/16")
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    gateway_id = place.connection["TransitGatewayId"]
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway_id, VpcId=vpc_id, SubnetIds=[subnet])
    assert search(type="propagated") == [("10.0.0.0/16", "propagated", "active")]
    for tunnel in place.connection["Options"]["TunnelOptions"]:
        emulator.telemetry(tunnel["OutsideIpAddress"], "UP", accepted_routes=1, prefixes=["10.20.0.0/16"])
    assert [route[0] for route in search(type="propagated")] == ["10.0.0.0/16", "10.20.0.0/16"]
    create(ec2, place, "10.20.0.0/16")
    assert search(**{"route-search.exact-match": "10.20.0.0/16"}) == [("10.20.0.0/16", "static", "active")]


def test_an_unknown_filter_is_refused(search: Search, refused: Any) -> None:
    with refused("InvalidParameterValue"):
        search(colour="red")
