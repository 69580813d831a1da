# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Says how far a run is: a record for programs, and a line for people. Never with a secret in it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .rollout import Rollout

_NUMBERS = ("gateways", "ready", "failed")
_HIGHEST = 1_000_000


@dataclass(frozen=True)
class Record:
    """The state of one run: its gateways, those that something is still to be done for, and those that failed."""

    names: frozenset[str]
    still: frozenset[str]
    failed: frozenset[str]
    # What is waited for, once per resource.
    waiting: tuple[str, ...] = ()

    @classmethod
    def of(cls, rollout: Rollout, names: Collection[str], waiting: Iterable[str] = ()) -> Record:
        """How far a rollout is; C(names) are all the gateways of the run."""
        own = frozenset(names)
        return cls(own, own & rollout.open_gateways(), own & set(rollout.failed_gateways), tuple(waiting))


def summed(records: Sequence[Record], elapsed: float) -> dict[str, Any]:
    """The state of runs beside each other as one; a gateway with connections in several of them counts once."""
    names: set[str] = set().union(*(each.names for each in records))
    still: set[str] = set().union(*(each.still for each in records))
    failed: set[str] = set().union(*(each.failed for each in records))
    waiting = Counter(text for each in records for text in each.waiting)
    return {
        "gateways": len(names),
        "ready": len(names - still - failed),
        "failed": len(failed),
        "waiting_for": dict(sorted(waiting.items())),
        "elapsed": round(elapsed),
    }


def read(text: str) -> dict[str, int]:
    """The numbers of one record; empty for anything else, whoever wrote it."""
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    found: dict[str, Any] = {name: state.get(name) for name in _NUMBERS} if isinstance(state, dict) else {}
    return found if all(map(_is_count, found.values())) else {}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _HIGHEST


def line(state: Mapping[str, Any], elapsed: float) -> str:
    """One record as a person reads it."""
    words = f"{state['ready']} of {state['gateways']} gateways ready"
    if state.get("failed"):
        words += f", {state['failed']} failed"
    return f"{words}, {duration(elapsed)}"


def duration(seconds: float) -> str:
    """A time span in the two units that matter."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
