# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the role for one gateway, and a small internet in namespaces where they are really used."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_files import FilterModule as Files
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_needs import FilterModule as Needs
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_peers import FilterModule as Peers

ROLE = Path(__file__).resolve().parents[4] / "roles/gateway"
SEND = Path(__file__).resolve().with_name("send.py")

# The gateway has tunnels to two endpoints; here they are cables, because a kernel may have no IPsec.
#
#   lan 10.20.0.10 -- eth1 gw eth0 198.51.100.10 -- internet 198.51.100.1
#                          gw vpn2280 -- aws1 10.0.0.100
#                          gw vpn2281 -- aws2 10.0.0.101
NAMESPACES = ("gw", "internet", "lan", "aws1", "aws2")
CABLES = [
    ("eth0", "internet", ["198.51.100.10/24", "2001:db8:100::10/64"], ["198.51.100.1/24", "2001:db8:100::1/64"]),
    ("eth1", "lan", ["10.20.0.1/24", "2001:db8:20::1/64"], ["10.20.0.10/24", "2001:db8:20::10/64"]),
    ("vpn2280", "aws1", ["169.254.20.2/30"], ["169.254.20.1/30", "10.0.0.100/32"]),
    ("vpn2281", "aws2", ["169.254.20.6/30"], ["169.254.20.5/30", "10.0.0.101/32"]),
]
# Everybody sends to the gateway what is not on the same cable; the gateway sends it to the internet.
DEFAULT_ROUTES = [
    ("gw", "198.51.100.1"),
    ("gw", "2001:db8:100::1"),
    ("internet", "198.51.100.10"),
    ("internet", "2001:db8:100::10"),
    ("lan", "10.20.0.1"),
    ("lan", "2001:db8:20::1"),
    ("aws1", "169.254.20.2"),
    ("aws2", "169.254.20.6"),
]
# Counts what arrives, before any other rule, and what a process on the host would receive, after all rules.
COUNTERS = """
table inet seen {
  set wire4 { type ipv4_addr . ipv4_addr . inet_proto; size 4096; flags dynamic; counter; }
  set wire6 { type ipv6_addr . ipv6_addr . inet_proto; size 4096; flags dynamic; counter; }
  set host4 { type ipv4_addr . ipv4_addr . inet_proto; size 4096; flags dynamic; counter; }
  set host6 { type ipv6_addr . ipv6_addr . inet_proto; size 4096; flags dynamic; counter; }
  chain wire {
    type filter hook prerouting priority -450
    update @wire4 { ip saddr . ip daddr . meta l4proto }
    update @wire6 { ip6 saddr . ip6 daddr . meta l4proto }
  }
  chain host {
    type filter hook input priority 300
    update @host4 { ip saddr . ip daddr . meta l4proto }
    update @host6 { ip6 saddr . ip6 daddr . meta l4proto }
  }
}
"""
SETUP = """
set -e
mount -t tmpfs tmpfs /run
mkdir /run/netns
for tree in /etc /usr/local; do
  mkdir -p /run/changes$tree/upper /run/changes$tree/work
  mount -t overlay overlay -o lowerdir=$tree,upperdir=/run/changes$tree/upper,workdir=/run/changes$tree/work $tree
done
echo ready
exec sleep infinity
"""


def tunnel(number: int) -> dict[str, Any]:
    """Tunnel 1 or 2 of one connection, as vpn_sites returns it."""
    first = 4 * (number - 1)
    return {
        "vpn_connection_id": "vpn-0123456789abcdef0",
        "number": number,
        "outside_address": f"203.0.113.{first + 2}",
        "customer_address": "198.51.100.10",
        "inside_cidr": f"169.254.20.{first}/30",
        "aws_inside_address": f"169.254.20.{first + 1}",
        "customer_inside_address": f"169.254.20.{first + 2}",
        "amazon_side_asn": 64512,
        "customer_asn": 65010,
        "routing": "static",
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "options": {},
    }


def status_of(name: str, version: str) -> dict[str, Any]:
    """What gateway_status returns of a host, as far as its files depend on it."""
    host = {"id": name, "version": version, "packages_missing": [], "packages_unavailable": []}
    return {"host": host, "units": {}, "daemon": {"name": "", "version": None}}


def files_of_role(
    restrict_peers: bool = False,
    aws_interfaces: Iterable[str] = (),
    connection_options: dict[str, Any] | None = None,
    owner_bgp: dict[str, Any] | None = None,
    firewall: dict[str, Any] | None = None,
    host: tuple[str, str] = ("debian", "13"),
    **settings: Any,
) -> dict[str, str]:
    """Path and content of the files of a gateway, of a file that is not only ours our part."""
    daemon = settings.get("daemon", "strongswan")
    variables = yaml.safe_load((ROLE / "vars/main.yml").read_text(encoding="utf-8"))
    tunnels = [{**tunnel(number), "connection_options": connection_options or {}} for number in (1, 2)]
    peers = Peers().filters()["gateway_peers"](tunnels, **settings)
    needs = Needs().filters()["gateway_needs"](status_of(*host), ike_daemon=daemon)
    values = {
        "heading": "# Ansible managed",
        "platform": needs["platform"],
        "daemon": needs["daemon"],
        "program_dir": variables["__gateway_program_dir"],
        "bgpd_edit": variables["__gateway_bgpd_edit"],
        "network_managers": [],
        "daemon_retransmission": True,
        "firewall_restrict_peers": restrict_peers,
        "aws_interfaces": list(aws_interfaces),
        "sysctls": {**variables["__gateway_sysctls_needed"], **variables["__gateway_sysctls_better"]},
        "before": {},
        "firewall": {"manager": "nftables", "chains": [], **(firewall or {})},
        "owner_bgp": {"asn": None, "route_map": None, **(owner_bgp or {})},
    }
    files = Files().filters()["gateway_files"](peers, "files.yml.j2", str(ROLE), values)
    texts = ((entry["path"], entry.get("content") or entry.get("block")) for entry in files)
    return {path: text for path, text in texts if text}


