# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out a plan: calls side by side, one shared wait for everything that AWS is still changing."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_calls
from dataclasses import dataclass
from typing import Callable

from ..._core.errors import ApplyFailed, VpnError, text_of
from ..._core.model.resources import Observed
from ..._core.plan import identity, steps
from ..._core.plan.plan import Plan
from ..._core.run.rollout import Job, Rollout, State, gateways_of, sharing
from ..._core.run.tally import Tally
from ..api.ec2 import Ec2
from ..observe import region
from ..wait import waiters
from ..wait.waiters import Condition
from . import concentrators, connections, gateways, preconditions, routes, tags, transit, tunnels
from .run import Handler, Run

# Room for three kinds of calls beside each other, each at its own pace.
WORKERS = 24
# For so many seconds one search for what a parallel run made serves all creations.
FRESH = 15.0
# Jobs whose calls are not made yet.
_NOT_MADE = (State.WAITING, State.RUNNING)

# Called whenever something ended: how far the run is, and what it waits for.
Tell = Callable[[Rollout, Callable[[], Sequence[Condition]]], None]

# One function per type of step, from the file of its subject.
HANDLERS: Mapping[type, Handler] = {
    **concentrators.HANDLERS,
    **connections.HANDLERS,
    **gateways.HANDLERS,
    **routes.HANDLERS,
    **tags.HANDLERS,
    **transit.HANDLERS,
    **tunnels.HANDLERS,
}


@dataclass
class _Wait:
    """What is waited for on behalf of one job: before its call, or after it."""

    job: Job
    conditions: list[Condition]
    is_before_call: bool


