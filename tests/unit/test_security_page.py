# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SECURITY.md promises only what a test checks: each promise names tests, and these exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISED = PAGE.partition("## What is promised")[2].partition("## What is not promised")[0]
# A promise is one point of a list, over several lines.
PROMISES = [" ".join(point.split()) for point in re.findall(r"(?ms)^- (.*?)(?=^- |^#|\Z)", PROMISED)]


def named(promise: str) -> list[Path]:
    files = [ROOT / "tests/unit" / name for name in re.findall(r"`([\w/]*test_\w+\.py)`", promise)]
    scenarios = re.findall(r"scenario `(\w+)`", promise)
    return files + [ROOT / "extensions/molecule" / name / "molecule.yml" for name in scenarios]


def test_there_are_promises() -> None:
    assert len(PROMISES) > 15


@pytest.mark.parametrize("promise", PROMISES, ids=lambda text: text[:40])
def test_each_promise_names_tests_that_exist(promise: str) -> None:
    tests = named(promise)
    assert tests
    assert [path for path in tests if not path.is_file()] == []
