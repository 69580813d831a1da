# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a report of a verification with what was broken, and print rows of the table.

The directory of the report is the argument. Standard input: `failures` as in rounds.yml, the `output` of the run, and
its `start` and `end`. The seconds are those until the report, because what comes after it is a support report of each
gateway. Without a report the run has ended before it looked at the tunnels: then its output counts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any


def moment(time: str) -> float:
    """A time as Ansible returns it, which is local."""
    return datetime.fromisoformat(time).timestamp()


def compared(found: Mapping[str, Any], failures: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row for each tunnel that is broken, or that is not up although nothing is broken."""
    for row in found["tunnels"]:
        place = {"gateway": row["gateway"], "tunnel": row["tunnel"], "verdict": row["cause"] or "up"}
        broken = [
            each
            for each in failures
            if each["gateway"] == row["gateway"] and each.get("tunnel") in (None, row["tunnel"])
        ]
        for each in broken:
            yield {"class": each["class"], **place, "right": each["words"] in place["verdict"]}
        if not broken and not row["up"]:
            yield {"class": "nothing is broken", **place, "right": False}


def ended(output: str, failures: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in failures:
        lines = [line.strip() for line in output.splitlines() if each["words"] in line]
        place = {"gateway": each["gateway"], "tunnel": each.get("tunnel")}
        yield {
            "class": each["class"],
            **place,
            "verdict": f"before: {lines[0][:300]}" if lines else "",
            "right": bool(lines),
        }


def main() -> None:
    given, report = json.load(sys.stdin), Path(sys.argv[1], "tunnels.json")
    end = moment(given["end"])
    if report.exists():
        end = report.stat().st_mtime
        rows = list(compared(json.loads(report.read_text(encoding="utf-8")), given["failures"]))
        # That of the next round is another one.
        report.unlink()
    else:
        rows = list(ended(given["output"], given["failures"]))
    print(json.dumps([{**row, "seconds": round(end - moment(given["start"]))} for row in rows]))


if __name__ == "__main__":
    main()
