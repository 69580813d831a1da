# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What still uses a resource once a plan is carried out, and what has to be gone before it can be deleted."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Connection, Observed, Ref
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.dependents import LISTED, Dependents
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    DeleteConnection,
    ModifyConnection,
    Step,
)


def connection(number: int, site: str | None = "berlin", state: str = "available", **ends: Any) -> Connection:
    given = {"vpn_gateway_id": None, "transit_gateway_id": None, "customer_gateway_id": "cgw-1", **ends}
    mine = tags.connection_tags(site, {}) if site else {}
    return Connection(id=f"vpn-{number}", state=state, routing="bgp", tags=mine, **given)


def dependents(*found: Connection, steps: tuple[Step, ...] = ()) -> Dependents:
    parts = [Part("berlin", "vpn_connection", (Action.of(step, "berlin", ""),)) for step in steps]
    return Dependents(Observed(connections=found), parts)


def remaining(found: Dependents, resource_id: str) -> list[str]:
    return [each.id for each in found.remaining_on(resource_id)]


@pytest.mark.parametrize(
    ("ends", "used"),
    [
        ({}, {"cgw-1"}),
        ({"vpn_gateway_id": "vgw-1"}, {"cgw-1", "vgw-1"}),
        ({"vpn_concentrator_id": "vcn-1"}, {"cgw-1", "vcn-1"}),
        # Transit gateways are never deleted here.
        ({"transit_gateway_id": "tgw-1"}, {"cgw-1"}),
    ],
)
def test_both_ends_are_used(ends: dict[str, str], used: set[str]) -> None:
    found = dependents(connection(1, **ends))
    assert {end for end in ("cgw-1", "vgw-1", "vcn-1", "tgw-1") if remaining(found, end)} == used


@pytest.mark.parametrize("state", ["deleting", "deleted"])
def test_what_is_gone_does_not_remain_but_what_is_going_is_waited_for(state: str) -> None:
    found = dependents(connection(1, state=state, vpn_gateway_id="vgw-1"))
    assert remaining(found, "cgw-1") == remaining(found, "vgw-1") == []
    assert found.deleting_on("vgw-1") == (("vpn-1",) if state == "deleting" else ())
    assert found.refusals("berlin", "cgw-1") == ()


def test_what_the_plan_deletes_does_not_remain() -> None:
    found = dependents(connection(1), connection(2), steps=(DeleteConnection("vpn-1"),))
    assert remaining(found, "cgw-1") == ["vpn-2"]
    # It is not being deleted yet: the plan itself waits for its own deletions.
    assert found.deleting_on("cgw-1") == ()


@pytest.mark.parametrize(
    ("step", "used", "left"),
    [
        (ModifyConnection("vpn-1", customer_gateway="cgw-2"), {"cgw-2", "vgw-1"}, {"cgw-1"}),
        (ModifyConnection("vpn-1", customer_gateway=Ref("customer_gateway", "berlin")), {"vgw-1"}, {"cgw-1"}),
        (ModifyConnection("vpn-1", vpn_gateway="vgw-2"), {"cgw-1", "vgw-2"}, {"vgw-1"}),
        (ModifyConnection("vpn-1", transit_gateway_id="tgw-1"), {"cgw-1"}, {"vgw-1"}),
    ],
)
def test_a_connection_that_moves_uses_what_it_moves_to(step: Step, used: set[str], left: set[str]) -> None:
    found = dependents(connection(1, vpn_gateway_id="vgw-1"), steps=(step,))
    assert all(remaining(found, end) == ["vpn-1"] for end in used)
    assert all(remaining(found, end) == [] for end in left)


def test_a_refusal_names_the_connections_of_others_first() -> None:
    found = dependents(connection(1), connection(2, None), connection(3, "madrid"))
    assert found.refusals("berlin", "cgw-1") == (
        "berlin: cgw-1 is used by vpn-2 (not of this collection), vpn-1 (connection berlin), vpn-3 (connection madrid)",
    )
    assert found.refusals("berlin", "cgw-2") == ()


def test_a_long_refusal_is_cut() -> None:
    (refusal,) = dependents(*map(connection, range(LISTED + 3))).refusals("berlin", "cgw-1")
    assert refusal.count("vpn-") == LISTED
    assert refusal.endswith(" and 3 more")
