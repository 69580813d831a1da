# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How far a plan has come: which actions may begin, whom a failure takes along, and when a run stops. Pure.

Sites go through their stages independently of each other. What several sites share, such as the virtual private
gateway of a VPC, goes through its own, and its sites wait for it.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import enum
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import Failure
from ..model.resources import SITE_TAG, Observed
from ..nouns import GONE, ROUTE_PROPAGATION, VPN_CONCENTRATOR, VPN_GATEWAY, VPN_GATEWAY_ATTACHMENT
from ..plan.plan import Action, Plan, Stage

SITE = "site"
# Resources several sites share, by the noun their actions carry.
SHARED = {
    VPN_GATEWAY: VPN_GATEWAY,
    VPN_GATEWAY_ATTACHMENT: VPN_GATEWAY,
    ROUTE_PROPAGATION: VPN_GATEWAY,
    VPN_CONCENTRATOR: VPN_CONCENTRATOR,
}

# (SITE, name), or the kind of a shared resource and the owner its actions name.
Party = tuple[str, str]


class State(enum.Enum):
    """Where one action is."""

    WAITING = "waiting"
    RUNNING = "running"
    # The call is made; what it set in motion is not over.
    SETTLING = "settling"
    READY = "ready"
    FAILED = "failed"
    SKIPPED = "skipped"


# At the end of a run nothing is under way, so what was taken up but not made waited for something else.
NOT_BEGUN = (State.WAITING, State.RUNNING, State.SKIPPED)
# So many tasks of one kind at a time: enough to keep AWS's pace whatever a call takes.
SIDE_BY_SIDE = 8
OPEN = (State.WAITING, State.RUNNING, State.SETTLING)


@dataclass(eq=False)
class Task:
    """One action of a run; without an action it stands for what an earlier run left in motion."""

    party: Party
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
    # Who waits for the call, and who for the end of what it set in motion.
    after_call: list[Task] = field(default_factory=list)
    after_end: list[Task] = field(default_factory=list)

    @property
    def kind(self) -> type:
        """Tasks of one kind make the same call."""
        return type(self.action.step) if self.action else type(None)

    @property
    def line(self) -> str:
        """The task as a person reads it."""
        if self.action is None:
            return f"{self.party[1]}  {self.connection_id} left in motion"
        return replace(self.action, id=self.action.id or self.resource_id).line


def party_of(action: Action) -> Party:
    """Whose success an action decides on: that of its site, or of the shared resource it works on."""
    return (SHARED.get(action.resource, SITE), action.site)


def sharing(plan: Plan, observed: Observed) -> dict[Party, tuple[str, ...]]:
    """The sites that depend on each shared resource a plan works on: on it already, or about to be."""
    owners = {
        end: party_of(action) for action in plan.actions if party_of(action)[0] != SITE for end in action.step.shared
    }
    found: dict[Party, dict[str, None]] = {}

    def add(end: object, site: str | None) -> None:
        if end is not None and end in owners and site:
            found.setdefault(owners[end], {})[site] = None

    for action in plan.actions:
        if party_of(action)[0] == SITE:
            for end in action.step.shared:
                add(end, action.site)
    for connection in observed.connections:
        if connection.state not in GONE:
            add(connection.vpn_gateway_id, connection.tags.get(SITE_TAG))
            add(connection.vpn_concentrator_id, connection.tags.get(SITE_TAG))
    return {party: tuple(sites) for party, sites in found.items()}


def sites_of(connection_ids: Sequence[str], observed: Observed) -> dict[str, str]:
    """The site of each connection; the id itself where there is none."""
    known = {connection.id: connection.tags.get(SITE_TAG) for connection in observed.connections}
    return {found: known.get(found) or found for found in connection_ids}


