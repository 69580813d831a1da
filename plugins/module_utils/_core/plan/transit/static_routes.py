# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for static routes of transit gateway route tables: one table has one static route to a network.

So the routes of all connections of a run are planned together: a network that moves from one connection to another is
one route that is changed, and two connections that ask for the same network in the same table are refused.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ...grouping import grouped
from ...model.resources import Id, TransitRoute, TransitRouteTable
from ...nouns import GONE
from ..plan import Action
from ..stages import Stage
from ..steps import CreateTransitRoute, DeleteTransitRoute, ReplaceTransitRoute


class RouteKey(NamedTuple):
    """What AWS tells static routes apart by: the route table and the network."""

    table: str
    cidr: str

    @property
    def text(self) -> str:
        return f"{self.cidr} in {self.table}"


@dataclass(frozen=True)
class WantedRoutes:
    """The static routes to one connection; C(tables) None leaves all of them alone."""

    name: str
    connection: Id
    transit_gateway_id: str
    attachment_id: str | None
    tables: tuple[str, ...] | None
    cidrs: tuple[str, ...]
    # Former connections of the same name.
    outgoing: tuple[str, ...] = ()
    # Routes to those are kept for now.
    keeps_outgoing: bool = False

    @property
    def keys(self) -> set[RouteKey]:
        return {RouteKey(table, canonical(cidr)) for table in self.tables or () for cidr in self.cidrs}

    @property
    def own_ids(self) -> set[str]:
        """Ids that mark a route as its own: its attachment, its id, because it may have had another attachment before,
        and the ids of its former connections.
        """
        own = self.connection if isinstance(self.connection, str) else None
        return {each for each in (self.attachment_id, own, *self.outgoing) if each is not None}

    def is_own(self, route: TransitRoute) -> bool:
        """Whether a route leads to this connection."""
        return bool(self.own_ids & {route.attachment_id, route.connection_id})


@dataclass(frozen=True)
class RemovedAttachment:
    """An attachment that AWS removes, because its connection is deleted or moved to another target."""

    name: str
    connection: str
    attachment_id: str


@dataclass(frozen=True)
class RouteChanges:
    """What the run does about the routes of one connection."""

    actions: tuple[Action, ...] = ()
    after: Mapping[str, Sequence[str]] | None = None
    unchanged: int = 0
    warnings: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


def canonical(cidr: str) -> str:
    """A network as AWS writes it."""
    return str(ipaddress.ip_network(cidr, strict=False))


def live_routes(table: TransitRouteTable) -> list[TransitRoute]:
    """The static routes of a table, without those that are being deleted."""
    return [route for route in table.static_routes if route.state not in GONE]


