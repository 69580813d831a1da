# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break something on a gateway: `gateway.py HOW TUNNEL`, or restore all of it: `gateway.py restore`.

TUNNEL is 1, 2, or 0 for both. Restoring ends when both tunnels work again.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PROGRAMS = "/usr/local/lib/aws-vpn"
sys.path.insert(0, PROGRAMS)

import ike  # noqa: E402  # on the gateway

GATEWAY = json.loads(Path("/etc/aws-vpn/gateway.json").read_text(encoding="utf-8"))
DAEMON = ike.daemon(GATEWAY)
UNIT, IS_STRONGSWAN = GATEWAY["ike_unit"], GATEWAY["ike_daemon"] == "strongswan"
KEPT = Path("/run/failures")
HEALERS = "aws-vpn-network.service aws-vpn-monitor.service"
PATIENCE = 300

Tunnel = Mapping[str, Any]
Way = Callable[[Tunnel], Any]


def shell(command: str) -> str:
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False).stdout


def vtysh(*commands: str) -> None:
    words = ["configure terminal", *commands]
    subprocess.run(["vtysh", *(part for word in words for part in ("-c", word))], capture_output=True, check=True)


def connection(tunnel: Tunnel) -> Path:
    return DAEMON.connections / f"aws-vpn-{tunnel['name']}.conf"


def key(tunnel: Tunnel) -> Path:
    """The file with the key of a tunnel."""
    (found,) = DAEMON.connections.glob(f"aws-vpn-key-{tunnel['outside_address']}.*")
    return found


def keep(file: Path) -> Path:
    KEPT.mkdir(exist_ok=True)
    shutil.copy2(file, KEPT)
    return file


def edit(setting: str, value: str) -> Way:
    """A way to break a tunnel: another value of a setting of the daemon."""

    def break_it(tunnel: Tunnel) -> None:
        file = keep(connection(tunnel))
        text = file.read_text(encoding="utf-8")
        new, count = re.subn(rf"(?m)^(\s*(?:{setting})\s*=\s*).*$", rf"\g<1>{value}", text, count=1)
        if not count:
            raise SystemExit(f"no {setting} in {file}")
        file.write_text(new, encoding="utf-8")
        load(tunnel)

    return break_it


def load(tunnel: Tunnel) -> None:
    """Let the daemon use its files, also for what is connected."""
    DAEMON.load({tunnel["name"]})
    reconnect(tunnel)


def reconnect(tunnel: Tunnel) -> None:
    DAEMON.take_down(tunnel["name"])
    DAEMON.initiate([tunnel["name"]])


def other_identity(tunnel: Tunnel) -> None:
    """The identity is also in the file with the key of Libreswan."""
    own = str(tunnel["local_id"])
    edit("id|leftid", "198.51.100.99")(tunnel)
    file = keep(key(tunnel))
    file.write_text(file.read_text(encoding="utf-8").replace(f"{own} ", "198.51.100.99 "), encoding="utf-8")
    load(tunnel)


def no_key(tunnel: Tunnel) -> None:
    keep(key(tunnel)).unlink()
    if IS_STRONGSWAN:
        shell("swanctl --load-creds --clear --noprompt")
    load(tunnel)


def unload(tunnel: Tunnel) -> None:
    keep(connection(tunnel)).unlink()
    DAEMON.load({tunnel["name"]})
    # SAs of strongSwan outlive their connection.
    DAEMON.take_down(tunnel["name"])
    shutil.copy2(KEPT / connection(tunnel).name, connection(tunnel))


def no_interface(tunnel: Tunnel) -> None:
    shell(f"systemctl stop {HEALERS}; ip link delete {tunnel['interface']}")


def no_address(tunnel: Tunnel) -> None:
    shell(f"systemctl stop {HEALERS}; ip address delete {tunnel['inside_interface']} dev {tunnel['interface']}")


def no_route(tunnel: Tunnel) -> None:
    shell(f"systemctl stop {HEALERS}; ip route flush dev {tunnel['interface']} proto 141 table main")


def neighbor(*words: str) -> Way:
    """A way to break BGP: lines below the router of the gateway."""

    def break_it(tunnel: Tunnel) -> None:
        each = [word.format(neighbor=f"neighbor {tunnel['bgp_neighbor']}") for word in words]
        vtysh(f"router bgp {tunnel['local_asn']}", *each)
        shell(f"vtysh -c 'clear bgp {tunnel['bgp_neighbor']}'")

    return break_it


def no_tcp_179(_tunnel: Tunnel) -> None:
    rules = "add table inet office; add chain inet office input { type filter hook input priority 0; }; "
    shell(f"nft '{rules}add rule inet office input tcp sport 179 drop; add rule inet office input tcp dport 179 drop'")
    # The hold time.
    time.sleep(40)


