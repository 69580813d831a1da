# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The output of the tools on a gateway, read into the state of its tunnels."""

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

# The states of charon that count as up.
_IKE_UP = ("ESTABLISHED", "REKEYING", "REKEYED")
_ESP_UP = ("INSTALLED", "REKEYING", "UPDATING")
_NO_SA = {"ike": Ike.DOWN.value, "esp": Esp.DOWN.value, "bytes_in": 0, "bytes_out": 0}
# What an SA carries, and how charon lists it.
_NETWORKS = {"local": "local-ts", "remote": "remote-ts"}

# The lines of charon's journal that tell of a failure; the first match counts.
_FAILURES = (
    (Failure.AUTHENTICATION_FAILED, re.compile(r"AUTH_FAILED|MAC mismatched|^authentication of .* failed\Z")),
    (Failure.NO_SHARED_KEY, re.compile(r"no (shared|private) key found")),
    (Failure.NO_PROPOSAL_CHOSEN, re.compile(r"proposals unacceptable|no acceptable proposal")),
    (Failure.TS_UNACCEPTABLE, re.compile(r"traffic selectors .* unacceptable")),
    (Failure.KERNEL_REFUSED, re.compile(r"unable to (install .* in kernel|add SAD entry|install policy)")),
    (Failure.NO_ANSWER, re.compile(r"^retransmit \d+ of request|^giving up after|peer not responding")),
)
_NOTIFICATION = re.compile(r"^received ([A-Z_]+) notify( error|, no CHILD_SA built)")
_NEW_ATTEMPT = re.compile(r"^initiating (Main Mode )?IKE_SA|trying again")
_ANSWERED = re.compile(r"^parsed .* response")
_UP = re.compile(r"^(inbound )?CHILD_SA .* established")


def sections(text: str) -> dict[str, Any]:
    """The sections of ``swanctl --pretty`` as nested dictionaries; repeated top-level messages are merged."""
    root: dict[str, Any] = {}
    stack: list[Any] = [root]
    for raw in text.splitlines():
        line = raw.strip()
        if line in ("}", "]"):
            if len(stack) > 1:
                stack.pop()
        elif line.endswith("{"):
            stack.append(stack[-1].setdefault(line[:-1].strip(), {}))
        elif line.endswith("= ["):
            stack.append(stack[-1].setdefault(line[:-3].strip(), []))
        elif isinstance(stack[-1], list):
            stack[-1].append(line)
        elif " = " in line or line.endswith(" ="):
            key, _separator, value = line.partition(" =")
            stack[-1][key.strip()] = value.strip()
    return root


def security_associations(text: str) -> dict[str, dict[str, Any]]:
    """By connection name: the best state of its IKE SAs, and of their ESP SAs with the bytes of the one in use.

    While one is replaced there are two. An event of ``swanctl --list-sas --pretty`` holds one IKE SA, so two of
    them with one name must not be merged: the text is taken event by event.
    """
    found: dict[str, dict[str, Any]] = {}
    for event in re.split(r"(?m)^(?=list-sa event)", text):
        for connections in sections(event).values():
            for name, sa in connections.items():
                if isinstance(sa, dict) and "state" in sa:
                    _merge(found.setdefault(name, _no_sa()), sa)
    return found


def _no_sa() -> dict[str, Any]:
    return {**_NO_SA, **{f"{side}_networks": [] for side in _NETWORKS}}


def _merge(best: dict[str, Any], sa: Mapping[str, Any]) -> None:
    if sa["state"] in _IKE_UP:
        best["ike"] = Ike.ESTABLISHED.value
    elif sa["state"] in ("CREATED", "CONNECTING") and best["ike"] == Ike.DOWN:
        best["ike"] = Ike.CONNECTING.value
    for child in sa.get("child-sas", {}).values():
        if child.get("state") in _ESP_UP:
            best["esp"] = Esp.INSTALLED.value
            best["bytes_in"] += int(child.get("bytes-in", 0))
            best["bytes_out"] += int(child.get("bytes-out", 0))
            for side, listed in _NETWORKS.items():
                best[f"{side}_networks"] += child.get(listed, [])


def loaded_connections(text: str) -> list[str]:
    """Names of the connections the daemon has loaded."""
    return sorted(name for message in sections(text).values() for name in message)


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


def drift(text: str) -> list[dict[str, str]]:
    """What does not run as configured, from ``drift.py``: each with a line, and what activates it again."""
    return [{key: str(each[key]) for key in ("activates", "line")} for each in _json(text, [])]


def evidence(journal: Iterable[str]) -> dict[str, list[str]]:
    """By connection: why its latest attempt failed, as far as charon's journal (one JSON object a line) tells."""
    attempts: dict[str, _Attempts] = {}
    for line in journal:
        entry = _json(line, {})
        name, message = entry.get("IKE_SA_NAME"), entry.get("MESSAGE")
        if isinstance(name, str) and isinstance(message, str):
            attempts.setdefault(name, _Attempts()).read(message, str(entry.get("IKE_SA_UNIQUE_ID", "")))
    return {name: [failure.value for failure in attempt.failures] for name, attempt in attempts.items()}


def _failure(message: str) -> Failure | None:
    notification = _NOTIFICATION.search(message)
    if notification:
        return Failure.__members__.get(notification.group(1))
    return next((failure for failure, pattern in _FAILURES if pattern.search(message)), None)


class _Attempts:
    """The attempts of one connection in order; only the failures of the latest one are kept."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self._sa = ""
        self._is_new = True

    def read(self, message: str, sa: str) -> None:
        if sa != self._sa or _NEW_ATTEMPT.search(message):
            self._sa, self._is_new = sa, True
        if _UP.search(message):
            self.failures = []
        elif _ANSWERED.search(message):
            self.failures = [failure for failure in self.failures if failure != Failure.NO_ANSWER]
        self._note(_failure(message))

    def _note(self, found: Failure | None) -> None:
        if found is None:
            return
        # An answer of any kind says more than its absence before.
        kept = [] if self._is_new else [known for known in self.failures if known not in (found, Failure.NO_ANSWER)]
        self.failures, self._is_new = [*kept, found], False


def tunnel(peer: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """The state of one tunnel, as the module returns it."""
    name, interface, neighbor = peer["name"], peer["interface"], peer.get("bgp_neighbor")
    state = {"name": name, "outside_address": peer.get("outside_address"), "interface": interface}
    sa = {**_no_sa(), **seen["sas"].get(name, {})}
    state.update({key: sa[key] for key in _NO_SA})
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
        for side in _NETWORKS
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
