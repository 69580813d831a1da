# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is planned on route tables of transit gateways."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import GATEWAY_TAG, identity_tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    STATIC,
    Connection,
    ConnectionWanted,
    Consent,
    Observed,
    Telemetry,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    TransitRouteTable,
    TransitRouting,
    Tunnel,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.nouns import TRANSIT_ROUTING, VPN_CONNECTION
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import CREATE, Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
    DeleteConnection,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit.attachments import parts

TGW, FIRST, SECOND, THIRD = "tgw-1", "tgw-rtb-1", "tgw-rtb-2", "tgw-rtb-3"
GATEWAY = TransitGateway(
    id=TGW,
    state="available",
    amazon_side_asn=64512,
    ecmp=True,
    default_association_table=FIRST,
    default_propagation_table=FIRST,
)
NETWORK, OTHER = "10.20.0.0/16", "10.99.0.0/16"


def connection(name: str = "berlin", status: str = "DOWN", **changes: Any) -> Connection:
    tunnel = Tunnel(1, "203.0.113.1", None, telemetry=Telemetry(status))
    base = Connection(
        id=f"vpn-{name}",
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id=TGW,
        routing="bgp",
        tunnels=(tunnel,),
        tags={**identity_tags(name)},
    )
    return dataclasses.replace(base, **changes)


def attachment(name: str = "berlin", table: str | None = FIRST, **changes: Any) -> TransitAttachment:
    state = "associated" if table else None
    base = TransitAttachment(
        id=f"tgw-attach-{name}",
        state="available",
        transit_gateway_id=TGW,
        connection_id=f"vpn-{name}",
        association_table=table,
        association_state=state,
    )
    return dataclasses.replace(base, **changes)


def route(cidr: str, name: str | None = "berlin", state: str = "active") -> TransitRoute:
    return TransitRoute(cidr, f"tgw-attach-{name}" if name else None, state, f"vpn-{name}" if name else None)


def want(name: str = "berlin", present: bool = True, cidrs: tuple[str, ...] = (NETWORK,), **given: Any) -> Any:
    routing = TransitRouting(cidrs=cidrs, **given) if given else None
    return ConnectionWanted(name, transit_gateway_id=TGW, transit_routing=routing, present=present)


def route_tables(*first: TransitRoute, second: tuple[TransitRoute, ...] = (), **propagating: tuple[str, ...]) -> Any:
    return (
        TransitRouteTable(
            id=FIRST,
            transit_gateway_id=TGW,
            state="available",
            propagating=propagating.get("to_first", ()),
            static_routes=first,
        ),
        TransitRouteTable(
            id=SECOND,
            transit_gateway_id=TGW,
            state="available",
            propagating=propagating.get("to_second", ()),
            static_routes=second,
        ),
        TransitRouteTable(THIRD, "tgw-2", "available"),
    )


def planned(
    *wants: ConnectionWanted,
    found: tuple[Connection, ...] = (),
    attachments: tuple[TransitAttachment, ...] = (),
    tables: Any = None,
    gateway: TransitGateway = GATEWAY,
    steps: tuple[Any, ...] = (),
    consent: bool = False,
) -> Plan:
    tables = route_tables() if tables is None else tables
    observed = Observed(
        connections=found,
        transit_gateways=(gateway,),
        transit_attachments=attachments,
        transit_route_tables=tables,
    )
    current = {each.tags[GATEWAY_TAG]: each for each in found if not each.is_outgoing}
    actions = [
        Action(owner="berlin", resource=VPN_CONNECTION, verb=CREATE, detail="", stage=Stage.CONNECTIONS, step=step)
        for step in steps
    ]
    before = [Part("berlin", VPN_CONNECTION, tuple(actions))]
    wanted = Wanted(connections=wants)
    return Plan.of(parts(wanted, observed, Consent(consent), actuals=current, planned=before))


def lines(plan: Plan) -> list[str]:
    return plan.lines[1:]


# The route table of the attachment.


def test_a_new_attachment_leaves_the_default_table_first() -> None:
    plan = planned(want(associate_with=SECOND))
    assert lines(plan) == [
        f"berlin  change transit gateway association from {FIRST}",
        f"berlin  change transit gateway association to {SECOND}",
    ]
    assert [action.stage for action in plan.actions] == [Stage.TRANSIT_DETACH, Stage.TRANSIT]
    assert plan.after == {"berlin": {TRANSIT_ROUTING: {"associate_with": SECOND}}}