LARGE = (
    "add table inet office; add chain inet office forward { type filter hook forward priority 0; }; "
    "add rule inet office forward meta length > 1400 drop"
)
OFFICE = "add table inet office; add chain inet office forward { type filter hook forward priority 0; policy drop; }"
IPV4 = "address-family ipv4 unicast"
HOW: dict[str, Way] = {
    "ike_proposal": edit("proposals|ike", "aes192-sha256-modp2048" if IS_STRONGSWAN else "aes192-sha2_256;dh14"),
    "esp_proposal": edit("esp_proposals|esp", "aes192-sha256-modp2048" if IS_STRONGSWAN else "aes192-sha2_256;dh14"),
    # AWS has all groups but this one.
    "esp_group": edit("esp_proposals|esp", "aes256gcm16-curve25519" if IS_STRONGSWAN else "aes_gcm256;dh31"),
    "other_identity": other_identity,
    "other_address": edit("remote_addrs|right", "203.0.113.250"),
    "no_key": no_key,
    "reconnect": reconnect,
    "unload": unload,
    "daemon": lambda _tunnel: shell(f"systemctl stop {UNIT}"),
    "no_interface": no_interface,
    "no_route": no_route,
    "no_address": no_address,
    "no_forwarding": lambda _tunnel: shell("sysctl -w net.ipv4.ip_forward=0"),
    "no_tcp_179": no_tcp_179,
    "no_large_packets": lambda _tunnel: shell(f"nft '{LARGE}'"),
    "office_firewall": lambda _tunnel: shell(f"nft '{OFFICE}'"),
    "no_frr": lambda _tunnel: shell(f"systemctl stop {GATEWAY['bgp_unit']}"),
    "other_asn": neighbor("{neighbor} remote-as 64999"),
    "bgp_password": neighbor("{neighbor} password another"),
    "no_neighbor": neighbor("no {neighbor}"),
    "neighbor_shutdown": neighbor("{neighbor} shutdown"),
    "one_prefix": neighbor(IPV4, "{neighbor} maximum-prefix 1 force"),
    "nothing_announced": lambda _tunnel: (
        vtysh("route-map AWS-VPN-OUT deny 5"),
        shell("vtysh -c 'clear bgp * soft out'"),
    ),
}

OF_THE_GATEWAY = (
    "daemon",
    "no_forwarding",
    "no_large_packets",
    "office_firewall",
    "no_frr",
    "nothing_announced",
    "no_tcp_179",
)


def works(tunnel: Tunnel) -> bool:
    ping = f"ping -q -c 1 -W 1 -I {tunnel['interface']} {tunnel['keepalive']['target']}"
    if subprocess.run(ping.split(), capture_output=True, check=False).returncode:
        return False
    if GATEWAY["routing"] == "static":
        return bool(shell(f"ip route show dev {tunnel['interface']} proto 141 table main"))
    summary = json.loads(shell("vtysh -c 'show bgp ipv4 unicast summary json'") or "{}")
    session = summary.get("peers", {}).get(tunnel["bgp_neighbor"], {})
    return session.get("state") == "Established" and bool(session.get("pfxRcd") and session.get("pfxSnt"))


def restore() -> None:
    shell("nft delete table inet office")
    edited = sorted(KEPT.glob("*")) if KEPT.exists() else []
    for file in edited:
        shutil.copy2(file, DAEMON.connections)
        file.unlink()
    shell(f"systemctl start {UNIT}")
    subprocess.run(["python3", f"{PROGRAMS}/activate.py", "apply"], check=True)
    if edited:
        DAEMON.load({tunnel["name"] for tunnel in GATEWAY["tunnels"]})
    end = time.monotonic() + PATIENCE
    shell("vtysh -c 'clear bgp *'")
    while down := [tunnel for tunnel in GATEWAY["tunnels"] if not works(tunnel)]:
        if time.monotonic() > end:
            raise SystemExit(f"not up again: {[tunnel['name'] for tunnel in down]}")
        connected = DAEMON.connected()
        DAEMON.initiate([tunnel["name"] for tunnel in down if tunnel["name"] not in connected])
        time.sleep(3)


def main() -> None:
    how, *which = sys.argv[1:]
    if how == "restore":
        restore()
        return
    number = int(which[0])
    chosen = GATEWAY["tunnels"][number - 1 : number] if number else GATEWAY["tunnels"]
    # What is not about a tunnel is done once.
    for tunnel in chosen[:1] if how in OF_THE_GATEWAY else chosen:
        HOW[how](tunnel)


if __name__ == "__main__":
    main()
