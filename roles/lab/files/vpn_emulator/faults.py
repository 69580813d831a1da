# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Injected faults: which calls of an account fail, and how; and throttling by token buckets."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .clock import Clock

THROTTLE = "throttle"
SERVER_ERROR = "server_error"
LOST_ANSWER = "lost_answer"
REFUSE = "refuse"
INVISIBLE = "invisible"
INVISIBLE_TAGS = "invisible_tags"
SLOW = "slow"
KINDS = (THROTTLE, SERVER_ERROR, LOST_ANSWER, REFUSE, INVISIBLE, INVISIBLE_TAGS, SLOW)


@dataclass
class Fault:
    """What happens to which calls.

    throttle        RequestLimitExceeded with HTTP 503; nothing happened
    server_error    InternalError with HTTP 500; nothing happened
    refuse          the error `code` with HTTP 400; nothing happened
    lost_answer     the call takes effect, then the connection is closed (`answer` close) or HTTP 500 answered (error)
    invisible       what the call creates is not seen for `seconds`, neither in lists nor by id
    invisible_tags  the tags that the call writes are not seen for `seconds`
    slow            the call takes longer, before and after its effect, each time by up to `seconds` of real time
    """

    kind: str
    # An action, or a pattern of several: Describe*, *.
    action: str = "*"
    # Counted from now over the calls that the pattern matches: the first that fails, and how many do (0: all).
    call: int = 1
    times: int = 1
    code: str = "UnauthorizedOperation"
    answer: str = "close"
    seconds: float = 0.0
    # How many calls the pattern matched, and how many of them the fault was applied to.
    matched: int = field(default=0, init=False)
    applied: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.answer not in ("close", "error"):
            raise ValueError(f"no such fault: {self.kind} {self.answer}")
        if self.call < 1 or self.times < 0 or self.seconds < 0:
            raise ValueError("call begins with 1, times and seconds with 0")

    def apply_to(self, action: str) -> bool:
        """Count the call; whether it gets the fault."""
        if not fnmatchcase(action, self.action):
            return False
        self.matched += 1
        is_due = self.matched >= self.call and (self.times == 0 or self.matched < self.call + self.times)
        self.applied += is_due
        return is_due

    def delay(self) -> float:
        """Never the same, so that the calls of several clients come in any order."""
        return random.uniform(0.0, self.seconds)  # noqa: S311  # nothing secret hangs on it

    def describe(self) -> dict[str, Any]:
        return asdict(self)


class Faults:
    """The faults of one account, in the order they were injected."""

    def __init__(self) -> None:
        self.injected: list[Fault] = []

    def add(self, kind: str, action: str = "*", **more: Any) -> Fault:
        """`add("lost_answer", "CreateVpnConnection", call=3)`: the third one from now."""
        fault = Fault(kind, action, **more)
        self.injected.append(fault)
        return fault

    def clear(self) -> None:
        self.injected.clear()

    def for_call(self, action: str) -> dict[str, Fault]:
        """Those that this call gets, by kind; every fault counts it."""
        return {fault.kind: fault for fault in self.injected if fault.apply_to(action)}


class Buckets:
    """AWS's token buckets, per Region and action; off until sizes are set.

    Of AWS's own: (50, 5) for calls that change something, (100, 20) for describes; size and tokens per second.
    """

    AWS: Mapping[str, tuple[float, float]] = {"mutating": (50, 5), "reading": (100, 20)}

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.sizes: dict[str, tuple[float, float]] = {}
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def set(self, **sizes: tuple[float, float]) -> None:
        """`set(mutating=(50, 5))`; without any, the buckets are off again."""
        if set(sizes) - set(self.AWS):
            raise ValueError("the buckets are: mutating, reading")
        self.sizes = {kind: (float(size), float(refill)) for kind, (size, refill) in sizes.items()}
        self._levels.clear()

    def take(self, kind: str, region: str, action: str) -> bool:
        """Whether there was a token left for this call."""
        if kind not in self.sizes:
            return True
        size, refill = self.sizes[kind]
        now = self._clock.now()
        level, at = self._levels.get((region, action), (size, now))
        level = min(size, level + (now - at) * refill)
        has_token = level >= 1
        self._levels[region, action] = (level - has_token, now)
        return has_token
