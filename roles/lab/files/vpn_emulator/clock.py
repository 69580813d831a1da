# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of the emulated AWS: real time, plus the time it was advanced by."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone


class Clock:
    """Seconds since the epoch, which only move forward."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._advanced = 0.0

    def now(self) -> float:
        return self._source() + self._advanced

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("the clock does not run backwards")
        self._advanced += seconds

    def fresh_copy(self) -> Clock:
        """A clock of the same source that was not advanced."""
        return Clock(self._source)

    def timestamp(self) -> datetime:
        """Now, as the API prints it: UTC, whole seconds."""
        return as_timestamp(self.now())


def as_timestamp(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), tz=timezone.utc)
