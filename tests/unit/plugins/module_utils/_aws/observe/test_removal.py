# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a removal looks at: all that is ours, whoever uses it, and the routes that would be left behind."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.removal import observe_removal
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import TransitRouting
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.removal import Removal


@pytest.fixture
def aws(quick_aws: Any) -> Any:
    """A gateway on a virtual private gateway, and one with a static route on a transit gateway."""
    aws = quick_aws
    made = aws.client.create_transit_gateway_route_table(TransitGatewayId=aws.tgw)["TransitGatewayRouteTable"]
    aws.table = made["TransitGatewayRouteTableId"]
    routing = TransitRouting(static_routes_to=(aws.table,), cidrs=("10.20.0.0/16",))
    aws.run(dataclasses.replace(aws.berlin(), transit_routing=routing), aws.madrid())
    return aws


def names(found: Any) -> list[str]:
    return sorted(each.tags.get("hybridnet:gateway", "") for each in found)


def test_every_connection_is_seen_as_one_of_others_may_use_what_is_ours(aws: Any) -> None:
    device = aws.client.create_customer_gateway(Type="ipsec.1", IpAddress="198.51.100.99", BgpAsn=65010)
    aws.client.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=device["CustomerGateway"]["CustomerGatewayId"],
        VpnGatewayId=aws.client.describe_vpn_gateways()["VpnGateways"][0]["VpnGatewayId"],
    )
    found = observe_removal(aws.ec2(), Removal(("berlin",)))
    assert names(found.customer_gateways) == ["berlin", "madrid"]
    assert names(found.connections) == ["", "berlin", "madrid"]


@pytest.mark.parametrize(
    ("by_vpc", "everything", "is_seen"),
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_gateways_of_a_vpc_are_looked_at_when_they_are_to_go(
    aws: Any, by_vpc: bool, everything: bool, is_seen: bool
) -> None:
    removal = Removal(("madrid",), vpcs={aws.vpc: "madrid"} if by_vpc else {}, everything=everything)
    found = observe_removal(aws.ec2(), removal)
    assert bool(found.vpn_gateways) is is_seen
    propagating = [table.id for table in found.route_tables if table.propagating]
    assert propagating == ([aws.tables[0]] if is_seen else [])


def test_route_tables_of_a_vpc_that_is_not_named_are_not_read(aws: Any) -> None:
    found = observe_removal(aws.ec2(), Removal(("madrid",), vpcs={"vpc-0": "madrid"}))
    assert found.route_tables == ()


@pytest.mark.parametrize(("removal", "is_there"), [(Removal(("berlin",)), True), (Removal(("madrid",)), False)])
def test_static_routes_to_what_goes(aws: Any, removal: Removal, is_there: bool) -> None:
    found = observe_removal(aws.ec2(), removal)
    routes = {table.id: [route.cidr for route in table.static_routes] for table in found.transit_route_tables}
    assert routes.get(aws.table, []) == (["10.20.0.0/16"] if is_there else [])
    assert len(found.transit_attachments) == is_there
