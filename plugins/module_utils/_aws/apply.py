# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""A plan carried out: stage by stage, calls of a stage side by side, one shared wait after each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from .._core import steps
from .._core.errors import ApplyFailed, VpnError
from .._core.plan import Action, Plan, Stage
from . import apply_connections, apply_gateways, apply_routes, apply_tags, observe, waiters
from .ec2 import Ec2
from .run import Handler, Run
from .waiters import Condition

WORKERS = 10

# One function per type of step, from the file of its subject.
HANDLERS: Mapping[type, Handler] = {
    **apply_connections.HANDLERS,
    **apply_gateways.HANDLERS,
    **apply_routes.HANDLERS,
    **apply_tags.HANDLERS,
}


@dataclass
class _Progress:
    applied: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Applier:
    """Carries out one plan."""

    def __init__(self, ec2: Ec2, wait_timeout: float) -> None:
        self._ec2 = ec2
        self._deadline = ec2.clock.now() + wait_timeout
        self._run = Run(ec2, self._deadline)

    def apply(self, plan: Plan, in_motion: Sequence[str] = (), wait: bool = True) -> None:
        """Everything in the plan, or an error that says how far it came.

        C(in_motion) are connections an earlier run left unfinished. Without C(wait) the last stage is not waited for;
        the stages between depend on each other, so they are.
        """
        stages = plan.stages()
        progress = _Progress()
        moving = set(in_motion)
        pending: list[Condition] = []
        for position, (stage, actions) in enumerate(stages):
            rest = [action.line for _stage, later in stages[position:] for action in later]
            touched = moving & {_connection_id(action) for action in actions}
            moving -= touched
            pending += [waiters.connection_settled(connection_id) for connection_id in sorted(touched)]
            try:
                waiters.wait(self._ec2, [*pending, *_twins(stage, actions), *_leaving(actions)], self._deadline)
            except VpnError as error:
                raise ApplyFailed([str(error)], progress.applied, rest) from error
            pending = self._run_stage(actions, progress)
            if progress.failed:
                done = set(progress.applied)
                skipped = [line for line in rest if line not in done and not _names(progress.failed, line)]
                raise ApplyFailed(progress.failed, progress.applied, skipped)
        if not wait:
            return
        pending += [waiters.connection_settled(connection_id) for connection_id in sorted(moving)]
        try:
            waiters.wait(self._ec2, pending, self._deadline)
        except VpnError as error:
            raise ApplyFailed([str(error)], progress.applied, []) from error

    def _run_stage(self, actions: Sequence[Action], progress: _Progress) -> list[Condition]:
        """One stage; after the first failure nothing more is begun, what is under way is finished."""
        self._look_before_creating(actions)
        conditions: list[Condition] = []

        def run(action: Action) -> None:
            if progress.failed:
                return
            try:
                conditions.extend(HANDLERS[type(action.step)](self._run, action.step))
            except VpnError as error:
                progress.failed.append(f"{action.line}: {error}")
            else:
                progress.applied.append(action.line)

        if len(actions) == 1:
            run(actions[0])
            return conditions
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            list(pool.map(run, actions))
        return conditions

    def _look_before_creating(self, actions: Sequence[Action]) -> None:
        """What a parallel run made since the plan was drawn is used, not doubled: one look for the whole stage."""
        refs = [action.step.ref for action in actions if isinstance(action.step, steps.CreateConnection)]
        if refs:
            found = observe.find_connections(self._ec2, [ref.key for ref in refs])
            self._run.found.update({ref: found[ref.key].id for ref in refs if ref.key in found})


def _connection_id(action: Action) -> object:
    """The existing connection a step changes, if it does."""
    return getattr(action.step, "connection_id", getattr(action.step, "connection", None))


def _twins(stage: Stage, actions: Sequence[Action]) -> list[Condition]:
    """Before the second tunnel of a connection goes down, the first has to be back."""
    if stage is not Stage.SECOND_TUNNEL:
        return []
    return [
        waiters.tunnel_up(action.step.connection_id, action.step.twin)
        for action in actions
        if isinstance(action.step, steps.ModifyTunnel) and action.step.twin
    ]


def _leaving(actions: Sequence[Action]) -> list[Condition]:
    """What an earlier run left on its way out has to be gone before what it hangs on."""
    found = {connection_id for action in actions for connection_id in getattr(action.step, "after", ())}
    conditions = [waiters.connection_gone(connection_id) for connection_id in sorted(found)]
    return conditions + [
        waiters.vpn_gateway_detached(action.step.vpn_gateway_id)
        for action in actions
        if isinstance(action.step, steps.DeleteVpnGateway) and action.step.is_detaching
    ]


def _names(failed: Sequence[str], line: str) -> bool:
    return any(text.startswith(f"{line}: ") for text in failed)
