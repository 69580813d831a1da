# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the owner of a gateway says in FRR's files about settings that exist once, and under our names."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .files import outside_block

_COMMENT = "!"
_SOURCE_MAP = "AWS-VPN-SOURCE"
_OURS = re.compile(r"(ip prefix-list|route-map) AWS-VPN-|ip protocol bgp route-map AWS-VPN-")
# What begins a context. What stands below one can be indented or not.
_CONTEXT = re.compile(r"(router|route-map|vrf|interface|key chain|line|ip prefix-list|ip route)\b")
_BGP = re.compile(r"router bgp (?P<high>\d+)(?:\.(?P<low>\d+))?(?P<instance>( (?:view|vrf) \S+)?)")
_ROUTE_MAP = re.compile(r"ip protocol (bgp|any) route-map (?P<name>\S+)")
_ROUTER_ID = re.compile(r"bgp router-id (?P<id>\S+)")
_NEIGHBOR = re.compile(r"neighbor (?P<address>\d\S+) ")


def owner(text: str) -> dict[str, Any]:
    """What is outside of our block in frr.conf; a setting that is not there is none."""
    found: dict[str, Any] = {"asn": None, "router_id": None, "neighbors": [], "route_map": None, "ours": []}
    names, calls = set(), set()
    for context, line in _lines(outside_block(text, _COMMENT)):
        if _OURS.match(line):
            found["ours"].append(line)
        bgp = _BGP.match(context)
        if bgp and not bgp["instance"]:
            _read_bgp(found, bgp, line)
        route_map = _ROUTE_MAP.match(line)
        if route_map and not context.startswith("vrf "):
            found["route_map"] = line
            names = {route_map["name"]}
        if context.startswith("route-map ") and line == f"call {_SOURCE_MAP}":
            calls.add(context.split()[1])
    found["calls_ours"] = bool(names & calls)
    return found


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Every line with the one that its context begins with; such a line is in its own context."""
    context = ""
    for line in (" ".join(raw.split()) for raw in text.splitlines()):
        if not line or line.startswith((_COMMENT, "#")):
            continue
        if _CONTEXT.match(line):
            context = line
        elif line in ("exit-vrf", "end"):
            context = ""
        yield context, line


def _read_bgp(found: dict[str, Any], bgp: Any, line: str) -> None:
    high, low = int(bgp["high"]), bgp["low"]
    found["asn"] = high if low is None else (high << 16) + int(low)
    router_id, neighbor = _ROUTER_ID.match(line), _NEIGHBOR.match(line)
    if router_id:
        found["router_id"] = router_id["id"]
    if neighbor and neighbor["address"] not in found["neighbors"]:
        found["neighbors"].append(neighbor["address"])


def separate(vtysh: str, integrated: str, others: Mapping[str, str]) -> list[str]:
    """Files of single daemons that FRR reads now, and would not read beside our block: by path, with their text."""
    with_text = [path for path, text in others.items() if any(_lines(text))]
    is_off = any(line == "no service integrated-vtysh-config" for _context, line in _lines(vtysh))
    return with_text if is_off or not any(_lines(outside_block(integrated, _COMMENT))) else []
