# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on VPN concentrators."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping

from ..._core.model.resources import Ref, VpnConcentrator
from ..._core.nouns import GONE, VPN_CONCENTRATOR
from ..._core.plan import steps
from ..observe import single
from ..wait import waiters
from ..wait.waiters import Condition
from .run import Handler, Run

# By then a run on another host that began at the same moment has made its own too, and as a rule both see both. It
# costs no time: AWS takes minutes to make one.
RIVAL_SECONDS = 20.0


def _create_concentrator(run: Run, step: steps.CreateConcentrator) -> list[Condition]:
    transit = step.transit_gateway_id

    def create() -> VpnConcentrator:
        made = run.ec2.create_concentrator(str(step.ref), transit, step.tags)
        run.made.setdefault(step.ref, []).append(made.id)
        return made

    found = _first(run, transit)
    if found is None:
        found = run.create_once(create, lambda: _first(run, transit))
        run.ids[step.ref] = found.id
        run.ec2.clock.sleep(RIVAL_SECONDS)
    run.ids[step.ref] = found.id
    return _settle(run, step.ref)


def settle(run: Run, ref: Ref) -> None:
    """Looks once more before the first connection: by now AWS lists all that several runs made at the same time."""
    with run.lock:
        if ref in run.settled:
            return
        before = run.ids[ref]
        _settle(run, ref)
        if run.ids[ref] != before:
            waiters.wait(run.ec2, [waiters.available(VPN_CONCENTRATOR, run.ids[ref])], run.deadline)
        run.settled.add(ref)


def _settle(run: Run, ref: Ref) -> list[Condition]:
    """Uses the concentrator that every run settles on, and takes away what this run made in vain."""
    kept = _first(run, ref.key)
    if kept is not None:
        run.ids[ref] = kept.id
    conditions = [waiters.made(VPN_CONCENTRATOR, run.ids[ref])]
    for surplus in run.surplus(ref):
        # What AWS does not list yet would be taken for gone, and left behind.
        waiters.wait(run.ec2, [waiters.made(VPN_CONCENTRATOR, surplus)], run.deadline)
        conditions += _delete(run, surplus)
    return conditions


def _delete_concentrator(run: Run, step: steps.DeleteConcentrator) -> list[Condition]:
    return _delete(run, step.resource_id)


def _first(run: Run, transit_gateway_id: str) -> VpnConcentrator | None:
    """The one every run settles on where several were made at the same time."""
    return next(iter(single.concentrators_of(run.ec2, transit_gateway_id)), None)


def _delete(run: Run, concentrator_id: str) -> list[Condition]:
    """Deleted while it is pending, it would leave its transit gateway attachment behind."""

    def find() -> VpnConcentrator | None:
        return single.concentrators_by_id(run.ec2, [concentrator_id]).get(concentrator_id)

    found = find()
    if found is not None and found.state not in GONE:
        waiters.wait(run.ec2, [waiters.made(VPN_CONCENTRATOR, concentrator_id)], run.deadline)
        run.remove(lambda: run.ec2.delete_concentrator(concentrator_id), find)
    return [waiters.gone(VPN_CONCENTRATOR, concentrator_id)]


HANDLERS: Mapping[type, Handler] = {
    steps.CreateConcentrator: _create_concentrator,
    steps.DeleteConcentrator: _delete_concentrator,
}