@pytest.mark.parametrize("found", [None, attachment(table=None, state="pending")], ids=["not made", "pending"])
def test_the_default_table_needs_no_step(found: TransitAttachment | None) -> None:
    there = (connection(),) if found else ()
    assert lines(planned(want(associate_with=FIRST), found=there, attachments=(found,) if found else ())) == []


def test_without_a_default_table_nothing_is_dissolved() -> None:
    bare = dataclasses.replace(GATEWAY, default_association_table=None)
    assert lines(planned(want(associate_with=SECOND), gateway=bare)) == [
        f"berlin  create transit gateway association with {SECOND}"
    ]


def test_another_table_interrupts_a_connection_that_is_up() -> None:
    plan = planned(want(associate_with=SECOND), found=(connection(status="UP"),), attachments=(attachment(),))
    assert lines(plan)[0].endswith(f"association tgw-attach-berlin from {FIRST}  [interrupts both tunnels]")
    assert "set allow_interruption to consent" in plan.refusals[0]
    agreed = planned(
        want(associate_with=SECOND), found=(connection(status="UP"),), attachments=(attachment(),), consent=True
    )
    assert agreed.refusals == ()


def test_another_table_takes_nothing_from_a_connection_that_is_down() -> None:
    plan = planned(want(associate_with=SECOND), found=(connection(),), attachments=(attachment(),))
    assert plan.refusals == ()
    assert "interrupts" not in "".join(plan.lines)


@pytest.mark.parametrize("state", ["disassociating", "disassociated", None])
def test_a_run_that_stopped_in_between_is_taken_up(state: str | None) -> None:
    half = attachment(table=FIRST if state else None, association_state=state)
    plan = planned(want(associate_with=SECOND), found=(connection(status="UP"),), attachments=(half,))
    assert lines(plan) == [f"berlin  create transit gateway association tgw-attach-berlin with {SECOND}"]
    assert plan.refusals == ()


def test_a_moved_connection_gets_a_new_attachment() -> None:
    moving = connection(transit_gateway_id=None, vpn_gateway_id="vgw-1", status="UP")
    old = attachment(transit_gateway_id="tgw-0")
    plan = planned(want(associate_with=SECOND, propagate_to=()), found=(moving,), attachments=(old,))
    assert lines(plan) == [
        f"berlin  change transit gateway association from {FIRST}",
        f"berlin  change transit gateway association to {SECOND}",
        f"berlin  change transit gateway propagation not into default {FIRST}",
    ]


# Propagation.


def test_propagation_into_what_is_named_and_nothing_else() -> None:
    tables = route_tables(to_first=("tgw-attach-berlin", "tgw-attach-x"))
    plan = planned(want(propagate_to=(SECOND,)), found=(connection(),), attachments=(attachment(),), tables=tables)
    assert lines(plan) == [
        f"berlin  create transit gateway propagation tgw-attach-berlin into {SECOND}",
        f"berlin  delete transit gateway propagation tgw-attach-berlin into {FIRST}",
    ]
    assert plan.before["berlin"][TRANSIT_ROUTING] == {"propagate_to": [FIRST]}
    assert plan.after["berlin"][TRANSIT_ROUTING] == {"propagate_to": [SECOND]}


def test_propagation_that_is_as_wanted() -> None:
    tables = route_tables(to_second=("tgw-attach-berlin",))
    plan = planned(want(propagate_to=(SECOND,)), found=(connection(),), attachments=(attachment(),), tables=tables)
    assert (lines(plan), plan.unchanged) == ([], 1)


def test_a_new_attachment_propagates_into_the_default_table_by_itself() -> None:
    assert lines(planned(want(propagate_to=(FIRST,)))) == []
    assert lines(planned(want(propagate_to=(FIRST, SECOND)))) == [
        f"berlin  create transit gateway propagation into {SECOND}"
    ]


