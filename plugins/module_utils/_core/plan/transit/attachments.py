# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which connections of a run are on a transit gateway, and which attachments AWS removes with them."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from ...grouping import grouped
from ...model.resources import Connection, ConnectionWanted, Consent, Observed, TransitAttachment, Wanted
from .. import ready
from ..plan import Part
from ..steps import CreateConnection, DeleteConnection, ModifyConnection
from . import attachment_tags, route_tables
from .route_tables import TransitConnection
from .static_routes import RemovedAttachment


def parts(
    wanted: Wanted,
    observed: Observed,
    consent: Consent,
    *,
    actuals: Mapping[str, Connection | None],
    planned: Sequence[Part],
) -> list[Part]:
    """The transit gateway side of a run; C(planned) says which connections it makes anew, and which it deletes."""
    steps = [action.step for part in planned for action in part.actions]
    made = {step.ref.key for step in steps if isinstance(step, CreateConnection)}
    deleted = {step.connection_id for step in steps if isinstance(step, DeleteConnection)}
    outgoing = grouped((each.name or "", each.id) for each in observed.connections if each.is_outgoing)
    attachments = route_tables.live_attachments(observed)
    connections = []
    for want in wanted.connections:
        found = _transit_connection(
            want,
            actuals.get(want.name),
            attachments,
            is_made=want.name in made,
            outgoing=outgoing.get(want.name, ()),
        )
        if found is not None:
            stays = any(each not in deleted for each in found.outgoing)
            connections.append(dataclasses.replace(found, is_waiting=stays and not found.is_up))
    tagged = [part for each in connections if (part := attachment_tags.part(each)) is not None]
    return [*tagged, *route_tables.parts(connections, removed(planned, observed), observed, consent)]


def removed(planned: Iterable[Part], observed: Observed) -> list[RemovedAttachment]:
    """The attachments AWS removes when a connection is deleted or moved; it would leave blackhole routes to them."""
    by_connection = grouped((each.connection_id, each) for each in observed.transit_attachments)
    found = []
    for action in (action for part in planned for action in part.actions):
        step = action.step
        if isinstance(step, DeleteConnection):
            target = None
        elif isinstance(step, ModifyConnection) and (step.transit_gateway_id or step.vpn_gateway):
            target = step.transit_gateway_id
        else:
            continue
        found += [
            RemovedAttachment(action.owner, step.connection_id, attachment.id)
            for attachment in by_connection.get(step.connection_id, ())
            if attachment.transit_gateway_id != target
        ]
    return found


def _transit_connection(
    want: ConnectionWanted,
    found: Connection | None,
    attachments: Mapping[tuple[str, str | None], TransitAttachment],
    *,
    is_made: bool,
    outgoing: Sequence[str],
) -> TransitConnection | None:
    """A connection that is to exist; the present one becomes outgoing when this run makes a new one."""
    leaves = route_tables.has_other_target(want)
    gateway_id = want.transit_gateway_id or (found.transit_gateway_id if found and not leaves else None)
    if not want.present or not gateway_id:
        return None
    actual = None if is_made else found
    is_there = actual is not None and actual.transit_gateway_id == gateway_id
    former = attachments.get((found.id, found.transit_gateway_id)) if found and not is_there else None
    return TransitConnection(
        want=want,
        connection=actual.id if actual else want.ref,
        transit_gateway_id=gateway_id,
        attachment=attachments.get((actual.id, gateway_id)) if actual and is_there else None,
        former=former,
        is_up=actual is not None and any(ready.is_tunnel_up(tunnel) for tunnel in actual.tunnels),
        outgoing=(*outgoing, found.id) if found and is_made else tuple(outgoing),
    )
