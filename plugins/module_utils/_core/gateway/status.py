# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The output of the tools on a gateway, and what its IKE daemon says, read into the state of its tunnels."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

from ..model.tunnel_states import Bgp, Esp, Failure, Ike
from ..model.values import ipv4_network, is_within
from .networks import DEFAULT_TABLE
from .sa import NO_SA, SIDES, no_sa


def bgp_sessions(text: str) -> dict[str, dict[str, Any]]:
    """By neighbor: state and counts of prefixes, from ``show bgp ipv4 unicast summary json``."""
    summary = _json(text, {})
    peers = summary.get("peers") or (summary.get("ipv4Unicast") or {}).get("peers") or {}
    return {
        neighbor: {
            "state": peer.get("state", Bgp.DOWN.value),
            "prefixes_received": int(peer.get("pfxRcd") or 0),
            "prefixes_sent": int(peer.get("pfxSnt") or 0),
        }
        for neighbor, peer in peers.items()
    }


def routes_by_interface(*tables: str) -> dict[str, list[str]]:
    """By interface: destinations that a route of these tables sends there, from ``ip -json route show``.

    The kernel's own routes, to what is directly connected, do not count.
    """
    found: dict[str, list[str]] = {}
    for route in (route for text in tables for route in _json(text, []) if route.get("protocol") != "kernel"):
        destination = "0.0.0.0/0" if route["dst"] == "default" else route["dst"]
        for hop in route.get("nexthops") or [route]:
            destinations = found.setdefault(hop.get("dev", ""), [])
            if destination not in destinations:
                destinations.append(destination)
    return found


def links(text: str) -> dict[str, dict[str, Any]]:
    """By name: whether a link is up, and its MTU, from ``ip -json link show``."""
    return {
        link["ifname"]: {"up": "UP" in link.get("flags", []), "mtu": link.get("mtu")}
        for link in _json(text, [])
        if "ifname" in link
    }


def addresses(text: str) -> list[str]:
    """The IPv4 addresses of the host, from ``ip -json address show``."""
    return sorted(
        info["local"]
        for link in _json(text, [])
        for info in link.get("addr_info", [])
        if info.get("family") == "inet" and info.get("scope") != "host"
    )


def on_the_wire(text: str, remote_cidrs: Iterable[str]) -> list[str]:
    """Networks in AWS that hosts on an interface look for there, in words, from ``ip -json address show``."""
    wires = [
        (f"{link['ifname']} ({info['local']})", IPv4Interface(f"{info['local']}/{info['prefixlen']}").network)
        for link in _json(text, [])
        for info in link.get("addr_info", [])
        if info.get("family") == "inet" and info.get("scope") != "host"
    ]
    rule = (
        "{} in AWS is inside {}, to which {} is directly connected: hosts there look for it on the wire, and not at the"
        " gateway. Give these hosts a route to it through the gateway, or use another network in AWS"
    )
    remote = [net for net in map(ipv4_network, remote_cidrs) if net]
    return [rule.format(net, wire, name) for net in remote for name, wire in wires if net.subnet_of(wire)]


def source_address(text: str) -> str | None:
    """The address the host would send from, from ``ip -json route get``; none of a default route into the tunnels."""
    found = _json(text, [])
    return found[0].get("prefsrc") if found and str(found[0].get("table")) != str(DEFAULT_TABLE) else None


def uplink_address(routes: str, addresses: str) -> str | None:
    """The same from the default route of the main table, as the kernel chooses it."""
    defaults = [route for route in _json(routes, []) if route["dst"] == "default" and "type" not in route]
    for route in sorted(defaults, key=lambda entry: int(entry.get("metric", 0)))[:1]:
        hop = (route.get("nexthops") or [route])[0]
        own = [
            IPv4Interface(f"{info['local']}/{info['prefixlen']}")
            for link in _json(addresses, [])
            for info in link.get("addr_info", [])
            if link["ifname"] == hop["dev"]
        ]
        near = [each for each in own if "gateway" in hop and IPv4Address(hop["gateway"]) in each.network]
        return route.get("prefsrc") or next((str(each.ip) for each in [*near, *own]), None)
    return None


def os_release(text: str) -> dict[str, str]:
    """Id and version of the distribution."""
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key: values.get(name, "").strip("\"'") for key, name in (("id", "ID"), ("version", "VERSION_ID"))}