class StaticRoutes:
    """All static routes of the route tables, and which connections of the run ask for which."""

    def __init__(
        self,
        wanted: Sequence[WantedRoutes],
        tables: Sequence[TransitRouteTable],
        removed: Sequence[RemovedAttachment] = (),
    ) -> None:
        self._wanted = {want.name: want for want in wanted}
        self._gateways = {table.id: table.transit_gateway_id for table in tables}
        self._routes = {
            RouteKey(table.id, canonical(route.cidr)): route for table in tables for route in live_routes(table)
        }
        # By the id of the attachment and of the connection a route leads to.
        self._leading_to: dict[str, set[RouteKey]] = {}
        for key, route in self._routes.items():
            for end in (route.attachment_id, route.connection_id):
                if end is not None:
                    self._leading_to.setdefault(end, set()).add(key)
        self._wanted_by = grouped((key, want.name) for want in wanted for key in want.keys)
        self._surplus = {want.name: self._surplus_of(want) for want in wanted}
        self._freed = {key for keys in self._surplus.values() for key in keys}
        self._freed |= {key for each in removed for key in self._leading_to.get(each.attachment_id, ())}

    def changes(self, name: str) -> RouteChanges:
        """The routes of one connection."""
        want = self._wanted[name]
        if want.tables is None:
            return RouteChanges()
        refusals, warnings = [], []
        actions = []
        after = set(self._leading_to.get(want.attachment_id or "", ()))
        unchanged = 0
        for key in sorted(want.keys):
            route = self._routes.get(key)
            if route is not None and want.attachment_id is not None and route.attachment_id == want.attachment_id:
                unchanged += 1
                continue
            refusal = self._refusal(want, key)
            if refusal:
                refusals.append(refusal)
            elif route is not None and want.keeps_outgoing and want.is_own(route):
                warnings.append(_kept(want, key, route))
            else:
                actions.append(_set_route(want, key, route))
                after.add(key)
        for key in self._surplus[name]:
            after.discard(key)
            if key not in self._wanted_by:
                actions.append(_delete_route(want, key))
        return RouteChanges(
            actions=tuple(actions),
            after=_by_table(after),
            unchanged=unchanged,
            warnings=tuple(warnings),
            refusals=tuple(refusals),
        )

    def removals(self, removed: RemovedAttachment) -> tuple[Action, ...]:
        """The end of the routes that no other connection asks for; early, because a moved connection has another
        attachment afterwards.
        """
        keys = sorted(self._leading_to.get(removed.attachment_id, ()))
        found = [_delete_route(removed, key) for key in keys if key not in self._wanted_by]
        return tuple(replace(action, stage=Stage.ENDS) for action in found)

    def _surplus_of(self, want: WantedRoutes) -> list[RouteKey]:
        """Routes to it that it does not ask for: all in the named tables, elsewhere those to its own networks.

        Other networks in tables that are not named were routed by somebody else, for a reason.
        """
        if want.tables is None:
            return []
        own, keys = {canonical(cidr) for cidr in want.cidrs}, want.keys
        return sorted(
            key
            for key in set().union(*(self._leading_to.get(end, set()) for end in want.own_ids))
            if key not in keys
            and self._gateways[key.table] == want.transit_gateway_id
            and (key.table in want.tables or key.cidr in own)
        )

    def _refusal(self, want: WantedRoutes, key: RouteKey) -> str | None:
        names = self._wanted_by[key]
        if len(names) > 1:
            return (
                f"{', '.join(names)}: static_routes_to: these connections ask for routes to {key.cidr} in {key.table},"
                " and a route table has only one static route to a network"
            )
        route = self._routes.get(key)
        if route is None or want.is_own(route) or key in self._freed:
            return None
        # A deleted attachment leaves a blackhole behind; unless it is replaced, no run could go on after that.
        if route.attachment_id is None:
            return None
        whose = f" ({route.connection_id})" if route.connection_id else ""
        return (
            f"{want.name}: static_routes_to: {key.table} already sends {key.cidr} to {route.attachment_id}{whose}:"
            " remove that route first"
        )


def _set_route(want: WantedRoutes, key: RouteKey, route: TransitRoute | None) -> Action:
    if route is None:
        step = CreateTransitRoute(want.connection, key.table, key.cidr)
        return Action.of(step, want.name, key.text, want.attachment_id)
    change = ReplaceTransitRoute(want.connection, key.table, key.cidr)
    now = f"which leads to {route.attachment_id}" if route.attachment_id else "which drops traffic"
    return Action.of(change, want.name, f"{key.text}, {now}", want.attachment_id)


def _delete_route(end: WantedRoutes | RemovedAttachment, key: RouteKey) -> Action:
    step = DeleteTransitRoute(end.connection, key.table, key.cidr)
    return Action.of(step, end.name, key.text, end.attachment_id)


def _kept(want: WantedRoutes, key: RouteKey, route: TransitRoute) -> str:
    return (
        f"{want.name}: {key.table} sends {key.cidr} to {route.connection_id or route.attachment_id} until a tunnel"
        " of the new connection is up: run again then"
    )


def _by_table(keys: set[RouteKey]) -> dict[str, list[str]]:
    tables = grouped((key.table, key.cidr) for key in sorted(keys))
    return {table: sorted(cidrs) for table, cidrs in tables.items()}