class Applier:
    """Carries out one plan."""

    def __init__(self, ec2: Ec2, wait_timeout: float, tell: Tell | None = None) -> None:
        self._ec2 = ec2
        self._run = Run(ec2, ec2.clock.now() + wait_timeout)
        self._wait_timeout = wait_timeout
        self._tell = tell
        self._schedule = waiters.PollSchedule(ec2.clock)
        self._calls: dict[Future[list[Condition]], Job] = {}
        self._waits: list[_Wait] = []
        self._pool: ThreadPoolExecutor
        self._rollout = Rollout(Plan())
        self._wait = True
        self._searched_at = float("-inf")

    def apply(
        self,
        plan: Plan,
        changing: Sequence[str] = (),
        wait: bool = True,
        observed: Observed | None = None,
        tally: Tally | None = None,
    ) -> list[str]:
        """Everything in the plan; returns what was done, as lines, or raises an error that says how far it came.

        C(changing) are connections that AWS is still changing for an earlier run. Without C(wait) only what another
        step needs is waited for. C(observed) is what the plan was made from. C(tally) counts failed gateways, those of
        runs beside this one too, and says after how many of them nothing new is begun; without it after the first.
        """
        if observed is not None:
            self._searched_at = self._ec2.clock.now()
        observed = observed or Observed()
        self._wait = wait
        self._run.unready = preconditions.unready(observed)
        self._rollout = rollout = Rollout(plan, sharing(plan, observed), gateways_of(changing, observed), tally)
        self._pool = ThreadPoolExecutor(max_workers=WORKERS)
        bug = ""
        try:
            while self._go_on():
                if self._tell:
                    self._tell(rollout, self._conditions)
        except Exception as error:  # noqa: BLE001  # what was done has to be told whatever went wrong
            bug = text_of(error)
        finally:
            # After an interruption no further call is begun.
            self._pool.shutdown(cancel_futures=True)
        if bug:
            self._break_off(bug)
        if bug or rollout.errors() or rollout.is_unfinished:
            errors = rollout.errors() or ([bug] if bug else [])
            raise ApplyFailed(errors, rollout.applied_lines, rollout.not_begun_lines, rollout.failures())
        return rollout.applied_lines

    def unseen(self, observed: Observed) -> set[str]:
        """What the run has made that is not among what was observed after it, or not with its tags."""
        return set(self._run.ids.values()) - identity.our_ids(observed)

    def _break_off(self, bug: str) -> None:
        """After a bug in the run itself: notes how the calls ended, and fails what was not over."""
        for future, job in self._calls.items():
            if not future.cancelled():
                self._end_call(job, future)
        for job in self._rollout.jobs:
            if job.state in (State.RUNNING, State.SETTLING):
                self._rollout.failed(job, bug)

    def _go_on(self) -> bool:
        """Begins what may begin, then waits for the first thing that ends; false when there is nothing left."""
        while len(self._calls) < WORKERS and (job := self._rollout.next()) is not None:
            self._begin(job)
        if self._rollout.has_failures or self._rollout.is_stopped:
            # Nobody waits for a gateway that failed.
            self._waits = [each for each in self._waits if not self._rollout.is_given_up(each.job)]
        if self._calls:
            limit = self._schedule.seconds_while_busy() if self._waits else None
            done, _rest = wait_for_calls(self._calls, limit, FIRST_COMPLETED)
            for future in done:
                self._end_call(self._calls.pop(future), future)
            if self._waits and not self._schedule.seconds_while_busy():
                self._check_waits()
        elif self._waits:
            self._ec2.clock.sleep(self._schedule.seconds(self._run.deadline))
            self._check_waits()
        else:
            return False
        return True

    # Calls.

    def _begin(self, job: Job) -> None:
        self._rollout.begun(job)
        before = preconditions.before(self._run, job)
        if job.action is None and not (self._wait or self._rollout.is_needed(job)):
            self._rollout.ready(job)
        elif before:
            self._wait_for(_Wait(job, before, is_before_call=True))
        else:
            self._call(job)

    def _call(self, job: Job) -> None:
        if job.action is None:
            self._rollout.ready(job)
            return
        step = job.action.step
        try:
            self._search_before_creating(step)
        except VpnError as error:
            self._rollout.failed(job, str(error))
        else:
            self._rollout.called(job)
            self._calls[self._pool.submit(self._run.carry_out, HANDLERS[type(step)], job.action)] = job

    def _end_call(self, job: Job, future: Future[list[Condition]]) -> None:
        if job.action:
            job.resource_id = self._run.resource_id(job.action.step)
            # What a failed step has made is there all the same.
            job.is_made = self._run.has_made(job.action.step)
        try:
            conditions = future.result()
        except Exception as error:  # noqa: BLE001  # also a bug in one step ends that step only
            self._rollout.failed(job, text_of(error))
            return
        self._rollout.applied(job)
        if conditions and (self._wait or self._rollout.is_needed(job)):
            self._wait_for(_Wait(job, conditions, is_before_call=False))
        else:
            self._rollout.ready(job)

    def _search_before_creating(self, step: object) -> None:
        """Finds what a parallel run made since the plan was made, so that it is used; one search serves many."""
        if not isinstance(step, steps.CreateConnection) or self._ec2.clock.now() - self._searched_at < FRESH:
            return
        planned = [job.action.step for job in self._rollout.jobs if job.action and job.state in _NOT_MADE]
        creations = [each for each in planned if isinstance(each, steps.CreateConnection)]
        refs, old = [each.ref for each in creations], {each.replaces for each in creations}
        found = region.find_connections(self._ec2, [ref.key for ref in refs], old)
        self._run.found.update({ref: found[ref.key].id for ref in refs if ref.key in found})
        self._searched_at = self._ec2.clock.now()

    # Waiting.

    def _conditions(self) -> list[Condition]:
        return [item for wait in self._waits for item in wait.conditions]

    def _wait_for(self, wait: _Wait) -> None:
        if not self._waits:
            self._schedule.begin()
        self._waits.append(wait)

    def _check_waits(self) -> None:
        """One look at everything that is waited for, and what follows from it."""
        pending, self._waits = self._waits, []
        try:
            check = waiters.check(self._ec2, [item for wait in pending for item in wait.conditions])
        except VpnError as error:
            for wait in pending:
                self._rollout.failed(wait.job, str(error))
            return
        self._schedule.checked()
        is_late = self._ec2.clock.now() >= self._run.deadline
        for wait in pending:
            problems = [text for item in wait.conditions if (text := check.broken.get(id(item)))]
            wait.conditions = [item for item in wait.conditions if id(item) in check.unmet]
            if not problems and wait.conditions and is_late:
                problems = [str(waiters.timed_out(self._wait_timeout, wait.conditions))]
            if problems:
                self._rollout.failed(wait.job, "; ".join(problems))
            elif wait.conditions:
                self._waits.append(wait)
            else:
                self._end_wait(wait)

    def _end_wait(self, wait: _Wait) -> None:
        if not wait.is_before_call:
            self._rollout.ready(wait.job)
        elif not self._rollout.is_given_up(wait.job):
            self._call(wait.job)
