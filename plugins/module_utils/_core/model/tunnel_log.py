# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A line of the logs that AWS writes about a tunnel into CloudWatch Logs.

https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

TUNNEL, BGP = "tunnel", "bgp"
_ROUTE = "RouteStatus"
# A line is one sentence. What is longer is no line of AWS's.
_LONGEST = 300


@dataclass(frozen=True)
class LogLine:
    """What AWS says, and whether the tunnel or the session was up then, where the line says so."""

    time: str
    log: str
    text: str
    is_up: bool | None = None

    @classmethod
    def of(cls, stream: str, milliseconds: int, message: str) -> LogLine | None:
        """From an event of a log stream; none for a line that only lists a route."""
        time = datetime.fromtimestamp(milliseconds / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        record = _record(message)
        if record is None:
            # The format C(text), of which AWS documents no more than what it says.
            return cls(time, BGP if "BGP" in stream else TUNNEL, _short(message))
        if "ike_phase1_state" in record or "type" not in record:
            phases = [str(record.get(f"ike_phase{phase}_state")).lower() for phase in (1, 2)]
            return cls(time, TUNNEL, _short(record.get("details")), all(each == "established" for each in phases))
        said = record.get("message")
        details = said.get("details") if isinstance(said, dict) else said
        if record["type"] == _ROUTE:
            prefix = said.get("prefix") if isinstance(said, dict) else None
            return cls(time, BGP, _short(f"{prefix}: {details}")) if details else None
        return cls(time, BGP, _short(details), record.get("status") == "UP")


def _record(message: str) -> dict[str, Any] | None:
    try:
        record = json.loads(message)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _short(text: object) -> str:
    return " ".join(str(text or "").split())[:_LONGEST]
