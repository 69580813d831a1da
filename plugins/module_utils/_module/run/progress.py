# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes how far a run is to a file, for those who wait: one line of JSON for each change."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Sequence
from typing import Any, TextIO

from ..._aws.wait.waiters import Condition
from ..._core.errors import InvalidInput, VpnError
from ..._core.run import progress
from ..._core.run.rollout import Rollout
from ..files.directory import Directory, locate

# Seconds between two lines.
SHORTEST = 1.0


def _begin(path: str) -> TextIO:
    """The empty file."""
    place = locate(Directory.root(), path)
    if place.directory is None:
        raise VpnError(f"{path}: No such file or directory")
    return os.fdopen(place.directory.begin(place.name), "w", encoding="utf-8")


class ProgressFile:
    """The file of one run; begun anew, and complete after every line."""

    def __init__(self, path: str, names: Collection[str], now: Callable[[], float]) -> None:
        self._names = names
        self._now = now
        self._began = now()
        self._told = float("-inf")
        self._rollout: Rollout | None = None
        self._last: dict[str, Any] = {}
        try:
            self._file = _begin(path)
        except VpnError as error:
            raise InvalidInput([f"progress_file={error}"]) from None

    def tell(self, rollout: Rollout, conditions: Callable[[], Sequence[Condition]]) -> None:
        """Writes a line when something but the time is different from the last one; not more than one a second."""
        if self._now() >= self._told + SHORTEST:
            self._told = self._now()
            self._write(rollout, conditions())
        self._rollout = rollout

    def __enter__(self) -> ProgressFile:
        return self

    def __exit__(self, *_error: object) -> None:
        """Writes how it ended."""
        if self._rollout:
            self._write(self._rollout, ())
        self._file.close()

    def _write(self, rollout: Rollout, conditions: Sequence[Condition]) -> None:
        waiting = [f"{kind} {goal}" for kind, _id, goal in {(c.kind, c.id, c.goal or c.text) for c in conditions}]
        state = progress.record(rollout, self._names, waiting, self._now() - self._began)
        compared = {**state, "elapsed": 0}
        if compared != self._last:
            self._last = compared
            self._file.write(json.dumps(state) + "\n")
            self._file.flush()
