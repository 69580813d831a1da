# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads what AWS wrote about tunnels into CloudWatch Logs."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ..._core.errors import Throttled
from ..._core.model.tunnel_log import LogLine
from .caller import Caller
from .pace import Clock

ATTEMPTS = 4
# A page has up to 10,000 lines. Of a log that has more, the newest lines are not reached.
PAGES = 10


def client_config() -> dict[str, Any]:
    """A service that is out of reach must not hold up a run; one that looks through a large log takes its time."""
    return {"retries": {"total_max_attempts": 1}, "connect_timeout": 3, "read_timeout": 20}


class Logs(Caller):
    """CloudWatch Logs of one Region and one account."""

    def __init__(self, client: Any, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self._client = client

    def lines(self, group: str, connection_id: str, since: int) -> list[tuple[str, LogLine]]:
        """The lines on a connection in a log group since a time in milliseconds, each with the name of its stream."""
        request: dict[str, Any] = {
            "logGroupName": group,
            "logStreamNamePrefix": connection_id,
            "startTime": since,
        }
        found = []
        for _page in range(PAGES):
            answer = self._page(group, request)
            for event in answer.get("events", []):
                stream = str(event.get("logStreamName"))
                line = LogLine.of(stream, int(event.get("timestamp") or 0), str(event.get("message")))
                found += [(stream, line)] if line and stream.startswith(connection_id) else []
            if not answer.get("nextToken"):
                break
            request["nextToken"] = answer["nextToken"]
        return sorted(found, key=lambda each: each[1].time)

    def _page(self, group: str, request: dict[str, Any]) -> dict[str, Any]:
        """Nothing depends on it, so a service that does not answer is asked once."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self.once(self._client.filter_log_events, group, **request)
            except Throttled:
                self.pause(attempt)
        return self.once(self._client.filter_log_events, group, **request)
