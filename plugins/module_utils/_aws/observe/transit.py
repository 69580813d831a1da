# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads transit gateway attachments, route tables and routes, and only those that somebody asks about."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from ..._core.errors import VpnError
from ..._core.model.resources import Connection, TransitAttachment, TransitRoute, TransitRouteTable, Wanted
from ..._core.nouns import GONE, GONE_ATTACHMENT, STARTING_ATTACHMENT
from ..._core.plan.transit import route_tables as transit
from ..api.ec2 import Ec2
from ..api.filters import FILTER_VALUES, Filter, in_chunks


def attachments(ec2: Ec2, connections: Iterable[Connection]) -> tuple[TransitAttachment, ...]:
    """The attachments of these connections, as far as they are on transit gateways."""
    attached = [each for each in connections if each.transit_gateway_id and each.state not in GONE]
    ids = [each.id for each in attached]
    if len(ids) <= FILTER_VALUES:
        return tuple(in_chunks(ec2.transit_attachments, "resource-id", ids))
    # One call for the whole of a transit gateway is less than one for each chunk of connections.
    gateways = [each.transit_gateway_id for each in attached if each.transit_gateway_id]
    known = set(ids)
    found = in_chunks(ec2.transit_attachments, "transit-gateway-id", gateways)
    return tuple(each for each in found if each.connection_id in known)


def attachments_by_connection(ec2: Ec2, connection_ids: Sequence[str]) -> dict[str, TransitAttachment]:
    """The live attachment of each connection; of a connection that just moved, the new one."""
    found = [
        each
        for each in in_chunks(ec2.transit_attachments, "resource-id", connection_ids)
        if each.state not in GONE_ATTACHMENT
    ]
    # The one a connection is about to leave may still be "available" when its successor is "pending".
    found.sort(key=lambda each: each.state in STARTING_ATTACHMENT)
    return {each.connection_id: each for each in found}


def route_tables(
    ec2: Ec2, wanted: Wanted, connections: Sequence[Connection], known: Sequence[TransitAttachment]
) -> tuple[TransitRouteTable, ...]:
    """The route tables of the transit gateways whose tables somebody names, with the parts that are asked for.

    All of a transit gateway's tables, because propagation into a table that is no longer named has to stop; and those
    of a transit gateway that a connection leaves, for the routes it would leave behind.
    """
    asked = [
        (want.transit_gateway_id, want.transit_routing)
        for want in wanted.connections
        if want.present and want.transit_gateway_id and want.transit_routing
    ]
    left = _left(wanted, connections, known)
    gateways = left | {gateway for gateway, routing in asked if transit.names_tables(routing)}
    propagating = {gateway for gateway, routing in asked if routing.propagate_to is not None}
    routing_to = left | {gateway for gateway, routing in asked if routing.static_routes_to is not None}
    found = []
    for table in in_chunks(ec2.transit_route_tables, "transit-gateway-id", sorted(gateways)):
        if table.state in GONE:
            continue
        gateway = table.transit_gateway_id
        here = [each.id for each in known if each.transit_gateway_id == gateway]
        found.append(
            dataclasses.replace(
                table,
                propagating=tuple(ec2.transit_propagations(table.id)) if gateway in propagating else (),
                static_routes=tuple(_static_routes(ec2, table.id, here)) if gateway in routing_to else (),
            )
        )
    return tuple(found)


def _left(wanted: Wanted, connections: Sequence[Connection], known: Sequence[TransitAttachment]) -> set[str]:
    """The transit gateways that connections leave in this run."""
    stays = {
        want.name: want.transit_gateway_id
        for want in wanted.connections
        if want.present and (want.transit_gateway_id or not transit.has_other_target(want))
    }
    going = set()
    for connection in connections:
        name = connection.name or ""
        if name not in stays or stays[name] not in (None, connection.transit_gateway_id):
            going.add(connection.id)
    return {each.transit_gateway_id for each in known if each.connection_id in going}


def static_routes_to(ec2: Ec2, table_id: str, attachment_ids: Sequence[str]) -> list[TransitRoute]:
    """The static routes of a route table that lead to these attachments."""

    def search(filters: list[Filter]) -> list[TransitRoute]:
        found, is_all = ec2.static_transit_routes(table_id, filters)
        if not is_all:
            raise VpnError(
                f"{table_id} has more static routes to {len(attachment_ids)} attachments than a search returns, so"
                " old routes cannot be found: leave out static_routes_to for this table"
            )
        return found

    return in_chunks(search, "attachment.transit-gateway-attachment-id", attachment_ids)


def _static_routes(ec2: Ec2, table_id: str, attachment_ids: Sequence[str]) -> list[TransitRoute]:
    """All static routes, those of others too, as they may be in the way; in a huge table only those that lead to us."""
    routes, is_complete = ec2.static_transit_routes(table_id, [])
    return routes if is_complete else static_routes_to(ec2, table_id, attachment_ids)
