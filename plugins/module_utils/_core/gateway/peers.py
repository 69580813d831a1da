# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tunnel is on the gateway: every value that its files need, finished, whatever daemon reads them."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Interface, IPv4Network, ip_network
from types import ModuleType
from typing import Any

from ..errors import InvalidInput
from ..text import shown
from . import libreswan, networks, peer_rules, proposals, selectors, strongswan
from .settings import Settings

# Interface ids, routing tables and rule priorities of this collection start here, out of the way of others'.
_FIRST_IF_ID = 1000
_FIRST_RULE_PRIORITY = 900
_FIRST_METRIC = 100
# What BGP gives to routes that nobody says otherwise of.
_LOCAL_PREFERENCE = 100

# Each has its words, the name of its interfaces, and what it lacks.
DAEMONS: dict[str, ModuleType] = {"strongswan": strongswan, "libreswan": libreswan}

# Of a gateway, and the same in all its peers.
_COMMON = ("routing", "lan_address", "local_asn", "bgp_router_id")
# Of each peer, and together those of the gateway.
_NETWORKS = ("local_cidrs", "remote_cidrs", "allowed_cidrs", "unreachable_cidrs")


def peers(tunnels: Sequence[Mapping[str, Any]], settings: Settings) -> list[dict[str, Any]]:
    """One finished dictionary per tunnel, the preferred connection first. Every problem is reported at once."""
    problems = [
        f"{peer_rules.subject(tunnel)}: {problem}" for tunnel in tunnels for problem in peer_rules.unusable(tunnel)
    ]
    if settings.daemon not in DAEMONS:
        problems.append(f"unknown IKE daemon {shown(settings.daemon)}, known: {', '.join(DAEMONS)}")
    if problems:
        raise InvalidInput(problems)
    ordered = sorted(tunnels, key=lambda each: (_preference(each), each["vpn_connection_id"], int(each["number"])))
    completed = [(tunnel, settings.completed(tunnel)) for tunnel in ordered]
    connections = list(dict.fromkeys(tunnel["vpn_connection_id"] for tunnel in ordered))
    finished = []
    for tunnel, own in completed:
        # Of its own for each tunnel, and the same for the second whether or not the first is there.
        position = 2 * connections.index(tunnel["vpn_connection_id"]) + int(tunnel["number"])
        broken = peer_rules.broken(tunnel, own)
        if not broken:
            try:
                finished.append(_peer(tunnel, position, own))
            except proposals.NoProposal as reason:
                broken = [str(reason)]
        problems += [f"{peer_rules.name_of(tunnel)}: {problem}" for problem in broken]
    problems += peer_rules.clashes(completed)
    if problems:
        raise InvalidInput(problems)
    return networks.with_uplink_routes(finished)


def check(peers_of_one: Sequence[Mapping[str, Any]]) -> None:
    """Refuses peers with values that could break out of the files they are written to, whoever put them together."""
    problems = list(peer_rules.unquotable(peers_of_one))
    if problems:
        raise InvalidInput(problems)


