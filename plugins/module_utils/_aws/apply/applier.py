# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A plan carried out: calls side by side, one shared wait for everything that is in motion."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_calls
from dataclasses import dataclass, field
from typing import Callable

from ..._core.errors import ApplyFailed, VpnError, text_of
from ..._core.model.resources import Observed
from ..._core.plan import steps
from ..._core.plan.plan import Plan
from ..._core.run.rollout import Rollout, State, Task, sharing, sites_of
from ..api.ec2 import Ec2
from ..observe import region
from ..wait import waiters
from ..wait.waiters import Condition
from . import (
    concentrators,
    connections,
    gates,
    gateways,
    routes,
    tags,
    transit,
    tunnels,
)
from .run import Handler, Run

# Room for three kinds of calls beside each other, each at its own pace.
WORKERS = 24
# How long one look for what a parallel run made serves for creations, in seconds.
FRESH = 15.0

# Told whenever something ended: how far the run is, and what it waits for.
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
class _Motion:
    """What is waited for on behalf of one task: before its call, or after it."""

    task: Task
    conditions: list[Condition]
    is_gate: bool


@dataclass
class _Under:
    """What is under way."""

    calls: dict[Future[list[Condition]], Task] = field(default_factory=dict)
    motions: list[_Motion] = field(default_factory=list)

    def conditions(self) -> list[Condition]:
        return [item for motion in self.motions for item in motion.conditions]


