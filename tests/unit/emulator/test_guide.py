# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guide says of the emulator's own HTTP interface is so, and complete."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from vpn_emulator import control
from vpn_emulator.account import Delays
from vpn_emulator.faults import KINDS

GUIDE = (Path(__file__).parents[3] / "docs/docsite/rst/guide_rehearsal.rst").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    curl +(.+)$", GUIDE, re.MULTILINE)


def test_every_path_kind_and_delay_is_told() -> None:
    paths = {path.replace("*", "ADDRESS") for _method, path in control.HANDLERS}
    missing = {f"``{word}``" for word in (*paths, *KINDS, *Delays.KINDS)}
    assert {word for word in missing if word not in GUIDE} == set()
    rows = re.findall(r"   \* - (``.+)\n     - (.+)\n", GUIDE)
    told = {
        (method, name.strip("`"))
        for names, methods in rows
        for name in names.split(", ")
        for method in methods.split(", ")
    }
    known = {(method, path.replace("*", "ADDRESS")) for method, path in control.HANDLERS}
    assert told - known == {("DELETE", "iam-actions")}
    assert known - told == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_guide_work(emulator: Any, ask: Any, command: str) -> None:
    words = shlex.split(command)
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
    (path,) = [word for word in words if word.startswith("$API/")]
    ask(path.replace("$API", f"{emulator.url}/vpn-emulator"), method, body)


def test_there_are_commands() -> None:
    assert len(COMMANDS) == 6
