# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the AWS side of N sites costs: this collection, a playbook written with other collections, and bare botocore."""

from __future__ import annotations

import ipaddress
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from process import HERE, REGION, Emulator, cost_of, emulator, program

PHASES = ("check", "create", "no-op", "change")
OURS, PEERS, FLOOR = "hybridnet.aws_vpn", "amazon.aws + community.aws", "botocore"
SIZES: Mapping[str, Sequence[int]] = {OURS: (5, 20, 50, 500, 1000), PEERS: (5, 20, 50), FLOOR: (5, 20, 50)}
# For benchmarks (RFC 2544): each site has its own address.
ADDRESSES = ipaddress.IPv4Network("198.18.0.0/15")


@dataclass(frozen=True)
class AwsRecord:
    """One run of one client."""

    who: str
    what: str
    n: int
    phase: str
    calls: int
    calls_by_action: dict[str, int]
    cpu_s: float
    wall_s: float
    peak_mib: float
    # None: the run failed.
    changed: bool | None


def site(number: int, vpc: str) -> dict[str, Any]:
    """A site with static routes."""
    return {
        "name": f"site-{number:04d}",
        "public_ip": str(ADDRESSES[number + 1]),
        "bgp_asn": 65000,
        "target": {"vpn_gateway": {"vpc_id": vpc}},
        "routing": "static",
        "local_cidrs": [f"10.{number // 250}.{number % 250}.0/24"],
        "remote_cidrs": ["172.16.0.0/16"],
        "tunnels": [{"pre_shared_key": f"Bench.{number:04d}.first"}],
    }


def variables(url: str, vpc: str, n: int, phase: str) -> dict[str, Any]:
    """What all three get; the changed option is one pre-shared key of one site."""
    sites = [site(number, vpc) for number in range(n)]
    if phase == "change":
        sites[0]["tunnels"][0]["pre_shared_key"] = "Bench.0000.second"
    return {
        "bench_url": url,
        "bench_region": REGION,
        "bench_vpc": vpc,
        "bench_gateways": sites,
        "bench_force": phase == "change",
    }


def playbook(name: str, given: Path, phase: str) -> list[str]:
    check = ["--check"] if phase == "check" else []
    return [program("ansible-playbook"), "-i", "localhost,", *check, "-e", f"@{given}", str(HERE / name)]


CLIENTS: Mapping[str, Callable[[Path, str], list[str]]] = {
    OURS: lambda given, phase: playbook("ours.yml", given, phase),
    PEERS: lambda given, phase: playbook("peers.yml", given, phase),
    FLOOR: lambda given, phase: [sys.executable, str(HERE / "floor.py"), str(given), phase],
}


def measure(who: str, n: int, phase: str, aws: Emulator, vpc: str, scratch: Path) -> AwsRecord:
    """One run of one client."""
    given, outcome = scratch / "given.json", scratch / "outcome"
    outcome.unlink(missing_ok=True)
    given.write_text(json.dumps({**variables(aws.url, vpc, n, phase), "bench_outcome": str(outcome)}))
    aws.forget()
    cost = cost_of(CLIENTS[who](given, phase), scratch)
    calls = aws.calls()
    changed = outcome.read_text() == "changed" if cost.code == 0 else None
    if changed is None and (who, phase) != (PEERS, "check"):
        raise SystemExit(f"{who}, N = {n}, {phase}: failed\n{(scratch / 'log').read_text()[-4000:]}")
    return AwsRecord(
        who=who,
        what="aws",
        n=n,
        phase=phase,
        calls=sum(calls.values()),
        calls_by_action=calls,
        cpu_s=cost.cpu_s,
        wall_s=cost.wall_s,
        peak_mib=cost.peak_mib,
        changed=changed,
    )


def run(who: str, n: int) -> Iterator[AwsRecord]:
    """All phases of one client at one size."""
    with emulator() as aws, tempfile.TemporaryDirectory() as scratch:
        vpc = aws.ec2().create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]
        for phase in PHASES:
            yield measure(who, n, phase, aws, vpc, Path(scratch))
