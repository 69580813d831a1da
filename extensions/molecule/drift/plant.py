# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break one thing after another on a gateway: drift.py names exactly it, activate.py mends it, the other tunnel works.

Prints one line for each thing. Fails if a line of drift.py is missing or one too many, or if a ping is lost.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

PROGRAMS = "/usr/local/lib/aws-vpn"
sys.path.insert(0, PROGRAMS)

import drift  # noqa: E402  # on the gateway

# A start of drift.py for each thing would take minutes in the lab. Here only the part that can see it looks for it.
PARTS: dict[str, Callable[[], Iterable[Mapping[str, str]]]] = {
    "interfaces": lambda: drift.interfaces(GATEWAY),
    "firewall": drift.firewall,
    "sysctl": drift.sysctls,
    "ike": lambda: drift.ike(GATEWAY),
    "bgp": lambda: drift.bgp(GATEWAY),
}
GATEWAY = json.loads(Path("/etc/aws-vpn/gateway.json").read_text(encoding="utf-8"))
BROKEN, OTHER = GATEWAY["tunnels"][:2]
NAME, LINK, ID, TABLE = (BROKEN[key] for key in ("name", "interface", "if_id", "table"))
CIDR, PRIORITY = BROKEN["remote_cidrs"][0], BROKEN["rule_priority"]
LOCAL, REMOTE = BROKEN["local_network_cidr"], BROKEN["remote_network_cidr"]
FILE = f"/etc/swanctl/conf.d/aws-vpn-{NAME}.conf"
IS_STRONGSWAN = GATEWAY["ike_daemon"] == "strongswan"
UNLOAD = (
    f"mv {FILE} /run/ && swanctl --load-conns; mv /run/aws-vpn-{NAME}.conf {FILE}"
    if IS_STRONGSWAN
    else f"ipsec whack --name {NAME} --delete"
)
RUN, NEEDS = "interfaces: to run: ip ", f"ike: the kernel does not have what {NAME} needs: "
MISSING, FOREIGN = "bgp: not in the running configuration: ", "bgp: only in the running configuration: "
HEALERS = ("aws-vpn-network.service", "aws-vpn-monitor.service")

# A command, and how each line begins that tells of it.
Kind = tuple[str, tuple[str, ...]]

POLICIES = "; ".join(
    f"ip xfrm policy delete src {source} dst {target} dir {way} if_id {ID}"
    for way, source, target in (("out", LOCAL, REMOTE), ("in", REMOTE, LOCAL), ("fwd", REMOTE, LOCAL))
)
SPI = rf"src {BROKEN['outside_address']} dst {BROKEN['local_address']}\s+proto esp spi (0x[0-9a-f]+)"
SA = f"ip xfrm state delete src {BROKEN['outside_address']} dst {BROKEN['local_address']} proto esp spi"

# Libreswan loses keys only together with their files.
LOST_KEYS: list[Kind] = [
    (
        "swanctl --load-creds --clear --noprompt --file /dev/null",
        tuple(f"ike: the key of {tunnel['name']} is not loaded" for tunnel in GATEWAY["tunnels"]),
    )
][: int(IS_STRONGSWAN)]

