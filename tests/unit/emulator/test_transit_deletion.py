# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is deleted of a transit gateway is `deleting` first, and then listed as `deleted` for a while."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

DELETED_FOR = 3700


class Place(NamedTuple):
    gateway_id: str
    vpc_id: str
    subnet_id: str
    attachment_id: str


@pytest.fixture
def place(region: Any, ec2: Any) -> Place:
    """A VPC on a transit gateway."""
    gateway_id, vpc_id = region.transit_gateway(), region.vpc()
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    return Place(gateway_id, vpc_id, subnet_id, attach(ec2, gateway_id, vpc_id, subnet_id))


def attach(ec2: Any, gateway_id: str, vpc_id: str, subnet_id: str) -> str:
    answer = ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway_id, VpcId=vpc_id, SubnetIds=[subnet_id])
    return str(answer["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"])


def gateways(ec2: Any) -> list[tuple[str, str]]:
    found = ec2.describe_transit_gateways()["TransitGateways"]
    return [(one["TransitGatewayId"], one["State"]) for one in found]


def attachments(ec2: Any) -> list[tuple[str, str]]:
    """As both calls show them."""
    found = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    shown = [(one["TransitGatewayAttachmentId"], one["State"]) for one in found]
    filters = [{"Name": "resource-type", "Values": ["vpc"]}]
    also = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    assert [(one["TransitGatewayAttachmentId"], one["State"]) for one in also] == shown
    return shown


def tables(ec2: Any) -> list[str]:
    found = ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]
    return [one["State"] for one in found]


def test_a_transit_gateway_and_its_route_tables(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    gateway_id = region.transit_gateway()
    emulator.settle = 30
    assert ec2.delete_transit_gateway(TransitGatewayId=gateway_id)["TransitGateway"]["State"] == "deleting"
    assert gateways(ec2) == [(gateway_id, "deleting")]
    assert tables(ec2) == ["deleting"]
    with refused("IncorrectState"):
        ec2.delete_transit_gateway(TransitGatewayId=gateway_id)
    with refused("IncorrectState"):
        region.connection(TransitGatewayId=gateway_id)
    emulator.clock.advance(30)
    assert gateways(ec2) == [(gateway_id, "deleted")]
    assert tables(ec2) == ["deleted"]
    (shown,) = ec2.describe_transit_gateways(TransitGatewayIds=[gateway_id])["TransitGateways"]
    assert shown["State"] == "deleted"
    with refused("InvalidTransitGatewayID.NotFound", "was deleted or does not exist"):
        ec2.delete_transit_gateway(TransitGatewayId=gateway_id)
    with refused("InvalidTransitGatewayID.NotFound", f"The transitGateway ID '{gateway_id}' does not exist"):
        region.connection(TransitGatewayId=gateway_id)
    emulator.clock.advance(DELETED_FOR)
    assert gateways(ec2) == []
    assert tables(ec2) == []
    with refused("InvalidTransitGatewayID.NotFound"):
        ec2.describe_transit_gateways(TransitGatewayIds=[gateway_id])


def test_the_attachment_of_a_vpc(ec2: Any, emulator: Any, refused: Any, place: Place) -> None:
    emulator.settle = 30
    answer = ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=place.attachment_id)
    assert answer["TransitGatewayVpcAttachment"]["State"] == "deleting"
    assert attachments(ec2) == [(place.attachment_id, "deleting")]
    with refused("DuplicateTransitGatewayAttachment"):
        attach(ec2, place.gateway_id, place.vpc_id, place.subnet_id)
    emulator.clock.advance(30)
    assert attachments(ec2) == [(place.attachment_id, "deleted")]
    with refused("InvalidTransitGatewayAttachmentID.NotFound"):
        ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=place.attachment_id)
    again = attach(ec2, place.gateway_id, place.vpc_id, place.subnet_id)
    assert attachments(ec2) == [(place.attachment_id, "deleted"), (again, "available")]
    emulator.clock.advance(DELETED_FOR)
    assert attachments(ec2) == [(again, "available")]


def test_a_route_table(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    gateway_id = region.transit_gateway()
    made = ec2.create_transit_gateway_route_table(TransitGatewayId=gateway_id)["TransitGatewayRouteTable"]
    table_id = made["TransitGatewayRouteTableId"]
    emulator.settle = 30
    answer = ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=table_id)
    assert answer["TransitGatewayRouteTable"]["State"] == "deleting"
    assert tables(ec2) == ["available", "deleting"]
    with refused("IncorrectState"):
        ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=table_id)
    with refused("IncorrectState"):
        ec2.create_transit_gateway_route(
            TransitGatewayRouteTableId=table_id, DestinationCidrBlock="10.20.0.0/16", Blackhole=True
        )
    emulator.clock.advance(30)
    assert tables(ec2) == ["available", "deleted"]
    with refused("InvalidRouteTableID.NotFound"):
        ec2.search_transit_gateway_routes(
            TransitGatewayRouteTableId=table_id, Filters=[{"Name": "type", "Values": ["static"]}]
        )
    emulator.clock.advance(DELETED_FOR)
    assert tables(ec2) == ["available"]


