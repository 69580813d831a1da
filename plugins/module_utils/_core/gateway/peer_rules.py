# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What keeps tunnels from working on one gateway, in words."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from ..grouping import grouped
from .settings import Settings

LINK_LOCAL = IPv4Network("169.254.0.0/16")

_REQUIRED = (
    "vpn_connection_id",
    "number",
    "outside_address",
    "customer_address",
    "inside_cidr",
    "aws_inside_address",
    "customer_inside_address",
)


def name_of(tunnel: Mapping[str, Any]) -> str:
    return f"{tunnel['vpn_connection_id']}-{tunnel['number']}"


def missing(tunnel: Mapping[str, Any]) -> list[str]:
    """What a tunnel must say of itself and does not."""
    subject = f"tunnel {tunnel.get('number', '?')} of {tunnel.get('vpn_connection_id', 'an unnamed connection')}"
    return [f"{subject}: no {key}" for key in _REQUIRED if tunnel.get(key) in (None, "")]


def broken(tunnel: Mapping[str, Any], settings: Settings) -> list[str]:
    """What is wrong with one tunnel."""
    found = []
    try:
        inside = IPv4Network(tunnel["inside_cidr"])
        ends = [IPv4Address(tunnel[key]) for key in ("aws_inside_address", "customer_inside_address")]
        outside = IPv4Address(tunnel["outside_address"])
        remote = [IPv4Network(cidr) for cidr in settings.remote_cidrs]
        [IPv4Network(cidr) for cidr in settings.local_cidrs]
        addresses = (tunnel["customer_address"], settings.local_address, settings.lan_address, settings.bgp_router_id)
        [IPv4Address(address) for address in addresses if address]
    except ValueError as error:
        return [str(error)]
    if inside.prefixlen != 30 or not inside.subnet_of(LINK_LOCAL):
        found.append(f"inside CIDR {inside} is not a /30 of {LINK_LOCAL}")
    elif sorted(ends) != list(inside.hosts()):
        found.append(f"inside addresses {ends[0]} and {ends[1]} are not the two hosts of {inside}")
    found += [
        f"remote CIDR {cidr} holds the tunnel's own outside address {outside}: ESP would be routed into the tunnel"
        for cidr in remote
        if outside in cidr
    ]
    if not remote:
        found.append("no remote CIDR")
    versions = (tunnel.get("options") or {}).get("ike_versions")
    if versions and "ikev2" not in versions:
        found.append("AWS allows IKEv1 only, the gateway speaks IKEv2 only")
    return found + _broken_routing(tunnel, settings)


def _broken_routing(tunnel: Mapping[str, Any], settings: Settings) -> list[str]:
    if settings.routing not in ("bgp", "static"):
        return [f"unknown routing {settings.routing!r}, known: bgp, static"]
    if settings.routing == "static":
        return []
    found = [f"BGP needs {key}" for key in ("amazon_side_asn", "customer_asn") if not tunnel.get(key)]
    return found if settings.local_cidrs else [*found, "BGP needs a local CIDR to announce"]


def clashes(tunnels: Sequence[tuple[Mapping[str, Any], Settings]]) -> list[str]:
    """What two tunnels on one gateway must not share, and what all of them must."""
    found = []
    for key, why in (
        ("inside_cidr", "one gateway cannot tell them apart"),
        ("outside_address", "one peer is one tunnel"),
    ):
        holders = grouped((str(tunnel[key]), name_of(tunnel)) for tunnel, _settings in tunnels)
        found += [
            f"{key} {value} is used by {' and '.join(names)}: {why}"
            for value, names in holders.items()
            if len(names) > 1
        ]
    asns = sorted({int(tunnel["customer_asn"]) for tunnel, _settings in tunnels if tunnel.get("customer_asn")})
    if len(asns) > 1:
        found.append(f"the tunnels of one gateway have several customer ASNs: {', '.join(map(str, asns))}")
    kinds = sorted({str(settings.routing) for _tunnel, settings in tunnels})
    if len(kinds) > 1:
        found.append(f"the tunnels of one gateway have several kinds of routing: {', '.join(kinds)}")
    return found
