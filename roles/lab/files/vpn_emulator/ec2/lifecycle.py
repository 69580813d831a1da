# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""States that change with time: computed from the clock when a request needs them, so there is no timer."""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock

PENDING = "pending"
AVAILABLE = "available"
MODIFYING = "modifying"
DELETING = "deleting"
DELETED = "deleted"

# How long AWS lists deleted objects is not documented; about an hour is commonly told.
LISTED_AFTER_DELETION = 3600.0


def at_once() -> bool:
    return True


class Lifecycle:
    """One state now, perhaps another one after a while."""

    def __init__(self, clock: Clock, state: str) -> None:
        self._clock = clock
        self._state = state
        self._since = clock.now()
        self._next: str | None = None
        self._due = 0.0
        self._is_ready: Callable[[], bool] = at_once

    def pass_through(self, state: str, then: str, seconds: float, is_ready: Callable[[], bool] = at_once) -> None:
        """Be `state`, and `then` the other one when the seconds are over and `is_ready` agrees."""
        now = self._clock.now()
        self._state, self._since = state, now
        self._next, self._due, self._is_ready = then, now + seconds, is_ready

    @property
    def state(self) -> str:
        if self._next is not None and self._clock.now() >= self._due and self._is_ready():
            self._state, self._next = self._next, None
            self._since = self._due
        return self._state

    def seconds_in_state(self) -> float:
        return self._clock.now() - self._since if self.state else 0.0

    @property
    def is_forgotten(self) -> bool:
        """Deleted for so long that AWS no longer lists it."""
        return self.state == DELETED and self.seconds_in_state() > LISTED_AFTER_DELETION
