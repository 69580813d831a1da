# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the work of one Region and account: observes, plans, applies and observes again, in a thread of its own."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from ..._aws.api.ec2 import Ec2
from ..._aws.apply.applier import Applier, Tell
from ..._aws.apply.run import UNKNOWN_SECONDS
from ..._aws.observe import quotas
from ..._core.errors import ApplyFailed, TimedOut, VpnError, text_of
from ..._core.model.access import Access
from ..._core.model.resources import Observed
from ..._core.plan.plan import Plan
from ..._core.run.tally import Tally

# What one reading of AWS brings back.
Snapshot = TypeVar("Snapshot")

# For modules whose steps AWS carries out at once, so that they have no option for it.
WAIT_TIMEOUT = 2400


@dataclass(frozen=True)
class Workflow(Generic[Snapshot]):
    """What one module does: how it reads AWS, what it plans, and what it returns besides what every module does.

    C(observe) is told whether it reads before the changes or after them. C(changing) are the connections that AWS is
    still changing, C(names) the gateways it is about, and C(failure_result) is what a failed run returns besides what
    every failed run does. With C(plans_again) what runs beside this one have made possible since is done as well.
    """

    observe: Callable[[Ec2, bool], Snapshot]
    plan: Callable[[Snapshot], Plan]
    result: Callable[[Snapshot], dict[str, Any]]
    changing: Callable[[Snapshot], Sequence[str]] = lambda _snapshot: ()
    names: Callable[[Snapshot], Collection[str]] = lambda _snapshot: ()
    failure_result: Callable[[Snapshot, ApplyFailed], dict[str, Any]] = lambda _snapshot, _error: {}
    plans_again: bool = False
    # What is there after a plan, as far as that is known before. A run that changes nothing returns it.
    foreseen: Callable[[Snapshot, Plan], Snapshot] = lambda snapshot, _plan: snapshot


class Engine(Generic[Snapshot]):
    """One workflow in one Region of one account."""

    def __init__(
        self,
        access: Access,
        ec2: Ec2,
        workflow: Workflow[Snapshot],
        *,
        params: Mapping[str, Any],
        service_quotas: Callable[[], Any],
    ) -> None:
        self.access = access
        self.ec2 = ec2
        self._service_quotas = service_quotas
        self._workflow = workflow
        self._params = params
        self._snapshot: Snapshot
        self.plan = Plan()
        # Why AWS could not be read.
        self.error: VpnError | None = None
        self.is_failed = False
        # How far the run came.
        self.outcome = ApplyFailed([], [], [])
        self.result: dict[str, Any] = {}

    def look(self) -> None:
        """Observes and plans."""
        try:
            self._snapshot = self._workflow.observe(self.ec2, True)
            self.plan = self._within_quotas(self._workflow.plan(self._snapshot))
        except VpnError as error:
            self.error = error

    def _within_quotas(self, plan: Plan) -> Plan:
        found = [] if plan.refusals else quotas.problems(self.ec2, self._service_quotas, plan)
        return replace(plan, refusals=(*plan.refusals, *(f"{self.access.label}: {text}" for text in found)))

    @property
    def is_busy(self) -> bool:
        """Whether there is anything to do, or to wait for."""
        is_waiting = self._params.get("wait", True) and self._workflow.changing(self._snapshot)
        return bool(self.plan.has_changes or is_waiting)

    @property
    def names(self) -> Collection[str]:
        """The gateways it is about."""
        return self._workflow.names(self._snapshot)

    def keep(self) -> None:
        """Changes nothing, and returns what is there, or in check mode would be."""
        self.result = self._workflow.result(self._workflow.foreseen(self._snapshot, self.plan))

    def run(self, tally: Tally, tell: Tell | None) -> None:
        """Applies the plan and reads what is there then."""
        self.is_failed = True
        try:
            applier = Applier(self.ec2, self._params.get("wait_timeout", WAIT_TIMEOUT), tell)
            self._carry_out(applier, self.plan, tally)
            rest = self._workflow.plan(self._snapshot) if self._workflow.plans_again else Plan()
            if rest.has_changes:
                self.plan = self.plan.followed_by(rest)
                self._carry_out(applier, rest, tally)
            self.result = self._workflow.result(self._snapshot)
            self.is_failed = False
        except ApplyFailed as error:
            error.applied[:0] = self.outcome.applied
            self.outcome = error
        except Exception as error:  # noqa: BLE001  # whatever it is, what was done has to be told
            text = f"Reading the result from AWS: {text_of(error)}"
            self.outcome = ApplyFailed([text], self.outcome.applied, [])

    def _carry_out(self, applier: Applier, plan: Plan, tally: Tally) -> None:
        self.outcome = ApplyFailed([], [*self.outcome.applied, *self._apply(applier, plan, tally)], [])
        self._snapshot = self._observe_after(applier)

    def failure_result(self) -> dict[str, Any]:
        """What exists when some run failed, this one or another; nothing where that cannot be read."""
        try:
            if self.is_failed:
                self._snapshot = self._workflow.observe(self.ec2, False)
            return self._workflow.failure_result(self._snapshot, self.outcome)
        except Exception:  # noqa: BLE001  # the failure before it is the one to tell
            return {}

    def _apply(self, applier: Applier, plan: Plan, tally: Tally) -> list[str]:
        return applier.apply(
            plan,
            changing=self._workflow.changing(self._snapshot),
            wait=self._params.get("wait", True),
            observed=self._snapshot if isinstance(self._snapshot, Observed) else None,
            tally=tally,
        )

    def _observe_after(self, applier: Applier) -> Snapshot:
        """What exists after the changes; AWS may not list yet what was just made."""
        attempt, began = 0, self.ec2.clock.now()
        while True:
            now = self._workflow.observe(self.ec2, False)
            unseen = applier.unseen(now) if isinstance(now, Observed) else ()
            if not unseen:
                return now
            seconds = self.ec2.clock.now() - began
            if seconds >= UNKNOWN_SECONDS:
                raise TimedOut(seconds, [f"{each} is not visible yet" for each in sorted(unseen)])
            attempt += 1
            self.ec2.pause(attempt)


Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(
    call: Callable[[Item], Answer], items: Sequence[Item], interrupt: Callable[[], None] = lambda: None
) -> list[Answer]:
    """The answers for all items, each asked for in its thread; a single one in this thread.

    C(interrupt) lets the threads come to an end when this one is interrupted.
    """
    if len(items) == 1:
        return [call(items[0])]
    with ThreadPoolExecutor(max_workers=max(1, len(items))) as pool:
        try:
            return list(pool.map(call, items))
        except BaseException:
            interrupt()
            raise