# What is broken together is mended together.
GROUPS: list[list[Kind]] = [
    [
        (f"ip link set dev {LINK} alias office", (f"{RUN}link set dev {LINK} alias",)),
        (f"ip link set dev {LINK} mtu 1300", (f"{RUN}link set dev {LINK} mtu",)),
        (f"ip address add 192.0.2.99/32 dev {LINK}", (f"{RUN}address delete 192.0.2.99/32",)),
        (f"ip route add 192.0.2.0/24 dev {LINK} table {TABLE} proto 141", (f"{RUN}route delete 192.0.2.0/24",)),
        (f"ip rule delete priority {PRIORITY}", (f"{RUN}rule add priority {PRIORITY}",)),
        (f"ip route delete unreachable {CIDR} metric 4278190080", (f"{RUN}route replace unreachable {CIDR}",)),
        (f"sysctl -w net.ipv4.conf.{LINK}.rp_filter=1", (f"interfaces: rp_filter of {LINK} is not 2",)),
        ("nft flush chain inet aws_vpn forged", ("firewall: the nftables table inet aws_vpn is not as in",)),
        (POLICIES, (f"{NEEDS}policy in, policy out, policy fwd",)),
    ],
    [
        # Without an address, an interface has no routes.
        (
            f"ip address delete {BROKEN['inside_interface']} dev {LINK}",
            (f"{RUN}address replace", f"{RUN}route replace {CIDR} dev {LINK}"),
        ),
        (f"ip link set dev {LINK} down", (f"{RUN}link set dev {LINK} mtu",)),
        ("sysctl -w net.ipv4.fib_multipath_hash_policy=0", ("sysctl: net.ipv4.fib_multipath_hash_policy is 0, not 1",)),
        ("nft flush ruleset", ("firewall: the nftables table inet aws_vpn is missing",)),
        *LOST_KEYS,
        (SA, (f"{NEEDS}SA to {BROKEN['local_address']}",)),
    ],
    [
        ("sysctl -w net.ipv4.ip_forward=0", ("sysctl: net.ipv4.ip_forward is 0, not 1", "interfaces: forwarding of ")),
        (
            f"ip link delete {LINK}",
            (
                f"{RUN}link add name {LINK}",
                f"{RUN}link set dev {LINK} alias",
                f"{RUN}link set dev {LINK} mtu",
                f"{RUN}address replace",
                f"{RUN}route replace {CIDR} dev {LINK}",
            ),
        ),
        (UNLOAD, (f"ike: the connection {NAME} is not loaded",)),
    ],
]
# In vtysh, one list for each group. The last one leaves nothing of ours.
ROUTER = f"router bgp {BROKEN['local_asn']}" if GATEWAY["routing"] == "bgp" else ""
NEIGHBOR = f"neighbor {BROKEN['aws_inside_address']}"
BGP: list[list[Kind]] = [
    [(f"{ROUTER}; no {NEIGHBOR} timers 10 30", (f"{MISSING}{ROUTER} / {NEIGHBOR} timers 10 30",))],
    [
        (f"{ROUTER}; {NEIGHBOR} shutdown", (f"{FOREIGN}{ROUTER} / {NEIGHBOR} shutdown",)),
        ("route-map AWS-VPN-IN deny 5", (f"{FOREIGN}route-map AWS-VPN-IN deny 5",)),
        ("ip prefix-list AWS-VPN-OUT seq 99 permit 192.0.2.0/24", (f"{FOREIGN}ip prefix-list AWS-VPN-OUT seq 99",)),
    ],
    [
        (f"no {ROUTER}; router bgp 64999", (f"{MISSING}{ROUTER}",)),
    ],
]


def call(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def lines(parts: Iterable[str]) -> set[str]:
    return {entry["line"] for part in parts for entry in PARTS[part]()}


def all_lines() -> set[str]:
    return {entry["line"] for entry in json.loads(call("python3", f"{PROGRAMS}/drift.py"))}


def break_it(command: str) -> None:
    if command == SA:
        for spi in re.findall(SPI, call("ip", "xfrm", "state", "list", "nokeys")):
            call(*command.split(), spi)
    else:
        subprocess.run(["sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def in_vtysh(command: str) -> None:
    words = ("configure terminal", *command.split("; "))
    call("vtysh", *(part for word in words for part in ("-c", word)))


def wrong(command: str, said: tuple[str, ...], new: set[str]) -> list[str]:
    """Lines that are missing, and lines that are too many."""
    missing = [f"no line: {begin}" for begin in said if not any(line.startswith(begin) for line in new)]
    return [f"{command}: {each}" for each in (*missing, *(line for line in new if not line.startswith(said)))]


def broken_together(kinds: list[Kind], of_bgp: list[Kind]) -> list[str]:
    """Problems of one group. What the gateway mends by itself has to wait."""
    call("systemctl", "kill", "--signal=STOP", *HEALERS)
    problems: list[str] = []
    known: set[str] = set()
    for breaks, (command, said) in [*((break_it, kind) for kind in kinds), *((in_vtysh, kind) for kind in of_bgp)]:
        breaks(command)
        now = lines({begin.partition(":")[0] for begin in said})
        found = wrong(command, said, now - known)
        print(f"{'wrong' if found else 'named'}: {command}", flush=True)
        problems, known = [*problems, *found], known | now
    problems += [f"one too many: {line}" for line in all_lines() - known]
    call("python3", f"{PROGRAMS}/activate.py", "apply")
    call("systemctl", "kill", "--signal=CONT", *HEALERS)
    left = [f"not mended: {line}" for line in all_lines()]
    print(f"mended: {len(known)} lines, left: {len(left)}", flush=True)
    return [*problems, *left]


def main() -> int:
    problems = [f"before: {line}" for line in all_lines()]
    ping = ["ping", "-i", "0.2", "-I", OTHER["interface"], OTHER["keepalive"]["target"]]
    with subprocess.Popen(ping, stdout=subprocess.PIPE, text=True) as running:
        for number, kinds in enumerate(GROUPS):
            problems += broken_together(kinds, BGP[number] if ROUTER else [])
        time.sleep(1)
        running.send_signal(signal.SIGINT)
        said = running.communicate()[0].strip().splitlines()[-2]
    print(said)
    if " 0% packet loss" not in said:
        problems.append(f"through {OTHER['name']}: {said}")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
