# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for the transit gateway side of connections: the route table of an attachment, propagation, static routes.

AWS makes the attachment together with the connection, associates it with the transit gateway's default route table
and lets it propagate into the default propagation table, where the transit gateway has such. So the plan for a new
connection starts from these defaults, and steps name the connection, whose attachment may not exist yet.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from ...nouns import (
    DISASSOCIATED,
    DISASSOCIATING,
    GONE,
    GONE_ATTACHMENT,
    STARTING_ATTACHMENT,
    TRANSIT_ASSOCIATION,
    TRANSIT_PROPAGATION,
    TRANSIT_ROUTING,
)
from ..plan import CHANGE, CREATE, DELETE, Action, Interruption, Part, Stage
from ..steps import (
    AssociateTransit,
    DisableTransitPropagation,
    DisassociateTransit,
    EnableTransitPropagation,
)
from . import static_routes


@dataclass(frozen=True)
class Situation:
    """One connection that is, or will be, on a transit gateway."""

    want: ConnectionWanted
    connection: Id
    gateway_id: str
    # None while AWS has not made it, which it does with the connection, or with its move.
    attachment: TransitAttachment | None = None
    is_up: bool = False
    # Connections of the same site that are to go once this one carries traffic.
    outgoing: tuple[str, ...] = ()
    # One of these carries the traffic for now.
    carried_elsewhere: bool = False

    @property
    def routing(self) -> TransitRouting:
        return self.want.transit_routing or TransitRouting()


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
    situations: Sequence[Situation], leaving: Sequence[static_routes.Leaving], observed: Observed, consent: Consent
) -> list[Part]:
    """The plan for the transit gateway side of all connections of a run, those that leave it among them."""
    gateways = {gateway.id: gateway for gateway in observed.transit_gateways}
    tables = {table.id: table for table in observed.transit_route_tables if table.state not in GONE}
    asked = [each for each in situations if names_tables(each.routing)]
    routes = static_routes.Ledger([_line(each) for each in asked], list(tables.values()), leaving)
    around = Around(tables.values())
    found = [_sharing(each, gateways.get(each.gateway_id)) for each in situations]
    for each in asked:
        refusals = _table_refusals(each, tables)
        if refusals:
            found.append(Part(each.want.name, TRANSIT_ROUTING, refusals=tuple(refusals)))
        else:
            found.append(_part(each, gateways.get(each.gateway_id), around, routes, consent))
    found += [Part(each.name, TRANSIT_ROUTING, routes.farewell(each)) for each in leaving]
    return [part for part in found if part is not None]


class Around:
    """Route tables, laid out by attachment."""

    def __init__(self, tables: Iterable[TransitRouteTable]) -> None:
        self._propagating: dict[str, list[str]] = {}
        self._routes: dict[str, dict[str, list[str]]] = {}
        for table in tables:
            for attachment_id in table.propagating:
                self._propagating.setdefault(attachment_id, []).append(table.id)
            for route in static_routes.live(table):
                if route.attachment_id:
                    cidrs = self._routes.setdefault(route.attachment_id, {}).setdefault(table.id, [])
                    cidrs.append(static_routes.canonical(route.cidr))

    def propagating(self, attachment: TransitAttachment | None) -> list[str]:
        """The route tables an attachment propagates into."""
        return sorted(self._propagating.get(attachment.id, ())) if attachment else []

    def model(self, routing: TransitRouting, attachment: TransitAttachment | None) -> dict[str, Any]:
        """What is known of an attachment, as a plan compares and shows it; only the parts that were asked for."""
        model: dict[str, Any] = {}
        if routing.associate_with is not None:
            model["associate_with"] = _association(attachment)
        if routing.propagate_to is not None:
            model["propagate_to"] = self.propagating(attachment)
        if routing.static_routes_to is not None:
            routes = self._routes.get(attachment.id, {}) if attachment else {}
            model["static_routes"] = {table: sorted(cidrs) for table, cidrs in routes.items()}
        return model


def _line(each: Situation) -> static_routes.Line:
    return static_routes.Line(
        each.want.name,
        each.connection,
        each.gateway_id,
        each.attachment.id if each.attachment else None,
        each.routing.static_routes_to,
        each.routing.cidrs,
        each.outgoing,
        # While the predecessor carries the traffic, its routes stay where they are.
        waits=each.carried_elsewhere,
    )


def _sharing(each: Situation, gateway: TransitGateway | None) -> Part | None:
    """The two tunnels of a BGP connection carry traffic together only where the transit gateway has ECMP on."""
    if gateway is None or gateway.ecmp is not False or each.want.routing != BGP:
        return None
    text = (
        f"{gateway.id} has VPN ECMP support off, so the tunnels of BGP connections on it do not share load:"
        " one carries the traffic, the other waits"
    )
    return Part(each.want.name, TRANSIT_ROUTING, warnings=(text,))


