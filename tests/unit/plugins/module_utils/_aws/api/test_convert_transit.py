# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 says of the transit gateway side, and what it leaves out."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import convert_transit
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
)

ATTACHMENT = {
    "TransitGatewayAttachmentId": "tgw-attach-1",
    "State": "available",
    "TransitGatewayId": "tgw-1",
    "ResourceId": "vpn-1",
}


@pytest.mark.parametrize(
    ("more", "table", "state"),
    [
        ({}, None, None),
        ({"Association": {}}, None, None),
        ({"Association": None}, None, None),
        ({"Association": {"TransitGatewayRouteTableId": "", "State": ""}}, None, None),
        (
            {"Association": {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associating"}},
            "tgw-rtb-1",
            "associating",
        ),
    ],
)
def test_an_attachment_has_a_route_table_or_none(more: dict[str, Any], table: str | None, state: str | None) -> None:
    found = convert_transit.attachment({**ATTACHMENT, **more})
    plain = TransitAttachment(id="tgw-attach-1", state="available", transit_gateway_id="tgw-1", connection_id="vpn-1")
    assert found == dataclasses.replace(plain, association_table=table, association_state=state)


def test_an_attachment_that_is_only_an_id() -> None:
    found = convert_transit.attachment({"TransitGatewayAttachmentId": "tgw-attach-1"})
    assert found == TransitAttachment(id="tgw-attach-1", state="", transit_gateway_id="", connection_id="")


def test_a_route_table_comes_without_what_is_in_it() -> None:
    raw = {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1", "State": "available"}
    assert convert_transit.route_table(raw) == TransitRouteTable("tgw-rtb-1", "tgw-1", "available")


@pytest.mark.parametrize(
    ("raw", "is_in_force"),
    [
        ({"TransitGatewayAttachmentId": "tgw-attach-1", "State": "enabled"}, True),
        ({"TransitGatewayAttachmentId": "tgw-attach-1", "State": "enabling"}, True),
        ({"TransitGatewayAttachmentId": "tgw-attach-1", "State": "disabling"}, False),
        ({"TransitGatewayAttachmentId": "tgw-attach-1", "State": "disabled"}, False),
        # What came through an announcement of another Region's transit gateway.
        ({"State": "enabled"}, False),
    ],
)
def test_a_propagation_that_is_going_is_none(raw: dict[str, str], is_in_force: bool) -> None:
    assert (convert_transit.propagating(raw) is not None) is is_in_force


@pytest.mark.parametrize(
    ("raw", "route"),
    [
        (
            {
                "DestinationCidrBlock": "10.20.0.0/16",
                "State": "active",
                "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceId": "vpn-1"}],
            },
            TransitRoute("10.20.0.0/16", "tgw-attach-1", "active", "vpn-1"),
        ),
        (
            {"DestinationCidrBlock": "10.20.0.0/16", "State": "blackhole"},
            TransitRoute("10.20.0.0/16", None, "blackhole"),
        ),
        (
            {"DestinationCidrBlock": "10.20.0.0/16", "State": "blackhole", "TransitGatewayAttachments": []},
            TransitRoute("10.20.0.0/16", None, "blackhole"),
        ),
        ({"DestinationCidrBlock": "10.20.0.0/16", "PrefixListId": "pl-1", "State": "active"}, None),
        ({"PrefixListId": "pl-1", "State": "active"}, None),
    ],
)
def test_static_routes(raw: dict[str, Any], route: TransitRoute | None) -> None:
    assert convert_transit.static_route(raw) == route
