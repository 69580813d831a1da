# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Counts the failed gateways of rollouts that run beside each other, and says when that is enough."""

# Private to this collection: no stable interface for others.

from __future__ import annotations


class Tally:
    """After so many failed gateways nothing more is begun anywhere; with 0 that never happens."""

    def __init__(self, max_failures: int = 1) -> None:
        self._max_failures = max_failures
        # By rollout. Each writes its own number only, so no lock is needed.
        self._failed: dict[int, int] = {}
        self._is_interrupted = False

    def note(self, rollout: int, failed: int) -> None:
        """So many gateways of a rollout have failed by now."""
        self._failed[rollout] = failed

    def interrupt(self) -> None:
        """Nothing more is to begin, whatever the number of failures."""
        self._is_interrupted = True

    @property
    def is_reached(self) -> bool:
        """Whether nothing more may begin."""
        failed = sum(tuple(self._failed.values()))
        return self._is_interrupted or bool(failed and self._max_failures and failed >= self._max_failures)
