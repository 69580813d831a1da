# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tunnel is on the gateway: every value that its files need, finished, whatever daemon reads them."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Interface, IPv4Network
from typing import Any, Callable

from ..errors import InvalidInput
from . import peer_rules, proposals, strongswan

# Interface ids, routing tables and rule priorities of this collection start here, out of the way of others'.
_FIRST_IF_ID = 1000
_FIRST_RULE_PRIORITY = 900
_FIRST_METRIC = 100

_DAEMON_WORDS: dict[str, Callable[..., strongswan.Words]] = {"strongswan": strongswan.words}


def peers(
    tunnels: Sequence[Mapping[str, Any]],
    routing: str | None = None,
    local_address: str | None = None,
    local_cidrs: Sequence[str] | None = None,
    remote_cidrs: Sequence[str] | None = None,
    path_mtu: int = 1500,
    allow_weak: bool = False,
    daemon: str = "strongswan",
    daemon_version: str = "6.0",
) -> list[dict[str, Any]]:
    """One finished dictionary per tunnel, in the order of connection and number.

    What is not given is taken from the tunnels themselves. Every problem is reported at once.
    """
    ordered = sorted(tunnels, key=lambda tunnel: (str(tunnel.get("vpn_connection_id")), int(tunnel.get("number") or 0)))
    problems = [problem for tunnel in ordered for problem in peer_rules.missing(tunnel)]
    if daemon not in _DAEMON_WORDS:
        problems.append(f"unknown IKE daemon {daemon!r}, known: {', '.join(_DAEMON_WORDS)}")
    if problems:
        raise InvalidInput(problems)
    connections = list(dict.fromkeys(tunnel["vpn_connection_id"] for tunnel in ordered))
    finished = []
    for tunnel in ordered:
        # Of its own for each tunnel, and the same for the second whether or not the first is there.
        position = 2 * connections.index(tunnel["vpn_connection_id"]) + int(tunnel["number"])
        settings = {
            "routing": routing or tunnel.get("routing") or "bgp",
            "local_address": local_address or tunnel["customer_address"],
            "local_cidrs": list(local_cidrs or tunnel.get("local_cidrs") or []),
            "remote_cidrs": list(remote_cidrs or tunnel.get("remote_cidrs") or []),
            "path_mtu": int(path_mtu),
        }
        problems += [f"{peer_rules.name_of(tunnel)}: {problem}" for problem in peer_rules.broken(tunnel, settings)]
        if not problems:
            try:
                finished.append(_peer(tunnel, position, settings, allow_weak, daemon, daemon_version))
            except proposals.NoProposal as reason:
                problems.append(f"{peer_rules.name_of(tunnel)}: {reason}")
    problems += peer_rules.clashes(ordered)
    if problems:
        raise InvalidInput(problems)
    return finished


def _peer(
    tunnel: Mapping[str, Any],
    position: int,
    settings: Mapping[str, Any],
    allow_weak: bool,
    daemon: str,
    daemon_version: str,
) -> dict[str, Any]:
    options = tunnel.get("options") or {}
    inside = IPv4Network(tunnel["inside_cidr"])
    if_id = _FIRST_IF_ID + (int(inside.network_address) - int(peer_rules.LINK_LOCAL.network_address)) // 4
    ike = proposals.choose(options, 1, allow_weak)
    esp = proposals.choose(options, 2, allow_weak)
    nat_traversal = settings["local_address"] != tunnel["customer_address"]
    mtu = proposals.mtu(esp, settings["path_mtu"], nat_traversal)
    words = _DAEMON_WORDS[daemon](
        ike, proposals.ike_timers(options), esp, proposals.esp_timers(options), daemon_version
    )
    return {
        "name": peer_rules.name_of(tunnel),
        "connection": tunnel["vpn_connection_id"],
        "number": int(tunnel["number"]),
        "interface": f"vpn{if_id}",
        "if_id": if_id,
        "table": if_id,
        "rule_priority": _FIRST_RULE_PRIORITY + position,
        "metric": _FIRST_METRIC + position,
        "tos": 4 * position,
        "mtu": mtu,
        "mss": proposals.mss(mtu),
        **_addresses(tunnel, settings, inside),
        **_routing(tunnel, settings),
        "replay_window": int(options.get("replay_window_size") or 1024),
        "probe": {"tos": 4 * position, "outside_address": tunnel["outside_address"]},
        daemon: words,
    }


def _addresses(tunnel: Mapping[str, Any], settings: Mapping[str, Any], inside: IPv4Network) -> dict[str, Any]:
    return {
        "outside_address": tunnel["outside_address"],
        "local_address": settings["local_address"],
        "local_id": tunnel["customer_address"],
        "remote_id": tunnel["outside_address"],
        "inside_interface": str(IPv4Interface(f"{tunnel['customer_inside_address']}/{inside.prefixlen}")),
        "aws_inside_address": tunnel["aws_inside_address"],
        "customer_inside_address": tunnel["customer_inside_address"],
    }


def _routing(tunnel: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    bgp = settings["routing"] == "bgp"
    return {
        "routing": settings["routing"],
        "local_cidrs": settings["local_cidrs"],
        "remote_cidrs": settings["remote_cidrs"],
        "local_asn": int(tunnel["customer_asn"]) if bgp else None,
        "remote_asn": int(tunnel["amazon_side_asn"]) if bgp else None,
        "bgp_neighbor": tunnel["aws_inside_address"] if bgp else None,
    }
