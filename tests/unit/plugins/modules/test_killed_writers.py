# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A writer that is killed, at whatever line: nobody reads the keys it leaves behind, and the next run removes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[4]
MARKER = "MARKER_psk.1"
OLD, NEW = f"old {MARKER}\n", f"new {MARKER}\n"
WITH_BLOCK = f"{OLD}! BEGIN hybridnet.aws_vpn\nours\n! END hybridnet.aws_vpn\n"
KEY, FRR, SAMPLE = "etc/key.conf", "etc/frr.conf", "sample.txt"


def kills(directory: Path, what: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("kill_at_each_line.py")), str(directory), what],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "collections"), "TMPDIR": str(directory / "tmp")},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("write", {KEY: [0o600, NEW], FRR: [0o640, WITH_BLOCK], SAMPLE: [0o600, OLD]}),
        ("absent", {FRR: [0o640, OLD], SAMPLE: [0o600, OLD]}),
        ("sample", {KEY: [0o600, OLD], FRR: [0o640, OLD], SAMPLE: [0o600, NEW]}),
    ],
)
def test_kill_at_each_line(tmp_path: Path, what: str, after: dict[str, Any]) -> None:
    found = kills(tmp_path, what)
    assert len(found) > 15
    for kill in found:
        for path, (mode, text) in kill["killed"].items():
            # Whole or not at all, but for drafts; and nothing that others can read.
            assert mode & 0o007 == 0, path
            if path in (KEY, FRR, SAMPLE):
                assert text in (OLD, NEW, WITH_BLOCK), path
            else:
                assert path.endswith(".aws-vpn-draft"), path
        assert kill["after"] == after
    # Kills that left a draft with a key in it, and none at the end.
    assert any(path.endswith("-draft") for kill in found for path in kill["killed"])
    assert not any(path.endswith("-draft") for path in found[-1]["killed"])
