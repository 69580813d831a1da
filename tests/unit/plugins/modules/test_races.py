# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of vpn_sites at the same time, each in a process of its own, that meet at what their sites share.

Each round has other delays; `RACE_ROUNDS=50` makes as many rounds as that.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

ROUNDS = range(int(os.environ.get("RACE_ROUNDS", "2")))
# So many times faster than AWS; what takes AWS a minute takes three seconds.
SPEED = 20.0
NAMES = ("aachen", "bremen", "celle", "dessau", "erfurt", "fulda")
GONE = ("deleting", "deleted")


class Slice:
    """A process that runs modules for one of the slices."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("module_process.py")
        self._process = subprocess.Popen(
            [sys.executable, str(program), str(SPEED)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, **options: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"module": "vpn_sites", "options": options}) + "\n")
        self._process.stdin.flush()

    def result(self) -> dict[str, Any]:
        assert self._process.stdout
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def slices() -> Iterator[list[Slice]]:
    found = [Slice() for _each in range(3)]
    yield found
    for each in found:
        each.end()


def site(name: str, number: int, target: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "public_ip": f"198.51.100.{number}",
        "bgp_asn": 65010,
        "target": target,
        "local_cidrs": [f"10.{number}.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
    }


class Race:
    """One round: an account, the delays of its AWS, and two or three slices."""

    def __init__(self, number: int, emulator: Emulator, ec2: Any, slices: list[Slice]) -> None:
        self.emulator = emulator
        self.ec2 = ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.table = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.tgw = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        self._chance = random.Random(number)  # noqa: S311  # nothing secret hangs on it
        self._slices = slices[: 2 + number % 2]
        emulator.settle = self._chance.choice([0.0, 0.1, 1.0])
        emulator.faults.add("slow", times=0, seconds=self._chance.choice([0.005, 0.02, 0.05]))
        unseen = self._chance.choice([0.0, 0.0, 0.1, 0.2])
        emulator.faults.add("invisible", "Create*", times=0, seconds=unseen)

    def cut(self, target: dict[str, Any]) -> list[list[dict[str, Any]]]:
        """All sites on one target, as AWX cuts an inventory: every k-th host."""
        entries = [site(name, number, target) for number, name in enumerate(NAMES, 10)]
        return [entries[place :: len(self._slices)] for place in range(len(self._slices))]

    def run(self, *given: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
        """The results of all slices, which start almost at the same time."""
        account = {"region": "eu-central-1", "endpoint_url": self.emulator.url}
        keys = {"access_key": self.emulator.access_key, "secret_key": "testing_secret"}
        latest = self._chance.choice([0.0, 0.05, 0.3, 1.0])
        taking_part = self._slices[: len(given)]
        order = self._chance.sample([*zip(taking_part, given, strict=True)], len(given))
        for running, gateways in order:
            running.start(**account, **keys, gateways=gateways, **options)
            time.sleep(self._chance.uniform(0.0, latest))
        return [each.result() for each in taking_part]

    def live(self, kind: str) -> list[dict[str, Any]]:
        name = "".join(word.capitalize() for word in kind.split("_"))
        return [each for each in getattr(self.ec2, f"describe_{kind}")()[name] if each["State"] not in GONE]

    @property
    def propagating(self) -> list[str]:
        tables = self.ec2.describe_route_tables()["RouteTables"]
        return [each["GatewayId"] for table in tables for each in table.get("PropagatingVgws", [])]


@pytest.fixture(params=ROUNDS)
def race(request: Any, emulator: Emulator, ec2: Any, slices: list[Slice]) -> Race:
    return Race(request.param, emulator, ec2, slices)


def check(results: list[dict[str, Any]], changed: bool | None = None) -> None:
    """Nobody is told to do anything."""
    assert [each.get("msg") for each in results if each.get("failed")] == []
    assert [each["warnings"] for each in results if each.get("warnings")] == []
    if changed is not None:
        assert [each["plan"]["lines"] for each in results if each["changed"] != changed] == []


def test_a_shared_virtual_private_gateway(race: Race) -> None:
    target = {"vpn_gateway": {"vpc_id": race.vpc, "propagate_to": [race.table]}}
    slices = race.cut(target)
    check(race.run(*slices), changed=True)
    (gateway,) = race.live("vpn_gateways")
    assert [(each["VpcId"], each["State"]) for each in gateway["VpcAttachments"]] == [(race.vpc, "attached")]
    assert {each["VpnGatewayId"] for each in race.live("vpn_connections")} == {gateway["VpnGatewayId"]}
    assert len(race.live("vpn_connections")) == len(race.live("customer_gateways")) == len(NAMES)
    assert race.propagating == [gateway["VpnGatewayId"]]
    check(race.run(*slices), changed=False)
    check(race.run(*slices, state="absent"), changed=True)
    for kind in ("vpn_connections", "customer_gateways", "vpn_gateways"):
        assert race.live(kind) == []
    assert race.propagating == []
    check(race.run(*slices, state="absent"), changed=False)


def test_a_shared_vpn_concentrator(race: Race) -> None:
    slices = race.cut({"vpn_concentrator": {"transit_gateway_id": race.tgw}})
    check(race.run(*slices), changed=True)
    (concentrator,) = race.live("vpn_concentrators")
    assert len(race.live("vpn_connections")) == len(race.live("customer_gateways")) == len(NAMES)
    used = {each["VpnConcentratorId"] for each in race.live("vpn_connections")}
    assert used == {concentrator["VpnConcentratorId"]}
    check(race.run(*slices), changed=False)
    check(race.run(*slices, state="absent"), changed=True)
    for kind in ("vpn_connections", "customer_gateways", "vpn_concentrators"):
        assert race.live(kind) == []
    check(race.run(*slices, state="absent"), changed=False)


def test_one_customer_gateway_address(race: Race) -> None:
    """AWS keeps one customer gateway for an address and ASN: one site has it, the other one is told whose it is."""
    target = {"transit_gateway_id": race.tgw}
    first, second = race.run([site("aachen", 10, target)], [site("bremen", 10, target)])
    loser, winner = (first, second) if first.get("failed") else (second, first)
    check([winner], changed=True)
    (name,) = winner["connections"]
    assert f"(of gateway {name}) already has 198.51.100.10 ASN 65010" in loser["msg"]
    assert "Check public_ip of both gateways" in loser["msg"]
    (device,) = race.live("customer_gateways")
    (connection,) = race.live("vpn_connections")
    assert (
        connection["CustomerGatewayId"]
        == device["CustomerGatewayId"]
        == winner["connections"][name]["customer_gateway_id"]
    )
