# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for the virtual private gateway of a VPC."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Attachment,
    Connection,
    Consent,
    Observed,
    RouteTable,
    VpnGateway,
    VpnGatewayWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region, tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan

TAGS = tags.vpc_tags("vpc-1", {})
GATEWAY = VpnGatewayWanted(vpc_id="vpc-1", amazon_side_asn=None, propagate_to=("rtb-1",), tags=TAGS, named_by="madrid")
VGW = VpnGateway(
    id="vgw-1", state="available", amazon_side_asn=64512, attachments=(Attachment("vpc-1", "attached"),), tags=TAGS
)
TABLES = (RouteTable("rtb-1", "vpc-1"), RouteTable("rtb-2", "vpc-1"), RouteTable("rtb-9", "vpc-9", ("vgw-1",)))


def gateway_plan(want: VpnGatewayWanted, have: VpnGateway | None = VGW, *tables: RouteTable, **more: Any) -> Plan:
    observed = Observed(vpn_gateways=(have,) if have else (), route_tables=tables or TABLES, vpc_ids=("vpc-1",), **more)
    return region.plan(Wanted(vpn_gateways=(want,)), observed, Consent())


def test_propagation_is_the_whole_set_within_the_vpc() -> None:
    tables = (
        RouteTable("rtb-1", "vpc-1"),
        RouteTable("rtb-2", "vpc-1", ("vgw-1",)),
        RouteTable("rtb-9", "vpc-9", ("vgw-1",)),
    )
    drawn = gateway_plan(GATEWAY, VGW, *tables)
    assert [(action.verb, action.detail) for action in drawn.actions] == [
        ("create", "into rtb-1"),
        ("delete", "into rtb-2"),
    ]


@pytest.mark.parametrize(("wanted", "verbs"), [(None, []), ((), ["delete"])])
def test_propagation_left_alone_or_stopped(wanted: tuple[str, ...] | None, verbs: list[str]) -> None:
    tables = (RouteTable("rtb-1", "vpc-1", ("vgw-1",)),)
    drawn = gateway_plan(dataclasses.replace(GATEWAY, propagate_to=wanted), VGW, *tables)
    assert [action.verb for action in drawn.actions] == verbs


@pytest.mark.parametrize("state", ["detached", "detaching"])
def test_a_lost_attachment_is_made_again(state: str) -> None:
    have = dataclasses.replace(VGW, attachments=(Attachment("vpc-1", state),))
    drawn = gateway_plan(dataclasses.replace(GATEWAY, propagate_to=None), have)
    assert [action.resource for action in drawn.actions] == ["vpn_gateway_attachment"]


def test_a_gateway_on_another_vpc_is_refused() -> None:
    have = dataclasses.replace(VGW, attachments=(Attachment("vpc-2", "attached"),))
    assert "vpc-2" in gateway_plan(GATEWAY, have).refusals[0]


def test_another_amazon_side_asn_is_refused_and_none_is_left_alone() -> None:
    assert gateway_plan(dataclasses.replace(GATEWAY, amazon_side_asn=64513)).refusals
    assert not gateway_plan(GATEWAY, dataclasses.replace(VGW, amazon_side_asn=64600)).refusals


def test_removal_ends_propagation_and_attachment_first() -> None:
    tables = (RouteTable("rtb-1", "vpc-1", ("vgw-1",)), RouteTable("rtb-9", "vpc-9", ("vgw-1",)))
    drawn = gateway_plan(dataclasses.replace(GATEWAY, present=False), VGW, *tables)
    assert [(action.resource, action.detail) for action in drawn.actions] == [
        ("route_propagation", "into rtb-1"),
        ("vpn_gateway_attachment", "from vpc-1"),
        ("vpn_gateway", "of vpc-1"),
    ]
    assert drawn.before["madrid"]["vpn_gateway"]["propagate_to"] == ["rtb-1"]
    assert gateway_plan(dataclasses.replace(GATEWAY, present=False), None).actions == ()


def test_removal_of_a_gateway_in_use_is_refused() -> None:
    user = Connection(
        id="vpn-7",
        state="available",
        customer_gateway_id="cgw-7",
        vpn_gateway_id="vgw-1",
        transit_gateway_id=None,
        routing="bgp",
    )
    drawn = gateway_plan(dataclasses.replace(GATEWAY, present=False), VGW, connections=(user,))
    assert "vpn-7" in drawn.refusals[0]


def test_removal_of_a_gateway_that_serves_another_vpc_is_refused() -> None:
    have = dataclasses.replace(VGW, attachments=(Attachment("vpc-2", "attached"),))
    drawn = gateway_plan(dataclasses.replace(GATEWAY, present=False), have)
    assert drawn.refusals == ("madrid: vgw-1 is attached to vpc-2, and was made for vpc-1",)
