# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The networks of sites: which may be behind a gateway and in AWS, and which two sites may have."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..options import rules, value_rules
from ..options.problem import Problem, broken
from .entry import ConnectionEntry

# Everything without a better route goes to such a site, so it gets in the way of no network.
DEFAULT_ROUTE = "0.0.0.0/0"

_NETWORKS = {"local_cidrs": "the list of networks behind the gateway", "remote_cidrs": "the list of networks in AWS"}

Finding = tuple[Sequence[str], Problem]


def site_problems(site: ConnectionEntry) -> list[Problem]:
    """The broken rules of the networks of one site by itself."""
    found = []
    version = rules.network_version(site.options)
    for option, cidrs in (("local_cidrs", site.local_cidrs), ("remote_cidrs", site.remote_cidrs)):
        if not cidrs:
            found.append(Problem(option, f"missing: {_NETWORKS[option]}"))
        for cidr in cidrs:
            found += broken(option, cidr, value_rules.cidr_problem(cidr, version))
        twice = value_rules.duplicates((cidr, option) for cidr in cidrs)
        found += [Problem.of(option, cidr, "is in the list twice") for cidr, _owners in twice]
    local = [cidr for cidr in site.local_cidrs if cidr != DEFAULT_ROUTE]
    for cidr, other in value_rules.clashes(local, site.remote_cidrs):
        found.append(Problem.of("local_cidrs", cidr, f"overlaps {other} of remote_cidrs"))
    return found


def shared(sites: Sequence[ConnectionEntry]) -> Iterator[Finding]:
    """Networks that two sites have."""
    owned = [(cidr, site.name) for site in sites for cidr in site.local_cidrs if cidr != DEFAULT_ROUTE]
    for (cidr, owner), (other, other_owner) in value_rules.overlaps(owned):
        if owner != other_owner:
            yield (other_owner,), Problem.of("local_cidrs", other, f"overlaps {cidr} of {owner}")
