# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for VPN concentrators: one for each transit gateway, shared by all sites that name it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from ..model.resources import VpnConcentrator, VpnConcentratorWanted
from ..nouns import AVAILABLE, VPN_CONCENTRATOR
from . import tags
from .dependents import Dependents
from .plan import Action, Part
from .steps import CreateConcentrator, DeleteConcentrator


def parts(
    wanted: VpnConcentratorWanted,
    actual: VpnConcentrator | None,
    dependents: Dependents,
    transit_gateways: Collection[str],
    spare: Sequence[VpnConcentrator] = (),
) -> list[Part]:
    """The plan for one VPN concentrator, or for its removal; C(transit_gateways) are those that exist.

    C(spare) were made beside it, by runs that began at the same time.
    """
    owner = wanted.named_by or wanted.transit_gateway_id
    removals = [removal_part(owner, each, dependents) for each in spare]
    if not wanted.present:
        own = [removal_part(owner, actual, dependents)] if actual else []
        return [*own, *(replace(part, resource=f"{part.resource} {part.actions[0].id}") for part in removals)]
    part = _part(owner, wanted, actual, transit_gateways)
    # Until all are available, the runs that made them may not have settled on one.
    is_settled = actual is not None and all(each.state == AVAILABLE for each in (actual, *spare))
    return [part.along_with(removals) if is_settled else part]


def _part(
    owner: str, wanted: VpnConcentratorWanted, actual: VpnConcentrator | None, transit_gateways: Collection[str]
) -> Part:
    if actual is None:
        return _creation(owner, wanted, transit_gateways)
    before = concentrator_model(actual)
    return tags.retagging(owner, VPN_CONCENTRATOR, actual, before=before, wanted=wanted.tags, purge=wanted.purge_tags)


def removal_part(owner: str, actual: VpnConcentrator, dependents: Dependents) -> Part:
    """The plan for the removal of a VPN concentrator; refused while a connection uses it."""
    step = DeleteConcentrator(actual.id, dependents.deleting_on(actual.id))
    return Part(
        owner=owner,
        resource=VPN_CONCENTRATOR,
        actions=(Action.of(step, owner, f"of {actual.transit_gateway_id}", actual.id),),
        before=concentrator_model(actual),
        after={},
        refusals=dependents.refusals(owner, actual.id),
    )


def concentrator_model(actual: VpnConcentrator) -> dict[str, Any]:
    """What of a VPN concentrator a plan compares and shows."""
    return {"transit_gateway_id": actual.transit_gateway_id, "tags": dict(actual.tags)}


def concentrator_result(actual: VpnConcentrator) -> dict[str, Any]:
    """One VPN concentrator as modules return it."""
    return {
        "vpn_concentrator_id": actual.id,
        "state": actual.state,
        "transit_gateway_attachment_id": actual.transit_gateway_attachment_id,
        **concentrator_model(actual),
    }


def _creation(owner: str, wanted: VpnConcentratorWanted, transit_gateways: Collection[str]) -> Part:
    transit = wanted.transit_gateway_id
    step = CreateConcentrator(wanted.ref, transit, dict(wanted.tags))
    missing = f"{owner}: transit gateway {transit} does not exist in this Region, or this account cannot see it"
    return Part(
        owner=owner,
        resource=VPN_CONCENTRATOR,
        actions=(Action.of(step, owner, f"for {transit}"),),
        after={"transit_gateway_id": transit, "tags": dict(wanted.tags)},
        refusals=() if transit in transit_gateways else (missing,),
    )