def test_an_attachment_that_a_connection_left(region: Any, ec2: Any, emulator: Any) -> None:
    connection_id = region.connection(TransitGatewayId=region.transit_gateway())["VpnConnectionId"]
    emulator.settle = 30
    ec2.modify_vpn_connection(VpnConnectionId=connection_id, TransitGatewayId=region.transit_gateway())

    def states() -> list[str]:
        return [one["State"] for one in ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]]

    assert states() == ["deleting", "available"]
    emulator.clock.advance(30)
    assert states() == ["deleted", "available"]
    emulator.clock.advance(DELETED_FOR)
    assert states() == ["available"]


def test_a_transit_gateway_with_attachments_stays(
    region: Any, ec2: Any, emulator: Any, refused: Any, place: Place
) -> None:
    """Clients try again on these words."""
    emulator.settle = 30
    words = f"{place.gateway_id} has non-deleted Transit Gateway Attachments: {place.attachment_id}."
    with refused("IncorrectState", words):
        ec2.delete_transit_gateway(TransitGatewayId=place.gateway_id)
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=place.attachment_id)
    with refused("IncorrectState", words):
        ec2.delete_transit_gateway(TransitGatewayId=place.gateway_id)
    connection_id = region.connection(TransitGatewayId=place.gateway_id)["VpnConnectionId"]
    emulator.clock.advance(30)
    ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    with refused("IncorrectState", f"{place.gateway_id} has non-deleted VPN Attachments: tgw-attach-"):
        ec2.delete_transit_gateway(TransitGatewayId=place.gateway_id)
    emulator.clock.advance(30)
    ec2.delete_transit_gateway(TransitGatewayId=place.gateway_id)


def test_only_attachments_of_vpcs_are_attachments_of_vpcs(region: Any, ec2: Any, place: Place) -> None:
    region.connection(TransitGatewayId=place.gateway_id)
    assert attachments(ec2) == [(place.attachment_id, "available")]
    (shown,) = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    assert (shown["VpcId"], shown["SubnetIds"]) == (place.vpc_id, [place.subnet_id])
    assert shown["Options"]["DnsSupport"] == "enable"


def test_a_vpc_that_is_not_there_is_not_attached(ec2: Any, refused: Any, place: Place) -> None:
    with refused("InvalidVpcID.NotFound"):
        attach(ec2, place.gateway_id, "vpc-0123456789abcdef0", place.subnet_id)
    with refused("InvalidSubnetID.NotFound"):
        attach(ec2, place.gateway_id, place.vpc_id, "subnet-0123456789abcdef0")
    with refused("InvalidTransitGatewayID.NotFound"):
        attach(ec2, "tgw-0123456789abcdef0", place.vpc_id, place.subnet_id)


def test_a_vpc_has_no_routes_to_a_transit_gateway_that_is_gone(region: Any, ec2: Any, refused: Any) -> None:
    gateway_id, table_id = region.transit_gateway(), region.main_route_table(region.vpc())
    route = {"RouteTableId": table_id, "DestinationCidrBlock": "10.20.0.0/16", "TransitGatewayId": gateway_id}
    ec2.create_route(**route)
    ec2.replace_route(**route)
    ec2.delete_transit_gateway(TransitGatewayId=gateway_id)
    for call in (ec2.create_route, ec2.replace_route):
        with refused("InvalidTransitGatewayID.NotFound"):
            call(**route)


def test_transit_gateways_are_filtered(region: Any, ec2: Any) -> None:
    tags = [{"ResourceType": "transit-gateway", "Tags": [{"Key": "Name", "Value": "shop"}]}]
    gateway_id = region.transit_gateway(Options={"AmazonSideAsn": 64600}, TagSpecifications=tags)
    other = region.transit_gateway()
    ec2.delete_transit_gateway(TransitGatewayId=other)
    for name, value, expected in (
        ("state", "available", [gateway_id]),
        ("state", "deleted", [other]),
        ("tag:Name", "shop", [gateway_id]),
        ("options.amazon-side-asn", "64600", [gateway_id]),
        ("options.dns-support", "enable", [gateway_id, other]),
    ):
        found = ec2.describe_transit_gateways(Filters=[{"Name": name, "Values": [value]}])["TransitGateways"]
        assert [one["TransitGatewayId"] for one in found] == expected, name
