# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What N sites cost: the AWS side of this collection and of others, the whole playbook, and the check of an inventory.

Every measurement is a process of its own against an emulated AWS of its own, whose states settle at once and whose
quotas are lifted. Calls are counted by the emulator. CPU and memory are those of the measured process and of what it
started, without the emulator. Wall time is real, with the pace the measured client keeps by itself.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aws
import lab
import playbook
import regions

WHAT = ("aws", "playbook", "regions", "lab")
COLUMNS = (
    ("who", "who", "<27"),
    ("what", "what", "<10"),
    ("n", "N", ">5"),
    ("phase", "phase", "<18"),
    ("calls", "calls", ">6"),
    ("remote_tasks_per_gateway", "remote tasks", ">12"),
    ("cpu_s", "CPU s", ">9"),
    ("cpu_per_site", "per site", ">9"),
    ("wall_s", "wall s", ">9"),
    ("alone_wall_s", "alone s", ">9"),
    ("peak_mib", "peak MiB", ">9"),
    ("changed", "changed", "<7"),
)
WORDS = {True: "yes", False: "no", None: "failed"}

NOTES = """
aws: N sites with static routes on one virtual private gateway. check: a dry run on an empty account. create: a first
run. no-op: the same again. change: another pre-shared key for one tunnel of one site; "no": that was not changed.
regions: N sites in three Regions of two accounts, of an AWS that takes 5 seconds for each state of a resource. alone:
what the slowest of these six places takes for its sixth of the sites when it is the only one.
playbook: site_vpn.yml with N gateways that answer at once, every second one with BGP. one changed tunnel: another
lifetime in one tunnel of each. inventory: only its check.
lab: the same with the two gateways of a lab that `make lab-up` has just started, with their packages. wall: until all
tunnels were seen from both ends.
calls: counted by the emulator, whose states settle at once. remote tasks: modules that one gateway ran.
CPU: user and system time of the client and of all it started, not of the emulator. per site: CPU divided by N.
wall: real time; this collection keeps AWS's pace (50 calls of a writing action at once, then 5 a second), the others
keep none and would be throttled. peak MiB: of the largest process of the client."""


def text(record: Mapping[str, Any], key: str) -> str:
    """One cell; a dash where this kind of record has no such value."""
    if key == "cpu_per_site":
        return f"{record['cpu_s'] / record['n']:.3f}"
    value = record.get(key, "-")
    if key == "changed" and value != "-":
        return WORDS[value]
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def row(cells: Sequence[str]) -> str:
    return " ".join(f"{cell:{form}}" for cell, (_key, _title, form) in zip(cells, COLUMNS, strict=True)).rstrip()


def measurements(what: str, who: str, asked: Sequence[int]) -> Iterator[Any]:
    """The records, one when it is there."""
    if what in ("", "aws"):
        for n in asked or sorted({size for sizes in aws.SIZES.values() for size in sizes}):
            for name, sizes in aws.SIZES.items():
                # The others only up to where they end within minutes, unless just that size is asked for.
                if who in name and (n in sizes or n <= max(sizes)):
                    yield from aws.run(name, n)
    if what in ("", "playbook") and who in playbook.OURS:
        for n in asked or playbook.SIZES:
            yield from playbook.run(n)
    if what in ("", "regions") and who in regions.OURS:
        for n in asked or regions.SIZES:
            yield from regions.run(n)
    # Not without being asked: it needs a lab whose gateways are new.
    if what == "lab":
        yield from lab.run()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="", help='numbers of sites, as "5 20"; default: all')
    parser.add_argument("--what", default="", choices=("", *WHAT), help="only one of these")
    parser.add_argument("--who", default="", help="only those whose name contains this")
    parser.add_argument("--json", type=Path, help="where to write the records")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    records = []
    print(row([title for _key, title, _form in COLUMNS]), flush=True)
    for record in measurements(options.what, options.who, [int(word) for word in options.sizes.split()]):
        records.append(asdict(record))
        print(row([text(records[-1], key) for key, _title, _form in COLUMNS]), flush=True)
        if options.json:
            options.json.write_text(json.dumps(records, indent=1) + "\n")
    print(NOTES)


if __name__ == "__main__":
    main()
