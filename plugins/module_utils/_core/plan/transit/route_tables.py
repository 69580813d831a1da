# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for connections in the route tables of transit gateways: association, propagation, static routes.

AWS makes the attachment together with the connection, associates it with the transit gateway's default route table
and lets it propagate into the default propagation table, where the transit gateway has such. So the plan for a new
connection starts from these defaults, and steps name the connection, whose attachment may not exist yet.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...grouping import grouped
from ...model.resources import (
    BGP,
    ConnectionWanted,
    Consent,
    Id,
    Observed,
    TransitAttachment,
    TransitGateway,
    TransitRouteTable,
    TransitRouting,
)
from ...nouns import DISASSOCIATED, DISASSOCIATING, GONE, GONE_ATTACHMENT, STARTING_ATTACHMENT, TRANSIT_ROUTING
from ..plan import Action, Part
from ..stages import CHANGE, DELETE, Interruption
from ..steps import (
    AssociateTransit,
    DisableTransitPropagation,
    DisassociateTransit,
    EnableTransitPropagation,
)
from .static_routes import RemovedAttachment, StaticRoutes, WantedRoutes, canonical, live_routes


@dataclass(frozen=True)
class TransitConnection:
    """One connection that is, or will be, on a transit gateway."""

    want: ConnectionWanted
    connection: Id
    transit_gateway_id: str
    # None while AWS has not made it, which it does with the connection, or with its move.
    attachment: TransitAttachment | None = None
    # The one the connection leaves, or that of the connection it replaces.
    former: TransitAttachment | None = None
    is_up: bool = False
    # Connections of the same name that are to be deleted once this one carries traffic.
    outgoing: tuple[str, ...] = ()
    # One of these carries the traffic for now.
    is_waiting: bool = False

    @property
    def name(self) -> str:
        return self.want.name

    @property
    def routing(self) -> TransitRouting:
        return self.want.transit_routing or TransitRouting()

    @property
    def attachment_id(self) -> str | None:
        return self.attachment.id if self.attachment else None

    @property
    def is_new(self) -> bool:
        """Whether AWS has yet to associate the attachment, and to let it propagate, by itself."""
        return self.attachment is None or self.attachment.state in STARTING_ATTACHMENT

    @property
    def routes(self) -> WantedRoutes:
        return WantedRoutes(
            name=self.name,
            connection=self.connection,
            transit_gateway_id=self.transit_gateway_id,
            attachment_id=self.attachment_id,
            tables=self.routing.static_routes_to,
            cidrs=self.routing.cidrs,
            outgoing=self.outgoing,
            # While a former connection carries the traffic, its routes stay where they are.
            keeps_outgoing=self.is_waiting,
        )


def names_tables(routing: TransitRouting) -> bool:
    """Whether anything about route tables is asked for."""
    asked = (routing.associate_with, routing.propagate_to, routing.static_routes_to)
    return any(option is not None for option in asked)


def has_other_target(want: ConnectionWanted) -> bool:
    """Whether a connection is to be on something else than a transit gateway of its own."""
    return bool(want.vpn_gateway or want.vpn_concentrator or want.unattached)


def live_attachments(observed: Observed) -> dict[tuple[str, str | None], TransitAttachment]:
    """Attachments by connection and transit gateway; those a connection has left may still be listed."""
    return {
        (attachment.connection_id, attachment.transit_gateway_id): attachment
        for attachment in observed.transit_attachments
        if attachment.state not in GONE_ATTACHMENT
    }


def parts(
    connections: Sequence[TransitConnection],
    removed: Sequence[RemovedAttachment],
    observed: Observed,
    consent: Consent,
) -> list[Part]:
    """The plan for the transit gateway side of all connections of a run, and for the routes to C(removed)."""
    gateways = {gateway.id: gateway for gateway in observed.transit_gateways}
    tables = {table.id: table for table in observed.transit_route_tables if table.state not in GONE}
    asked = [each for each in connections if names_tables(each.routing)]
    routes = StaticRoutes([each.routes for each in asked], list(tables.values()), removed)
    by_attachment = TablesByAttachment(tables.values())
    found = [_ecmp_warning(each, gateways.get(each.transit_gateway_id)) for each in connections]
    for each in asked:
        refusals = _table_refusals(each, tables)
        if refusals:
            found.append(Part(each.name, TRANSIT_ROUTING, refusals=tuple(refusals)))
        else:
            found.append(
                _part(each, gateways.get(each.transit_gateway_id), consent, by_attachment=by_attachment, routes=routes)
            )
    found += [Part(each.name, TRANSIT_ROUTING, routes.removals(each)) for each in removed]
    return [part for part in found if part is not None]


class TablesByAttachment:
    """What the route tables of transit gateways hold for each attachment."""

    def __init__(self, tables: Iterable[TransitRouteTable]) -> None:
        known = list(tables)
        self._propagating = grouped((attachment, table.id) for table in known for attachment in table.propagating)
        self._routes = grouped(
            (route.attachment_id, (table.id, canonical(route.cidr)))
            for table in known
            for route in live_routes(table)
            if route.attachment_id
        )

    def propagating(self, attachment: TransitAttachment | None) -> list[str]:
        """The route tables an attachment propagates into."""
        return sorted(self._propagating.get(attachment.id, ())) if attachment else []

    def model(self, routing: TransitRouting, attachment: TransitAttachment | None) -> dict[str, Any]:
        """What is known of an attachment, as a plan compares and shows it; only the parts that were asked for."""
        model: dict[str, Any] = {}
        if routing.associate_with is not None:
            model["associate_with"] = _associated_table(attachment)
        if routing.propagate_to is not None:
            model["propagate_to"] = self.propagating(attachment)
        if routing.static_routes_to is not None:
            routes = grouped(self._routes.get(attachment.id, ()) if attachment else ())
            model["static_routes"] = {table: sorted(cidrs) for table, cidrs in routes.items()}
        return model


