# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create the tunnel interfaces with their addresses, routes and rules, and guard their networks.

The role hybridnet.aws_vpn.gateway installs this program. aws-vpn-guard.service runs `guard`, which needs no interface.
aws-vpn.service runs `up` and `down`, and network.py uses `guard` and `up`. These two can run again at any time: they
change only what is different, and remove only what is no longer in the configuration. Python 3.8, standard library.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

# An isolated Python (-I) does not look beside the program.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from commands import must

CONFIG = Path("/etc/aws-vpn/gateway.json")
IPV6 = Path("/proc/sys/net/ipv6")
OWNER = "hybridnet.aws_vpn"
# The protocol numbers of our routes and rules, into the tunnels and around them. No others have them.
PROTOCOL, AROUND = "141", "142"
# The routes of all tunnels are in the main table. There a default route would replace that of the uplink.
DEFAULT_ROUTE, DEFAULT_TABLE = "0.0.0.0/0", "999"
# What a gateway without tunnels guards.
NOTHING: Mapping[str, Any] = {"unreachable_cidrs": [], "has_default_route": False, "uplink_cidrs": []}
# Higher than the metric of any other route. zebra reads the highest byte as distance 255, which it never uses.
LAST_RESORT = str(0xFF << 24)
# By its number, because a minimal system has no names of protocols.
ICMP = "1"
# Answers can come back through the other tunnel, so the kernel only checks that the source is reachable at all.
SETTINGS = {"rp_filter": "2", "forwarding": "1", "accept_redirects": "0", "send_redirects": "0"}


def config() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(CONFIG.read_text(encoding="utf-8"))
    return loaded


def ip(*arguments: str, given: str | None = None) -> str:
    return must("ip", *arguments, given=given)


def ip_batch(commands: Iterable[tuple[str, ...]], *options: str) -> None:
    """Run all commands in one process, because a gateway can be slow."""
    text = "".join(" ".join(command) + "\n" for command in commands)
    if text:
        ip(*(options or ("-4",)), "-batch", "-", given=text)


def listed(*arguments: str) -> list[dict[str, Any]]:
    return [entry for entry in json.loads(ip("-json", *arguments) or "[]") if entry]


