# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for VPN concentrators: one for each transit gateway, shared by all sites that name it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ..model.resources import VpnConcentrator, VpnConcentratorWanted
from . import tags
from .plan import CREATE, DELETE, Action, Part, Stage
from .steps import CreateConcentrator, DeleteConcentrator

CONCENTRATOR = "vpn_concentrator"


def concentrator_part(
    wanted: VpnConcentratorWanted,
    actual: VpnConcentrator | None,
    users: Sequence[str],
    transit_gateways: Collection[str],
) -> Part:
    """The plan for one VPN concentrator; C(users) are the connections that will hold on to it."""
    owner = wanted.site or wanted.transit_gateway_id
    if not wanted.present:
        return _removal(owner, wanted, actual, users)
    if actual is None:
        return _creation(owner, wanted, transit_gateways)
    before = concentrator_model(actual)
    retag = tags.actions(owner, CONCENTRATOR, actual.id, wanted.tags, actual.tags, wanted.purge_tags)
    after = {**before, "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags)}
    return Part(owner, CONCENTRATOR, retag, 0 if retag else 1, before, after)


def concentrator_model(actual: VpnConcentrator) -> dict[str, Any]:
    """What of a VPN concentrator a plan compares and shows."""
    return {"transit_gateway_id": actual.transit_gateway_id, "tags": dict(actual.tags)}


def concentrator_result(actual: VpnConcentrator) -> dict[str, Any]:
    """One VPN concentrator as modules return it."""
    return {
        "vpn_concentrator_id": actual.id,
        "state": actual.state,
        "transit_gateway_id": actual.transit_gateway_id,
        "transit_gateway_attachment_id": actual.transit_gateway_attachment_id,
        "tags": dict(actual.tags),
    }


def _creation(owner: str, wanted: VpnConcentratorWanted, transit_gateways: Collection[str]) -> Part:
    transit = wanted.transit_gateway_id
    step = CreateConcentrator(wanted.ref, transit, dict(wanted.tags))
    action = Action(owner, CONCENTRATOR, CREATE, f"for {transit}", Stage.GATEWAYS, step)
    missing = f"{owner}: transit gateway {transit} does not exist in this Region, or this account may not see it"
    return Part(
        owner,
        CONCENTRATOR,
        (action,),
        before=None,
        after={"transit_gateway_id": transit, "tags": dict(wanted.tags)},
        refusals=() if transit in transit_gateways else (missing,),
    )


def _removal(owner: str, wanted: VpnConcentratorWanted, actual: VpnConcentrator | None, users: Sequence[str]) -> Part:
    if actual is None:
        return Part(owner, CONCENTRATOR)
    action = Action(
        owner,
        CONCENTRATOR,
        DELETE,
        f"of {wanted.transit_gateway_id}",
        Stage.REMOVE_GATEWAYS,
        DeleteConcentrator(actual.id),
        id=actual.id,
    )
    used = (f"{owner}: {actual.id} is used by {', '.join(sorted(users))}",) if users else ()
    return Part(owner, CONCENTRATOR, (action,), before=concentrator_model(actual), after={}, refusals=used)