@pytest.mark.parametrize("given", [{}, {"associate_with": None}], ids=["nothing", "no table"])
def test_what_is_left_out_is_left_alone(given: dict[str, Any]) -> None:
    tables = route_tables(route(OTHER), to_first=("tgw-attach-berlin",))
    plan = planned(want(**given), found=(connection(),), attachments=(attachment(),), tables=tables)
    assert lines(plan) == []


# Static routes.


def test_routes_for_the_networks_of_a_site() -> None:
    tables = route_tables(route(OTHER), route("10.1.0.0/16", "x"))
    both = want(static_routes_to=(FIRST, SECOND), cidrs=(NETWORK, "2001:DB8:0::/32"))
    plan = planned(both, found=(connection(),), attachments=(attachment(),), tables=tables)
    assert lines(plan) == [
        f"berlin  create transit gateway route tgw-attach-berlin {NETWORK} in {FIRST}",
        f"berlin  create transit gateway route tgw-attach-berlin 2001:db8::/32 in {FIRST}",
        f"berlin  create transit gateway route tgw-attach-berlin {NETWORK} in {SECOND}",
        f"berlin  create transit gateway route tgw-attach-berlin 2001:db8::/32 in {SECOND}",
        f"berlin  delete transit gateway route tgw-attach-berlin {OTHER} in {FIRST}",
    ]
    there = [NETWORK, "2001:db8::/32"]
    assert plan.after["berlin"][TRANSIT_ROUTING] == {"static_routes": {FIRST: there, SECOND: there}}
    assert plan.before["berlin"][TRANSIT_ROUTING] == {"static_routes": {FIRST: [OTHER]}}


# Replacement.


def test_routes_stay_with_the_old_connection_until_the_new_one_is_up() -> None:
    create = CreateConnection(
        ref=want().ref,
        customer_gateway="cgw-1",
        vpn_gateway=None,
        transit_gateway_id=TGW,
        options={},
        tunnels=(),
        tags={},
    )
    old = {"found": (connection(status="UP"),), "attachments": (attachment(),), "tables": route_tables(route(NETWORK))}
    plan = planned(want(static_routes_to=(FIRST,)), steps=(create,), **old)
    assert lines(plan) == []
    assert "until a tunnel of the new connection is up" in plan.warnings[0]
    at_once = planned(want(static_routes_to=(FIRST,)), steps=(DeleteConnection("vpn-berlin"), create), **old)
    assert lines(at_once) == [
        f"berlin  change transit gateway route {NETWORK} in {FIRST}, which leads to tgw-attach-berlin"
    ]


@pytest.mark.parametrize("status", ["UP", "DOWN"])
def test_routes_follow_to_the_new_connection_once_it_is_up(status: str) -> None:
    old = connection(tags={**identity_tags("berlin"), OUTGOING_TAG: "true"})
    new = connection(status=status, id="vpn-new")
    plan = planned(
        want(static_routes_to=(FIRST,)),
        found=(old, new),
        attachments=(attachment(), attachment(id="tgw-attach-new", connection_id="vpn-new")),
        tables=route_tables(route(NETWORK)),
    )
    change = (
        f"berlin  change transit gateway route tgw-attach-new {NETWORK} in {FIRST}, which leads to tgw-attach-berlin"
    )
    assert lines(plan) == ([change] if status == "UP" else [])


# What cannot be.


def test_tables_that_are_not_there() -> None:
    plan = planned(want(associate_with="tgw-rtb-9", propagate_to=(THIRD,)))
    assert plan.refusals == (
        f"berlin: transit gateway route table {THIRD} belongs to tgw-2, not to {TGW}",
        "berlin: transit gateway route table tgw-rtb-9 does not exist in this Region, or this account cannot see it:"
        " the route tables of a shared transit gateway belong to the account of its owner",
    )


def test_bgp_without_ecmp_is_warned_of_once() -> None:
    off = dataclasses.replace(GATEWAY, ecmp=False)
    static = dataclasses.replace(want("oslo"), routing=STATIC)
    plan = planned(want(), want("madrid"), static, gateway=off)
    assert len(plan.warnings) == 1
    assert plan.warnings[0].startswith(f"{TGW} has VPN ECMP support off")
    assert planned(static, gateway=off).warnings == ()
    assert planned(want(), gateway=GATEWAY).warnings == ()
