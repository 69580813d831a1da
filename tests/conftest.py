# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the checkout importable under its collection name, in a directory of any name."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

ROOT = Path(__file__).resolve().parents[1]

# ansible-test brings its own finder, for the copy it tests.
if not any(isinstance(finder, _AnsibleCollectionFinder) for finder in sys.meta_path):
    _AnsibleCollectionFinder(paths=[str(ROOT / "collections")])._install()

for folder in ("roles/lab/files", "tests/tools"):
    if str(ROOT / folder) not in sys.path:
        sys.path.insert(0, str(ROOT / folder))


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Without root there are no files of other users. The summary says how many tests were deselected."""
    lacking = {"needs_root": os.geteuid() != 0, "needs_libreswan": shutil.which("ipsec") is None}
    markers = [marker for marker, is_lacking in lacking.items() if is_lacking]
    deselected = [item for item in items if any(map(item.get_closest_marker, markers))]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many cases the fault sweep went through: one test stands for many."""
    reports = terminalreporter.stats.get("passed", [])
    cases = [value for report in reports for name, value in report.user_properties if name == "fault_cases"]
    if cases:
        terminalreporter.write_line(f"fault sweep: {sum(cases)} cases, each followed by a plain run that converged")
