# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is: sites that are ready, failed or under way, and the line that says so."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Ref
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateCustomerGateway,
    CreateRoute,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run import progress
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.rollout import Job, Rollout
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.tally import Tally


def device(owner: str) -> Action:
    step = CreateCustomerGateway(
        ref=Ref("customer_gateway", owner), public_ip="192.0.2.1", bgp_asn=65000, device_name=None, tags={}
    )
    return Action(owner=owner, resource="customer_gateway", verb="create", detail="", stage=Stage.ENDS, step=step)


def route(owner: str) -> Action:
    step = CreateRoute(Ref("vpn_connection", owner), "10.0.0.0/8")
    return Action(owner=owner, resource="static_route", verb="create", detail="", stage=Stage.ROUTES, step=step)


@pytest.fixture
def run() -> Rollout:
    """Three gateways, one of them with a second step."""
    actions = [device("a"), route("a"), device("b"), device("c")]
    return Rollout(Plan.of([Part("x", "y", (each,)) for each in actions]), tally=Tally(0))


def begin(run: Rollout) -> list[Job]:
    begun = []
    while (job := run.next()) is not None:
        run.begun(job)
        run.called(job)
        begun.append(job)
    return begun


def counts(run: Rollout, *names: str) -> tuple[int, int]:
    state = progress.summed([progress.Record.of(run, names)], 0)
    assert state["gateways"] == len(names)
    return state["ready"], state["failed"]


def test_a_gateway_is_ready_when_all_of_its_steps_are(run: Rollout) -> None:
    assert counts(run, "a", "b", "c") == (0, 0)
    first, second, third = begin(run)
    run.applied(first)
    run.ready(second)
    assert counts(run, "a", "b", "c") == (1, 0)
    run.failed(third, "no")
    run.ready(first)
    assert counts(run, "a", "b", "c") == (1, 1)
    (last,) = begin(run)
    run.applied(last)
    assert counts(run, "a", "b", "c") == (1, 1)
    run.ready(last)
    assert counts(run, "a", "b", "c") == (2, 1)


def test_a_gateway_that_nothing_is_done_for_is_ready(run: Rollout) -> None:
    assert counts(run, "a", "idle") == (1, 0)


def test_only_the_gateways_of_the_run_are_counted(run: Rollout) -> None:
    for job in begin(run):
        run.failed(job, "no")
    assert counts(run, "a") == (0, 1)


def test_a_gateway_of_two_runs_is_counted_once(run: Rollout) -> None:
    """It is ready when both are."""
    parts = [progress.Record.of(run, ["a", "b"]), progress.Record.of(Rollout(Plan()), ["a", "d"])]
    state = progress.summed(parts, 0)
    assert (state["gateways"], state["ready"]) == (3, 1)


def test_what_is_waited_for_is_counted_and_sorted(run: Rollout) -> None:
    state = progress.summed(
        [
            progress.Record.of(run, ["a"], ["vpn_gateway attached", "tunnel up"]),
            progress.Record.of(run, ["b", "c"], ["vpn_gateway attached"]),
        ],
        200.4,
    )
    assert state["gateways"] == 3
    assert list(state["waiting_for"].items()) == [("tunnel up", 1), ("vpn_gateway attached", 2)]
    assert state["elapsed"] == 200


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ({"gateways": 40, "ready": 2, "failed": 1}, "2 of 40 gateways ready, 1 failed, 3 min 20 s"),
        ({"gateways": 40, "ready": 40, "failed": 0}, "40 of 40 gateways ready, 3 min 20 s"),
        ({"gateways": 1, "ready": 0}, "0 of 1 gateways ready, 3 min 20 s"),
    ],
)
def test_the_line(state: dict[str, Any], line: str) -> None:
    assert progress.line(state, 200.4) == line


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (9.9, "9 s"),
        (59, "59 s"),
        (60, "1 min 0 s"),
        (200.4, "3 min 20 s"),
        (3599, "59 min 59 s"),
        (3725, "1 h 2 min"),
        (90000, "25 h 0 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert progress.duration(seconds) == text
