# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attachment of a connection on a transit gateway: associations and propagations of the route tables."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest


class Attached(NamedTuple):
    transit_gateway_id: str
    connection_id: str
    attachment_id: str
    table_id: str


def attachment(ec2: Any, connection_id: str) -> dict[str, Any]:
    filters = [{"Name": "resource-id", "Values": [connection_id]}]
    (found,) = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    shown: dict[str, Any] = found
    return shown


def default_table(ec2: Any, transit_gateway_id: str) -> str:
    (gateway,) = ec2.describe_transit_gateways(TransitGatewayIds=[transit_gateway_id])["TransitGateways"]
    return str(gateway["Options"]["AssociationDefaultRouteTableId"])


def new_table(ec2: Any, transit_gateway_id: str) -> str:
    answer = ec2.create_transit_gateway_route_table(TransitGatewayId=transit_gateway_id)
    return str(answer["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"])


def propagations(ec2: Any, table_id: str) -> list[tuple[str, str]]:
    answer = ec2.get_transit_gateway_route_table_propagations(TransitGatewayRouteTableId=table_id)
    return [(one["ResourceId"], one["State"]) for one in answer["TransitGatewayRouteTablePropagations"]]


def associations(ec2: Any, table_id: str) -> list[tuple[str, str]]:
    answer = ec2.get_transit_gateway_route_table_associations(TransitGatewayRouteTableId=table_id)
    return [(one["ResourceId"], one["State"]) for one in answer["Associations"]]


@pytest.fixture
def attached(region: Any, ec2: Any) -> Attached:
    """A connection on a transit gateway, and a second route table that knows nothing of it."""
    gateway_id = region.transit_gateway()
    connection_id = region.connection(TransitGatewayId=gateway_id)["VpnConnectionId"]
    shown = attachment(ec2, connection_id)
    return Attached(gateway_id, connection_id, shown["TransitGatewayAttachmentId"], new_table(ec2, gateway_id))


def test_a_connection_is_in_the_default_tables(ec2: Any, attached: Attached) -> None:
    default = default_table(ec2, attached.transit_gateway_id)
    shown = attachment(ec2, attached.connection_id)
    assert shown["ResourceType"] == "vpn"
    assert shown["Association"] == {"TransitGatewayRouteTableId": default, "State": "associated"}
    assert associations(ec2, default) == propagations_as(associations(ec2, default), "associated")
    assert propagations(ec2, default) == [(attached.connection_id, "enabled")]
    answer = ec2.get_transit_gateway_attachment_propagations(TransitGatewayAttachmentId=attached.attachment_id)
    assert answer["TransitGatewayAttachmentPropagations"] == [
        {"TransitGatewayRouteTableId": default, "State": "enabled"}
    ]


def propagations_as(pairs: list[tuple[str, str]], state: str) -> list[tuple[str, str]]:
    return [(resource_id, state) for resource_id, _state in pairs]


def test_a_gateway_without_defaults_has_no_table_at_all(region: Any, ec2: Any) -> None:
    switches = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
    gateway_id = region.transit_gateway(Options=switches)
    filters = [{"Name": "transit-gateway-id", "Values": [gateway_id]}]
    assert ec2.describe_transit_gateway_route_tables(Filters=filters)["TransitGatewayRouteTables"] == []
    connection = region.connection(TransitGatewayId=gateway_id)
    assert "Association" not in attachment(ec2, connection["VpnConnectionId"])


def test_a_transit_gateway_is_modified(region: Any, ec2: Any, refused: Any) -> None:
    gateway_id = region.transit_gateway(Options={"TransitGatewayCidrBlocks": ["10.99.0.0/24"]})
    table_id = new_table(ec2, gateway_id)
    options = {
        "AddTransitGatewayCidrBlocks": ["10.99.1.0/24"],
        "RemoveTransitGatewayCidrBlocks": ["10.99.0.0/24"],
        "PropagationDefaultRouteTableId": table_id,
        "VpnEcmpSupport": "disable",
    }
    answer = ec2.modify_transit_gateway(TransitGatewayId=gateway_id, Description="shop", Options=options)
    shown = answer["TransitGateway"]
    assert shown["Description"] == "shop"
    assert shown["Options"]["TransitGatewayCidrBlocks"] == ["10.99.1.0/24"]
    assert (shown["Options"]["VpnEcmpSupport"], shown["Options"]["DnsSupport"]) == ("disable", "enable")
    connection_id = region.connection(TransitGatewayId=gateway_id)["VpnConnectionId"]
    assert propagations(ec2, table_id) == [(connection_id, "enabled")]
    with refused("InvalidTransitGatewayID.NotFound"):
        ec2.modify_transit_gateway(TransitGatewayId="tgw-0123456789abcdef0", Description="shop")
    with refused("InvalidParameterValue"):
        ec2.modify_transit_gateway(
            TransitGatewayId=gateway_id, Options={"AddTransitGatewayCidrBlocks": ["10.99.1.1/24"]}
        )


