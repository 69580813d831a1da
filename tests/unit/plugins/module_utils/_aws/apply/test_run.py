# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every step leans on: one creation however often it is tried, and changes that wait for the one before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import ATTEMPTS
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.run import Run
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    ApiError,
    InvalidState,
    LostAnswer,
    Throttled,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import CustomerGateway, Ref
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import steps

DEADLINE = 100.0
GATEWAY, CONNECTION = Ref("vpn_gateway", "vpc-1"), Ref("vpn_connection", "berlin")


class Time:
    """A clock that is moved by whoever sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def run(time: Time) -> Run:
    # No call is made of this client: the calls are those of the tests.
    return Run(Ec2(None, Clock(lambda: time.now, time.sleep, lambda: 1.0)), DEADLINE)


def answers(*given: Any) -> Callable[[], Any]:
    """A call that answers so, one after the other; an error is raised."""
    left = list(given)

    def call() -> Any:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return call


def error(kind: type[ApiError], code: str = "x") -> ApiError:
    return kind("CreateVpnGateway", code, "no")


def test_what_was_made_is_known_by_its_reference(run: Run) -> None:
    run.ids[GATEWAY] = "vgw-1"
    assert (run.id_of(GATEWAY), run.id_of("vgw-2")) == ("vgw-1", "vgw-2")
    assert run.has_made(steps.CreateVpnGateway(GATEWAY, None, {}))
    assert not run.has_made(steps.AttachVpnGateway(GATEWAY, "vpc-1"))


@pytest.mark.parametrize(
    ("step", "resource_id"),
    [
        (steps.CreateVpnGateway(GATEWAY, None, {}), "vgw-1"),
        (steps.AttachVpnGateway(GATEWAY, "vpc-1"), "vgw-1"),
        (steps.CreateRoute(CONNECTION, "10.0.0.0/8"), "vpn-1"),
        (steps.AssociateTransit(CONNECTION, "tgw-rtb-1"), "vpn-1"),
        (steps.AttachVpnGateway("vgw-9", "vpc-1"), "vgw-9"),
        # Of what is not made there is no id yet, and a step that makes nothing new needs none of the run.
        (steps.CreateRoute(Ref("vpn_connection", "oslo"), "10.0.0.0/8"), None),
        (steps.DeleteConnection("vpn-9"), None),
    ],
)
def test_the_id_of_what_a_step_makes_or_works_on(run: Run, step: steps.Step, resource_id: str | None) -> None:
    run.ids.update({GATEWAY: "vgw-1", CONNECTION: "vpn-1"})
    assert run.resource_id(step) == resource_id


def test_a_creation_that_did_nothing_is_tried_again_when_nothing_is_found(run: Run) -> None:
    made = run.create_once(answers(error(Throttled), error(Throttled), "vgw-1"), answers(None, None))
    assert made == "vgw-1"


@pytest.mark.parametrize("looks", [(None, "vgw-1"), (None, None, "vgw-1"), ("vgw-1",)])
def test_after_a_lost_answer_what_was_made_is_looked_for_more_than_once(run: Run, looks: tuple[Any, ...]) -> None:
    # A second creation would be one too many, so this one has no answer left.
    assert run.create_once(answers(error(LostAnswer)), answers(*looks)) == "vgw-1"


def test_a_creation_is_not_tried_for_ever(run: Run, time: Time) -> None:
    tried: list[float] = []

    def create() -> str:
        tried.append(time.now)
        raise error(Throttled)

    with pytest.raises(Throttled):
        run.create_once(create, lambda: None)
    assert len(tried) == ATTEMPTS
    assert len(set(tried)) == ATTEMPTS


def test_another_error_is_the_end_of_a_creation(run: Run) -> None:
    with pytest.raises(ApiError):
        run.create_once(answers(error(ApiError, "Limit")), answers())


def customer_gateway(state: str) -> CustomerGateway:
    return CustomerGateway("cgw-1", state, None, None)


@pytest.mark.parametrize("found", [None, customer_gateway("deleting"), customer_gateway("deleted")])
def test_what_is_being_removed_already_needs_no_second_removal(run: Run, found: CustomerGateway | None) -> None:
    run.remove(answers(error(InvalidState)), lambda: found)


def test_what_is_not_removed_although_it_was_asked_for_is_told(run: Run) -> None:
    with pytest.raises(InvalidState):
        run.remove(answers(error(InvalidState)), lambda: customer_gateway("available"))
    run.remove(answers(None), answers())


def test_a_change_waits_until_the_one_before_it_is_over(run: Run, time: Time) -> None:
    answer, began = run.when_free(answers(error(InvalidState), error(InvalidState), "available"))
    assert (answer, began) == ("available", time.now)
    assert time.now > 0


def test_a_change_waits_no_longer_than_allowed(run: Run, time: Time) -> None:
    def refuse() -> str:
        raise error(InvalidState)

    with pytest.raises(InvalidState):
        run.when_free(refuse)
    assert DEADLINE <= time.now < DEADLINE + 30
