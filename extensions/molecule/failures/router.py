# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break something on the way, `router.py HOW SITE ADDRESSES TUNNEL`, or restore all of it: `router.py restore`.

ADDRESSES are those of the endpoints of both tunnels, and TUNNEL is 1, 2, or 0 for both. Runs in the lab's router, which
is the internet. The hosts of the sites, the VPC and the endpoints are namespaces there.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, "/lab")

import bird  # of the lab

LANS = {"berlin": "10.20.0", "madrid": "10.30.0"}
CHAIN = "chain inet failures dropped"
TABLE = f"add table inet failures; add {CHAIN} {{ type filter hook %s priority -1; }}; add rule inet failures dropped "
# Where the rules are, by what they break: this namespace is the internet.
INTERNET, VPC = "", "vpc"
RULES = {
    "udp": (INTERNET, "forward", "ip saddr {address} udp sport {{ 500, 4500 }} drop"),
    "esp_back": (INTERNET, "forward", "ip saddr {address} ip protocol esp drop"),
    "large_packets": (INTERNET, "forward", "ip daddr {address} ip protocol esp meta length > 1400 drop"),
    "security_group": (VPC, "forward", "ip saddr {lan}.0/24 icmp type echo-request drop"),
    "back_ping": (VPC, "forward", "ip daddr {lan}.0/24 icmp type echo-request drop"),
    "ssh": ("{site}", "input", 'iifname "mgmt0" tcp dport 22 reject with tcp reset'),
}
# What is not about a tunnel is done once.
OF_THE_SITE = ("security_group", "back_ping", "ssh", "no_default_route")
BIRD = {"aws_shutdown": "customer", "nothing_announced": "advertised"}
# Seconds until both ends have noticed it, and the traffic has moved.
SETTLE = {"cut": 60, "esp_back": 40}


def run(namespace: str, *command: str) -> subprocess.CompletedProcess[str]:
    words = ["ip", "netns", "exec", namespace, *command] if namespace else [*command]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def must(namespace: str, *command: str) -> None:
    done = run(namespace, *command)
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr}")


def control(address: str) -> Path:
    """The socket of the BIRD of an endpoint."""
    return Path(f"/run/lab/ep{(int(address.rpartition('.')[2]) - 2) // 4}/bird.socket")


def break_it(how: str, site: str, address: str) -> None:
    values = {"site": site, "address": address, "lan": LANS[site]}
    if how in RULES:
        namespace, hook, rule = RULES[how]
        must(namespace.format(**values), "nft", TABLE % hook + rule.format(**values))
    elif how in BIRD:
        bird.command(control(address), f"disable {BIRD[how]}")
    elif how == "cut":
        must(INTERNET, "/lab/cut", address)
    elif how == "no_default_route":
        must(f"{site}-host", "ip", "route", "replace", "unreachable", "default")
    else:
        raise SystemExit(f"not known: {how}")


def restore() -> None:
    for namespace in (INTERNET, VPC, *LANS):
        run(namespace, "nft", "delete table inet failures")
    must(INTERNET, "nft", "flush set inet lab cut")
    for site, lan in LANS.items():
        must(f"{site}-host", "ip", "route", "replace", "default", "via", f"{lan}.1")
    for socket in Path("/run/lab").glob("ep*/bird.socket"):
        for protocol in BIRD.values():
            bird.command(socket, f"enable {protocol}")


def main() -> None:
    how, *where = sys.argv[1:]
    if how == "restore":
        restore()
        return
    site, addresses, tunnel = where
    both = addresses.split(",")
    chosen = both[:1] if how in OF_THE_SITE else both
    for address in chosen if int(tunnel) == 0 else both[int(tunnel) - 1 : int(tunnel)]:
        break_it(how, site, address)
    time.sleep(SETTLE.get(how, 0))


if __name__ == "__main__":
    main()
