# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Says how far a run is: a record for programs, and a line for people. Never with a secret in it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .rollout import Rollout

_NUMBERS = ("gateways", "ready", "failed")
_HIGHEST = 1_000_000


def record(rollout: Rollout, names: Collection[str], waiting: Iterable[str]) -> dict[str, Any]:
    """The state of one run; C(names) are all its gateways, C(waiting) what is waited for, once per resource."""
    still = rollout.open_gateways() & set(names)
    failed = set(rollout.failed_gateways) & set(names)
    return {
        "gateways": len(names),
        "ready": len(set(names) - still - failed),
        "failed": len(failed),
        "waiting_for": Counter(waiting),
    }


def summed(records: Iterable[Mapping[str, Any]], elapsed: float) -> dict[str, Any]:
    """The state of runs beside each other, as one."""
    parts = list(records)
    waiting: Counter[str] = Counter()
    for part in parts:
        waiting.update(part["waiting_for"])
    return {
        **{name: sum(part[name] for part in parts) for name in _NUMBERS},
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
