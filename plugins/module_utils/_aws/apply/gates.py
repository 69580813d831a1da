# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What has to be true before the call of a step may be made."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..._core.model.resources import Observed
from ..._core.nouns import ATTACHING, PENDING
from ..._core.plan import steps
from ..._core.plan.identity import Tagged
from ..._core.plan.plan import Action
from ..._core.run.rollout import Task
from ..wait import tunnels, waiters
from ..wait.waiters import Condition
from . import transit_waits
from .run import Run


def before(run: Run, task: Task) -> list[Condition]:
    """What has to be true before the call of a task may be made."""
    if task.action is None:
        return [waiters.connection_settled(task.connection_id)]
    return [
        *_ends(run, task.action),
        *_twin(task.action),
        *_leaving([task.action]),
        *transit_waits.before(run, [task.action]),
    ]


def _ends(run: Run, action: Action) -> Iterable[Condition]:
    """What an earlier run made may not be usable yet."""
    for name in ("customer_gateway", "vpn_gateway", "vpn_concentrator"):
        condition = run.unready.get(getattr(action.step, name, None))
        if condition is not None:
            yield condition


def unready(observed: Observed) -> dict[object, Condition]:
    """What an earlier run left unfinished, by id: a step that names it has to wait."""
    conditions = [waiters.customer_gateway_available(each.id) for each in observed.customer_gateways if _new(each)]
    conditions += [waiters.vpn_gateway_available(each.id) for each in observed.vpn_gateways if _new(each)]
    conditions += [tunnels.concentrator_available(each.id) for each in observed.vpn_concentrators if _new(each)]
    conditions += [
        waiters.vpn_gateway_attached(gateway.id, bond.vpc_id)
        for gateway in observed.vpn_gateways
        for bond in gateway.attachments
        if bond.state == ATTACHING
    ]
    return {condition.id: condition for condition in conditions}


def _new(resource: Tagged) -> bool:
    return resource.state == PENDING


def _twin(action: Action) -> Iterable[Condition]:
    """Before a tunnel goes down, the other one of its connection has to carry traffic."""
    connection_id, twin = getattr(action.step, "connection_id", None), getattr(action.step, "twin", None)
    if connection_id and twin:
        yield waiters.tunnel_up(connection_id, twin)


def _leaving(actions: Sequence[Action]) -> list[Condition]:
    """What an earlier run left on its way out has to be gone before what it hangs on."""
    found = {connection_id for action in actions for connection_id in getattr(action.step, "after", ())}
    conditions = [waiters.connection_gone(connection_id) for connection_id in sorted(found)]
    return conditions + [
        waiters.vpn_gateway_detached(action.step.vpn_gateway_id)
        for action in actions
        if isinstance(action.step, steps.DeleteVpnGateway) and action.step.is_detaching
    ]
