# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Routes of VPC route tables to the networks of sites: what is missing, what is in the way, what is to go."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .found import Found, Table
from .wanted import Place, Route, Want, access


@dataclass(frozen=True)
class TableChange:
    """The routes of one table that are made, or those that go."""

    place: Place
    table: str
    vpc: str
    added: tuple[Route, ...] = ()
    removed: tuple[Route, ...] = ()
    # The destinations of all routes that stay, where some go.
    kept: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """What it changes, for people."""
        added = [f"create route {route.destination} to {route.transit_gateway}" for route in self.added]
        removed = [f"delete route {route.destination} to {route.transit_gateway}" for route in self.removed]
        return [f"{self.table} ({self.place.region}): {line}" for line in (*added, *removed)]

    @property
    def arguments(self) -> dict[str, Any]:
        """What M(amazon.aws.ec2_vpc_route_table) is told. A route without a target stays as it is."""
        added = [{"dest": route.destination, "transit_gateway_id": route.transit_gateway} for route in self.added]
        return {
            **access(self.place),
            "route_table_id": self.table,
            "vpc_id": self.vpc,
            "routes": [*added, *({"dest": destination} for destination in self.kept)],
            "purge_routes": bool(self.removed),
        }


def problems(wanted: Iterable[Want], found: Found) -> Iterator[str]:
    """What AWS would refuse, and what a new route would replace."""
    for want in wanted:
        for table in dict.fromkeys(route.table for route in want.routes):
            routes = [route for route in want.routes if route.table == table]
            rule = _problem(routes, found.tables.get(table), found, want.place)
            if rule:
                yield want.line("vpc_route_tables", table, rule)


def _problem(routes: Sequence[Route], table: Table | None, found: Found, place: Place) -> str | None:
    if table is None:
        return f"does not exist in {place.region}"
    gateway = routes[0].transit_gateway
    if (gateway, table.vpc) not in found.attached:
        return f"is in {table.vpc}, which is not attached to {gateway}"
    for route in routes:
        target = table.routes.get(route.destination, gateway)
        if target != gateway:
            return f"has a route to {route.destination} by {target}: remove it, or leave this table out"
    return None


def additions(wanted: Iterable[Want], found: Found) -> list[TableChange]:
    """The routes that are missing."""
    return [
        TableChange(place, table, found.tables[table].vpc, added=tuple(missing))
        for (place, table), routes in _by_table(wanted).items()
        for missing in [[route for route in routes if route.destination not in found.tables[table].routes]]
        if missing
    ]


def removals(going: Iterable[Want], staying: Iterable[Want], found: Found) -> list[TableChange]:
    """The routes that nothing needs any more. One that leads elsewhere is not ours."""
    needed = {(route.table, route.destination) for want in staying for route in want.routes}
    changes = []
    for (place, name), routes in _by_table(going).items():
        table = found.tables.get(name)
        removed = [
            route
            for route in routes
            if (name, route.destination) not in needed
            and table
            and table.routes.get(route.destination) == route.transit_gateway
        ]
        if table and removed:
            kept = sorted(set(table.routes) - {route.destination for route in removed})
            changes.append(TableChange(place, name, table.vpc, removed=tuple(removed), kept=tuple(kept)))
    return changes


def _by_table(wanted: Iterable[Want]) -> dict[tuple[Place, str], list[Route]]:
    """Each route once, although gateways of one site share networks."""
    found: dict[tuple[Place, str], dict[Route, None]] = {}
    for want in wanted:
        for route in want.routes:
            found.setdefault((want.place, route.table), {})[route] = None
    return {table: list(routes) for table, routes in found.items()}