class Applier:
    """Carries out one plan."""

    def __init__(self, ec2: Ec2, wait_timeout: float, tell: Tell | None = None) -> None:
        self._ec2 = ec2
        self._run = Run(ec2, ec2.clock.now() + wait_timeout)
        self._wait_timeout = wait_timeout
        self._tell = tell
        self._rhythm = waiters.Rhythm(ec2.clock)
        self._under = _Under()
        self._pool: ThreadPoolExecutor
        self._rollout = Rollout(Plan())
        self._wait = True
        self._looked_at = float("-inf")

    def apply(
        self,
        plan: Plan,
        in_motion: Sequence[str] = (),
        wait: bool = True,
        observed: Observed | None = None,
        max_failures: int = 1,
    ) -> list[str]:
        """Everything in the plan; returns what was done, as lines, or raises an error that says how far it came.

        C(in_motion) are connections an earlier run left unfinished. Without C(wait) only what another step needs is
        waited for. C(observed) is what the plan was made from. After C(max_failures) failed sites nothing new is begun;
        with 0 that never happens.
        """
        if observed is not None:
            self._looked_at = self._ec2.clock.now()
        observed = observed or Observed()
        self._wait = wait
        self._run.unready = gates.unready(observed)
        self._rollout = rollout = Rollout(plan, sharing(plan, observed), sites_of(in_motion, observed), max_failures)
        self._pool = ThreadPoolExecutor(max_workers=WORKERS)
        bug = ""
        try:
            while self._go_on():
                if self._tell:
                    self._tell(rollout, self._under.conditions)
        except Exception as error:  # noqa: BLE001  # what was done has to be told whatever went wrong
            bug = text_of(error)
        finally:
            # After an interruption no further call is begun.
            self._pool.shutdown(cancel_futures=True)
        if bug:
            self._break_off(bug)
        if bug or rollout.errors():
            errors = rollout.errors() or [bug]
            raise ApplyFailed(errors, rollout.applied_lines, rollout.skipped_lines, rollout.failures())
        return rollout.applied_lines

    def _break_off(self, bug: str) -> None:
        """The run itself failed: what calls have come to since is noted, and nothing is waited for."""
        for future, task in self._under.calls.items():
            if not future.cancelled():
                self._end_call(task, future)
        for task in self._rollout.tasks:
            if task.state in (State.RUNNING, State.SETTLING):
                self._rollout.failed(task, bug)

    def _go_on(self) -> bool:
        """Begins what may begin, then waits for the first thing that ends; false when there is nothing left."""
        while len(self._under.calls) < WORKERS and (task := self._rollout.next()) is not None:
            self._take_up(task)
        if self._rollout.has_failures:
            # Nobody waits for a site that failed.
            self._under.motions = [each for each in self._under.motions if not self._rollout.is_given_up(each.task)]
        if self._under.calls:
            limit = self._rhythm.seconds_while_busy() if self._under.motions else None
            done, _rest = wait_for_calls(self._under.calls, limit, FIRST_COMPLETED)
            for future in done:
                self._end_call(self._under.calls.pop(future), future)
            if self._under.motions and not self._rhythm.seconds_while_busy():
                self._look()
        elif self._under.motions:
            self._ec2.clock.sleep(self._rhythm.seconds(self._run.deadline))
            self._look()
        else:
            return False
        return True

    # Calls.

    def _take_up(self, task: Task) -> None:
        self._rollout.begun(task)
        before = gates.before(self._run, task)
        if task.action is None and not (self._wait or self._rollout.is_needed(task)):
            self._rollout.ready(task)
        elif before:
            self._wait_for(_Motion(task, before, is_gate=True))
        else:
            self._call(task)

    def _call(self, task: Task) -> None:
        if task.action is None:
            self._rollout.ready(task)
            return
        step = task.action.step
        try:
            self._look_before_creating(step)
        except VpnError as error:
            self._rollout.failed(task, str(error))
        else:
            self._rollout.called(task)
            self._under.calls[self._pool.submit(HANDLERS[type(step)], self._run, step)] = task

    def _end_call(self, task: Task, future: Future[list[Condition]]) -> None:
        if task.action:
            task.resource_id = self._run.resource_id(task.action.step)
            # What a failed step has made is there all the same.
            task.is_made = self._run.has_made(task.action.step)
        try:
            conditions = future.result()
        except Exception as error:  # noqa: BLE001  # also a bug in one step ends that step only
            self._rollout.failed(task, text_of(error))
            return
        self._rollout.applied(task)
        if conditions and (self._wait or self._rollout.is_needed(task)):
            self._wait_for(_Motion(task, conditions, is_gate=False))
        else:
            self._rollout.ready(task)

    def _look_before_creating(self, step: object) -> None:
        """What a parallel run made since the plan was drawn is used, not doubled: one look serves many sites."""
        if not isinstance(step, steps.CreateConnection) or self._ec2.clock.now() - self._looked_at < FRESH:
            return
        tasks = [task.action.step for task in self._rollout.tasks if task.action and task.state in _NOT_MADE]
        creations = [each for each in tasks if isinstance(each, steps.CreateConnection)]
        refs, old = [each.ref for each in creations], {each.replaces for each in creations}
        found = region.find_connections(self._ec2, [ref.key for ref in refs], old)
        self._run.found.update({ref: found[ref.key].id for ref in refs if ref.key in found})
        self._looked_at = self._ec2.clock.now()

    # Waiting.

    def _wait_for(self, motion: _Motion) -> None:
        if not self._under.motions:
            self._rhythm.begin()
        self._under.motions.append(motion)

    def _look(self) -> None:
        """One look at everything that is in motion, and what follows from it."""
        pending, self._under.motions = self._under.motions, []
        try:
            look = waiters.look(self._ec2, [item for motion in pending for item in motion.conditions])
        except VpnError as error:
            for motion in pending:
                self._rollout.failed(motion.task, str(error))
            return
        self._rhythm.looked()
        is_late = self._ec2.clock.now() >= self._run.deadline
        for motion in pending:
            trouble = [text for item in motion.conditions if (text := look.broken.get(id(item)))]
            motion.conditions = [item for item in motion.conditions if id(item) in look.unmet]
            if not trouble and motion.conditions and is_late:
                trouble = [str(waiters.timed_out(self._wait_timeout, motion.conditions))]
            if trouble:
                self._rollout.failed(motion.task, "; ".join(trouble))
            elif motion.conditions:
                self._under.motions.append(motion)
            else:
                self._end_motion(motion)

    def _end_motion(self, motion: _Motion) -> None:
        if not motion.is_gate:
            self._rollout.ready(motion.task)
        elif not self._rollout.is_given_up(motion.task):
            self._call(motion.task)


_NOT_MADE = (State.WAITING, State.RUNNING)
