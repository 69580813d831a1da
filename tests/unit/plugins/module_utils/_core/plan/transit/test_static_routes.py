# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes of transit gateway route tables: planned together, as a table has one to a network."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    TransitRoute,
    TransitRouteTable,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateTransitRoute,
    DeleteTransitRoute,
    ReplaceTransitRoute,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit.static_routes import (
    RemovedAttachment,
    RouteChanges,
    StaticRoutes,
    WantedRoutes,
    canonical,
    live_routes,
)

TGW, FIRST, SECOND, ELSEWHERE = "tgw-1", "tgw-rtb-1", "tgw-rtb-2", "tgw-rtb-3"
NETWORK, OTHER = "10.20.0.0/16", "10.99.0.0/16"


def wanted(name: str = "berlin", *tables: str, **changes: Any) -> WantedRoutes:
    base = WantedRoutes(
        name=name,
        connection=f"vpn-{name}",
        transit_gateway_id=TGW,
        attachment_id=f"tgw-attach-{name}",
        tables=tables or (FIRST,),
        cidrs=(NETWORK,),
    )
    return dataclasses.replace(base, **changes)


def route(cidr: str, name: str | None = "berlin", state: str = "active") -> TransitRoute:
    return TransitRoute(cidr, f"tgw-attach-{name}" if name else None, state, f"vpn-{name}" if name else None)


FORMER = TransitRoute(NETWORK, "tgw-attach-former", "active", "vpn-berlin")


def tables(*first: TransitRoute, second: Sequence[TransitRoute] = ()) -> list[TransitRouteTable]:
    return [
        TransitRouteTable(FIRST, TGW, "available", static_routes=first),
        TransitRouteTable(SECOND, TGW, "available", static_routes=tuple(second)),
        # Of the transit gateway that the connection was on before: what it left there is not the matter of this one.
        TransitRouteTable(ELSEWHERE, "tgw-2", "available", static_routes=(FORMER,)),
    ]


def steps(changes: RouteChanges) -> list[tuple[type, str, str]]:
    found = []
    for action in changes.actions:
        assert isinstance(action.step, CreateTransitRoute | ReplaceTransitRoute | DeleteTransitRoute)
        found.append((type(action.step), action.step.route_table_id, action.step.cidr))
    return found


@pytest.mark.parametrize(
    ("want", "there", "expected", "after"),
    [
        (wanted(), tables(), [(CreateTransitRoute, FIRST, NETWORK)], {FIRST: [NETWORK]}),
        (wanted(), tables(route(NETWORK)), [], {FIRST: [NETWORK]}),
        # A route that is being deleted is none.
        (
            wanted(),
            tables(route(NETWORK, state="deleting")),
            [(CreateTransitRoute, FIRST, NETWORK)],
            {FIRST: [NETWORK]},
        ),
        # In a table that is named, routes to the site are those it asks for; elsewhere only its own networks go.
        (wanted(), tables(route(NETWORK), route(OTHER)), [(DeleteTransitRoute, FIRST, OTHER)], {FIRST: [NETWORK]}),
        (
            wanted("berlin", SECOND),
            tables(route(NETWORK), route(OTHER)),
            [(CreateTransitRoute, SECOND, NETWORK), (DeleteTransitRoute, FIRST, NETWORK)],
            {FIRST: [OTHER], SECOND: [NETWORK]},
        ),
        (wanted(tables=()), tables(route(NETWORK)), [(DeleteTransitRoute, FIRST, NETWORK)], {}),
        # What a deleted attachment leaves behind is replaced, or no run could go on after it.
        (
            wanted(),
            tables(route(NETWORK, None, "blackhole"), route(OTHER, None, "blackhole")),
            [(ReplaceTransitRoute, FIRST, NETWORK)],
            {FIRST: [NETWORK]},
        ),
        (
            wanted(attachment_id="tgw-attach-new"),
            tables(route(NETWORK)),
            [(ReplaceTransitRoute, FIRST, NETWORK)],
            {FIRST: [NETWORK]},
        ),
        (wanted(cidrs=("2001:DB8::/48",)), tables(route("2001:db8::/48")), [], {FIRST: ["2001:db8::/48"]}),
    ],
)
def test_from_what_is_there_to_what_is_wanted(
    want: WantedRoutes,
    there: list[TransitRouteTable],
    expected: list[tuple[type, str, str]],
    after: dict[str, list[str]],
) -> None:
    changes = StaticRoutes([want], there).changes("berlin")
    assert steps(changes) == expected
    assert changes.after == after
    assert changes.refusals == changes.warnings == ()


