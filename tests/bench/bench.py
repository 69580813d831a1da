# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What N sites cost: this collection, the playbook one would write with other collections, and bare botocore.

Every measurement is a process of its own against an emulated AWS of its own, whose states settle at once and whose
quotas are lifted. Calls are counted by the emulator. CPU and memory are those of the measured process and of what it
started, without the emulator. Wall time is real, with the pace the measured client keeps by itself.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REGION = "eu-central-1"
PHASES = ("check", "create", "no-op", "change")
OURS, PEERS, FLOOR = "hybridnet.aws_vpn", "amazon.aws + community.aws", "botocore"
SIZES: Mapping[str, Sequence[int]] = {OURS: (5, 20, 50, 500, 1000), PEERS: (5, 20, 50), FLOOR: (5, 20, 50)}
NETWORKS = [ipaddress.IPv4Network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


@dataclass(frozen=True)
class Record:
    """One measurement."""

    who: str
    n: int
    phase: str
    calls: int
    calls_by_action: dict[str, int]
    cpu_s: float
    wall_s: float
    peak_mib: float
    # None: the run failed.
    changed: bool | None


class Emulator:
    """One served AWS."""

    def __init__(self, url: str) -> None:
        self.url = url

    def calls(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.url}/vpn-emulator/calls") as answer:  # noqa: S310  # our own loopback URL
            found: dict[str, int] = json.load(answer)
        return found

    def forget(self) -> None:
        request = urllib.request.Request(f"{self.url}/vpn-emulator/calls", method="DELETE")  # noqa: S310  # see above
        urllib.request.urlopen(request).close()  # noqa: S310  # see above


@contextmanager
def emulator() -> Iterator[Emulator]:
    """An empty AWS in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "roles/lab/files"), "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    command = [sys.executable, "-m", "vpn_emulator", "--port", "0", "--settle", "0", "--quota", "all=none"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield Emulator(process.stdout.readline().split()[-1])
        finally:
            process.terminate()


def site(number: int, vpc: str) -> dict[str, Any]:
    """A site with static routes: the addresses of documentation, with another ASN when they are used up."""
    network = NETWORKS[number // 250 % len(NETWORKS)]
    return {
        "name": f"site-{number:04d}",
        "public_ip": str(network[number % 250 + 1]),
        "bgp_asn": 65000 + number // (250 * len(NETWORKS)),
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
        "bench_sites": sites,
        "bench_force": phase == "change",
    }


def playbook(name: str, given: Path, phase: str) -> list[str]:
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    check = ["--check"] if phase == "check" else []
    return [program, "-i", "localhost,", *check, "-e", f"@{given}", str(HERE / name)]


CLIENTS: Mapping[str, Callable[[Path, str], list[str]]] = {
    OURS: lambda given, phase: playbook("ours.yml", given, phase),
    PEERS: lambda given, phase: playbook("peers.yml", given, phase),
    FLOOR: lambda given, phase: [sys.executable, str(HERE / "floor.py"), str(given), phase],
}


def environment(scratch: Path) -> dict[str, str]:
    """A plain Ansible, whatever the user's configuration."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AWS_"))},
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "ANSIBLE_CONFIG": str(HERE / "ansible.cfg"),
        "ANSIBLE_HOME": str(scratch / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "LC_ALL": "C.UTF-8",
    }


def measure(who: str, n: int, phase: str, aws: Emulator, vpc: str, scratch: Path) -> Record:
    """One run of one client."""
    given, outcome = scratch / "given.json", scratch / "outcome"
    outcome.unlink(missing_ok=True)
    given.write_text(json.dumps({**variables(aws.url, vpc, n, phase), "bench_outcome": str(outcome)}))
    aws.forget()
    began = time.monotonic()
    with (scratch / "log").open("w") as log:
        process = subprocess.Popen(
            CLIENTS[who](given, phase), env=environment(scratch), stdout=log, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    calls = aws.calls()
    changed = outcome.read_text() == "changed" if process.returncode == 0 else None
    if changed is None and (who, phase) != (PEERS, "check"):
        raise SystemExit(f"{who}, N = {n}, {phase}: failed\n{(scratch / 'log').read_text()[-4000:]}")
    return Record(
        who,
        n,
        phase,
        sum(calls.values()),
        calls,
        round(usage.ru_utime + usage.ru_stime, 2),
        round(wall, 2),
        round(usage.ru_maxrss / 1024, 1),
        changed,
    )


def run(who: str, n: int) -> Iterator[Record]:
    """All phases of one client at one size."""
    with emulator() as aws, tempfile.TemporaryDirectory() as scratch:
        client = boto3.client(
            "ec2",
            endpoint_url=aws.url,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        vpc = client.create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]
        for phase in PHASES:
            yield measure(who, n, phase, aws, vpc, Path(scratch))


HEAD = f"{'who':<27}{'N':>5}  {'phase':<7}{'calls':>7}{'CPU s':>9}{'wall s':>9}{'peak MiB':>10}  changed"


def line(record: Record) -> str:
    word = {True: "yes", False: "no", None: "failed"}[record.changed]
    return (
        f"{record.who:<27}{record.n:>5}  {record.phase:<7}{record.calls:>7}{record.cpu_s:>9.2f}{record.wall_s:>9.2f}"
        f"{record.peak_mib:>10.1f}  {word}"
    )


NOTES = """
check: a dry run on an empty account. create: N sites with static routes on one virtual private gateway.
no-op: the same again. change: another pre-shared key for one tunnel of one site; "no" means that it was not made.
calls: counted by the emulator, whose states settle at once. CPU: of the client and all it started, not of the emulator.
wall: real time; this collection keeps AWS's pace (50 calls of a writing action at once, then 5 a second), the others
keep none and would be throttled. peak MiB: of the largest process of the client."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="", help='numbers of sites, as "5 20"; default: all')
    parser.add_argument("--who", default="", help="only those whose name contains this")
    parser.add_argument("--json", type=Path, help="where to write the records")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    asked = [int(word) for word in options.sizes.split()]
    records = []
    print(HEAD, flush=True)
    for n in asked or sorted({size for sizes in SIZES.values() for size in sizes}):
        for who, sizes in SIZES.items():
            # The others only up to where they end within minutes, unless just that size is asked for.
            if options.who in who and (n in sizes or n <= max(sizes)):
                for record in run(who, n):
                    records.append(asdict(record))
                    print(line(record), flush=True)
    print(NOTES)
    if options.json:
        options.json.write_text(json.dumps(records, indent=1) + "\n")


if __name__ == "__main__":
    main()
