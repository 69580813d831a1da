# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of each distribution: all that the role uses is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

VARIABLES = Path(__file__).resolve().parents[4] / "roles/gateway/vars/main.yml"
PLATFORMS: dict[str, Any] = yaml.safe_load(VARIABLES.read_text(encoding="utf-8"))["__gateway_platforms"]
# By the commands that the programs of the role and its tests of a tunnel run.
COMMANDS = {"ip": "iproute", "nft": "nftables", "ping": "iputils"}


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_packages_of_all_commands_are_named(name: str) -> None:
    packages = PLATFORMS[name]["packages"]
    assert {
        command for command, start in COMMANDS.items() if not any(each.startswith(start) for each in packages)
    } == set()
