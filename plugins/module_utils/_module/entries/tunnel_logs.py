# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Adds to results what AWS wrote of chosen tunnels into CloudWatch Logs; what cannot be read is said, and no error."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..._aws.api.logs import Logs
from ..._core.errors import LostAnswer, VpnError
from ..._core.model.tunnel_log import BGP, TUNNEL, LogLine

# What is older says nothing about the present state of a tunnel.
SECONDS = 15 * 60
LINES_OF_A_LOG = 25


def add_logs(logs: Logs, shown: Sequence[dict[str, Any]], addresses: Collection[str]) -> None:
    """One call for each connection and log group. Of tunnels without a log, C(log) is null."""
    since = int((time.time() - SECONDS) * 1000)
    lost: list[str] = []
    for connection in shown:
        chosen = [tunnel for tunnel in connection["tunnels"] if tunnel["outside_address"] in addresses]
        groups = sorted({group for tunnel in chosen for group in _groups(tunnel["options"])})
        lines: list[tuple[str, LogLine]] = []
        problems = []
        # A service that did not answer is not waited for again.
        for group in groups if not lost else ():
            try:
                lines += logs.lines(group, connection["id"], since)
            except LostAnswer as error:
                lost.append(str(error))
                break
            except VpnError as error:
                problems.append(str(error))
        for tunnel in chosen:
            own = [line for stream, line in lines if _is_of(stream, tunnel["outside_address"])]
            is_on = any(True for _group in _groups(tunnel["options"]))
            tunnel["log"] = _log(own, problems + lost) if is_on else None


def _log(lines: Sequence[LogLine], problems: Sequence[str]) -> dict[str, Any]:
    newest = [line for log in (TUNNEL, BGP) for line in [each for each in lines if each.log == log][-LINES_OF_A_LOG:]]
    found = sorted(newest, key=lambda line: line.time)
    return {"lines": [asdict(line) for line in found], "problem": "; ".join(problems) or None}


def _groups(options: Mapping[str, Any]) -> Iterator[str]:
    """The log groups of the logs that are on, by name."""
    for log in ("log", "bgp_log"):
        arn = str(options.get(f"{log}_group_arn") or "")
        if options.get(f"{log}_enabled") and ":log-group:" in arn:
            yield arn.partition(":log-group:")[2].partition(":")[0]


def _is_of(stream: str, outside_address: str) -> bool:
    """The name of a stream has the outside address, and what follows is no more digit of it."""
    _before, found, after = stream.partition(outside_address)
    return bool(found) and not re.match("[0-9]", after)