def _table_refusals(each: Situation, tables: Mapping[str, TransitRouteTable]) -> list[str]:
    routing = each.routing
    named = [routing.associate_with, *(routing.propagate_to or ()), *(routing.static_routes_to or ())]
    found = []
    for name in sorted({table for table in named if table}):
        table = tables.get(name)
        if table is None:
            found.append(
                f"{each.want.name}: transit gateway route table {name} does not exist in this Region, or this account"
                " may not see it: those of a shared transit gateway belong to its owner's account"
            )
        elif table.transit_gateway_id != each.gateway_id:
            found.append(
                f"{each.want.name}: transit gateway route table {name} is of {table.transit_gateway_id},"
                f" not of {each.gateway_id}"
            )
    return found


def _part(
    each: Situation,
    gateway: TransitGateway | None,
    around: Around,
    routes: static_routes.Ledger,
    consent: Consent,
) -> Part:
    associated, refusals = _association_actions(each, gateway, consent)
    propagated, propagating = _propagation_actions(each, gateway, around)
    routed = routes.outcome(each.want.name)
    before = around.model(each.routing, each.attachment)
    after = dict(before)
    if each.routing.associate_with is not None:
        after["associate_with"] = each.routing.associate_with
    if each.routing.propagate_to is not None:
        after["propagate_to"] = propagating
    if each.routing.static_routes_to is not None:
        after["static_routes"] = routed.after
    kept = set(before.get("propagate_to", ())) & set(propagating)
    unchanged = (before.get("associate_with") is not None and not associated) + len(kept) + routed.unchanged
    return Part(
        each.want.name,
        TRANSIT_ROUTING,
        (*associated, *propagated, *routed.actions),
        unchanged,
        before,
        after,
        routed.warnings,
        (*refusals, *routed.refusals),
    )


def _association(attachment: TransitAttachment | None) -> str | None:
    if attachment is None or attachment.association_state in (DISASSOCIATING, DISASSOCIATED):
        return None
    return attachment.association_table


def _association_actions(
    each: Situation, gateway: TransitGateway | None, consent: Consent
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """AWS refuses a second association, so the first is dissolved before; in between nothing gets through."""
    name, table = each.want.name, each.routing.associate_with
    now = _association(each.attachment)
    if now is None and _is_coming(each.attachment):
        now = gateway.default_association_table if gateway else None
    if table is None or table == now:
        return (), ()
    join = AssociateTransit(each.connection, table)
    if now is None:
        return (Action(name, TRANSIT_ASSOCIATION, CREATE, f"with {table}", Stage.TRANSIT, join, _id(each)),), ()
    # Tunnels that are down have nothing to lose, as those of a connection that was just made.
    costs = each.attachment is not None and each.is_up
    refusals: tuple[str, ...] = ()
    if costs and not consent.allow_interruption:
        refusals = (
            f"{name}: {_id(each)} is associated with {now}; AWS has to dissolve that before it is associated with"
            f" {table}, which interrupts both tunnels for about a minute: set allow_interruption to consent",
        )
    cost = Interruption.BOTH_TUNNELS if costs else Interruption.NONE
    leave = DisassociateTransit(each.connection, now)
    return (
        Action(name, TRANSIT_ASSOCIATION, CHANGE, f"from {now}", Stage.TRANSIT_DETACH, leave, _id(each), cost),
        Action(name, TRANSIT_ASSOCIATION, CHANGE, f"to {table}", Stage.TRANSIT, join, _id(each)),
    ), refusals


def _propagation_actions(
    each: Situation, gateway: TransitGateway | None, around: Around
) -> tuple[tuple[Action, ...], list[str]]:
    """What to do, and the tables the attachment propagates into afterwards."""
    if each.routing.propagate_to is None:
        return (), []
    name, wanted = each.want.name, set(each.routing.propagate_to)
    now = set(around.propagating(each.attachment))
    if _is_coming(each.attachment) and gateway and gateway.default_propagation_table:
        now.add(gateway.default_propagation_table)
    # Stopping what AWS begins by itself on a new attachment takes away nothing that is there today.
    stop, word = (DELETE, "into") if each.attachment else (CHANGE, "not into default")
    actions = [
        Action(
            name,
            TRANSIT_PROPAGATION,
            CREATE,
            f"into {table}",
            Stage.TRANSIT,
            EnableTransitPropagation(each.connection, table),
            _id(each),
        )
        for table in sorted(wanted - now)
    ]
    actions += [
        Action(
            name,
            TRANSIT_PROPAGATION,
            stop,
            f"{word} {table}",
            Stage.TRANSIT_LEAVE,
            DisableTransitPropagation(each.connection, table),
            _id(each),
        )
        for table in sorted(now - wanted)
    ]
    return tuple(actions), sorted(wanted)


def _is_coming(attachment: TransitAttachment | None) -> bool:
    """Whether AWS has yet to associate the attachment, and to let it propagate, by itself."""
    return attachment is None or attachment.state in STARTING_ATTACHMENT


def _id(each: Situation) -> str | None:
    return each.attachment.id if each.attachment else None
