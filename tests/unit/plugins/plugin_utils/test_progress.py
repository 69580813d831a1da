# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown of a long run: a line whenever something changed, but not often."""

from __future__ import annotations

import json
import os

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
        state = {"gateways": 40, "ready": ready, "failed": 0, "waiting_for": {}, "elapsed": round(at)}
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
    assert seen.lines == ["2 of 40 gateways ready, 3 min 20 s", "3 of 40 gateways ready, 3 min 31 s"]


def test_a_short_run_says_nothing_and_leaves_nothing(seen: Seen) -> None:
    with seen.watch:
        seen.write(2, 5)
        seen.write(40, 9)
        assert seen.watch.path.exists()
    assert seen.lines == []
    assert not seen.watch.path.parent.exists()


def test_half_a_line_is_not_read(seen: Seen) -> None:
    with seen.watch:
        seen.watch.path.write_text('{"gateways": 40,', encoding="utf-8")
        seen.look(20)
    assert seen.lines == []


def test_no_other_user_of_the_host_can_write() -> None:
    before = os.umask(0)
    try:
        with Seen().watch as watch:
            assert watch.path.stat().st_mode & 0o777 == 0o600
            assert watch.path.parent.stat().st_mode & 0o777 == 0o700
            assert {watch.path.stat().st_uid, watch.path.parent.stat().st_uid} == {os.geteuid()}
    finally:
        os.umask(before)


GOOD = {"gateways": 40, "ready": 2, "failed": 0}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b"[" * 5000,
        b'{"gateways": ' + b"9" * 5000 + b"}",
        *(json.dumps(GOOD | bad).encode() for bad in ({"ready": None}, {"ready": True}, {"ready": "2"}, {"ready": -1})),
        *(
            json.dumps(GOOD | bad).encode()
            for bad in ({"failed": 1.5}, {"gateways": 10**9}, {"gateways": ["\x1b]0;x\x07"]})
        ),
    ],
)
def test_a_bad_line_is_passed_over(seen: Seen, line: bytes) -> None:
    with seen.watch:
        seen.watch.path.write_bytes(line + b"\n")
        seen.look(20)
        assert seen.lines == []
        seen.write(3, 30)
    assert seen.lines == ["3 of 40 gateways ready, 30 s"]


def test_nothing_but_numbers_is_shown(seen: Seen) -> None:
    with seen.watch:
        record = GOOD | {"waiting_for": {"\x1b[31mred": "\x07"}, "\x1b": 1, "elapsed": "\x1b[2J"}
        seen.watch.path.write_text(json.dumps(record) + "\n", encoding="utf-8")
        seen.look(20)
    assert seen.lines == ["2 of 40 gateways ready, 20 s"]


def test_a_file_that_is_gone_does_not_end_the_watch(seen: Seen) -> None:
    with seen.watch:
        seen.watch.path.unlink()
        seen.look(20)
        assert seen.lines == []
        seen.write(3, 30)
    assert seen.lines == ["3 of 40 gateways ready, 30 s"]
