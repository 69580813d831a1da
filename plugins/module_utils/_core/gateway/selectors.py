# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The networks that a tunnel carries, as AWS has them, and what follows from them on the gateway."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from .settings import Settings

OPTIONS = ("local_ipv4_network_cidr", "remote_ipv4_network_cidr")
_ALL = "0.0.0.0/0"


def of(tunnel: Mapping[str, Any]) -> tuple[IPv4Network, IPv4Network]:
    """The network behind the gateway and the one on the AWS side."""
    options = tunnel.get("connection_options") or {}
    local, remote = (IPv4Network(options.get(name) or _ALL) for name in OPTIONS)
    return local, remote


def broken(tunnel: Mapping[str, Any], settings: Settings) -> list[str]:
    """The networks of a tunnel that it does not carry."""
    found = []
    for option, carried, cidrs in zip(OPTIONS, of(tunnel), (settings.local_cidrs, settings.remote_cidrs)):
        side = option.split("_", 1)[0]
        found += [
            f"{side} CIDR {cidr} is not in {carried}, all that the tunnel carries ({option} of the connection)"
            for cidr in cidrs
            if not IPv4Network(cidr).subnet_of(carried)
        ]
    if settings.routing == "bgp" and not _carries_pings(tunnel):
        local, remote = of(tunnel)
        found.append(
            f"the tunnel carries only {local} to {remote}, and the BGP session needs {tunnel['inside_cidr']}:"
            f" set {OPTIONS[0]} and {OPTIONS[1]} of the connection to {_ALL}"
        )
    return found


def values(tunnel: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """What the files of the gateway need of it."""
    local, remote = of(tunnel)
    return {
        "local_network_cidr": str(local),
        "remote_network_cidr": str(remote),
        "keepalive": _keepalive(tunnel, settings),
    }


def _keepalive(tunnel: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Pings that keep the tunnel up. Only if it carries both inside addresses, AWS answers them."""
    if _carries_pings(tunnel):
        ends = tunnel["customer_inside_address"], tunnel["aws_inside_address"]
        return {"source": ends[0], "target": ends[1], "is_answered": True}
    local, remote = of(tunnel)
    sources = (settings.lan_address, tunnel["customer_inside_address"], *map(_first, settings.local_cidrs))
    targets = (tunnel["aws_inside_address"], *map(_first, settings.remote_cidrs))
    return {
        "source": _first_in(local, sources),
        "target": _first_in(remote, targets),
        "is_answered": False,
    }


def _first(cidr: str) -> str:
    """The first address of a network, which is that of no host."""
    return str(IPv4Network(cidr).network_address)


def _first_in(network: IPv4Network, addresses: Iterable[str | None]) -> str:
    return next((each for each in addresses if each and IPv4Address(each) in network), str(network.network_address))


def _carries_pings(tunnel: Mapping[str, Any]) -> bool:
    """Whether the tunnel carries packets between its two inside addresses."""
    local, remote = of(tunnel)
    return (
        IPv4Address(tunnel["customer_inside_address"]) in local and IPv4Address(tunnel["aws_inside_address"]) in remote
    )