class World:
    """The namespaces. Everything in them, and every file written through `place`, ends with the test."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c", SETUP],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n", "no namespaces; tests/tools/units.sh says what is needed"
        target = f"--target={self.process.pid}"
        self._enter = ["nsenter", target, "--user", "--net", "--mount", "--preserve-credentials"]
        self.root = Path(f"/proc/{self.process.pid}/root")

    def run(self, namespace: str, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.inside(namespace), *command], input=given, capture_output=True, text=True, check=False
        )

    def inside(self, namespace: str) -> list[str]:
        """The words before a command that runs it in a namespace; without a name, outside of the namespaces below."""
        return [*self._enter, *(["ip", "netns", "exec", namespace] if namespace else [])]

    def must(self, namespace: str, *command: str, given: str | None = None) -> str:
        done = self.run(namespace, *command, given=given)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def place(self, files: dict[str, str]) -> None:
        for path, content in files.items():
            target = self.root / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")

    def build(self) -> None:
        self.must("", "ip", "-batch", "-", given="".join(f"netns add {name}\n" for name in NAMESPACES))
        for name in NAMESPACES:
            self.must(name, "ip", "link", "set", "lo", "up")
            # IPv6 would wait a second for each new address.
            self.set(name, "ipv6/conf/default/dad_transmits", "0")
            self.must(name, "nft", "-f", "-", given=COUNTERS)

    def plug(self, *interfaces: str) -> None:
        """Connect interfaces of the gateway; without a name all of them, with the default routes."""
        for name, other, ours, theirs in CABLES:
            if interfaces and name not in interfaces:
                continue
            lines = [f"link add {name} netns gw type veth peer name eth0 netns {other}"]
            self.must("", "ip", "-batch", "-", given="\n".join(lines) + "\n")
            for namespace, device, addresses in (("gw", name, ours), (other, "eth0", theirs)):
                given = [f"address add {address} dev {device}" + " nodad" * (":" in address) for address in addresses]
                self.must(namespace, "ip", "-batch", "-", given="\n".join([*given, f"link set {device} up"]) + "\n")
        for namespace, gateway in DEFAULT_ROUTES:
            family = "-6" if ":" in gateway else "-4"
            self.run(namespace, "ip", family, "route", "add", "default", "via", gateway)

    def forward(self) -> None:
        for key in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
            self.set("gw", key, "1")

    def set(self, namespace: str, key: str, value: str) -> None:
        self.must(namespace, "tee", f"/proc/sys/net/{key}", given=value)

    def use_tunnels(self) -> None:
        """The routes that the monitor makes while both tunnels work."""
        for number, name in enumerate(("vpn2280", "vpn2281")):
            words = ("10.0.0.0/16", "dev", name, "metric", str(101 + number), "proto", "141")
            self.must("gw", "ip", "route", "replace", *words)

    def unit(self, name: str, action: str = "ExecStart") -> int:
        """Run the commands of a unit, as systemd does; the exit code of the last."""
        code = 0
        text = (self.root / f"etc/systemd/system/{name}.service").read_text(encoding="utf-8")
        for command in re.findall(rf"^{action}=-?(.+)$", text, re.MULTILINE):
            code = self.run("gw", *command.split()).returncode
        return code

    def send(self, namespace: str, *packets: tuple[str, str, int, int]) -> None:
        """Send packets: source (the kernel chooses if it is empty), destination, protocol, port."""
        done = self.run(namespace, sys.executable, "-I", str(SEND), given=json.dumps(packets))
        assert done.returncode == 0, done.stderr

    def seen(self, namespace: str, where: str = "wire") -> dict[tuple[str, str], int]:
        """How many packets arrived in a namespace, by source and destination."""
        counted: dict[tuple[str, str], int] = {}
        for family in ("4", "6"):
            listed = json.loads(self.must(namespace, "nft", "-j", "list", "set", "inet", "seen", where + family))
            (found,) = [entry["set"] for entry in listed["nftables"] if "set" in entry]
            for element in found.get("elem", []):
                source, target = element["elem"]["val"]["concat"][:2]
                counted[source, target] = counted.get((source, target), 0) + element["elem"]["counter"]["packets"]
        return counted

    def arrives(self, namespace: str, source: str, target: str, where: str = "wire", beyond: int = 0) -> bool:
        """Whether more packets than these have arrived; one that is on its way gets a few seconds for it."""
        end = time.monotonic() + 5
        while self.seen(namespace, where).get((source, target), 0) <= beyond:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def role_files() -> Callable[..., dict[str, str]]:
    return files_of_role


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.build()
    yield made
    made.close()
