# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The networks of a gateway where one is inside another: of those that hold an address the most specific decides."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, ip_network
from typing import Any

DEFAULT_ROUTE = "0.0.0.0/0"
# The routing table of a default route into the tunnels. The tables of tunnels have larger numbers.
DEFAULT_TABLE = 999


def with_uplink_routes(peers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The peers, each with whether a network of the gateway's tunnels holds its outside address."""
    holders = [cidr for peer in peers for cidr in (*peer["remote_cidrs"], *peer["unreachable_cidrs"])]
    return [{**peer, "uplink_route": bool(_inside([f"{peer['outside_address']}/32"], holders))} for peer in peers]


def of_gateway(peers: Sequence[Mapping[str, Any]], networks: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the files of a gateway say of its networks, from the networks of all its peers."""
    local, remote = networks["local_cidrs"], networks["remote_cidrs"]
    more = [cidr for cidr in networks["allowed_cidrs"] if cidr not in local]
    allowed = [*_carved(local, remote), *more]
    has_default = DEFAULT_ROUTE in remote
    outside = [f"{peer['outside_address']}/32" for peer in peers if peer["uplink_route"]]
    kept = [*_inside((cidr for cidr in local if cidr not in remote), remote), *outside]
    addresses = dict.fromkeys(f"{peer['local_address']}/32" for peer in peers) if has_default else ()
    return {
        "allowed_cidrs": allowed,
        # Neither in AWS, although a network in AWS holds them.
        "kept_cidrs": kept,
        "guarded_cidrs": list(dict.fromkeys([*networks["unreachable_cidrs"], *kept])),
        "outside_cidrs": outside,
        "bgp_filter": _filter(remote, kept),
        "has_default_route": has_default,
        "default_table": DEFAULT_TABLE,
        # What the gateway sends from these stays outside of the tunnels: AWS could not answer it.
        "uplink_cidrs": [cidr for cidr in addresses if not _inside([cidr], allowed)],
    }


def _inside(cidrs: Iterable[str], holders: Iterable[str]) -> list[str]:
    """Those that are in one of the holders."""
    parsed = [holder for holder in map(ip_network, holders) if isinstance(holder, IPv4Network)]
    return [cidr for cidr in cidrs if any(IPv4Network(cidr).subnet_of(holder) for holder in parsed)]


def _carved(cidrs: Sequence[str], others: Sequence[str]) -> list[str]:
    """The networks without those parts for which one of the others is more specific."""
    marked = {(IPv4Network(cidr), 0) for cidr in others} | {(IPv4Network(cidr), 1) for cidr in cidrs}
    left: list[IPv4Network] = []
    for net, is_own in sorted(marked, key=lambda entry: (entry[0].prefixlen, entry[1], entry[0])):
        if is_own:
            left.append(net)
        else:
            left = [part for each in left for part in (each.address_exclude(net) if net.subnet_of(each) else [each])]
    is_whole = {str(net) for net in left} == set(cidrs)
    return list(cidrs) if is_whole else [str(net) for net in sorted(left)]


def _filter(remote: Iterable[str], kept: Iterable[str]) -> list[dict[str, str]]:
    """What AWS may announce, in the order in which BGP reads it: the first network that holds a prefix decides."""
    entries = [("permit", cidr) for cidr in remote] + [("deny", cidr) for cidr in kept]
    ordered = sorted(entries, key=lambda entry: -IPv4Network(entry[1]).prefixlen)
    return [{"action": action, "cidr": cidr} for action, cidr in ordered]
