# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for existing connections: what is changed in place, what it costs, what is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    Consent,
    Ref,
    StaticRoute,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.connection import connection_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Interruption, Part, Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    DeleteRoute,
    ModifyConnection,
)

from .builders import CIDRS, established, wanted

ENDS = Ends("cgw-1", transit_gateway_id="tgw-1")
NEITHER = Consent()
MARKER = "MARKER_psk.1"


def plan(want: ConnectionWanted, have: Connection | None, ends: Ends = ENDS, consent: Consent = NEITHER) -> Part:
    part = connection_part(want, have, ends, consent)
    assert MARKER not in repr(part)
    assert MARKER not in "".join(action.line for action in part.actions)
    return part


@pytest.mark.parametrize(
    "tunnels",
    [
        (),
        ({},),
        ({"inside_cidr": CIDRS[0]}, {"inside_cidr": CIDRS[1]}),
        ({"inside_cidr": CIDRS[1]}, {"inside_cidr": CIDRS[0]}),
        ({"pre_shared_key": Secret("old_key_1")},),
        ({}, {"pre_shared_key": Secret("old_key_2")}),
        ({"startup_action": "add"},),
    ],
)
def test_nothing_to_do(tunnels: tuple[dict[str, Any], ...]) -> None:
    part = plan(wanted(*tunnels), established(up=("DOWN", "DOWN")))
    assert (part.actions, part.refusals, part.unchanged) == ((), (), 1)
    assert part.before == part.after


@pytest.mark.parametrize(
    ("ends", "field", "value"),
    [
        (Ends("cgw-2", transit_gateway_id="tgw-1"), "customer_gateway", "cgw-2"),
        (
            Ends(Ref("customer_gateway", "berlin"), transit_gateway_id="tgw-1"),
            "customer_gateway",
            Ref("customer_gateway", "berlin"),
        ),
        (Ends("cgw-1", transit_gateway_id="tgw-2"), "transit_gateway_id", "tgw-2"),
        (Ends("cgw-1", vpn_gateway="vgw-1"), "vpn_gateway", "vgw-1"),
    ],
)
def test_a_move_costs_both_tunnels_and_needs_consent(ends: Ends, field: str, value: object) -> None:
    assert any("allow_interruption" in text for text in plan(wanted(), established(), ends).refusals)
    part = plan(wanted(), established(), ends, Consent(allow_interruption=True))
    assert part.refusals == ()
    (move,) = part.actions
    assert move.interruption is Interruption.BOTH_TUNNELS
    assert isinstance(move.step, ModifyConnection)
    given = {each.name: getattr(move.step, each.name) for each in dataclasses.fields(move.step)}
    assert {key: item for key, item in given.items() if item and key != "connection_id"} == {field: value}


def test_both_ends_change_one_after_the_other() -> None:
    part = plan(wanted(), established(), Ends("cgw-2", vpn_gateway="vgw-1"), Consent(allow_interruption=True))
    assert part.refusals == ()
    assert [action.line for action in part.actions] == [
        "berlin  change vpn connection vpn-1 to cgw-2  [interrupts both tunnels]",
        "berlin  change vpn connection vpn-1 to vgw-1  [interrupts both tunnels]",
    ]
    assert [action.stage for action in part.actions] == [Stage.CONNECTIONS, Stage.TARGETS]


def test_a_move_together_with_a_tunnel_change_is_refused() -> None:
    ends = Ends("cgw-2", transit_gateway_id="tgw-1")
    want = wanted({"inside_cidr": "169.254.30.0/30"})
    assert plan(want, established(), ends, Consent(allow_interruption=True)).refusals
    assert not plan(want, established(), ends, Consent(allow_interruption=True, force_tunnel_change=True)).refusals


def test_a_move_together_with_a_tunnel_change_costs_nothing_where_both_tunnels_are_down() -> None:
    ends = Ends("cgw-2", transit_gateway_id="tgw-1")
    want = wanted({"inside_cidr": "169.254.30.0/30"})
    assert not plan(want, established(up=("DOWN", "DOWN")), ends, Consent(allow_interruption=True)).refusals


def static(*routes: StaticRoute) -> Connection:
    return established(routing="static", vpn_gateway_id="vgw-1", transit_gateway_id=None, routes=routes)


ON_VGW = Ends("cgw-1", vpn_gateway="vgw-1")


def test_static_routes_are_the_whole_set() -> None:
    have = static(StaticRoute("10.1.0.0/16", "available"), StaticRoute("10.3.0.0/16", "deleted"))
    want = wanted(routing="static", transit_gateway_id=None, static_routes=("10.2.0.0/16", "10.3.0.0/16"))
    part = plan(want, have, ON_VGW)
    assert [(action.verb, action.detail) for action in part.actions] == [
        ("create", "10.2.0.0/16"),
        ("create", "10.3.0.0/16"),
        ("delete", "10.1.0.0/16"),
    ]
    assert {action.interruption for action in part.actions} == {Interruption.NONE}


def test_static_routes_that_are_not_given_are_left_alone() -> None:
    have = static(StaticRoute("10.1.0.0/16", "available"))
    assert plan(wanted(routing="static", transit_gateway_id=None), have, ON_VGW).actions == ()


def test_static_routes_go_before_the_move_to_a_transit_gateway() -> None:
    have = static(StaticRoute("10.1.0.0/16", "available"))
    want = wanted(routing="static", static_routes=())
    part = plan(want, have, ENDS, Consent(allow_interruption=True))
    stages = {type(action.step): action.stage for action in part.actions}
    assert stages[DeleteRoute] < stages[ModifyConnection]