def gateway(peers_of_one: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What exists once on a gateway: what its peers agree on, and the networks of all of them, in their order."""
    first = peers_of_one[0] if peers_of_one else {}
    found: dict[str, dict[str, None]] = {key: {} for key in _NETWORKS}
    for peer in peers_of_one:
        for key, known in found.items():
            known.update(dict.fromkeys(peer[key]))
    policies = {peer["policy"]["name"]: peer["policy"] for peer in peers_of_one if peer.get("policy")}
    of_all = {key: list(known) for key, known in found.items()}
    return {
        **{key: first.get(key) for key in _COMMON},
        **of_all,
        **networks.of_gateway(peers_of_one, of_all),
        "policies": [policies[name] for name in sorted(policies)],
    }


def _preference(tunnel: Mapping[str, Any]) -> int:
    return int(tunnel.get("preference") or 1)


def _peer(tunnel: Mapping[str, Any], position: int, settings: Settings) -> dict[str, Any]:
    options = tunnel.get("options") or {}
    inside = IPv4Network(tunnel["inside_cidr"])
    if_id = _FIRST_IF_ID + (int(inside.network_address) - int(peer_rules.LINK_LOCAL.network_address)) // 4
    daemon = DAEMONS[settings.daemon]
    ike = proposals.choose(options, 1, settings.allow_weak, daemon.LACKING_DH_GROUPS)
    esp = proposals.choose(options, 2, settings.allow_weak, daemon.LACKING_DH_GROUPS)
    # An accelerator carries nothing but UDP.
    is_accelerated = bool((tunnel.get("connection_options") or {}).get("enable_acceleration"))
    nat_traversal = is_accelerated or settings.local_address != tunnel["customer_address"]
    mtu = proposals.mtu(esp, int(settings.path_mtu), nat_traversal)
    words = daemon.words(
        ike=ike,
        ike_timers=proposals.ike_timers(options),
        esp=esp,
        esp_timers=proposals.esp_timers(options),
        always_udp=is_accelerated,
        version=settings.daemon_version,
    )
    return {
        "name": peer_rules.name_of(tunnel),
        "connection": tunnel["vpn_connection_id"],
        "number": int(tunnel["number"]),
        "interface": f"{daemon.INTERFACE}{if_id}",
        "if_id": if_id,
        "table": if_id,
        "rule_priority": _FIRST_RULE_PRIORITY + position,
        "metric": _FIRST_METRIC + position,
        "tos": 4 * position,
        "mtu": mtu,
        "mss": proposals.mss(mtu),
        **_addresses(tunnel, settings, inside),
        **_routing(tunnel, settings),
        **selectors.values(tunnel, settings),
        "replay_window": int(options.get("replay_window_size") or 1024),
        "probe": {"tos": 4 * position, "outside_address": tunnel["outside_address"], "mtu": mtu},
        "daemon": settings.daemon,
        settings.daemon: words,
    }


def _addresses(tunnel: Mapping[str, Any], settings: Settings, inside: IPv4Network) -> dict[str, Any]:
    return {
        "outside_address": tunnel["outside_address"],
        "local_address": settings.local_address,
        "lan_address": settings.lan_address or None,
        "local_id": tunnel["customer_address"],
        "remote_id": tunnel["outside_address"],
        "inside_interface": str(IPv4Interface(f"{tunnel['customer_inside_address']}/{inside.prefixlen}")),
        "aws_inside_address": tunnel["aws_inside_address"],
        "customer_inside_address": tunnel["customer_inside_address"],
    }


def _routing(tunnel: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    is_bgp = settings.routing == "bgp"
    carried = settings.remote_cidrs if settings.unreachable_without_tunnel else ()
    return {
        "routing": settings.routing,
        "local_cidrs": settings.local_cidrs,
        "remote_cidrs": settings.remote_cidrs,
        "allowed_cidrs": [*settings.local_cidrs, *settings.allowed_cidrs],
        # As the kernel lists them.
        "unreachable_cidrs": [*carried, *(str(ip_network(cidr)) for cidr in settings.unreachable_cidrs)],
        "local_asn": int(tunnel["customer_asn"]) if is_bgp else None,
        "remote_asn": int(tunnel["amazon_side_asn"]) if is_bgp else None,
        "bgp_neighbor": tunnel["aws_inside_address"] if is_bgp else None,
        "bgp_router_id": settings.bgp_router_id if is_bgp else None,
        "bgp_maximum_prefix": int(settings.bgp_maximum_prefix) if is_bgp else None,
        "policy": _policy(tunnel) if is_bgp else None,
    }


def _policy(tunnel: Mapping[str, Any]) -> dict[str, Any]:
    """What BGP says of the routes of a connection, in both directions: which one to prefer to which other."""
    preference = _preference(tunnel)
    return {
        "name": f"AWS-VPN{'' if preference == 1 else f'-{preference}'}",
        "local_preference": _LOCAL_PREFERENCE - 10 * (preference - 1),
        # AWS prefers the shorter AS path.
        "prepended": [int(tunnel["customer_asn"])] * (preference - 1),
    }