class Rollout:
    """One run of a plan: told what happened, it says what may begin."""

    def __init__(
        self,
        plan: Plan,
        shared: Mapping[Party, Sequence[str]] | None = None,
        in_motion: Mapping[str, str] | None = None,
        max_failures: int = 1,
    ) -> None:
        self._sharing = dict(shared or {})
        self._max_failures = max_failures
        self.tasks = [
            *(Task((SITE, site), 0, connection_id=found) for found, site in sorted((in_motion or {}).items())),
            *(Task(party_of(action), action.stage, action) for action in plan.actions),
        ]
        self._by_party: dict[Party, list[Task]] = {}
        for task in self.tasks:
            self._by_party.setdefault(task.party, []).append(task)
        self._failed: dict[Party, str] = {}
        # Tasks that need nothing any more, by kind; what is furthest on comes out first, then in the order of the plan.
        self._free: dict[type, list[tuple[int, int, Task]]] = {}
        self._running: Counter[type] = Counter()
        self._order = {task: position for position, task in enumerate(self.tasks)}
        self._link()

    # What happened.

    def begun(self, task: Task) -> None:
        """The task was taken up."""
        task.state = State.RUNNING

    def called(self, task: Task) -> None:
        """The call of the task is being made; until then it may have waited for something."""
        task.is_called = True
        self._running[task.kind] += 1

    def applied(self, task: Task) -> None:
        """The call was made and what it set in motion is waited for."""
        self._answered(task)
        task.state = State.SETTLING
        task.is_made = True
        self._release(task.after_call)

    def ready(self, task: Task) -> None:
        """The task is over."""
        if task.state is not State.SETTLING:
            self.applied(task)
        task.state = State.READY
        self._release(task.after_end)

    def failed(self, task: Task, error: str) -> None:
        """The task went wrong: so has its site, or every site that shares the resource."""
        self._answered(task)
        task.state = State.FAILED
        task.error = error
        self._fail(task.party, error)

    def _answered(self, task: Task) -> None:
        self._running[task.kind] -= task.is_called
        task.is_called = False

    # What follows.

    @property
    def has_failures(self) -> bool:
        """Whether anything went wrong so far."""
        return bool(self._failed)

    @property
    def is_stopped(self) -> bool:
        """So many sites failed that nothing more is begun."""
        return self.has_failures and bool(self._max_failures) and self.failed_count >= self._max_failures

    @property
    def failed_count(self) -> int:
        """Failed sites; a shared resource without a site counts as one."""
        lone = [party for party in self._failed if party[0] != SITE and not self._sharing.get(party)]
        return len(self.failed_sites) + len(lone)

    @property
    def failed_sites(self) -> dict[str, str]:
        """Failed sites, each with what it failed of."""
        return {name: error for (kind, name), error in self._failed.items() if kind == SITE}

    def next(self) -> Task | None:
        """A task that may begin; what is furthest on comes first, so that no site waits for the start of others.

        AWS has a pace for each kind of call. Tasks of one kind only queue up there, so others are begun beside them.
        """
        if self.is_stopped:
            return None
        ready = [queue[0] for kind, queue in self._free.items() if self._tidy(queue) and self._has_room(kind)]
        return min(ready)[2] if ready else None

    def _has_room(self, kind: type) -> bool:
        return self._running[kind] < SIDE_BY_SIDE

    @staticmethod
    def _tidy(queue: list[tuple[int, int, Task]]) -> bool:
        """Drops what was taken up or given up since; whether anything is left."""
        while queue and queue[0][2].state is not State.WAITING:
            heapq.heappop(queue)
        return bool(queue)

    def is_needed(self, task: Task) -> bool:
        """Whether something waits for the end of the task."""
        return any(other.state is State.WAITING for other in task.after_end)

    def is_given_up(self, task: Task) -> bool:
        """Whether the end of the task matters no more, because its site or the run failed."""
        return self.is_stopped or task.party in self._failed

    @property
    def applied_lines(self) -> list[str]:
        """The actions whose calls were made, as a person reads them."""
        return _lines(task for task in self.tasks if task.is_made)

    @property
    def skipped_lines(self) -> list[str]:
        """The actions that were not begun."""
        return _lines(task for task in self.tasks if task.state in NOT_BEGUN and not task.is_made)

    def open_sites(self) -> set[str]:
        """Sites something is still to be done for, by themselves or by what they share."""
        found: set[str] = set()
        for task in self.tasks:
            if task.state in OPEN:
                found.update(self._sites_of(task.party))
        return found

    def failures(self) -> dict[str, Failure]:
        """Per failed site what failed, what was done and what was not begun."""
        return {name: self._failure(name, error) for name, error in self.failed_sites.items()}

    def errors(self) -> list[str]:
        """What went wrong, one line per task."""
        return [f"{task.line}: {task.error}" for task in self.tasks if task.state is State.FAILED]

    # How it hangs together.

    def _link(self) -> None:
        for tasks in self._by_party.values():
            _chain(tasks)
        for party, sites in self._sharing.items():
            own = [task for site in sites for task in self._by_party.get((SITE, site), [])]
            for shared in self._by_party.get(party, []):
                _bind(shared, own)
        for task in self.tasks:
            if not task.open_needs:
                self._set_free(task)

    def _set_free(self, task: Task) -> None:
        heapq.heappush(self._free.setdefault(task.kind, []), (-task.stage, self._order[task], task))

    def _release(self, waiting: list[Task]) -> None:
        for task in waiting:
            task.open_needs -= 1
            if not task.open_needs and task.state is State.WAITING:
                self._set_free(task)
        waiting.clear()

    def _fail(self, party: Party, error: str) -> None:
        if party in self._failed:
            return
        self._failed[party] = error
        for task in self._by_party.get(party, []):
            self._end_badly(task)
        if party[0] != SITE:
            for site in self._sharing.get(party, ()):
                self._fail((SITE, site), f"{party[0].replace('_', ' ')} it depends on: {error}")

    def _end_badly(self, task: Task) -> None:
        """A task that is not begun, or whose end nobody waits for any more, takes along what needs it."""
        if task.state is State.READY:
            return
        if task.state is State.WAITING:
            task.state = State.SKIPPED
        for other in [*task.after_call, *task.after_end]:
            if other.state is State.WAITING:
                self._end_badly(other)

    def _sites_of(self, party: Party) -> Sequence[str]:
        return (party[1],) if party[0] == SITE else self._sharing.get(party, ())

    def _failure(self, name: str, error: str) -> Failure:
        tasks = self._by_party.get((SITE, name), [])
        return Failure(
            error,
            tuple(_lines(task for task in tasks if task.state is State.FAILED)),
            tuple(_lines(task for task in tasks if task.is_made)),
            tuple(_lines(task for task in tasks if task.state in NOT_BEGUN and not task.is_made)),
        )


def _lines(tasks: Iterable[Task]) -> list[str]:
    return [task.line for task in tasks if task.action]


def _need(task: Task, waiting: list[Task]) -> None:
    waiting.append(task)
    task.open_needs += 1


def _chain(tasks: Sequence[Task]) -> None:
    """Within one party a stage begins when the one before it is over."""
    stages = sorted({task.stage for task in tasks})
    for earlier, later in zip(stages, stages[1:]):
        for first in tasks:
            if first.stage == earlier:
                for second in tasks:
                    if second.stage == later:
                        _need(second, first.after_end)


def _bind(shared: Task, own: Sequence[Task]) -> None:
    """Sites use what they share once it is ready, and it is taken away once they are gone."""
    for task in own:
        if shared.stage >= Stage.DETACH:
            if task.stage < shared.stage:
                _need(shared, task.after_end)
        elif shared.stage < task.stage:
            _need(task, shared.after_end)
        elif shared.stage == task.stage == Stage.CONNECTIONS:
            # Of two runs that make a gateway for one VPC, only one can attach it; connections go to that one.
            _need(task, shared.after_call)
