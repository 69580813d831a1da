# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare what runs on the gateway with its files, and print each difference: `drift.py`. Changes nothing.

The role hybridnet.aws_vpn.gateway installs this program. The output is a JSON list: each entry has a line for people,
and what activate.py has to activate to mend it, of one tunnel also its name. Python 3.8, standard library.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Mapping

# An isolated Python (-I) does not look beside the program.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import network
import openings
import tunnels
import xfrm
from commands import output
from ike import daemon

FIREWALL = Path("/etc/aws-vpn/aws-vpn.nft")
SYSCTL = Path("/etc/sysctl.d/60-aws-vpn.conf")
FRR = Path("/etc/frr/frr.conf")
PENDING = Path("/var/lib/aws-vpn/pending.json")
LIST = "nft --json list table inet aws_vpn"
BEGIN, END = "! BEGIN hybridnet.aws_vpn", "! END hybridnet.aws_vpn"
# FRR does not write down what is its default.
UNWRITTEN = (" activate",)
ENDS = ("exit", "exit-address-family", "end")

Difference = Mapping[str, str]


def difference(activates: str, line: str) -> Difference:
    return {"activates": activates, "line": line}


def interfaces(gateway: Mapping[str, Any]) -> Iterator[Difference]:
    """The interfaces, their addresses, tables and rules, and the routes of the guard: what has to be run."""
    links = tunnels.own_links(gateway["tunnels"])
    commands = [*tunnels.link_commands(gateway["tunnels"], links), *tunnels.inside_commands(gateway)]
    commands += [command for family in tunnels.families() for command in tunnels.guarding_commands(gateway, family)]
    commands += tunnels.guard_rule_commands(gateway, tunnels.listed("-4", "rule", "show"))
    for command in commands:
        yield difference("interfaces", f"interfaces: to run: ip {' '.join(command)}")
    for path, wanted, present in tunnels.settings(gateway["tunnels"]):
        if present != wanted:
            yield difference("interfaces", f"interfaces: {path.name} of {path.parent.name} is not {wanted}")


def around(gateway: Mapping[str, Any]) -> Iterator[Difference]:
    """The routes around the tunnels, which follow the routes of the host."""
    for command in network.commands(gateway, tunnels.listed("-4", "route", "show", "table", "main")):
        yield difference("interfaces", f"interfaces: to run: ip {' '.join(command)}")


def rules(text: str) -> list[Any]:
    """A table without what the kernel adds."""
    loaded = json.loads(text)["nftables"]
    return [without_handles(entry) for entry in loaded if "metainfo" not in entry]


def without_handles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_handles(each) for key, each in value.items() if key != "handle"}
    return [without_handles(each) for each in value] if isinstance(value, list) else value


def firewall() -> Iterator[Difference]:
    """The table as it is, beside the same file in a namespace of its own."""
    wanted = output("unshare", "--net", "--", "sh", "-c", f"nft --file {FIREWALL} && {LIST}")
    if wanted is None:
        return
    present = output(*LIST.split())
    if present is None:
        yield difference("firewall", "firewall: the nftables table inet aws_vpn is missing")
    elif rules(present) != rules(wanted):
        yield difference("firewall", f"firewall: the nftables table inet aws_vpn is not as in {FIREWALL}")


def opened() -> Iterator[Difference]:
    """Our rules in the chains of the owner that are loaded."""
    loaded = output("nft", "--json", "list", "ruleset")
    if loaded is None or not openings.RULES.exists():
        return
    for chain in openings.missing(json.loads(loaded)["nftables"], openings.RULES.read_text(encoding="utf-8")):
        yield difference("openings", f"firewall: the chain {chain} is not open for the tunnels as in {openings.RULES}")


def sysctls() -> Iterator[Difference]:
    for line in SYSCTL.read_text(encoding="utf-8").splitlines():
        key, separator, value = (part.strip() for part in line.partition("="))
        if separator and not line.startswith("#"):
            present = Path("/proc/sys", *key.split(".")).read_text(encoding="ascii").strip()
            if present != value:
                yield difference("sysctl", f"sysctl: {key} is {present}, not {value}")


def ike(gateway: Mapping[str, Any]) -> Iterator[Difference]:
    """The connections that the daemon has loaded, and what they have in the kernel; nothing if it does not answer."""
    ike_daemon = daemon(gateway)
    loaded = ike_daemon.loaded()
    if loaded is None:
        return
    for name in ike_daemon.keyless(gateway["tunnels"]):
        yield difference("keys", f"ike: the key of {name} is not loaded")
    connected = ike_daemon.connected()
    sas = xfrm.sas(tunnels.ip(*xfrm.STATES))
    policies = xfrm.policies(tunnels.ip(*xfrm.POLICIES))
    for tunnel in gateway["tunnels"]:
        name = tunnel["name"]
        if name not in loaded:
            if ike_daemon.has_file(name):
                yield difference(f"ike/{name}", f"ike: the connection {name} is not loaded")
            continue
        lost = [f"policy {way}" for way in xfrm.DIRECTIONS if (way, tunnel["if_id"]) not in policies]
        if name in connected:
            ends = (tunnel["local_address"], tunnel["outside_address"])
            lost += [f"SA to {way[1]}" for way in (ends, ends[::-1]) if (*way, tunnel["if_id"]) not in sas]
        if lost and (name in connected or ike_daemon.has_traps):
            line = f"ike: the kernel does not have what {name} needs: {', '.join(lost)}"
            yield {**difference("tunnel", line), "tunnel": name}


def statements(text: str) -> Iterator[tuple[str, ...]]:
    """The lines of a configuration of FRR, each with the lines that it stands below."""
    context: list[str] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("!"):
            continue
        if line in ENDS:
            context = context[:-1] if line != "end" else []
            continue
        if context and not raw.startswith(" "):
            context = []
        yield (*context, line)
        if line.startswith(("router ", "route-map ", "address-family ")):
            context.append(line)


def topmost(found: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Without those that stand below another one."""
    known = set(found)
    return (each for each in found if not any(each[:depth] in known for depth in range(1, len(each))))


def bgp(gateway: Mapping[str, Any]) -> Iterator[Difference]:
    """Our part of FRR's file, beside what FRR runs; nothing if it does not answer."""
    running = output("vtysh", "-c", "show running-config") if gateway["routing"] == "bgp" else None
    if running is None:
        return
    file = FRR.read_text(encoding="utf-8")
    ours = list(statements(file.partition(f"{BEGIN}\n")[2].partition(f"{END}\n")[0]))
    present, written = list(statements(running)), set(statements(file))
    marks = {"AWS-VPN-", *(f"neighbor {tunnel['bgp_neighbor']} " for tunnel in gateway["tunnels"])}
    missing = [each for each in ours if each not in present and not each[-1].endswith(UNWRITTEN)]
    foreign = [
        each for each in present if each not in written and any(mark in f"{' / '.join(each)} " for mark in marks)
    ]
    for name, found in (("not in the running configuration", missing), ("only in the running configuration", foreign)):
        for statement in topmost(found):
            yield difference("bgp", f"bgp: {name}: {' / '.join(statement)}")


def differences() -> list[Difference]:
    """Everything."""
    gateway = tunnels.config()
    return [*interfaces(gateway), *around(gateway), *firewall(), *opened(), *sysctls(), *ike(gateway), *bgp(gateway)]


if __name__ == "__main__":
    # Files that wait for their activation are not what shall run yet.
    print(json.dumps([] if PENDING.exists() else differences()))
