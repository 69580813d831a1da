# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What connections want of the VPCs that they lead to: routes back to the sites, an instance that answers pings."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..options.problem import line

PREFIX = "site_vpn_"


@dataclass(frozen=True)
class Place:
    """A Region of an account, as the modules of amazon.aws are told."""

    region: str
    profile: str | None


@dataclass(frozen=True)
class Route:
    """One route of a route table of a VPC."""

    table: str
    destination: str
    transit_gateway: str


@dataclass(frozen=True)
class Want:
    """What one connection wants."""

    name: str
    place: Place
    routes: tuple[Route, ...]
    # Where the host is that answers pings, from which networks; none without a subnet.
    subnet: str | None
    address: str | None
    networks: tuple[str, ...]
    tags: Mapping[str, str]

    def line(self, option: str, value: str, rule: str) -> str:
        """A problem with what it wants, in the words of the inventory."""
        return line([self.name], f"{PREFIX}{option}={value}: {rule}")


def wants(hosts: Mapping[str, Mapping[str, Any]]) -> list[Want]:
    """What the connections of an inventory want, those that want nothing left out."""
    found = [
        _want(name, each, host["local_cidrs"]) for host in hosts.values() for name, each in host["connections"].items()
    ]
    return [want for want in found if want.routes or want.subnet]


def transit_gateway(target: Mapping[str, Any]) -> str | None:
    """The transit gateway that a target names."""
    concentrator = target.get("vpn_concentrator") or {}
    found: str | None = target.get("transit_gateway_id") or concentrator.get("transit_gateway_id")
    return found


def _want(name: str, connection: Mapping[str, Any], networks: Iterable[str]) -> Want:
    networks = tuple(networks)
    gateway = transit_gateway(connection["target"])
    has_probe = connection["probe_instance"]
    return Want(
        name=name,
        place=Place(connection["region"], connection["profile"]),
        routes=tuple(
            Route(table, network, gateway)
            for table in connection["vpc_route_tables"]
            for network in networks
            if gateway
        ),
        subnet=connection["probe_subnet"] if has_probe else None,
        address=connection["vpc_probe_address"] if has_probe else None,
        networks=networks,
        tags=connection["tags"],
    )


def places(wanted: Iterable[Want]) -> list[dict[str, Any]]:
    """What has to be looked at, once for each Region and account."""
    found: dict[Place, dict[str, Any]] = {}
    for want in wanted:
        place = found.setdefault(want.place, {"route_tables": {}, "transit_gateways": {}, "subnets": {}})
        place["route_tables"].update(dict.fromkeys(route.table for route in want.routes))
        place["transit_gateways"].update(dict.fromkeys(route.transit_gateway for route in want.routes))
        place["subnets"].update({want.subnet: None} if want.subnet else {})
    return [{**access(place), **{kind: list(ids) for kind, ids in each.items()}} for place, each in found.items()]


def access(place: Place) -> dict[str, str]:
    """The arguments of a module of amazon.aws for this place."""
    return {"region": place.region, **({"profile": place.profile} if place.profile else {})}


def conflicts(wanted: Iterable[Want]) -> Iterator[str]:
    """What two connections want differently of the same thing."""
    routes: dict[tuple[str, str], tuple[str, str]] = {}
    addresses: dict[str, tuple[str, str]] = {}
    for want in wanted:
        for route in want.routes:
            other, gateway = routes.setdefault((route.table, route.destination), (want.name, route.transit_gateway))
            if gateway != route.transit_gateway:
                rule = f"{other} routes {route.destination} to {gateway}, and a table has one route to a network"
                yield want.line("vpc_route_tables", route.table, rule)
        if want.subnet and want.address:
            other, address = addresses.setdefault(want.subnet, (want.name, want.address))
            if address != want.address:
                rule = f"{other} has {address}, and the instance of {want.subnet} has one address"
                yield want.line("vpc_probe_address", want.address, rule)