def test_the_state_of_the_attachment_follows_the_connection(region: Any, ec2: Any, emulator: Any) -> None:
    gateway_id = region.transit_gateway()
    emulator.settle = 30
    connection_id = region.connection(TransitGatewayId=gateway_id)["VpnConnectionId"]
    shown = attachment(ec2, connection_id)
    assert shown["State"] == "pending"
    assert "Association" not in shown
    emulator.clock.advance(30)
    assert attachment(ec2, connection_id)["State"] == "available"
    ec2.modify_vpn_connection_options(VpnConnectionId=connection_id, LocalIpv4NetworkCidr="10.20.0.0/16")
    assert attachment(ec2, connection_id)["State"] == "available"
    emulator.clock.advance(30)
    ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    assert attachment(ec2, connection_id)["State"] == "deleting"
    emulator.clock.advance(30)
    assert attachment(ec2, connection_id)["State"] == "deleted"
    assert propagations(ec2, default_table(ec2, gateway_id)) == []
    emulator.clock.advance(3700)
    assert ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"] == []


def test_an_association_moves_by_disassociating_first(
    ec2: Any, emulator: Any, refused: Any, attached: Attached
) -> None:
    default = default_table(ec2, attached.transit_gateway_id)
    pair = {"TransitGatewayAttachmentId": attached.attachment_id}
    emulator.settle = 10
    with refused("Resource.AlreadyAssociated"):
        ec2.associate_transit_gateway_route_table(**pair, TransitGatewayRouteTableId=attached.table_id)
    with refused("InvalidAssociation.NotFound"):
        ec2.disassociate_transit_gateway_route_table(**pair, TransitGatewayRouteTableId=attached.table_id)
    answer = ec2.disassociate_transit_gateway_route_table(**pair, TransitGatewayRouteTableId=default)
    assert answer["Association"]["State"] == "disassociating"
    with refused("IncorrectState"):
        ec2.associate_transit_gateway_route_table(**pair, TransitGatewayRouteTableId=attached.table_id)
    emulator.clock.advance(10)
    answer = ec2.associate_transit_gateway_route_table(**pair, TransitGatewayRouteTableId=attached.table_id)
    assert answer["Association"]["State"] == "associating"
    emulator.clock.advance(10)
    assert associations(ec2, attached.table_id) == [(attached.connection_id, "associated")]
    assert associations(ec2, default) == []


def test_propagation_is_switched_on_and_off(ec2: Any, emulator: Any, refused: Any, attached: Attached) -> None:
    pair = {
        "TransitGatewayAttachmentId": attached.attachment_id,
        "TransitGatewayRouteTableId": attached.table_id,
    }
    emulator.settle = 10
    with refused("TransitGatewayRouteTablePropagation.NotFound"):
        ec2.disable_transit_gateway_route_table_propagation(**pair)
    answer = ec2.enable_transit_gateway_route_table_propagation(**pair)
    assert answer["Propagation"]["State"] == "enabling"
    with refused("TransitGatewayRouteTablePropagation.Duplicate"):
        ec2.enable_transit_gateway_route_table_propagation(**pair)
    emulator.clock.advance(10)
    assert propagations(ec2, attached.table_id) == [(attached.connection_id, "enabled")]
    ec2.disable_transit_gateway_route_table_propagation(**pair)
    emulator.clock.advance(10)
    assert propagations(ec2, attached.table_id) == []