def test_tables_that_nobody_names_are_left_alone() -> None:
    assert StaticRoutes([wanted(tables=None)], tables(route(NETWORK))).changes("berlin") == RouteChanges()


def test_a_route_of_others_stays_and_is_told() -> None:
    changes = StaticRoutes([wanted()], tables(route(NETWORK, "foreign"))).changes("berlin")
    assert steps(changes) == []
    assert changes.refusals == (
        f"berlin: static_routes_to: {FIRST} already sends {NETWORK} to tgw-attach-foreign (vpn-foreign): remove that"
        " route first",
    )


def test_a_network_that_moves_between_sites_is_one_change() -> None:
    there = tables(route(NETWORK))
    routes = StaticRoutes([wanted(cidrs=()), wanted("madrid")], there)
    assert steps(routes.changes("berlin")) == []
    assert routes.changes("berlin").after == {}
    (change,) = routes.changes("madrid").actions
    assert isinstance(change.step, ReplaceTransitRoute)
    assert change.detail == f"{NETWORK} in {FIRST}, which leads to tgw-attach-berlin"


def test_a_route_that_drops_traffic_is_told_of() -> None:
    (change,) = StaticRoutes([wanted()], tables(route(NETWORK, None, "blackhole"))).changes("berlin").actions
    assert change.detail == f"{NETWORK} in {FIRST}, which drops traffic"


def test_two_connections_cannot_have_one_network_in_one_table() -> None:
    routes = StaticRoutes([wanted(), wanted("madrid"), wanted("oslo", SECOND)], tables())
    for name in ("berlin", "madrid"):
        assert routes.changes(name).refusals == (
            f"berlin, madrid: static_routes_to: these connections ask for routes to {NETWORK} in {FIRST},"
            " and a route table"
            " has only one static route to a network",
        )
    assert routes.changes("oslo").refusals == ()


def test_while_a_former_connection_carries_the_traffic_its_routes_stay() -> None:
    want = wanted(connection="vpn-new", attachment_id="tgw-attach-new", outgoing=("vpn-berlin",))
    waiting = StaticRoutes([dataclasses.replace(want, keeps_outgoing=True)], tables(route(NETWORK))).changes("berlin")
    assert steps(waiting) == []
    (warning,) = waiting.warnings
    assert "vpn-berlin until a tunnel of the new connection is up" in warning
    assert steps(StaticRoutes([want], tables(route(NETWORK))).changes("berlin")) == [
        (ReplaceTransitRoute, FIRST, NETWORK)
    ]


def test_routes_to_an_attachment_that_goes_are_removed_early_unless_somebody_takes_them_over() -> None:
    gone = RemovedAttachment("berlin", "vpn-berlin", "tgw-attach-berlin")
    there = tables(route(NETWORK), route(OTHER))
    alone = StaticRoutes([], there, [gone]).removals(gone)
    assert {action.stage for action in alone} == {Stage.ENDS}
    assert len(alone) == 2
    routes = StaticRoutes([wanted("madrid")], there, [gone])
    assert routes.changes("madrid").refusals == ()
    assert f"{NETWORK} in {FIRST}" not in [action.detail for action in routes.removals(gone)]


def test_networks_as_aws_writes_them() -> None:
    assert canonical("2001:DB8:0::/48") == "2001:db8::/48"
    assert live_routes(tables(route(NETWORK), route(OTHER, state="deleted"))[0]) == [route(NETWORK)]
