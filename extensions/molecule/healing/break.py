# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break one thing of the tunnel that a gateway uses for an address: `break.py KIND SOURCE DESTINATION`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

GATEWAY = json.loads(Path("/etc/aws-vpn/gateway.json").read_text(encoding="utf-8"))


def call(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def policies(tunnel: dict[str, str]) -> list[str]:
    local, remote = tunnel["local_network_cidr"], tunnel["remote_network_cidr"]
    ways = (("out", local, remote), ("in", remote, local), ("fwd", remote, local))
    delete = "ip xfrm policy delete src {} dst {} dir {} if_id {}"
    return [delete.format(source, target, way, tunnel["if_id"]) for way, source, target in ways]


def commands(kind: str, tunnel: dict[str, str]) -> list[str]:
    router = f"router bgp {tunnel['local_asn']}"
    kinds = {
        "interface": [f"ip link delete {tunnel['interface']}"],
        "policies": policies(tunnel),
        "firewall": ["nft flush ruleset"],
        "forwarding": ["sysctl --write net.ipv4.ip_forward=0"],
        "neighbor": [f"vtysh -c configure -c '{router}' -c 'no neighbor {tunnel['aws_inside_address']}'"],
        "asn": [f"vtysh -c configure -c 'no {router}' -c 'router bgp 64999'"],
    }
    return kinds[kind]


def main() -> None:
    kind, source, destination = sys.argv[1:]
    (lan,) = (route["dev"] for route in json.loads(call("ip", "-json", "route", "get", source)))
    words = call("ip", "route", "get", destination, "from", source, "iif", lan, "ipproto", "icmp").split()
    link = words[words.index("dev") + 1]
    tunnel = next(each for each in GATEWAY["tunnels"] if each["interface"] == link)
    for command in commands(kind, tunnel):
        call("sh", "-c", command)
    print(f"{kind} of {tunnel['name']}")


if __name__ == "__main__":
    main()
