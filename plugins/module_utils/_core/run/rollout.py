# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Decides which actions of a plan may begin, which gateways fail with a failed action, and when the run stops. Pure.

Gateways, each with its connections, go through their stages independently of each other. What several of them share,
such as the virtual private gateway of a VPC, goes through its own, and they wait for it.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import enum
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from ..errors import GatewayFailure
from ..grouping import grouped
from ..model.names import gateway_of
from ..model.resources import Observed
from ..nouns import GONE, ROUTE_PROPAGATION, VPN_CONCENTRATOR, VPN_GATEWAY, VPN_GATEWAY_ATTACHMENT
from ..plan.plan import Action, Plan
from ..plan.stages import Stage
from .tally import Tally

GATEWAY = "gateway"
# Resources several gateways share, by the noun their actions carry.
SHARED = {
    VPN_GATEWAY: VPN_GATEWAY,
    VPN_GATEWAY_ATTACHMENT: VPN_GATEWAY,
    ROUTE_PROPAGATION: VPN_GATEWAY,
    VPN_CONCENTRATOR: VPN_CONCENTRATOR,
}

# (GATEWAY, name), or the kind of a shared resource and the owner its actions name.
Owner = tuple[str, str]


class State(enum.Enum):
    """Where one action is."""

    WAITING = "waiting"
    RUNNING = "running"
    # The call is made, and AWS is still carrying it out.
    SETTLING = "settling"
    READY = "ready"
    FAILED = "failed"
    SKIPPED = "skipped"


# At the end of a run no call is being made, so what is RUNNING then still waited for something before its call.
NOT_BEGUN = (State.WAITING, State.RUNNING, State.SKIPPED)
# So many jobs of one kind at a time: enough to use AWS's rate limit however long a call takes.
MOST_AT_ONCE = 8
OPEN = (State.WAITING, State.RUNNING, State.SETTLING)


@dataclass(eq=False)
class Job:
    """One action of a run; without an action, the wait for a connection that AWS is still changing."""

    owner: Owner
    stage: int
    action: Action | None = None
    connection_id: str = ""
    state: State = State.WAITING
    is_called: bool = False
    # The call was made, whatever became of it.
    is_made: bool = False
    # What the action made or worked on, where the plan does not know it.
    resource_id: str | None = None
    error: str = ""
    open_needs: int = 0
    # Which jobs wait for the call, and which until AWS has carried it out.
    after_call: list[Job] = field(default_factory=list)
    after_end: list[Job] = field(default_factory=list)

    @property
    def kind(self) -> type:
        """Jobs of one kind make the same call."""
        return type(self.action.step) if self.action else type(None)

    @property
    def line(self) -> str:
        """The job as a person reads it."""
        if self.action is None:
            return f"{self.owner[1]}  wait for vpn connection {self.connection_id}"
        return replace(self.action, id=self.action.id or self.resource_id).line


def owner_of(action: Action) -> Owner:
    """Whose success an action decides on: that of its gateway, or of the shared resource it works on."""
    kind = SHARED.get(action.resource)
    return (kind, action.owner) if kind else (GATEWAY, gateway_of(action.owner))


def sharing(plan: Plan, observed: Observed) -> dict[Owner, tuple[str, ...]]:
    """The gateways that depend on each shared resource a plan works on: on it already, or about to be."""
    owners = {
        end: owner_of(action) for action in plan.actions if owner_of(action)[0] != GATEWAY for end in action.step.shared
    }
    found: dict[Owner, dict[str, None]] = {}

    def add(end: object, name: str | None) -> None:
        if end is not None and end in owners and name:
            found.setdefault(owners[end], {})[gateway_of(name)] = None

    for action in plan.actions:
        if owner_of(action)[0] == GATEWAY:
            for end in action.step.shared:
                add(end, action.owner)
    for connection in observed.connections:
        if connection.state not in GONE:
            add(connection.vpn_gateway_id, connection.name)
            add(connection.vpn_concentrator_id, connection.name)
    return {owner: tuple(gateways) for owner, gateways in found.items()}


def gateways_of(connection_ids: Sequence[str], observed: Observed) -> dict[str, str]:
    """The gateway of each connection; the id itself where there is none."""
    known = {connection.id: connection.name for connection in observed.connections}
    return {found: gateway_of(known.get(found) or found) for found in connection_ids}


