# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transit gateway side as it is seen: answers that are not the whole, and what is about to go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.filters import FILTER_VALUES
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe import transit
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import VpnError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    TransitAttachment,
    TransitRouting,
    Wanted,
)
from botocore.config import Config
from botocore.stub import ANY, Stubber

TABLE, ATTACHMENT, CONNECTION, CIDR = "tgw-rtb-1", "tgw-attach-1", "vpn-1", "10.20.0.0/16"


class Edge:
    """What is seen through stubbed answers."""

    def __init__(self) -> None:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        client = boto3.client("ec2", region_name="eu-central-1", **keys, config=Config(**client_config()))
        self.stub = Stubber(client)
        self.ec2 = Ec2(client)


@pytest.fixture
def edge() -> Iterator[Edge]:
    edge = Edge()
    with edge.stub:
        yield edge
        edge.stub.assert_no_pending_responses()


def wanted() -> Wanted:
    routing = TransitRouting(static_routes_to=(TABLE,), cidrs=(CIDR,))
    return Wanted(connections=(ConnectionWanted("berlin", transit_gateway_id="tgw-1", transit_routing=routing),))


def routes(count: int, **more: Any) -> dict[str, Any]:
    target = [{"TransitGatewayAttachmentId": ATTACHMENT, "ResourceId": CONNECTION}]
    entry = {"State": "active", "TransitGatewayAttachments": target}
    return {"Routes": [{"DestinationCidrBlock": f"10.{each}.0.0/16", **entry} for each in range(count)], **more}


def look(edge: Edge, *answers: dict[str, Any]) -> Any:
    table = {"TransitGatewayRouteTableId": TABLE, "TransitGatewayId": "tgw-1", "State": "available"}
    edge.stub.add_response("describe_transit_gateway_route_tables", {"TransitGatewayRouteTables": [table]})
    for answer in answers:
        edge.stub.add_response("search_transit_gateway_routes", answer)
    known = [TransitAttachment(ATTACHMENT, "available", "tgw-1", CONNECTION)]
    return transit.route_tables(edge.ec2, wanted(), [], known)


def test_a_search_goes_on_page_by_page(edge: Edge) -> None:
    (table,) = look(edge, routes(3, NextToken="more"), routes(2))
    assert len(table.static_routes) == 5


def test_a_huge_table_is_searched_for_our_routes_only(edge: Edge) -> None:
    (table,) = look(edge, routes(9, AdditionalRoutesAvailable=True), routes(2))
    assert len(table.static_routes) == 2


def test_routes_that_do_not_come_back_whole_are_an_error(edge: Edge) -> None:
    cut = routes(9, AdditionalRoutesAvailable=True)
    with pytest.raises(VpnError, match="more static routes"):
        look(edge, cut, cut)


def test_routes_of_a_prefix_list_are_not_ours_to_change(edge: Edge) -> None:
    entry = {"DestinationCidrBlock": CIDR, "PrefixListId": "pl-1", "State": "active"}
    (table,) = look(edge, {"Routes": [entry]})
    assert table.static_routes == ()


@pytest.mark.parametrize(("count", "name"), [(FILTER_VALUES, "resource-id"), (FILTER_VALUES + 1, "transit-gateway-id")])
def test_attachments_of_many_connections_in_one_call(edge: Edge, count: int, name: str) -> None:
    many = [
        Connection(
            id=f"vpn-{each}",
            state="available",
            customer_gateway_id="cgw-1",
            vpn_gateway_id=None,
            transit_gateway_id="tgw-1",
            routing="bgp",
        )
        for each in range(count)
    ]
    found = [{"TransitGatewayAttachmentId": ATTACHMENT, "ResourceId": each} for each in ("vpn-0", "vpn-f0e1")]
    filters = [{"Name": "resource-type", "Values": ["vpn"]}, {"Name": name, "Values": ANY}]
    answer = {"TransitGatewayAttachments": found[: 2 if count > FILTER_VALUES else 1]}
    edge.stub.add_response("describe_transit_gateway_attachments", answer, {"Filters": filters})
    assert [each.connection_id for each in transit.attachments(edge.ec2, many)] == ["vpn-0"]


def test_the_attachment_a_moved_connection_is_about_to_leave_is_not_taken(edge: Edge) -> None:
    found = [
        {"TransitGatewayAttachmentId": "tgw-attach-2", "ResourceId": CONNECTION, "State": "pending"},
        {"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceId": CONNECTION, "State": "available"},
        {"TransitGatewayAttachmentId": "tgw-attach-0", "ResourceId": CONNECTION, "State": "deleted"},
    ]
    edge.stub.add_response("describe_transit_gateway_attachments", {"TransitGatewayAttachments": found})
    assert transit.attachments_by_connection(edge.ec2, [CONNECTION])[CONNECTION].id == "tgw-attach-2"
