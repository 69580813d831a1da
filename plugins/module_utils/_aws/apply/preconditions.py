# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What has to be true before the call of a step may be made."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable

from ..._core.model.resources import Observed
from ..._core.nouns import ATTACHING, PENDING
from ..._core.plan import steps
from ..._core.plan.identity import Tagged
from ..._core.run.rollout import Job
from ..wait import tunnels, waiters
from ..wait.waiters import Condition
from . import transit_waits
from .run import Run


def before(run: Run, job: Job) -> list[Condition]:
    """What has to be true before the call of a job may be made."""
    if job.action is None:
        return [waiters.connection_settled(job.connection_id)]
    return [
        # What an earlier run made may not be usable yet.
        *(run.unready[end] for end in job.action.step.needs if end in run.unready),
        *_before(job.action.step),
        *transit_waits.before(run, [job.action]),
    ]


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


def _before(step: steps.Step) -> Iterable[Condition]:
    """What a step itself says has to be true before it."""
    if step.tunnel_up is not None:
        yield waiters.tunnel_up(*step.tunnel_up)
    for connection_id in step.after:
        yield waiters.connection_gone(connection_id)
    if isinstance(step, steps.DeleteVpnGateway) and step.is_detaching:
        yield waiters.vpn_gateway_detached(step.vpn_gateway_id)
