# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on tunnel endpoints: replaces one, or rotates its certificate."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable

from ..._core.errors import InvalidState, LostAnswer, Throttled
from ..._core.nouns import MODIFYING
from ..._core.plan import steps
from ..api.caller import ATTEMPTS
from ..observe.region import connections_by_id
from ..wait import tunnels, waiters
from ..wait.waiters import Condition
from .run import Handler, Run


def _replace_tunnel(run: Run, step: steps.ReplaceTunnel) -> list[Condition]:
    def has_begun() -> bool:
        applied = step.apply_pending and not run.ec2.maintenance(step.connection_id, step.outside_address).is_pending
        return applied or _is_modifying(run, step.connection_id)

    conditions = _interrupt(
        run,
        step,
        lambda: run.ec2.replace_tunnel(step.connection_id, step.outside_address, step.apply_pending),
        has_begun,
    )
    if step.apply_pending:
        conditions.append(tunnels.maintenance_over(step.connection_id, step.outside_address))
    return conditions


def _rotate_certificate(run: Run, step: steps.RotateCertificate) -> list[Condition]:
    return _interrupt(
        run,
        step,
        lambda: run.ec2.rotate_certificate(step.connection_id, step.outside_address),
        lambda: _is_modifying(run, step.connection_id),
    )


def _interrupt(
    run: Run,
    step: steps.ReplaceTunnel | steps.RotateCertificate,
    call: Callable[[], str],
    has_begun: Callable[[], bool],
) -> list[Condition]:
    """A call that takes a tunnel down each time it is made: its twin is looked at right before, and it is made once."""
    attempt = 0
    while True:
        waiters.wait(run.ec2, _before(step), run.deadline)
        began = run.ec2.clock.now()
        try:
            state = call()
        except InvalidState:
            # An earlier change is still under way, so this one has not begun.
            if began >= run.deadline:
                raise
            run.ec2.clock.sleep(waiters.FIRST_PAUSE)
            continue
        except (Throttled, LostAnswer) as error:
            attempt += 1
            if attempt >= ATTEMPTS:
                raise
            run.ec2.pause(attempt)
            if isinstance(error, Throttled) or not has_begun():
                continue
            state = ""
        return [waiters.connection_changed(step.connection_id, state, began)]


def _before(step: steps.ReplaceTunnel | steps.RotateCertificate) -> list[Condition]:
    conditions = [waiters.connection_settled(step.connection_id)]
    if step.goes_down:
        conditions.append(waiters.tunnel_may_go_down(*step.goes_down))
    return conditions


def _is_modifying(run: Run, connection_id: str) -> bool:
    found = connections_by_id(run.ec2, [connection_id]).get(connection_id)
    return found is not None and found.state == MODIFYING


HANDLERS: Mapping[type, Handler] = {
    steps.ReplaceTunnel: _replace_tunnel,
    steps.RotateCertificate: _rotate_certificate,
}
