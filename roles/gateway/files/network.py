# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the tunnel interfaces with their routes and rules, the guard, and the routes around the tunnels.

The role hybridnet.aws_vpn.gateway installs this program, and aws-vpn-network.service runs it. It makes again what is
missing. Where a network in AWS holds the addresses of the tunnel endpoints, it gives each endpoint the route that it
would have without the tunnels, and follows the routes of the host. Python 3.8, standard library.
"""

from __future__ import annotations

import select
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any, Mapping

# An isolated Python (-I) does not look beside the program.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import tunnels

# <linux/rtnetlink.h>: changes of interfaces, addresses, routes and rules of IPv4, and of routes of IPv6.
GROUPS = 0x1 | 0x10 | 0x40 | 0x80 | 0x400
# Changes come in groups. All of them are waited for, and the routes are compared at least this often.
SETTLE, RESYNC = 0.2, 30.0
UNUSABLE = {"dead", "linkdown"}

Route = Mapping[str, Any]


def is_outside(route: Route, interfaces: set[str]) -> bool:
    """Whether a route leads out of this host, and not through a tunnel of ours."""
    hops = route.get("nexthops") or [route]
    return (
        route.get("type", "unicast") == "unicast"
        and str(route.get("protocol")) not in (tunnels.PROTOCOL, tunnels.AROUND)
        and not route.get("tos")
        and not any(hop.get("dev") in interfaces or UNUSABLE & set(hop.get("flags", [])) for hop in hops)
    )


def best(routes: Iterable[Route], address: IPv4Address) -> Route | None:
    """The route of the main table that the kernel would use: the most specific, then the one with the best metric."""
    nets = ((IPv4Network(tunnels.destination(route)), route) for route in routes)
    found = [(-net.prefixlen, int(route.get("metric", 0)), route) for net, route in nets if address in net]
    return min(found, key=lambda entry: entry[:2])[2] if found else None


def way(route: Route) -> tuple[str, ...]:
    """Where a route leads, in the words that add it."""
    words: tuple[str, ...] = ()
    for hop in route.get("nexthops") or [route]:
        words += ("nexthop",) if "nexthops" in route else ()
        if "gateway" in hop:
            words += ("via", hop["gateway"])
        elif "via" in hop:
            words += ("via", hop["via"]["family"], hop["via"]["host"])
        words += ("dev", hop["dev"])
        words += ("weight", str(hop["weight"])) if "weight" in hop else ()
        words += ("onlink",) if "onlink" in hop.get("flags", []) else ()
    return (*words, "src", route["prefsrc"]) if "prefsrc" in route else words


def commands(gateway: Mapping[str, Any], routes: Iterable[Route]) -> Iterator[tuple[str, ...]]:
    """What makes the routes of the main table right: nothing if they are."""
    interfaces = {tunnel["interface"] for tunnel in gateway["tunnels"]}
    known = list(routes)
    others = [route for route in known if is_outside(route, interfaces)]
    present = {tunnels.destination(route): way(route) for route in known if route.get("protocol") == tunnels.AROUND}
    for cidr in gateway["outside_cidrs"]:
        route = best(others, IPv4Network(cidr).network_address)
        if route and present.get(cidr) != way(route):
            yield ("route", "replace", cidr, "proto", tunnels.AROUND, *way(route))
        if route:
            present.pop(cidr, None)
    for cidr in present:
        yield ("route", "delete", cidr, "proto", tunnels.AROUND)


def follow(gateway: Mapping[str, Any], may_delete: bool = True) -> list[tuple[str, ...]]:
    """Make the routes around the tunnels right. Returns what it has run."""
    wanted = commands(gateway, tunnels.listed("-4", "route", "show", "table", "main"))
    done = [command for command in wanted if may_delete or command[1] != "delete"]
    tunnels.ip_batch(done)
    return done


def wait(changes: socket.socket) -> None:
    """Until something changes, or for a while."""
    if select.select([changes], [], [], RESYNC)[0]:
        time.sleep(SETTLE)
    try:
        while changes.recv(1 << 16, socket.MSG_DONTWAIT):
            pass
    except OSError:
        # Nothing more to read, or more changes than the kernel keeps.
        return


def keep(gateway: Mapping[str, Any]) -> None:
    """Make again what is missing. What cannot be made now does not stop the rest; the next change is another try."""
    for step in (tunnels.up, follow, tunnels.guard):
        try:
            for command in step(gateway):
                print(f"mended: ip {' '.join(command)}", flush=True)
        except (SystemExit, OSError) as failure:
            print(failure, flush=True)


def run() -> None:
    # Not again later: files that were written may be for another day.
    gateway = tunnels.config()
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as changes:
        changes.bind((0, GROUPS))
        while True:
            keep(gateway)
            wait(changes)


if __name__ == "__main__":
    run()
