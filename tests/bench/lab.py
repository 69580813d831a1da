# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the whole playbook costs for the two gateways of a new lab, with SSH and real tunnels."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playbook import CHANGE, CHANGED_TUNNEL, FIRST, NOTHING, OURS, PlaybookRecord
from process import HERE, ROOT, cost_of, program

INVENTORY = ROOT / "inventories/rehearsal"
GATEWAYS = ("berlin", "madrid")
VARIABLES: dict[str, dict[str, Any]] = {FIRST: {}, NOTHING: {}, CHANGE: {"site_vpn_tunnels": CHANGED_TUNNEL}}


def remote_tasks(log: Path) -> float:
    """For each gateway. A module is one command of SSH, because its code goes through standard input."""
    hosts = log.read_text(encoding="utf-8").split()
    return sum(hosts.count(gateway) for gateway in GATEWAYS) / len(GATEWAYS)


def run() -> Iterator[PlaybookRecord]:
    """A first run, one that finds everything in place, and one that changes a tunnel of each."""
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        log = scratch / "hosts"
        more = {"ANSIBLE_SSH_EXECUTABLE": str(HERE / "counted_ssh.sh"), "COUNTED_SSH": str(log)}
        for phase, variables in VARIABLES.items():
            log.write_text("", encoding="utf-8")
            command = [program("ansible-playbook"), "-i", str(INVENTORY), "-e", json.dumps(variables)]
            cost = cost_of([*command, "hybridnet.aws_vpn.site_vpn"], scratch, more)
            if cost.code:
                raise SystemExit(f"{phase} in the lab: failed\n{(scratch / 'log').read_text()[-4000:]}")
            yield PlaybookRecord(
                who=OURS,
                what="lab",
                n=len(GATEWAYS),
                phase=phase,
                cpu_s=cost.cpu_s,
                wall_s=cost.wall_s,
                peak_mib=cost.peak_mib,
                remote_tasks_per_gateway=remote_tasks(log),
            )