class Rollout:
    """One run of a plan: told what happened, it says what may begin."""

    def __init__(
        self,
        plan: Plan,
        shared: Mapping[Owner, Sequence[str]] | None = None,
        changing: Mapping[str, str] | None = None,
        tally: Tally | None = None,
    ) -> None:
        self._sharing = dict(shared or {})
        self._tally = tally or Tally()
        self.jobs = [
            *(Job((GATEWAY, gateway), 0, connection_id=found) for found, gateway in sorted((changing or {}).items())),
            *(Job(owner_of(action), action.stage, action) for action in plan.actions),
        ]
        self._by_owner = grouped((job.owner, job) for job in self.jobs)
        self._failed: dict[Owner, str] = {}
        # Jobs that wait for nothing any more, by kind; the latest stage comes out first, then the order of the plan.
        self._free: dict[type, list[tuple[int, int, Job]]] = {}
        self._running: Counter[type] = Counter()
        self._order = {job: position for position, job in enumerate(self.jobs)}
        self._link()

    # What happened.

    def begun(self, job: Job) -> None:
        """The job is begun."""
        job.state = State.RUNNING

    def called(self, job: Job) -> None:
        """The call of the job is being made; until then it may have waited for something."""
        job.is_called = True
        self._running[job.kind] += 1

    def applied(self, job: Job) -> None:
        """The call was made, and until AWS has carried it out it is waited for."""
        self._answered(job)
        job.state = State.SETTLING
        job.is_made = True
        self._release(job.after_call)

    def ready(self, job: Job) -> None:
        """The job is over."""
        if job.state is not State.SETTLING:
            self.applied(job)
        job.state = State.READY
        self._release(job.after_end)

    def failed(self, job: Job, error: str) -> None:
        """The job went wrong: so has its gateway, or every gateway that shares the resource."""
        self._answered(job)
        job.state = State.FAILED
        job.error = error
        self._fail(job.owner, error)
        self._tally.note(id(self), self.failed_count)

    def _answered(self, job: Job) -> None:
        self._running[job.kind] -= job.is_called
        job.is_called = False

    # What follows.

    @property
    def has_failures(self) -> bool:
        """Whether anything went wrong so far."""
        return bool(self._failed)

    @property
    def is_stopped(self) -> bool:
        """So many gateways failed, here and in the rollouts beside this one, that nothing more is begun."""
        return self._tally.is_reached

    @property
    def is_unfinished(self) -> bool:
        """Whether anything was left that was neither done nor given up with its gateway."""
        return any(job.state in OPEN for job in self.jobs)

    @property
    def failed_count(self) -> int:
        """Failed gateways; a shared resource without a gateway counts as one."""
        lone = [owner for owner in self._failed if owner[0] != GATEWAY and not self._sharing.get(owner)]
        return len(self.failed_gateways) + len(lone)

    @property
    def failed_gateways(self) -> dict[str, str]:
        """Failed gateways, each with the reason."""
        return {name: error for (kind, name), error in self._failed.items() if kind == GATEWAY}

    def next(self) -> Job | None:
        """A job that may begin; the latest stage comes first, so that no gateway waits for the start of others.

        AWS limits the rate of each kind of call. Jobs of one kind would only queue up, so others begin beside them.
        """
        if self.is_stopped:
            return None
        ready = [queue[0] for kind, queue in self._free.items() if self._has_waiting(queue) and self._has_room(kind)]
        return min(ready)[2] if ready else None

    def _has_room(self, kind: type) -> bool:
        return self._running[kind] < MOST_AT_ONCE

    @staticmethod
    def _has_waiting(queue: list[tuple[int, int, Job]]) -> bool:
        """Drops what was begun or skipped since; whether anything is left."""
        while queue and queue[0][2].state is not State.WAITING:
            heapq.heappop(queue)
        return bool(queue)

    def is_needed(self, job: Job) -> bool:
        """Whether something waits for the end of the job."""
        return any(other.state is State.WAITING for other in job.after_end)

    def is_given_up(self, job: Job) -> bool:
        """Whether nobody waits for the end of the job any more, because its gateway or the run failed."""
        return self.is_stopped or job.owner in self._failed

    @property
    def applied_lines(self) -> list[str]:
        """The actions whose calls were made, as a person reads them."""
        return _applied(self.jobs)

    @property
    def not_begun_lines(self) -> list[str]:
        """The actions that were not begun."""
        return _not_begun(self.jobs)

    def open_gateways(self) -> set[str]:
        """Gateways something is still to be done for, by themselves or by what they share."""
        found: set[str] = set()
        for job in self.jobs:
            if job.state in OPEN:
                found.update(self._gateways_of(job.owner))
        return found

    def failures(self) -> dict[str, GatewayFailure]:
        """Per failed gateway what failed, what was done and what was not begun."""
        return {name: self._failure(name, error) for name, error in self.failed_gateways.items()}

    def errors(self) -> list[str]:
        """What went wrong, one line per job."""
        return [f"{job.line}: {job.error}" for job in self.jobs if job.state is State.FAILED]

    # Which job waits for which.

    def _link(self) -> None:
        for jobs in self._by_owner.values():
            _chain(jobs)
        for owner, gateways in self._sharing.items():
            own = [job for gateway in gateways for job in self._by_owner.get((GATEWAY, gateway), [])]
            for shared in self._by_owner.get(owner, []):
                _bind(shared, own)
        for job in self.jobs:
            if not job.open_needs:
                self._set_free(job)

    def _set_free(self, job: Job) -> None:
        heapq.heappush(self._free.setdefault(job.kind, []), (-job.stage, self._order[job], job))

    def _release(self, waiting: list[Job]) -> None:
        for job in waiting:
            job.open_needs -= 1
            if not job.open_needs and job.state is State.WAITING:
                self._set_free(job)
        waiting.clear()

    def _fail(self, owner: Owner, error: str) -> None:
        if owner in self._failed:
            return
        self._failed[owner] = error
        for job in self._by_owner.get(owner, []):
            self._skip_with(job)
        if owner[0] != GATEWAY:
            for gateway in self._sharing.get(owner, ()):
                self._fail((GATEWAY, gateway), f"{owner[0].replace('_', ' ')} on which it depends failed: {error}")

    def _skip_with(self, job: Job) -> None:
        """Skips a job that is not begun, together with the jobs that need it."""
        if job.state is State.READY:
            return
        if job.state is State.WAITING:
            job.state = State.SKIPPED
        for other in [*job.after_call, *job.after_end]:
            if other.state is State.WAITING:
                self._skip_with(other)

    def _gateways_of(self, owner: Owner) -> Sequence[str]:
        return (owner[1],) if owner[0] == GATEWAY else self._sharing.get(owner, ())

    def _failure(self, name: str, error: str) -> GatewayFailure:
        jobs = self._by_owner.get((GATEWAY, name), [])
        return GatewayFailure(
            error,
            failed_steps=[job.line for job in jobs if job.action and job.state is State.FAILED],
            applied=_applied(jobs),
            not_begun=_not_begun(jobs),
        )


