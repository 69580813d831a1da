# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run over three Regions of two accounts costs, beside a run in the slowest of them alone."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws import OURS, playbook, site
from process import KEY_ID, Cost, Emulator, cost_of, emulator

REGIONS = ("eu-central-1", "eu-west-1", "eu-north-1")
# The account of the credentials, and one in which a role is assumed.
OTHER = "111122223333"
ROLES = (None, f"arn:aws:iam::{OTHER}:role/vpn")
PLACES = tuple((region, role) for role in ROLES for region in REGIONS)
SIZES = (60,)
PHASES = ("create", "no-op")
# Seconds that AWS takes for each state of a resource: what has to be waited for is what side by side is good for.
SETTLE = 5.0
MOST_CALLS = 3


@dataclass(frozen=True)
class RegionsRecord:
    """One run over all places, and how long the slowest of them takes alone."""

    who: str
    what: str
    n: int
    phase: str
    calls: int
    cpu_s: float
    wall_s: float
    alone_wall_s: float
    peak_mib: float
    changed: bool


class Estate:
    """An AWS of its own, with some of the places and sites in each."""

    def __init__(self, aws: Emulator, places: Sequence[tuple[str, str | None]], n: int, scratch: Path) -> None:
        self.aws = aws
        self.scratch = scratch
        vpcs = [
            aws.ec2(region, OTHER if role else KEY_ID).create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]
            for region, role in places
        ]
        self.gateways: list[dict[str, Any]] = []
        for number in range(n):
            region, role = places[number % len(places)]
            where = {"region": region, **({"assume_role_arn": role} if role else {})}
            self.gateways.append({**site(number, vpcs[number % len(places)]), **where})

    def run(self) -> tuple[Cost, int, bool]:
        """What a run used, its calls, and whether it changed anything."""
        given, outcome = self.scratch / "given.json", self.scratch / "outcome"
        bench = {"url": self.aws.url, "region": REGIONS[0], "gateways": self.gateways, "force": False}
        variables = {f"bench_{name}": value for name, value in bench.items()}
        given.write_text(json.dumps({**variables, "bench_outcome": str(outcome)}))
        for account in ("", OTHER):
            self.aws.forget(account)
        cost = cost_of(playbook("ours.yml", given, ""), self.scratch)
        if cost.code:
            raise SystemExit(f"regions: failed\n{(self.scratch / 'log').read_text()[-4000:]}")
        calls = sum(sum(self.aws.calls(account).values()) for account in ("", OTHER))
        return cost, calls, outcome.read_text() == "changed"


def alone(n: int) -> dict[str, float]:
    """By phase, the seconds of the slowest place when it is the only one; those of an account are alike."""
    slowest = dict.fromkeys(PHASES, 0.0)
    for place in ((REGIONS[0], role) for role in ROLES):
        with emulator(SETTLE) as aws, tempfile.TemporaryDirectory() as scratch:
            estate = Estate(aws, [place], n, Path(scratch))
            for phase in PHASES:
                slowest[phase] = max(slowest[phase], estate.run()[0].wall_s)
    return slowest


def run(n: int) -> Iterator[RegionsRecord]:
    """All phases over all places."""
    slowest = alone(n // len(PLACES))
    with emulator(SETTLE) as aws, tempfile.TemporaryDirectory() as scratch:
        estate = Estate(aws, PLACES, n, Path(scratch))
        for phase in PHASES:
            cost, calls, changed = estate.run()
            if phase == "no-op" and calls > MOST_CALLS * len(PLACES):
                raise SystemExit(f"regions: {calls} calls in {len(PLACES)} places for a run that changes nothing")
            yield RegionsRecord(
                who=OURS,
                what="regions",
                n=n,
                phase=phase,
                calls=calls,
                cpu_s=cost.cpu_s,
                wall_s=cost.wall_s,
                alone_wall_s=slowest[phase],
                peak_mib=cost.peak_mib,
                changed=changed,
            )
