# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes how far a run is to a file, for those who wait: one line of JSON for each change."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any, TextIO

from ..._aws.wait.waiters import Condition
from ..._core.errors import InvalidInput, VpnError
from ..._core.plan.plan import Plan
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
    """The file of one task; begun anew, and complete after every line. Its runs tell it from their threads."""

    def __init__(self, path: str, now: Callable[[], float]) -> None:
        self.now = now
        self._began = now()
        self._told = float("-inf")
        self._parts: list[Part] = []
        self._last: dict[str, Any] = {}
        self._lock = threading.Lock()
        try:
            self._file = _begin(path)
        except VpnError as error:
            raise InvalidInput([f"progress_file={error}"]) from None

    def part(self, plan: Plan, names: Collection[str]) -> Part:
        """The part of one run; C(names) are its sites, of which those are ready that the plan has nothing for."""
        self._parts.append(Part(self, plan, names))
        return self._parts[-1]

    def news(self) -> None:
        """Writes a line when something but the time is different from the last one; not more than one a second."""
        with self._lock:
            if self.now() >= self._told + SHORTEST:
                self._told = self.now()
                self._write()

    def __enter__(self) -> ProgressFile:
        return self

    def __exit__(self, *_error: object) -> None:
        """Writes how it ended."""
        for part in self._parts:
            part.end()
        if any(part.has_told for part in self._parts):
            self._write()
        self._file.close()

    def _write(self) -> None:
        state = progress.summed([part.record for part in self._parts], self.now() - self._began)
        compared = {**state, "elapsed": 0}
        if compared != self._last:
            self._last = compared
            self._file.write(json.dumps(state) + "\n")
            self._file.flush()


class Part:
    """What one run has told."""

    def __init__(self, file: ProgressFile, plan: Plan, names: Collection[str]) -> None:
        self._file = file
        self._names = names
        self._told = float("-inf")
        self._rollout: Rollout | None = None
        self.record = progress.Record.of(Rollout(plan), names)

    def tell(self, rollout: Rollout, conditions: Callable[[], Sequence[Condition]]) -> None:
        """Notes how far the run is, not more than once a second: that takes its time when there are many sites."""
        self._rollout = rollout
        if self._file.now() >= self._told + SHORTEST:
            self._told = self._file.now()
            waiting = {(each.kind, each.id, each.goal or each.text) for each in conditions()}
            self.record = progress.Record.of(rollout, self._names, [f"{kind} {goal}" for kind, _id, goal in waiting])
            self._file.news()

    @property
    def has_told(self) -> bool:
        """Whether there was a run."""
        return self._rollout is not None

    def end(self) -> None:
        """Notes how the run ended."""
        if self._rollout:
            self.record = progress.Record.of(self._rollout, self._names)