def packages(text: str) -> dict[str, str]:
    """Versions of the installed packages, from the status file of dpkg, which is read far faster than dpkg answers."""
    pattern = r"(?m)^Package: (\S+)\nStatus: install ok installed\n(?:\S[^\n]*\n|[ \t][^\n]*\n)*?Version: (\S+)$"
    return dict(re.findall(pattern, text))


def rpm_packages(text: str) -> dict[str, str]:
    """The same from ``rpm -qa`` with a name and a version on each line."""
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)


def dnf_packages(text: str) -> list[str]:
    """Names of packages in repositories, from ``dnf list``. A name ends with an architecture there."""
    return [line.split()[0].rpartition(".")[0] for line in text.splitlines() if len(line.split()) == 3]


def drift(text: str) -> list[dict[str, str]]:
    """What does not run as configured, from ``drift.py``: each with a line, and what activates it again."""
    return [{key: str(each[key]) for key in ("activates", "line")} for each in _json(text, [])]


def networks(text: str) -> dict[str, dict[str, str]]:
    """By tunnel: its networks, from the configuration of the role."""
    keys = [f"{side}_network_cidr" for side in SIDES]
    tunnels = _json(text, {}).get("tunnels") or []
    return {each["name"]: {key: each[key] for key in keys if key in each} for each in tunnels}


def tunnel(peer: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """The state of one tunnel, as the module returns it."""
    name, interface, neighbor = peer["name"], peer["interface"], peer.get("bgp_neighbor")
    state = {"name": name, "outside_address": peer.get("outside_address"), "interface": interface}
    sa = {**no_sa(), **seen["sas"].get(name, {})}
    state.update({key: sa[key] for key in NO_SA})
    state["interface_up"] = bool(seen["links"].get(interface, {}).get("up"))
    state["bgp"] = None
    if neighbor:
        unknown = {"state": Bgp.DOWN.value, "prefixes_received": 0, "prefixes_sent": 0}
        state["bgp"] = seen["bgp"].get(neighbor, unknown)
    remote, routes = peer.get("remote_cidrs") or [], seen["routes"].get(interface, [])
    state["routes"] = [cidr for cidr in routes if _overlaps(cidr, remote)]
    state["routes_missing"] = [cidr for cidr in remote if not _overlaps(cidr, routes)]
    state["selectors_missing"] = _not_carried(peer, sa)
    state["evidence"] = [] if state["esp"] == Esp.INSTALLED else _why_down(name, seen)
    return state


def _not_carried(peer: Mapping[str, Any], sa: Mapping[str, Any]) -> list[str]:
    """The networks of a tunnel that its SA leaves out: an answer may be narrower than what was proposed."""
    return [
        f"{peer[key]} ({side})"
        for side in SIDES
        if peer.get(key := f"{side}_network_cidr") and sa[f"{side}_networks"]
        if not any(is_within(peer[key], carried) for carried in sa[f"{side}_networks"])
    ]


def _why_down(name: str, seen: Mapping[str, Any]) -> list[str]:
    if not seen["daemon_running"]:
        return [Failure.DAEMON_NOT_RUNNING.value]
    if name not in seen["loaded"]:
        return [Failure.NOT_LOADED.value]
    return list(seen["evidence"].get(name, []))


def is_up(state: Mapping[str, Any]) -> bool:
    """Whether packets can pass: interface, both SAs, and BGP with a prefix each way, or else a route to each network.

    An SA for only a part of the networks is not enough. FRR announces its networks some time after the session is up,
    so Established alone is too early.
    """
    if not state["interface_up"] or state["ike"] != Ike.ESTABLISHED or state["esp"] != Esp.INSTALLED:
        return False
    if state["selectors_missing"]:
        return False
    bgp = state["bgp"]
    if bgp is None:
        return not state["routes_missing"]
    return bool(bgp["state"] == Bgp.ESTABLISHED and bgp["prefixes_received"] and bgp["prefixes_sent"])


def _overlaps(cidr: str, networks: Sequence[str]) -> bool:
    return any(IPv4Network(cidr).overlaps(IPv4Network(other)) for other in networks)


def _json(text: str, otherwise: Any) -> Any:
    try:
        return json.loads(text) if text.strip() else otherwise
    except ValueError:
        return otherwise