def own_links(tunnels: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Our interfaces by name. Their alias marks them; one of these tunnels can have lost it."""
    names = {tunnel["interface"] for tunnel in tunnels}
    links = listed("-details", "link", "show", "type", "xfrm")
    return {
        link["ifname"]: link
        for link in links
        if link["ifname"] in names or str(link.get("ifalias", "")).startswith(OWNER + "/")
    }


def if_id(link: Mapping[str, Any]) -> int:
    return int(str(link["linkinfo"]["info_data"]["if_id"]), 0)


def link_commands(
    tunnels: Iterable[Mapping[str, Any]], present: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, ...]]:
    """Change interfaces in place where the kernel can. Only a new id needs a new interface."""
    wanted = {tunnel["interface"]: tunnel for tunnel in tunnels}
    kept = {name for name, link in present.items() if name in wanted and if_id(link) == wanted[name]["if_id"]}
    for name in sorted(set(present) - kept):
        yield ("link", "delete", "dev", name)
    for name, tunnel in wanted.items():
        alias = f"{OWNER}/{tunnel['name']}"
        link = present[name] if name in kept else {}
        if not link:
            yield ("link", "add", "name", name, "type", "xfrm", "dev", "lo", "if_id", str(tunnel["if_id"]))
        # A tunnel has no link-local neighbors, so the interface needs no link-local address.
        if link.get("ifalias") != alias or link.get("inet6_addr_gen_mode", "none") != "none":
            yield ("link", "set", "dev", name, "alias", alias, "addrgenmode", "none")
        if link.get("mtu") != tunnel["mtu"] or "UP" not in link.get("flags", []):
            yield ("link", "set", "dev", name, "mtu", str(tunnel["mtu"]), "up")


def address_commands(
    tunnels: Iterable[Mapping[str, Any]], present: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, ...]]:
    wanted = {tunnel["interface"]: tunnel["inside_interface"] for tunnel in tunnels}
    found = {
        (link["ifname"], f"{info['local']}/{info['prefixlen']}")
        for link in present
        for info in link["addr_info"]
        if link["ifname"] in wanted
    }
    for name, address in sorted(wanted.items() - found):
        yield ("address", "replace", address, "dev", name)
    for name, address in sorted(found - wanted.items()):
        yield ("address", "delete", address, "dev", name)


def destination(route: Mapping[str, Any]) -> str:
    """The network of a route as the configuration has it: the kernel lists a single address without its length."""
    return DEFAULT_ROUTE if route["dst"] == "default" else str(ip_network(route["dst"]))


def table_of(cidr: str) -> str:
    """The table for the routes to this network that any tunnel can have."""
    return DEFAULT_TABLE if cidr == DEFAULT_ROUTE else "main"


def route_commands(gateway: Mapping[str, Any], present: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """A routing table for each tunnel. The other tables have the routes of the guard, monitor.py and the BGP daemon."""
    wanted = {}
    for tunnel in gateway["tunnels"]:
        table = str(tunnel["table"])
        for cidr in tunnel["remote_cidrs"]:
            wanted[table, cidr] = ("dev", tunnel["interface"], *source_words(gateway))
        wanted.update({(table, cidr): ("throw",) for cidr in gateway["kept_cidrs"]})
    found = {(str(route.get("table", "main")), destination(route)): route_way(route) for route in present}
    for (table, cidr), way in wanted.items():
        if found.get((table, cidr)) != way:
            target = ("throw", cidr) if way == ("throw",) else (cidr, *way)
            yield ("route", "replace", *target, "table", table, "proto", PROTOCOL)
    for table, cidr in found:
        if table not in ("main", DEFAULT_TABLE) and (table, cidr) not in wanted:
            yield ("route", "delete", cidr, "table", table)


def route_way(route: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a route leads, as the kernel lists it; one over a dead interface leads nowhere."""
    if route.get("type", "unicast") != "unicast":
        return (str(route["type"]),)
    source = ("src", route["prefsrc"]) if "prefsrc" in route else ()
    return ("dev", str(route.get("dev")), *source)


def guard_commands(cidrs: Iterable[str], present: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Unreachable routes. They reject the packets that would otherwise take the default route, unencrypted."""
    wanted, found = list(cidrs), list(map(destination, present))
    missing = [cidr for cidr in wanted if cidr not in found]
    gone = [cidr for cidr in found if cidr not in wanted]
    for verb, those in (("replace", missing), ("delete", gone)):
        for cidr in those:
            way = ("unreachable", cidr, "metric", LAST_RESORT, "proto", PROTOCOL)
            yield ("route", verb, *way, "table", table_of(cidr))


def guard_rules(gateway: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """For a default route into the tunnels: the main table first, without its own default route, then the tunnels.

    Only what has an address of the uplink as its source uses the default route of the main table.
    """
    if not gateway["has_default_route"]:
        return []
    return [
        *(("priority", "997", "from", cidr, "lookup", "main") for cidr in gateway["uplink_cidrs"]),
        ("priority", "998", "lookup", "main", "suppress_prefixlength", "0"),
        ("priority", "999", "lookup", DEFAULT_TABLE),
    ]


def guard_rule_words(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """The same words, from a rule as the kernel lists it."""
    source = () if rule["src"] == "all" else ("from", str(ip_network(rule["src"])))
    suppress = ("suppress_prefixlength", "0") if "suppress_prefixlen" in rule else ()
    return ("priority", str(rule["priority"]), *source, "lookup", str(rule["table"]), *suppress)


def guard_rule_commands(gateway: Mapping[str, Any], present: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """The way around the tunnels is there as long as the way into them."""
    wanted = guard_rules(gateway)
    found = [guard_rule_words(rule) for rule in present if str(rule.get("protocol")) == AROUND]
    for rule in wanted:
        if rule not in found:
            yield ("rule", "add", *rule, "protocol", AROUND)
    for rule in reversed(found):
        if rule not in wanted:
            yield ("rule", "delete", *rule, "protocol", AROUND)


def source_words(gateway: Mapping[str, Any]) -> tuple[str, ...]:
    return ("src", gateway["lan_address"]) if gateway.get("lan_address") else ()


def rule_commands(
    tunnels: Iterable[Mapping[str, Any]], present: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, ...]]:
    """Rules that send pings with the type of service of a tunnel through this tunnel."""
    found = {rule_words(rule) for rule in present if str(rule.get("protocol")) == PROTOCOL}
    wanted = {
        probe_rule(tunnel["rule_priority"], cidr, tunnel["tos"], str(tunnel["table"]))
        for tunnel in tunnels
        for cidr in tunnel["remote_cidrs"]
    }
    for rule in sorted(found - wanted):
        yield ("rule", "delete", *rule)
    for rule in sorted(wanted - found):
        yield ("rule", "add", *rule)


def probe_rule(priority: int, destination: str, tos: int, table: str) -> tuple[str, ...]:
    words = ("priority", str(priority), "to", destination, "tos", hex(tos), "ipproto", ICMP, "lookup", table)
    return (*words, "protocol", PROTOCOL)


def rule_words(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """The words that add or delete a rule, from the rule as the kernel lists it."""
    cidr = f"{rule['dst']}/{rule['dstlen']}" if "dstlen" in rule else destination({"dst": rule.get("dst", "default")})
    return probe_rule(int(rule["priority"]), cidr, int(str(rule.get("tos", "0")), 16), str(rule["table"]))


def settings(tunnels: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Path, str, str]]:
    """The sysctls of the interfaces: file, wanted value, present value."""
    for tunnel in tunnels:
        for key, value in SETTINGS.items():
            path = Path(f"/proc/sys/net/ipv4/conf/{tunnel['interface']}/{key}")
            if path.exists():
                yield path, value, path.read_text(encoding="ascii").strip()


def set_interface_settings(tunnels: Iterable[Mapping[str, Any]]) -> None:
    for path, wanted, present in settings(tunnels):
        if present != wanted:
            path.write_text(wanted, encoding="ascii")


def families() -> tuple[str, ...]:
    """A kernel without IPv6 has nothing to guard there."""
    return ("-4", "-6") if IPV6.exists() else ("-4",)


def guarding_commands(gateway: Mapping[str, Any], family: str) -> list[tuple[str, ...]]:
    """The same for the networks of one family."""
    own = [cidr for cidr in gateway["unreachable_cidrs"] if (":" in cidr) == (family == "-6")]
    present = listed(family, "route", "show", "table", "all", "type", "unreachable", "proto", PROTOCOL)
    return list(guard_commands(own, present))


def guard(gateway: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Guard exactly the networks of this gateway. A network that the kernel refuses does not stop the others.

    Returns what it has run.
    """
    done, failures = [], []
    for family in families():
        commands = guarding_commands(gateway, family)
        done += commands
        try:
            ip_batch(commands, family, "-force")
        except SystemExit as failure:
            failures.append(str(failure))
    rules = list(guard_rule_commands(gateway, listed("-4", "rule", "show")))
    ip_batch(rules)
    if failures:
        raise SystemExit("\n".join(failures))
    return [*done, *rules]


def inside_commands(gateway: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """What the interfaces need besides themselves."""
    tunnels = gateway["tunnels"]
    return [
        *address_commands(tunnels, listed("-4", "address", "show", "type", "xfrm")),
        *route_commands(gateway, listed("-4", "route", "show", "table", "all", "proto", PROTOCOL)),
        *rule_commands(tunnels, listed("-4", "rule", "show")),
    ]


def up(gateway: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Make the interfaces and what they need. Returns what it has run."""
    links = list(link_commands(gateway["tunnels"], own_links(gateway["tunnels"])))
    ip_batch(links)
    set_interface_settings(gateway["tunnels"])
    inside = inside_commands(gateway)
    ip_batch(inside)
    return [*links, *inside]


def down() -> None:
    """Remove the rules and the interfaces. The kernel removes the routes of an interface with it. The guard stays."""
    ip_batch(rule_commands([], listed("-4", "rule", "show")))
    ip_batch(link_commands([], own_links(config()["tunnels"] if CONFIG.exists() else ())))


if __name__ == "__main__":
    {"guard": lambda: guard(config()), "up": lambda: up(config()), "down": down}[sys.argv[1]]()
