# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run does about connections, seen from their transit gateways: which stay, which are made, which leave."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from ...model.resources import (
    SITE_TAG,
    Connection,
    ConnectionWanted,
    Consent,
    Observed,
    TransitAttachment,
    Wanted,
)
from .. import ready
from ..plan import Action, Part
from ..steps import CreateConnection, DeleteConnection, ModifyConnection
from . import route_tables, static_routes


def parts(
    wanted: Wanted,
    actuals: Mapping[str, Connection | None],
    planned: Sequence[Part],
    observed: Observed,
    consent: Consent,
) -> list[Part]:
    """The transit gateway side of a run; C(planned) says which connections it makes anew, and which it deletes."""
    steps = [action.step for part in planned for action in part.actions]
    made = {step.ref.key for step in steps if isinstance(step, CreateConnection)}
    deleted = {step.connection_id for step in steps if isinstance(step, DeleteConnection)}
    outgoing: dict[str, list[str]] = {}
    for connection in observed.connections:
        if connection.is_outgoing:
            outgoing.setdefault(connection.tags.get(SITE_TAG, ""), []).append(connection.id)
    attachments = route_tables.live_attachments(observed)
    situations = []
    for want in wanted.connections:
        found = _situation(want, actuals.get(want.name), want.name in made, outgoing.get(want.name, []), attachments)
        if found is not None:
            stays = any(each not in deleted for each in found.outgoing)
            situations.append(dataclasses.replace(found, carried_elsewhere=stays and not found.is_up))
    by_connection = {connection_id: found for (connection_id, _gateway), found in attachments.items()}
    left = [_leaving(action, by_connection) for part in planned for action in part.actions]
    return route_tables.parts(situations, [each for each in left if each is not None], observed, consent)


def _leaving(action: Action, attachments: Mapping[str, TransitAttachment]) -> static_routes.Leaving | None:
    """The attachment that goes with an action: AWS would leave the routes to it behind, as blackholes."""
    step = action.step
    if not isinstance(step, (ModifyConnection, DeleteConnection)):
        return None
    if isinstance(step, ModifyConnection) and not (step.transit_gateway_id or step.vpn_gateway):
        return None
    found = attachments.get(step.connection_id)
    return static_routes.Leaving(action.site, step.connection_id, found.id) if found else None


def _situation(
    want: ConnectionWanted,
    found: Connection | None,
    is_made: bool,
    outgoing: Sequence[str],
    attachments: Mapping[tuple[str, str | None], TransitAttachment],
) -> route_tables.Situation | None:
    """Where a connection that shall exist stands; what is there now is on its way out when this run makes a new one."""
    leaves = route_tables.has_other_target(want)
    gateway_id = want.transit_gateway_id or (found.transit_gateway_id if found and not leaves else None)
    if not want.present or not gateway_id:
        return None
    actual = None if is_made else found
    former = (*outgoing, found.id) if found and is_made else tuple(outgoing)
    is_there = actual is not None and actual.transit_gateway_id == gateway_id
    attachment = attachments.get((actual.id, gateway_id)) if actual and is_there else None
    is_up = actual is not None and any(ready.is_tunnel_up(tunnel) for tunnel in actual.tunnels)
    return route_tables.Situation(want, actual.id if actual else want.ref, gateway_id, attachment, is_up, former)
