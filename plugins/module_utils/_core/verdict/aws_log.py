# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS's own log lines of a tunnel say about a failure: the one that tells most, and what it means.

https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..model.tunnel_log import BGP, TUNNEL
from ..model.tunnel_states import Failure

Line = Mapping[str, Any]

# Parts of AWS's lines. Of several lines of one moment the first in this order tells most.
_FAILURES: tuple[tuple[str, Failure | None], ...] = (
    ("pre-shared key mismatch", Failure.AUTHENTICATION_FAILED),
    ("invalid Pre-shared Key", Failure.AUTHENTICATION_FAILED),
    ("AUTHENTICATION_FAILED", Failure.AUTHENTICATION_FAILED),
    ("No Proposal Match Found", Failure.NO_PROPOSAL_CHOSEN),
    ("TS_UNACCEPTABLE", Failure.TS_UNACCEPTABLE),
    ("Phase 2 was unable to establish", None),
    ("Timeout: deleting un-established", None),
    ("DPD timed out", None),
    ("Declaring peer dead", None),
    ("received DELETE for IKE_SA", None),
)
_OF_BGP = (
    "bad OPEN message",
    "maximum prefix limit was exceeded",
    "notification 6/",
    "Hold Timer Expired",
    "from Connect to Active",
    "DENIED due to",
    "from Established to Idle",
    "is initiating a connection",
)
_MARKS: Mapping[str, tuple[str, ...]] = {TUNNEL: tuple(mark for mark, _failure in _FAILURES), BGP: _OF_BGP}
_MOMENT = timedelta(seconds=60)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def telling(lines: Sequence[Line], log: str) -> Line | None:
    """The line of a log that tells most about its newest failure; none if the tunnel was up since then."""
    found: list[tuple[int, Line]] = []
    for line in reversed([line for line in lines if line["log"] == log]):
        if line["is_up"]:
            break
        ranks = [rank for rank, mark in enumerate(_MARKS[log]) if mark in line["text"]]
        if ranks and (not found or _at(found[0][1]) - _at(line) <= _MOMENT):
            found.append((min(ranks), line))
    return min(found, key=lambda each: each[0])[1] if found else None


def failure_of(line: Line | None) -> Failure | None:
    """Why there is no IPsec SA, as AWS saw it."""
    return next((failure for mark, failure in _FAILURES if line and mark in line["text"]), None)


def quote(line: Line) -> str:
    """The line as a verdict quotes it."""
    return f'AWS logged at {line["time"]}: "{line["text"]}"'


def _at(line: Line) -> datetime:
    return datetime.strptime(line["time"], _TIME)
