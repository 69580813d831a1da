# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for static routes of transit gateway route tables: one table knows one way to a network.

So the routes of all connections of a run are planned together: a network that moves from one site to another is one
route that is changed, and two sites that claim the same network in the same table are told so.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...model.resources import Id, TransitRoute, TransitRouteTable
from ...nouns import GONE, TRANSIT_ROUTE
from ..plan import CHANGE, CREATE, DELETE, Action, Stage
from ..steps import CreateTransitRoute, DeleteTransitRoute, ReplaceTransitRoute


class Place(NamedTuple):
    """A network in a route table."""

    table: str
    cidr: str


@dataclass(frozen=True)
class Line:
    """One connection and the routes that shall lead to it; tables None leaves all its routes alone."""

    name: str
    connection: Id
    gateway_id: str
    attachment_id: str | None
    tables: tuple[str, ...] | None
    cidrs: tuple[str, ...]
    outgoing: tuple[str, ...] = ()
    # Routes to an outgoing connection stay there for now.
    waits: bool = False

    @property
    def places(self) -> set[Place]:
        return {Place(table, canonical(cidr)) for table in self.tables or () for cidr in self.cidrs}

    @property
    def holders(self) -> set[str]:
        """Ids that tell a route of this site: its attachment, its connection, whose attachment may have changed, and
        its predecessors.
        """
        own = self.connection if isinstance(self.connection, str) else None
        return {each for each in (self.attachment_id, own, *self.outgoing) if each is not None}

    def leads_here(self, route: TransitRoute) -> bool:
        """Whether a route is of this site."""
        return bool(self.holders & {route.attachment_id, route.connection_id})


@dataclass(frozen=True)
class Leaving:
    """An attachment that goes, because its connection does or is moved elsewhere."""

    name: str
    connection_id: str
    attachment_id: str


@dataclass(frozen=True)
class Outcome:
    """What the run does about the routes of one connection."""

    actions: tuple[Action, ...] = ()
    after: Mapping[str, Sequence[str]] | None = None
    unchanged: int = 0
    warnings: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


def canonical(cidr: str) -> str:
    """A network as AWS spells it."""
    return str(ipaddress.ip_network(cidr, strict=False))


def live(table: TransitRouteTable) -> list[TransitRoute]:
    """The static routes of a table, without those that are on their way out."""
    return [route for route in table.static_routes if route.state not in GONE]


