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


def site_problems(site: ConnectionEntry) -> list[Problem]:
    """The broken rules of the networks of one site by itself; one network may be inside another."""
    found = []
    version = rules.network_version(site.options)
    for option, cidrs in (("local_cidrs", site.local_cidrs), ("remote_cidrs", site.remote_cidrs)):
        if not cidrs:
            found.append(Problem(option, f"missing: {_NETWORKS[option]}"))
        for cidr in cidrs:
            found += broken(option, cidr, value_rules.cidr_problem(cidr, version))
        twice = value_rules.duplicates((cidr, option) for cidr in cidrs)
        found += [Problem.of(option, cidr, "is in the list twice") for cidr, _owners in twice]
    found += _too_many(site)
    both = [cidr for cidr in site.local_cidrs if cidr in site.remote_cidrs and values.network(cidr)]
    return found + [Problem.of("local_cidrs", cidr, _ON_BOTH_SIDES) for cidr in both]


def _too_many(site: ConnectionEntry) -> list[Problem]:
    target = rules.target_of(
        vpn_concentrator=site.vpn_concentrator.ref if site.vpn_concentrator else site.vpn_concentrator_id,
        transit_gateway_id=site.transit_gateway_id,
        vpn_gateway=site.vpn_gateway.ref if site.vpn_gateway else site.vpn_gateway_id,
        unattached=site.unattached,
    )
    rule = route_limits.networks_problem(len(set(site.local_cidrs)), target, site.routing)
    return [Problem("local_cidrs", rule)] if rule else []


def shared(sites: Sequence[ConnectionEntry]) -> Iterator[Finding]:
    """Networks that two sites have without having said so, and routes that a route table cannot have twice."""
    owned = grouped((cidr, site) for site in sites for cidr in site.local_cidrs if values.network(cidr))
    for cidr, owners in owned.items():
        for position, site in enumerate(owners):
            other = next((each for each in owners[:position] if not _may_share(each, site)), None)
            if other:
                yield (site.gateway,), Problem.of("local_cidrs", cidr, _SHARED.format(other.gateway))
    for (table, cidr), owners in grouped(_static_routes(sites)).items():
        for site in owners[1:]:
            rule = _ROUTED.format(cidr, owners[0].name)
            yield (site.name,), Problem.of("target.static_routes_to", table, rule)


def _may_share(one: ConnectionEntry, other: ConnectionEntry) -> bool:
    # A gateway that is described twice, at two sites, is refused as that.
    is_same = one.site == other.site or one.gateway == other.gateway
    return is_same or (one.shared_networks and other.shared_networks)


def _static_routes(sites: Sequence[ConnectionEntry]) -> Iterator[tuple[tuple[str, str], ConnectionEntry]]:
    """Table and network of each static route of a transit gateway, with the site that it leads to."""
    for site in sites:
        if site.transit_routing:
            for table in site.transit_routing.static_routes_to or ():
                for cidr in dict.fromkeys(site.transit_routing.cidrs):
                    yield (table, cidr), site
