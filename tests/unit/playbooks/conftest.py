# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks as users do, against the emulated AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[3]
MARKER = "MARKER_psk.1"


class Playbooks:
    """Runs playbooks in a directory of their own, in an account of their own."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self.emulator = emulator
        self.directory = directory
        options = emulator.client_options()
        self.environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_HOME": str(directory / ".ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
        }

    def __call__(self, playbook: str, *words: str, **extra: Any) -> tuple[int, str]:
        """Exit code and output of a playbook of the collection, or of a file."""
        name = playbook if playbook.endswith(".yml") else f"hybridnet.aws_vpn.{playbook}"
        variables = {"ansible_playbook_python": sys.executable, **extra}
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), name, "-e", json.dumps(variables), *words],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        output = done.stdout + done.stderr
        assert MARKER not in output
        return done.returncode, output


@pytest.fixture
def play(emulator: Emulator, tmp_path: Path) -> Playbooks:
    return Playbooks(emulator, tmp_path)


@pytest.fixture
def world(ec2: Any) -> dict[str, str]:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {"vpc": vpc, "table": ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]}
