# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Says what has to be true before the call of a step may be made."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..._core.model.resources import Observed
from ..._core.nouns import ATTACHING, CUSTOMER_GATEWAY, PENDING, VPN_CONCENTRATOR, VPN_CONNECTION, VPN_GATEWAY
from ..._core.plan import steps
from ..._core.plan.identity import Tagged
from ..._core.run.rollout import Job
from ..wait import waiters
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
        *transit_waits.before(run, job.action),
    ]


def unready(observed: Observed) -> dict[object, Condition]:
    """What AWS is still making for an earlier run, by id: a step that needs it has to wait."""
    kinds: Mapping[str, Sequence[Tagged]] = {
        CUSTOMER_GATEWAY: observed.customer_gateways,
        VPN_GATEWAY: observed.vpn_gateways,
        VPN_CONCENTRATOR: observed.vpn_concentrators,
    }
    conditions = [
        waiters.made(kind, each.id) for kind, found in kinds.items() for each in found if each.state == PENDING
    ]
    conditions += [
        waiters.vpn_gateway_attached(gateway.id, bond.vpc_id)
        for gateway in observed.vpn_gateways
        for bond in gateway.attachments
        if bond.state == ATTACHING
    ]
    return {condition.id: condition for condition in conditions}


def _before(step: steps.Step) -> Iterable[Condition]:
    """What a step itself says has to be true before it."""
    if step.goes_down is not None:
        yield waiters.tunnel_may_go_down(*step.goes_down)
    for connection_id in step.after:
        yield waiters.gone(VPN_CONNECTION, connection_id)
    if isinstance(step, steps.DeleteVpnGateway) and step.is_detaching:
        yield waiters.vpn_gateway_detached(step.resource_id)
