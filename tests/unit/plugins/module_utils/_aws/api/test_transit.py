# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls on the transit gateway side against the real service model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.filters import where
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import NotFound
from botocore.stub import Stubber

TABLE, ATTACHMENT, CIDR = "tgw-rtb-1", "tgw-attach-1", "10.20.0.0/16"
PAIR = {"TransitGatewayRouteTableId": TABLE, "TransitGatewayAttachmentId": ATTACHMENT}
ROUTE = {"TransitGatewayRouteTableId": TABLE, "DestinationCidrBlock": CIDR}
VPN_ONLY = {"Name": "resource-type", "Values": ["vpn"]}

Stub = tuple[Ec2, Stubber]


def test_only_attachments_of_connections_are_asked_for_page_by_page(stub: Stub) -> None:
    ec2, stubber = stub
    request = {"Filters": [VPN_ONLY, where("resource-id", "vpn-1", "vpn-2")]}

    def answer(number: int) -> list[dict[str, str]]:
        return [{"TransitGatewayAttachmentId": f"tgw-attach-{number}", "ResourceId": f"vpn-{number}"}]

    call = "describe_transit_gateway_attachments"
    stubber.add_response(call, {"TransitGatewayAttachments": answer(1), "NextToken": "more"}, request)
    stubber.add_response(call, {"TransitGatewayAttachments": answer(2)}, {**request, "NextToken": "more"})
    found = ec2.transit_attachments([where("resource-id", "vpn-1", "vpn-2")])
    assert [(each.id, each.connection_id) for each in found] == [("tgw-attach-1", "vpn-1"), ("tgw-attach-2", "vpn-2")]


def test_route_tables_of_a_transit_gateway(stub: Stub) -> None:
    ec2, stubber = stub
    answer = {"TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": TABLE, "State": "available"}]}
    request = {"Filters": [where("transit-gateway-id", "tgw-1")]}
    stubber.add_response("describe_transit_gateway_route_tables", answer, request)
    assert [table.id for table in ec2.transit_route_tables([where("transit-gateway-id", "tgw-1")])] == [TABLE]


def test_propagations_that_are_going_do_not_count(stub: Stub) -> None:
    ec2, stubber = stub
    states = {"tgw-attach-1": "enabled", "tgw-attach-2": "disabling", "tgw-attach-3": "enabling"}
    entries = [{"TransitGatewayAttachmentId": each, "State": state} for each, state in states.items()]
    stubber.add_response(
        "get_transit_gateway_route_table_propagations",
        {"TransitGatewayRouteTablePropagations": entries},
        {"TransitGatewayRouteTableId": TABLE, "Filters": [VPN_ONLY]},
    )
    assert ec2.transit_propagations(TABLE) == ["tgw-attach-1", "tgw-attach-3"]


SEARCH = {
    "TransitGatewayRouteTableId": TABLE,
    "Filters": [{"Name": "type", "Values": ["static"]}],
    "MaxResults": 1000,
}


@pytest.mark.parametrize(("more", "is_all"), [(False, True), (True, False)])
def test_a_search_says_whether_it_found_all(stub: Stub, more: bool, is_all: bool) -> None:
    ec2, stubber = stub
    routes = [
        {"DestinationCidrBlock": CIDR, "State": "active"},
        {"DestinationCidrBlock": "10.30.0.0/16", "PrefixListId": "pl-1", "State": "active"},
    ]
    answer = {"Routes": routes, "AdditionalRoutesAvailable": more}
    stubber.add_response("search_transit_gateway_routes", answer, SEARCH)
    found, found_all = ec2.static_transit_routes(TABLE, [])
    assert ([route.cidr for route in found], found_all) == ([CIDR], is_all)


def test_a_search_is_narrowed_and_followed_to_its_end(stub: Stub) -> None:
    ec2, stubber = stub
    narrow = where("attachment.transit-gateway-attachment-id", ATTACHMENT)
    request = {**SEARCH, "Filters": [*SEARCH["Filters"], narrow]}
    for number, token in enumerate(["more", None]):
        routes = [{"DestinationCidrBlock": f"10.{number}.0.0/16", "State": "active"}]
        answer = {"Routes": routes, "AdditionalRoutesAvailable": False, **({"NextToken": token} if token else {})}
        stubber.add_response(
            "search_transit_gateway_routes", answer, {**request, **({"NextToken": "more"} if number else {})}
        )
    found, is_all = ec2.static_transit_routes(TABLE, [narrow])
    assert [route.cidr for route in found] == ["10.0.0.0/16", "10.1.0.0/16"]
    assert is_all


WRITES: list[tuple[str, dict[str, str], Callable[[Ec2], None]]] = [
    ("associate_transit_gateway_route_table", PAIR, lambda ec2: ec2.associate_transit(TABLE, ATTACHMENT)),
    (
        "enable_transit_gateway_route_table_propagation",
        PAIR,
        lambda ec2: ec2.enable_transit_propagation(TABLE, ATTACHMENT),
    ),
    (
        "create_transit_gateway_route",
        {**PAIR, "DestinationCidrBlock": CIDR},
        lambda ec2: ec2.create_transit_route(TABLE, CIDR, ATTACHMENT),
    ),
    (
        "replace_transit_gateway_route",
        {**PAIR, "DestinationCidrBlock": CIDR},
        lambda ec2: ec2.replace_transit_route(TABLE, CIDR, ATTACHMENT),
    ),
]
REMOVALS: list[tuple[str, dict[str, str], Callable[[Ec2], None]]] = [
    ("disassociate_transit_gateway_route_table", PAIR, lambda ec2: ec2.disassociate_transit(TABLE, ATTACHMENT)),
    (
        "disable_transit_gateway_route_table_propagation",
        PAIR,
        lambda ec2: ec2.disable_transit_propagation(TABLE, ATTACHMENT),
    ),
    ("delete_transit_gateway_route", ROUTE, lambda ec2: ec2.delete_transit_route(TABLE, CIDR)),
]


def by_call(calls: list[tuple[str, dict[str, str], Callable[[Ec2], None]]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("call", "request_", "work"), calls, ids=[call for call, _request, _work in calls])


@by_call([*WRITES, *REMOVALS])
def test_requests_may_be_repeated(stub: Stub, call: str, request_: dict[str, Any], work: Callable[[Ec2], None]) -> None:
    ec2, stubber = stub
    stubber.add_client_error(call, "RequestLimitExceeded", "busy", http_status_code=503, expected_params=request_)
    stubber.add_response(call, {}, request_)
    work(ec2)
    assert ec2.calls == {call: 2}


@by_call(WRITES)
def test_what_is_missing_is_told(stub: Stub, call: str, request_: dict[str, Any], work: Callable[[Ec2], None]) -> None:
    ec2, stubber = stub
    stubber.add_client_error(call, "InvalidRouteTableID.NotFound", "gone", expected_params=request_)
    with pytest.raises(NotFound, match=r"InvalidRouteTableID\.NotFound: gone"):
        work(ec2)


@by_call(REMOVALS)
def test_what_is_gone_is_removed(stub: Stub, call: str, request_: dict[str, Any], work: Callable[[Ec2], None]) -> None:
    ec2, stubber = stub
    stubber.add_client_error(call, "InvalidRoute.NotFound", "gone", expected_params=request_)
    work(ec2)
    assert ec2.calls == {call: 1}
