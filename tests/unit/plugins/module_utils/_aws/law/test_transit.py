# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law on route tables of transit gateways, against the emulated AWS."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    ConnectionWanted,
    Consent,
    Observed,
    TransitAttachment,
    TransitRouting,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.nouns import TRANSIT_ROUTING
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit import route_tables
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry
from botocore.config import Config

if TYPE_CHECKING:
    from vpn_emulator import Emulator

EVERYTHING = Consent(allow_interruption=True, force_tunnel_change=True)
NO_OP_CALLS = 8


class World:
    """Two transit gateways, the first with its default route table and two more."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = boto3.client("ec2", **emulator.client_options(), config=Config(**client_config()))
        gateways = [self.client.create_transit_gateway()["TransitGateway"] for _each in "ab"]
        self.tgw, self.other_tgw = (gateway["TransitGatewayId"] for gateway in gateways)
        described = self.client.describe_transit_gateways(TransitGatewayIds=[self.tgw])["TransitGateways"][0]
        self.default = described["Options"]["AssociationDefaultRouteTableId"]
        self.first, self.second = self.table(self.tgw), self.table(self.tgw)
        self.elsewhere = self.table(self.other_tgw)
        emulator.calls.clear()

    def table(self, gateway: str) -> str:
        answer = self.client.create_transit_gateway_route_table(TransitGatewayId=gateway)
        return str(answer["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"])

    def ec2(self) -> Ec2:
        clock = self.emulator.clock
        return Ec2(self.client, Clock(clock.now, clock.advance, lambda: 1.0))

    def site(self, name: str = "berlin", **changes: Any) -> ConnectionEntry:
        number = 10 + len(name)
        base = ConnectionEntry(
            gateway=name,
            public_ip=f"198.51.100.{number}",
            bgp_asn=65000 + number,
            transit_gateway_id=self.tgw,
            local_cidrs=(f"10.{number}.0.0/16",),
        )
        site = dataclasses.replace(base, **changes)
        if site.transit_routing is None:
            return site
        return dataclasses.replace(
            site, transit_routing=dataclasses.replace(site.transit_routing, cidrs=site.local_cidrs)
        )

    def converge(self, *given: ConnectionEntry, consent: Consent = EVERYTHING) -> Plan:
        wanted = sites.wanted(given)
        ec2 = self.ec2()
        plan = region.plan(wanted, observe(ec2, wanted), consent)
        assert plan.refusals == ()
        Applier(ec2, 2400).apply(plan)
        self.check_law(plan, wanted, consent)
        return plan

    def refusals(self, *given: ConnectionEntry, consent: Consent = EVERYTHING) -> tuple[str, ...]:
        wanted = sites.wanted(given)
        return region.plan(wanted, observe(self.ec2(), wanted), consent).refusals

    def check_law(self, plan: Plan, wanted: Wanted, consent: Consent) -> None:
        observed = observe(self.ec2(), wanted)
        assert region.plan(wanted, observed, consent).lines[1:] == []
        by_attachment = route_tables.TablesByAttachment(observed.transit_route_tables)
        for want in wanted.connections:
            predicted = plan.after.get(want.name, {}).get(TRANSIT_ROUTING)
            if predicted is not None:
                assert predicted == by_attachment.model(
                    want.transit_routing, self.attachment(want.name, wanted, observed)
                )

    def attachment(self, name: str, wanted: Wanted, observed: Observed) -> TransitAttachment | None:
        connection = region.Matches(wanted, observed).connections[name]
        assert connection is not None
        return route_tables.live_attachments(observed).get((connection.id, connection.transit_gateway_id))

    def routes(self, table: str) -> dict[str, str]:
        search = self.client.search_transit_gateway_routes
        found = search(TransitGatewayRouteTableId=table, Filters=[{"Name": "type", "Values": ["static"]}])["Routes"]
        assert {each["State"] for each in found} <= {"active"}
        return {each["DestinationCidrBlock"]: each["TransitGatewayAttachments"][0]["ResourceId"] for each in found}

    def changes(self) -> dict[str, int]:
        reads = ("Describe", "Get", "Search")
        return {action: count for action, count in self.emulator.calls.items() if not action.startswith(reads)}


@pytest.fixture(params=[0.0, 20.0], ids=["at once", "slow"])
def aws(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[World]:
    """An AWS that settles at once, and one that takes its time."""
    emulator.settle = request.param
    yield World(emulator)
    emulator.settle = 0.0


def everything(aws: World) -> TransitRouting:
    return TransitRouting(aws.first, (aws.first, aws.second), (aws.second,))


def test_a_new_site_with_all_of_it(aws: World) -> None:
    plan = aws.converge(aws.site(transit_routing=everything(aws)))
    assert [line.split("  ")[1] for line in plan.lines[3:]] == [
        f"change transit gateway association from {aws.default}",
        f"change transit gateway association to {aws.first}",
        *(f"create transit gateway propagation into {table}" for table in sorted([aws.first, aws.second])),
        f"create transit gateway route 10.16.0.0/16 in {aws.second}",
        f"change transit gateway propagation not into default {aws.default}",
    ]
    assert aws.changes() == {
        "CreateCustomerGateway": 1,
        "CreateVpnConnection": 1,
        "DisassociateTransitGatewayRouteTable": 1,
        "AssociateTransitGatewayRouteTable": 1,
        "EnableTransitGatewayRouteTablePropagation": 2,
        "CreateTransitGatewayRoute": 1,
        "DisableTransitGatewayRouteTablePropagation": 1,
    }


def test_what_the_default_tables_do_by_themselves(aws: World) -> None:
    plan = aws.converge(aws.site(transit_routing=TransitRouting(aws.default, (aws.default,))))
    assert len(plan.actions) == 2


def test_other_tables_and_networks_in_place(aws: World) -> None:
    aws.converge(aws.site(transit_routing=everything(aws)))
    other = TransitRouting(aws.second, (aws.default,), (aws.first, aws.second))
    aws.converge(aws.site(transit_routing=other, local_cidrs=("10.7.0.0/16", "2001:db8:7::/48")))
    assert set(aws.routes(aws.first)) == set(aws.routes(aws.second)) == {"10.7.0.0/16", "2001:db8:7::/48"}
    nothing = TransitRouting(None, (), ())
    aws.converge(aws.site(transit_routing=nothing, local_cidrs=("10.7.0.0/16", "2001:db8:7::/48")))
    assert aws.routes(aws.first) == aws.routes(aws.second) == {}


def test_a_network_moves_to_another_site(aws: World) -> None:
    routing = TransitRouting(static_routes_to=(aws.first,))
    names = "berlin", "madrid-2"
    aws.converge(*(aws.site(name, transit_routing=routing) for name in names))
    before = aws.routes(aws.first)
    networks = ("10.20.0.0/16",), ("10.16.0.0/16",)
    moved = zip(names, networks, strict=True)
    plan = aws.converge(*(aws.site(name, transit_routing=routing, local_cidrs=cidrs) for name, cidrs in moved))
    assert sorted(action.verb for action in plan.actions) == ["change", "create", "delete"]
    assert aws.routes(aws.first) == {
        "10.16.0.0/16": before["10.18.0.0/16"],
        "10.20.0.0/16": before["10.16.0.0/16"],
    }


def test_a_move_to_another_transit_gateway(aws: World) -> None:
    aws.converge(aws.site(transit_routing=everything(aws)))
    there = TransitRouting(aws.elsewhere, (aws.elsewhere,), (aws.elsewhere,))
    aws.converge(aws.site(transit_gateway_id=aws.other_tgw, transit_routing=there))
    back = aws.converge(aws.site(transit_routing=everything(aws)))
    assert f"create transit gateway route 10.16.0.0/16 in {aws.second}" in "".join(back.lines)
    assert set(aws.routes(aws.second)) == {"10.16.0.0/16"}
    assert aws.routes(aws.elsewhere) == {}


def test_a_connection_that_goes_leaves_no_route_behind(aws: World) -> None:
    site = aws.site(transit_routing=everything(aws))
    aws.converge(site)
    assert set(aws.routes(aws.second)) == {"10.16.0.0/16"}
    gone = Wanted(connections=(ConnectionWanted("berlin", present=False),))
    ec2 = aws.ec2()
    Applier(ec2, 2400).apply(region.plan(gone, observe(ec2, gone), EVERYTHING))
    assert aws.routes(aws.second) == {}


def test_a_run_that_stopped_anywhere_is_taken_up(aws: World) -> None:
    site = aws.site(transit_routing=everything(aws))
    wanted = sites.wanted([site])
    ec2 = aws.ec2()
    whole = region.plan(wanted, observe(ec2, wanted), Consent())
    for done in range(2, len(whole.actions)):
        plan = region.plan(wanted, observe(ec2, wanted), Consent())
        Applier(ec2, 2400).apply(dataclasses.replace(plan, actions=plan.actions[: 2 if done == 2 else 1]))
    aws.converge(site, consent=Consent())


def test_routes_of_others_are_in_the_way_and_stay(aws: World) -> None:
    vpc = aws.client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = aws.client.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    attach = aws.client.create_transit_gateway_vpc_attachment
    made = attach(TransitGatewayId=aws.tgw, VpcId=vpc, SubnetIds=[subnet])["TransitGatewayVpcAttachment"]
    aws.emulator.clock.advance(60)
    for cidr in ("10.16.0.0/16", "10.99.0.0/16"):
        aws.client.create_transit_gateway_route(
            TransitGatewayRouteTableId=aws.first,
            DestinationCidrBlock=cidr,
            TransitGatewayAttachmentId=made["TransitGatewayAttachmentId"],
        )
    routing = TransitRouting(static_routes_to=(aws.first,))
    assert "remove that route first" in aws.refusals(aws.site(transit_routing=routing))[0]
    aws.converge(aws.site(transit_routing=routing, local_cidrs=("10.17.0.0/16",)))
    assert set(aws.routes(aws.first)) == {"10.16.0.0/16", "10.99.0.0/16", "10.17.0.0/16"}


def test_calls_of_a_run_that_changes_nothing(aws: World) -> None:
    many = [aws.site("site" * (number + 1)) for number in range(3)]
    usual = [dataclasses.replace(each, transit_routing=TransitRouting(propagate_to=(aws.first,))) for each in many]
    aws.converge(*usual)
    aws.emulator.calls.clear()
    wanted = sites.wanted(usual)
    assert region.plan(wanted, observe(aws.ec2(), wanted), EVERYTHING).lines[1:] == []
    assert sum(aws.emulator.calls.values()) <= NO_OP_CALLS
    assert aws.emulator.calls["DescribeTransitGatewayAttachments"] == 1
    aws.emulator.calls.clear()
    plain = sites.wanted(many)
    observe(aws.ec2(), plain)
    assert set(aws.emulator.calls) == {
        "DescribeCustomerGateways",
        "DescribeTransitGatewayAttachments",
        "DescribeTransitGateways",
        "DescribeVpnConnections",
    }


def test_the_attachment_is_returned(aws: World) -> None:
    site = aws.site()
    aws.converge(site)
    result = sites.results([site], observe(aws.ec2(), sites.wanted([site]), before_writing=False))["berlin"]
    found = aws.client.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert result["transit_gateway_attachment_id"] == found[0]["TransitGatewayAttachmentId"]
