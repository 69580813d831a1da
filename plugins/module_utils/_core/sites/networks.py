# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The networks of sites: what may be behind a gateway and in AWS, and what two sites may have."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..grouping import grouped
from ..model import values
from ..options import route_limits, rules, value_rules
from ..options.problem import Problem, broken
from .entry import ConnectionEntry

_NETWORKS = {"local_cidrs": "the list of networks behind the gateway", "remote_cidrs": "the list of networks in AWS"}
_ON_BOTH_SIDES = (
    "also in remote_cidrs: remove it from one of the two lists. If a part of it is on the other side, add that part to"
    " the other list: the more specific network is used"
)
_SHARED = (
    "also a network of {}: give each site its own networks. If both gateways are at one site, give both the same site."
    " If two sites shall have it, set shared_networks to true for both"
)
_ROUTED = "has one route to {}, and that is to {}: name this table at one of the two, or use BGP, which uses both"

Finding = tuple[Sequence[str], Problem]


def entry_problems(entry: ConnectionEntry) -> list[Problem]:
    """The broken rules of the networks of one connection by itself; one network may be inside another."""
    found = []
    version = rules.network_version(entry.options)
    for option, cidrs in (("local_cidrs", entry.local_cidrs), ("remote_cidrs", entry.remote_cidrs)):
        if not cidrs:
            found.append(Problem(option, f"missing: {_NETWORKS[option]}"))
        for cidr in cidrs:
            found += broken(option, cidr, value_rules.cidr_problem(cidr, version))
        twice = value_rules.duplicates((cidr, option) for cidr in cidrs)
        found += [Problem.of(option, cidr, "is in the list twice") for cidr, _owners in twice]
    found += _too_many(entry)
    both = [cidr for cidr in entry.local_cidrs if cidr in entry.remote_cidrs and values.network(cidr)]
    return found + [Problem.of("local_cidrs", cidr, _ON_BOTH_SIDES) for cidr in both]


def _too_many(entry: ConnectionEntry) -> list[Problem]:
    target = rules.target_of(
        vpn_concentrator=entry.vpn_concentrator.ref if entry.vpn_concentrator else entry.vpn_concentrator_id,
        transit_gateway_id=entry.transit_gateway_id,
        vpn_gateway=entry.vpn_gateway.ref if entry.vpn_gateway else entry.vpn_gateway_id,
        unattached=entry.unattached,
    )
    rule = route_limits.networks_problem(len(set(entry.local_cidrs)), target, entry.routing)
    return [Problem("local_cidrs", rule)] if rule else []


def shared(entries: Sequence[ConnectionEntry]) -> Iterator[Finding]:
    """Networks that two sites have without having said so, and routes that a route table cannot have twice."""
    owned = grouped((cidr, entry) for entry in entries for cidr in entry.local_cidrs if values.network(cidr))
    for cidr, owners in owned.items():
        for position, entry in enumerate(owners):
            other = next((each for each in owners[:position] if not _may_share(each, entry)), None)
            if other:
                yield (entry.gateway,), Problem.of("local_cidrs", cidr, _SHARED.format(other.gateway))
    for (table, cidr), owners in grouped(_static_routes(entries)).items():
        for entry in owners[1:]:
            rule = _ROUTED.format(cidr, owners[0].name)
            yield (entry.name,), Problem.of("target.static_routes_to", table, rule)


def _may_share(one: ConnectionEntry, other: ConnectionEntry) -> bool:
    # A gateway that is described twice, at two sites, is refused as that.
    is_same = one.site == other.site or one.gateway == other.gateway
    return is_same or (one.shared_networks and other.shared_networks)


def _static_routes(entries: Sequence[ConnectionEntry]) -> Iterator[tuple[tuple[str, str], ConnectionEntry]]:
    """Table and network of each static route of a transit gateway, with the connection that it leads to."""
    for entry in entries:
        if entry.transit_routing:
            for table in entry.transit_routing.static_routes_to or ():
                for cidr in dict.fromkeys(entry.transit_routing.cidrs):
                    yield (table, cidr), entry
