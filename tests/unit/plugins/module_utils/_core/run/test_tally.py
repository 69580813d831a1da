# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failed sites of several rollouts count together."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.tally import Tally


@pytest.mark.parametrize(
    ("limit", "is_reached"), [(0, [False, False, False]), (1, [False, True, True]), (3, [False, False, True])]
)
def test_the_failures_of_all_are_counted(limit: int, is_reached: list[bool]) -> None:
    tally = Tally(limit)
    seen = [tally.is_reached]
    for rollout, failed in ((1, 2), (2, 1)):
        tally.note(rollout, failed)
        seen.append(tally.is_reached)
    assert seen == is_reached


def test_a_rollout_counts_once() -> None:
    tally = Tally(2)
    tally.note(1, 1)
    tally.note(1, 1)
    assert not tally.is_reached


def test_an_interruption_stops_all() -> None:
    tally = Tally(0)
    tally.interrupt()
    assert tally.is_reached
