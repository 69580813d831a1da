# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the whole playbook costs for N gateways that answer at once, and the check of their inventory alone."""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from process import HERE, REGION, ROOT, Emulator, cost_of, emulator, program

OURS = "hybridnet.aws_vpn"
SIZES = (2, 50, 200, 1000)
# Set aside for benchmarks.
ADDRESSES = ipaddress.IPv4Network("198.18.0.0/15")
UNITS = ("aws-vpn-guard", "aws-vpn-firewall", "aws-vpn", "aws-vpn-network", "aws-vpn-monitor", "strongswan", "frr")


@dataclass(frozen=True)
class InventoryRecord:
    """The check of an inventory: start of Ansible, reading of the files, and the task."""

    who: str
    what: str
    n: int
    cpu_s: float
    wall_s: float


@dataclass(frozen=True)
class PlaybookRecord:
    """One run of the whole playbook."""

    who: str
    what: str
    n: int
    phase: str
    cpu_s: float
    wall_s: float
    peak_mib: float
    remote_tasks_per_gateway: float


FIRST, CHANGE, NOTHING = "first run", "one changed tunnel", "no-op"
PHASES = (FIRST, NOTHING, CHANGE)
CHANGED_TUNNEL = [{"phase2_lifetime_seconds": 1800}, {}]


NO_FIREWALL: dict[str, Any] = {"manager": "nftables", "chains": [], "closed": []}
NO_CONNECTIONS: dict[str, list[str]] = {
    unit: [] for unit in ("strongswan.service", "strongswan-starter.service", "ipsec.service")
}
# Nothing of FRR is configured besides the role's.
OWNER_BGP: dict[str, Any] = {
    **dict.fromkeys(("asn", "router_id", "route_map")),
    **{key: [] for key in ("neighbors", "ours", "separate")},
    "calls_ours": False,
}


def up(phase: str) -> dict[str, Any]:
    """What the modules of a gateway return whose tunnels are up: one that is new, or on which files differ, or none."""
    runs = phase != FIRST
    return {
        "gateway_status": {
            "changed": False,
            "ipsec_capable": True,
            "missing": [],
            "host": {
                "id": "debian",
                "version": "13",
                "local_address": "10.255.0.1",
                "addresses": ["10.255.0.1"],
                "packages_missing": [],
                "packages_unavailable": [],
                "network_managers": [],
                "sysctls": {},
            },
            "daemon": {"name": "strongswan", "running": True, "version": "6.0.1"},
            "bgp_daemon": {"name": "frr", "running": True},
            "is_swapping": False,
            "owner": {"bgp": OWNER_BGP, "sysctls": {}, "firewall": NO_FIREWALL, "connections": NO_CONNECTIONS},
            "units": {f"{unit}.service": {"active": runs, "enabled": runs} for unit in UNITS},
            "tunnels_of_peers": {
                "interface_up": True,
                "ike": "ESTABLISHED",
                "esp": "INSTALLED",
                "bytes_in": 1,
                "bytes_out": 1,
                "bgp": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 1},
                "routes": ["172.16.0.0/16"],
                "routes_missing": [],
                "evidence": [],
            },
        },
        "gateway_files": {"changed": phase != NOTHING, "changed_paths": [], "removed_paths": [], "pending": []},
        "command": {"changed": True, "rc": 0, "stdout": "", "stderr": ""},
    }


def site(number: int, transit_gateway: str, vpc: str) -> dict[str, Any]:
    """The variables of one gateway: BGP on a transit gateway, every second one static on a virtual private gateway."""
    common = {
        "site_vpn_public_ip": str(ADDRESSES[number + 1]),
        "site_vpn_local_cidrs": [f"10.{number // 250}.{number % 250}.0/24"],
    }
    if number % 2:
        return {**common, "site_vpn_target": {"vpn_gateway": {"vpc_id": vpc}}, "site_vpn_routing": "static"}
    target = {"transit_gateway_id": transit_gateway}
    return {**common, "site_vpn_target": target, "site_vpn_routing": "bgp", "site_vpn_bgp_asn": 65010}


def write(path: Path, data: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper), encoding="utf-8")


class Gateways:
    """An inventory of N gateways, a file each."""

    def __init__(self, n: int, aws: Emulator, scratch: Path) -> None:
        self.n = n
        self.scratch = scratch
        self.inventory = scratch / "inventory"
        ec2 = aws.ec2()
        vpc = ec2.create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]
        transit_gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        names = [f"site-{number:04d}" for number in range(n)]
        write(self.inventory / "hosts.yml", {"vpn_gateways": {"hosts": dict.fromkeys(names, {})}})
        for number, name in enumerate(names):
            write(self.inventory / f"host_vars/{name}.yml", site(number, transit_gateway, vpc))
        self.common = {
            "site_vpn_region": REGION,
            "site_vpn_endpoint_url": aws.url,
            "site_vpn_remote_cidrs": ["172.16.0.0/16"],
            "ansible_connection": "answering",
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        self.describe()

    def describe(self, **more: Any) -> None:
        """Write what all gateways have in common."""
        write(self.inventory / "group_vars/vpn_gateways.yml", {**self.common, **more})

    def check(self) -> InventoryRecord:
        cost = self._play(str(HERE / "inventory.yml"))
        return InventoryRecord(who=OURS, what="inventory", n=self.n, cpu_s=cost.cpu_s, wall_s=cost.wall_s)

    def bring_up(self, phase: str) -> PlaybookRecord:
        log = self.scratch / "answers"
        log.unlink(missing_ok=True)
        if phase == CHANGE:
            self.describe(site_vpn_tunnels=CHANGED_TUNNEL)
        answers = {"answers": up(phase), "answers_log": str(log)}
        write(self.inventory / "group_vars/all.yml", answers)
        cost = self._play("hybridnet.aws_vpn.site_vpn")
        return PlaybookRecord(
            who=OURS,
            what="playbook",
            n=self.n,
            phase=phase,
            cpu_s=cost.cpu_s,
            wall_s=cost.wall_s,
            peak_mib=cost.peak_mib,
            remote_tasks_per_gateway=round(len(log.read_text().splitlines()) / self.n, 2),
        )

    def _play(self, playbook: str) -> Any:
        plugins = {"ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/connection_plugins")}
        cost = cost_of([program("ansible-playbook"), "-i", str(self.inventory), playbook], self.scratch, plugins)
        if cost.code:
            raise SystemExit(f"{playbook}, N = {self.n}: failed\n{(self.scratch / 'log').read_text()[-4000:]}")
        return cost


def run(n: int) -> Iterator[InventoryRecord | PlaybookRecord]:
    """The inventory, then a first run, one that finds everything in place, and one that changes a tunnel of each."""
    with emulator() as aws, tempfile.TemporaryDirectory() as scratch:
        aws.report_all_up()
        gateways = Gateways(n, aws, Path(scratch))
        yield gateways.check()
        for phase in PHASES:
            yield gateways.bring_up(phase)