def test_what_is_not_there_or_not_ready_is_refused(
    region: Any, ec2: Any, emulator: Any, refused: Any, attached: Attached
) -> None:
    unknown_table, unknown_attachment = "tgw-rtb-0123456789abcdef0", "tgw-attach-0123456789abcdef0"
    enable = ec2.enable_transit_gateway_route_table_propagation
    with refused("InvalidRouteTableID.NotFound"):
        enable(TransitGatewayAttachmentId=attached.attachment_id, TransitGatewayRouteTableId=unknown_table)
    with refused("InvalidRouteTableID.NotFound"):
        ec2.get_transit_gateway_route_table_propagations(TransitGatewayRouteTableId=unknown_table)
    with refused("InvalidRouteTableID.NotFound"):
        ec2.describe_transit_gateway_route_tables(TransitGatewayRouteTableIds=[unknown_table])
    with refused("InvalidTransitGatewayAttachmentID.NotFound"):
        enable(TransitGatewayAttachmentId=unknown_attachment, TransitGatewayRouteTableId=attached.table_id)
    with refused("InvalidTransitGatewayAttachmentID.NotFound"):
        ec2.describe_transit_gateway_attachments(TransitGatewayAttachmentIds=[unknown_attachment])
    with refused("InvalidParameterValue"):
        foreign = new_table(ec2, region.transit_gateway())
        enable(TransitGatewayAttachmentId=attached.attachment_id, TransitGatewayRouteTableId=foreign)
    emulator.settle = 10
    connection_id = region.connection(TransitGatewayId=attached.transit_gateway_id)["VpnConnectionId"]
    pending = attachment(ec2, connection_id)["TransitGatewayAttachmentId"]
    with refused("IncorrectState"):
        enable(TransitGatewayAttachmentId=pending, TransitGatewayRouteTableId=attached.table_id)


def test_a_table_in_use_stays(ec2: Any, refused: Any, attached: Attached) -> None:
    with refused("IncorrectState"):
        ec2.delete_transit_gateway_route_table(
            TransitGatewayRouteTableId=default_table(ec2, attached.transit_gateway_id)
        )
    ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=attached.table_id)
    with refused("InvalidRouteTableID.NotFound"):
        ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=attached.table_id)


def test_a_connection_that_moves_leaves_its_attachment(region: Any, ec2: Any, attached: Attached) -> None:
    other = region.transit_gateway()
    ec2.modify_vpn_connection(VpnConnectionId=attached.connection_id, TransitGatewayId=other)
    filters = [{"Name": "resource-id", "Values": [attached.connection_id]}]
    found = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    assert {(one["TransitGatewayId"], one["State"]) for one in found} == {
        (attached.transit_gateway_id, "deleted"),
        (other, "available"),
    }
    assert propagations(ec2, default_table(ec2, other)) == [(attached.connection_id, "enabled")]


def test_attachments_are_filtered_and_come_in_pages(region: Any, ec2: Any) -> None:
    gateway_id, vpc_id = region.transit_gateway(), region.vpc()
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    tags = [{"ResourceType": "transit-gateway-attachment", "Tags": [{"Key": "Name", "Value": "shop"}]}]
    ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway_id, VpcId=vpc_id, SubnetIds=[subnet], TagSpecifications=tags
    )
    for number in range(6):
        region.connection(
            CustomerGatewayId=region.customer_gateway(f"198.51.100.{number + 1}"), TransitGatewayId=gateway_id
        )
    pages = ec2.get_paginator("describe_transit_gateway_attachments").paginate(PaginationConfig={"PageSize": 5})
    assert [len(page["TransitGatewayAttachments"]) for page in pages] == [5, 2]
    for name, value, count in (
        ("resource-type", "vpn", 6),
        ("resource-type", "vpc", 1),
        ("tag:Name", "shop", 1),
        ("state", "available", 7),
        ("association.transit-gateway-route-table-id", default_table(ec2, gateway_id), 7),
    ):
        filters = [{"Name": name, "Values": [value]}]
        found = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
        assert len(found) == count, name


def test_tags_of_an_attachment(ec2: Any, attached: Attached, refused: Any) -> None:
    tag = {"Key": "Name", "Value": "berlin"}
    ec2.create_tags(Resources=[attached.attachment_id, attached.table_id], Tags=[tag])
    assert attachment(ec2, attached.connection_id)["Tags"] == [tag]
    with refused("InvalidTransitGatewayAttachmentID.NotFound"):
        ec2.create_tags(Resources=["tgw-attach-0123456789abcdef0"], Tags=[tag])