class Ledger:
    """All static routes of the route tables, and who of the run wants which."""

    def __init__(
        self, lines: Sequence[Line], tables: Sequence[TransitRouteTable], leaving: Sequence[Leaving] = ()
    ) -> None:
        self._lines = {line.name: line for line in lines}
        self._gateways = {table.id: table.transit_gateway_id for table in tables}
        self._routes = {Place(table.id, canonical(route.cidr)): route for table in tables for route in live(table)}
        self._held: dict[str, set[Place]] = {}
        for place, route in self._routes.items():
            for holder in (route.attachment_id, route.connection_id):
                if holder is not None:
                    self._held.setdefault(holder, set()).add(place)
        self._claims: dict[Place, list[str]] = {}
        for line in lines:
            for place in line.places:
                self._claims.setdefault(place, []).append(line.name)
        self._stale = {line.name: self._stale_of(line) for line in lines}
        self._released = {place for stale in self._stale.values() for place in stale}
        self._released |= {place for each in leaving for place in self._held.get(each.attachment_id, ())}

    def outcome(self, name: str) -> Outcome:
        """The routes of one connection."""
        line = self._lines[name]
        if line.tables is None:
            return Outcome()
        refusals, warnings = [], []
        actions = []
        after = set(self._held.get(line.attachment_id or "", ()))
        unchanged = 0
        for place in sorted(line.places):
            route = self._routes.get(place)
            if route is not None and self._is_current(line, route):
                unchanged += 1
                continue
            refusal = self._refusal(line, place)
            if refusal:
                refusals.append(refusal)
            elif route is not None and line.waits and line.leads_here(route):
                warnings.append(_waiting(line, place, route))
            else:
                actions.append(_lead_here(line, place, route))
                after.add(place)
        for place in self._stale[name]:
            after.discard(place)
            if place not in self._claims:
                step = DeleteTransitRoute(line.connection, place.table, place.cidr)
                detail = f"{place.cidr} in {place.table}"
                actions.append(
                    Action(name, TRANSIT_ROUTE, DELETE, detail, Stage.TRANSIT_LEAVE, step, line.attachment_id)
                )
        return Outcome(tuple(actions), _by_table(after), unchanged, tuple(warnings), tuple(refusals))

    def farewell(self, leaving: Leaving) -> tuple[Action, ...]:
        """The end of the routes that nobody takes over; early, because a moved connection changes its attachment."""
        return tuple(
            Action(
                leaving.name,
                TRANSIT_ROUTE,
                DELETE,
                f"{place.cidr} in {place.table}",
                Stage.GATEWAYS,
                DeleteTransitRoute(leaving.connection_id, place.table, place.cidr),
                leaving.attachment_id,
            )
            for place in sorted(self._held.get(leaving.attachment_id, ()))
            if place not in self._claims
        )

    def _stale_of(self, line: Line) -> list[Place]:
        """Routes to this site that it does not want: all in the named tables, elsewhere those to its own networks.

        Other networks in tables that are not named were routed by somebody else, for a reason.
        """
        if line.tables is None:
            return []
        own, places = {canonical(cidr) for cidr in line.cidrs}, line.places
        return sorted(
            place
            for place in set().union(*(self._held.get(holder, set()) for holder in line.holders))
            if place not in places
            and self._gateways[place.table] == line.gateway_id
            and (place.table in line.tables or place.cidr in own)
        )

    def _is_current(self, line: Line, route: TransitRoute) -> bool:
        return line.attachment_id is not None and route.attachment_id == line.attachment_id

    def _refusal(self, line: Line, place: Place) -> str | None:
        claims = self._claims[place]
        if len(claims) > 1:
            return (
                f"{', '.join(claims)}: static_routes_to: {place.table} would have to send {place.cidr} to several"
                " sites, and a route table knows one static route to a network"
            )
        route = self._routes.get(place)
        if route is None or line.leads_here(route) or place in self._released:
            return None
        # A deleted attachment leaves a blackhole behind; without taking it no run could be taken up.
        if route.attachment_id is None:
            return None
        whose = f" ({route.connection_id})" if route.connection_id else ""
        return (
            f"{line.name}: static_routes_to: {place.table} already sends {place.cidr} to {route.attachment_id}{whose}:"
            " remove that route first"
        )


def _lead_here(line: Line, place: Place, route: TransitRoute | None) -> Action:
    detail = f"{place.cidr} in {place.table}"
    if route is None:
        step = CreateTransitRoute(line.connection, place.table, place.cidr)
        return Action(line.name, TRANSIT_ROUTE, CREATE, detail, Stage.TRANSIT, step, line.attachment_id)
    change = ReplaceTransitRoute(line.connection, place.table, place.cidr)
    detail += f", which leads to {route.attachment_id}" if route.attachment_id else ", which drops traffic"
    return Action(line.name, TRANSIT_ROUTE, CHANGE, detail, Stage.TRANSIT, change, line.attachment_id)


def _waiting(line: Line, place: Place, route: TransitRoute) -> str:
    return (
        f"{line.name}: {place.table} sends {place.cidr} to {route.connection_id or route.attachment_id} until a tunnel"
        " of its successor is up: run again then"
    )


def _by_table(places: set[Place]) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for place in sorted(places):
        tables.setdefault(place.table, []).append(place.cidr)
    return {table: sorted(cidrs) for table, cidrs in tables.items()}