def _applied(jobs: Iterable[Job]) -> list[str]:
    return [job.line for job in jobs if job.action and job.is_made]


def _not_begun(jobs: Iterable[Job]) -> list[str]:
    return [job.line for job in jobs if job.action and job.state in NOT_BEGUN and not job.is_made]


def _need(job: Job, waiting: list[Job]) -> None:
    waiting.append(job)
    job.open_needs += 1


def _chain(jobs: Sequence[Job]) -> None:
    """Within one owner a stage begins when the one before it is over."""
    stages = [group for _stage, group in sorted(grouped((job.stage, job) for job in jobs).items())]
    for earlier, later in zip(stages, stages[1:]):
        for first, second in product(earlier, later):
            _need(second, first.after_end)


def _bind(shared: Job, own: Sequence[Job]) -> None:
    """Gateways use what they share once it is ready, and it is taken away once they are gone."""
    for job in own:
        if shared.stage >= Stage.DETACH:
            if job.stage < shared.stage:
                _need(shared, job.after_end)
        elif shared.stage < job.stage:
            _need(job, shared.after_end)
        elif shared.stage == job.stage == Stage.CONNECTIONS:
            # Of two runs that make a gateway for one VPC, only one can attach it; connections go to that one.
            _need(job, shared.after_call)
