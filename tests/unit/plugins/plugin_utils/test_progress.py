# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of a long run: a line whenever something changed, but not often."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._progress import Watch


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Seen:
    """A watch that is looked through by hand."""

    def __init__(self) -> None:
        self.time = Time()
        self.lines: list[str] = []
        self.watch = Watch(self.lines.append, self.time)

    def write(self, ready: int, at: float) -> None:
        self.time.now = at
        state = {"sites": 40, "ready": ready, "failed": 0, "waiting_for": {}, "elapsed": round(at)}
        with self.watch.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(state) + "\n")
        self.watch.look()

    def look(self, at: float) -> None:
        self.time.now = at
        self.watch.look()


@pytest.fixture
def seen() -> Seen:
    return Seen()


def test_a_line_whenever_something_changed_but_not_often(seen: Seen) -> None:
    with seen.watch:
        seen.write(2, 200)
        seen.write(3, 205)
        seen.look(209)
        seen.look(211)
        seen.look(300)
    assert seen.lines == ["2 of 40 sites ready, 3 min 20 s", "3 of 40 sites ready, 3 min 31 s"]


def test_a_short_run_says_nothing_and_leaves_nothing(seen: Seen) -> None:
    with seen.watch:
        seen.write(2, 5)
        seen.write(40, 9)
        assert seen.watch.path.exists()
    assert seen.lines == []
    assert not seen.watch.path.parent.exists()


def test_half_a_line_is_not_read(seen: Seen) -> None:
    with seen.watch:
        seen.watch.path.write_text('{"sites": 40,', encoding="utf-8")
        seen.look(20)
    assert seen.lines == []


def test_another_user_of_the_host_can_write(seen: Seen) -> None:
    assert seen.watch.path.stat().st_mode & 0o777 == 0o666
    assert seen.watch.path.parent.stat().st_mode & 0o777 == 0o711
    with seen.watch:
        pass
