# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is known of the SAs of a tunnel, and why its latest attempt failed: the same words for all daemons."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import Pattern
from typing import Any, NamedTuple

from ..model.tunnel_states import Esp, Failure, Ike

NO_SA: Mapping[str, Any] = {"ike": Ike.DOWN.value, "esp": Esp.DOWN.value, "bytes_in": 0, "bytes_out": 0}
SIDES = ("local", "remote")


def no_sa() -> dict[str, Any]:
    """A tunnel without any, which carries no networks."""
    return {**NO_SA, **{f"{side}_networks": [] for side in SIDES}}


class Line(NamedTuple):
    """What a daemon says of a connection. The SA tells attempts apart where one has a name of its own."""

    connection: str
    message: str
    sa: str = ""


@dataclass(frozen=True)
class Journal:
    """The messages of a daemon that tell of an attempt. Of the failures the first match counts."""

    failures: Sequence[tuple[Failure, Pattern[str]]]
    # Its group has the name of an error notification.
    notification: Pattern[str]
    new_attempt: Pattern[str]
    answered: Pattern[str]
    up: Pattern[str]

    def failure(self, message: str) -> Failure | None:
        notification = self.notification.search(message)
        if notification:
            return Failure.__members__.get(notification.group(1))
        return next((failure for failure, pattern in self.failures if pattern.search(message)), None)


def journal_entries(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """What journalctl prints as JSON, one object a line."""
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry


def latest_failures(lines: Iterable[Line], journal: Journal) -> dict[str, list[str]]:
    """By connection: why its latest attempt failed."""
    attempts: dict[str, _Attempts] = {}
    for line in lines:
        attempts.setdefault(line.connection, _Attempts(journal)).read(line.message, line.sa)
    return {name: [failure.value for failure in attempt.failures] for name, attempt in attempts.items()}


class _Attempts:
    """The attempts of one connection in order; only the failures of the latest one are kept."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.failures: list[Failure] = []
        self._sa = ""
        self._is_new = True

    def read(self, message: str, sa: str) -> None:
        if sa != self._sa or self._journal.new_attempt.search(message):
            self._sa, self._is_new = sa, True
        if self._journal.up.search(message):
            self.failures = []
        elif self._journal.answered.search(message):
            self.failures = [failure for failure in self.failures if failure != Failure.NO_ANSWER]
        self._note(self._journal.failure(message))

    def _note(self, found: Failure | None) -> None:
        if found is None:
            return
        # An answer of any kind says more than its absence before.
        kept = [] if self._is_new else [known for known in self.failures if known not in (found, Failure.NO_ANSWER)]
        self.failures, self._is_new = [*kept, found], False
