# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan out of many parts: its order, its sums, and what a person and a module read of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Interruption, Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateRoute,
    DeleteConnection,
    ModifyTunnel,
    SetTags,
)

ROUTE = Action.of(CreateRoute("vpn-1", "10.0.0.0/8"), "berlin", "10.0.0.0/8")
REMOVAL = Action.of(DeleteConnection("vpn-1"), "berlin", "", "vpn-1")
TUNNEL = Action.of(ModifyTunnel("vpn-1", "192.0.2.1", None, {}), "berlin", "tunnel 1: startup_action: add", "vpn-1")
TAGS = dataclasses.replace(Action.of(SetTags("vpn-1", {}), "madrid", "set tags a", "vpn-1"), resource="vpn_connection")


@pytest.mark.parametrize(
    ("action", "line"),
    [
        (ROUTE, "berlin  create static route 10.0.0.0/8"),
        (REMOVAL, "berlin  delete vpn connection vpn-1  [interrupts both tunnels]"),
        (TUNNEL, "berlin  change vpn tunnel vpn-1 tunnel 1: startup_action: add  [interrupts one tunnel]"),
        # An id that the detail names already is not said twice.
        (dataclasses.replace(TAGS, detail="tag vpn-1"), "madrid  change vpn connection tag vpn-1"),
        (
            dataclasses.replace(TAGS, interruption=Interruption.REPLACE),
            "madrid  change vpn connection vpn-1 set tags a  [replaces the connection: new outside addresses]",
        ),
    ],
)
def test_an_action_in_one_line(action: Action, line: str) -> None:
    assert action.line == line


def test_actions_come_in_the_order_of_their_stages_and_else_as_given() -> None:
    second = dataclasses.replace(ROUTE, owner="madrid")
    plan = Plan.of([Part("a", "x", (REMOVAL, ROUTE)), Part("b", "x", (second, TUNNEL, TAGS))])
    assert plan.actions == (TAGS, TUNNEL, ROUTE, second, REMOVAL)
    assert plan.stages() == [
        (Stage.ENDS, (TAGS,)),
        (Stage.FIRST_TUNNEL, (TUNNEL,)),
        (Stage.ROUTES, (ROUTE, second)),
        (Stage.REMOVE_CONNECTIONS, (REMOVAL,)),
    ]


def test_sums() -> None:
    plan = Plan.of([Part("a", "x", (REMOVAL, ROUTE), unchanged=2), Part("b", "x", unchanged=1)])
    assert plan.counts == {"create": 1, "change": 0, "replace": 0, "delete": 1, "unchanged": 3}
    assert plan.lines[0] == "Plan: 1 to create, 0 to change, 0 to replace, 1 to delete, 3 unchanged."
    assert plan.lines[1:] == [ROUTE.line, REMOVAL.line]
    assert plan.has_changes and not Plan.of([Part("b", "x", unchanged=1)]).has_changes


def test_a_diff_shows_what_changes_and_nothing_else() -> None:
    model: dict[str, Any] = {"tags": {}}
    plan = Plan.of(
        [
            Part("berlin", "vpn_connection", (TUNNEL,), before=model, after={"tags": {"a": "b"}}),
            Part("berlin", "static_route", (ROUTE,), after={"cidr": "10.0.0.0/8"}),
            Part("madrid", "vpn_connection", before=model, after=model, unchanged=1),
        ]
    )
    assert plan.before == {"berlin": {"vpn_connection": model}}
    assert plan.after == {"berlin": {"vpn_connection": {"tags": {"a": "b"}}, "static_route": {"cidr": "10.0.0.0/8"}}}


def test_what_several_parts_say_is_said_once() -> None:
    parts = [Part("a", "x", warnings=("w",), refusals=("r",)), Part("b", "x", warnings=("w", "v"), refusals=("r",))]
    plan = Plan.of(parts)
    assert (plan.warnings, plan.refusals) == (("w", "v"), ("r",))


def test_a_part_that_is_refused_stays_as_it_is_and_does_not_hold_up_the_plan() -> None:
    refused = Part("a", "x", (REMOVAL,), warnings=("w",), refusals=("a: cgw-1 is used by vpn-9",)).unless_refused()
    assert refused == Part("a", "x", unchanged=1, warnings=("w", "a: cgw-1 is used by vpn-9, so it stays"))
    free = Part("a", "x", (REMOVAL,))
    assert free.unless_refused() is free
