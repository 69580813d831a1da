# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keeps calls within AWS's rate limits, so that AWS rarely has to refuse one: token buckets like its own.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import Callable

READS = ("describe_", "get_", "search_", "list_")


@dataclass(frozen=True)
class Clock:
    """Time and chance, replaceable in tests."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    # Only spreads retries; nothing secret hangs on it.
    chance: Callable[[], float] = random.random


class TokenBucket:
    """So many calls at once, then so many a second; callers of several threads queue up in order."""

    def __init__(self, clock: Clock, burst: float, per_second: float) -> None:
        self._clock = clock
        self._burst = burst
        self._per_second = per_second
        self._tokens = burst
        self._at = clock.now()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Returns when the caller may go."""
        with self._lock:
            now = self._clock.now()
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
            self._at = now
            self._tokens -= 1
            delay = max(0.0, -self._tokens / self._per_second)
        if delay:
            self._clock.sleep(delay)


class Pace:
    """One bucket per action, as AWS counts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, TokenBucket] = {}
        self._lock = threading.Lock()

    def take(self, action: str) -> None:
        """Returns when a call of this action may go."""
        with self._lock:
            bucket = self._buckets.get(action)
            if bucket is None:
                burst, rate = (100, 20) if action.startswith(READS) else (50, 5)
                bucket = self._buckets[action] = TokenBucket(self._clock, burst, rate)
        bucket.take()