def _ecmp_warning(on: TransitConnection, gateway: TransitGateway | None) -> Part | None:
    """The two tunnels of a BGP connection carry traffic together only where the transit gateway has ECMP on."""
    if gateway is None or gateway.ecmp is not False or on.want.routing != BGP:
        return None
    text = (
        f"{gateway.id} has VPN ECMP support off: of the two tunnels of a BGP connection on it, one carries the traffic"
        " and the other is on standby"
    )
    return Part(on.name, TRANSIT_ROUTING, warnings=(text,))


def _table_refusals(on: TransitConnection, tables: Mapping[str, TransitRouteTable]) -> list[str]:
    routing = on.routing
    named = [routing.associate_with, *(routing.propagate_to or ()), *(routing.static_routes_to or ())]
    found = []
    for name in sorted({table for table in named if table}):
        table = tables.get(name)
        if table is None:
            found.append(
                f"{on.name}: transit gateway route table {name} does not exist in this Region, or this account"
                " cannot see it: the route tables of a shared transit gateway belong to the account of its owner"
            )
        elif table.transit_gateway_id != on.transit_gateway_id:
            found.append(
                f"{on.name}: transit gateway route table {name} belongs to {table.transit_gateway_id},"
                f" not to {on.transit_gateway_id}"
            )
    return found


def _part(
    on: TransitConnection,
    gateway: TransitGateway | None,
    consent: Consent,
    *,
    by_attachment: TablesByAttachment,
    routes: StaticRoutes,
) -> Part:
    associations, refusals = _association_actions(on, gateway, consent)
    propagations, propagating = _propagation_actions(on, gateway, by_attachment.propagating(on.attachment))
    changes = routes.changes(on.name)
    before = by_attachment.model(on.routing, on.attachment)
    after = dict(before)
    if on.routing.associate_with is not None:
        after["associate_with"] = on.routing.associate_with
    if on.routing.propagate_to is not None:
        after["propagate_to"] = propagating
    if on.routing.static_routes_to is not None:
        after["static_routes"] = changes.after
    kept = set(before.get("propagate_to", ())) & set(propagating)
    return Part(
        owner=on.name,
        resource=TRANSIT_ROUTING,
        actions=(*associations, *propagations, *changes.actions),
        unchanged=(before.get("associate_with") is not None and not associations) + len(kept) + changes.unchanged,
        before=before,
        after=after,
        warnings=changes.warnings,
        refusals=(*refusals, *changes.refusals),
    )


def _associated_table(attachment: TransitAttachment | None) -> str | None:
    if attachment is None or attachment.association_state in (DISASSOCIATING, DISASSOCIATED):
        return None
    return attachment.association_table


def _association_actions(
    on: TransitConnection, gateway: TransitGateway | None, consent: Consent
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """AWS refuses a second association, so the first one is ended before; in between there is no traffic."""
    table, now = on.routing.associate_with, _associated_table(on.attachment)
    if now is None and on.is_new:
        now = gateway.default_association_table if gateway else None
    if table is None or table == now:
        return (), ()
    associate = AssociateTransit(on.connection, table)
    if now is None:
        return (Action.of(associate, on.name, f"with {table}", on.attachment_id),), ()
    # Tunnels that are down have nothing to lose, as those of a connection that was just made.
    interrupts = on.attachment is not None and on.is_up
    refusals: tuple[str, ...] = ()
    if interrupts and not consent.allow_interruption:
        refusals = (
            f"{on.name}: {on.attachment_id} is associated with {now}. AWS has to end that association before the new"
            f" one with {table}, which interrupts both tunnels for about a minute: set allow_interruption to consent",
        )
    end = Action.of(DisassociateTransit(on.connection, now), on.name, f"from {now}", on.attachment_id)
    begin = Action.of(associate, on.name, f"to {table}", on.attachment_id)
    interruption = Interruption.BOTH_TUNNELS if interrupts else Interruption.NONE
    return (replace(end, interruption=interruption), replace(begin, verb=CHANGE)), refusals


def _propagation_actions(
    on: TransitConnection, gateway: TransitGateway | None, propagating: Iterable[str]
) -> tuple[tuple[Action, ...], list[str]]:
    """What to do, and the tables the attachment propagates into afterwards."""
    if on.routing.propagate_to is None:
        return (), []
    now, wanted = set(propagating), set(on.routing.propagate_to)
    if on.is_new and gateway and gateway.default_propagation_table:
        now.add(gateway.default_propagation_table)
    enable = [
        Action.of(EnableTransitPropagation(on.connection, table), on.name, f"into {table}", on.attachment_id)
        for table in sorted(wanted - now)
    ]
    # Stopping what AWS begins by itself on a new attachment takes away nothing that is there today.
    verb, word = (DELETE, "into") if on.attachment else (CHANGE, "not into default")
    disable = [
        Action.of(DisableTransitPropagation(on.connection, table), on.name, f"{word} {table}", on.attachment_id)
        for table in sorted(now - wanted)
    ]
    return (*enable, *(replace(action, verb=verb) for action in disable)), sorted(wanted)
