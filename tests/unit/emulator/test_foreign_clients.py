# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients nobody here wrote, unchanged: the AWS CLI, and the modules of amazon.aws and community.aws."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent


def run(*words: str, **variables: str) -> str:
    done = subprocess.run(words, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_aws_cli_reads_a_connection_and_its_waiter_ends(region: Any, emulator: Any) -> None:
    connection_id = region.connection()["VpnConnectionId"]
    variables = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "eu-central-1"}
    aws = (str(BIN / "aws"), "--endpoint-url", emulator.url, "--output", "json", "ec2")
    run(*aws, "wait", "vpn-connection-available", "--vpn-connection-ids", connection_id, **variables)
    shown = json.loads(run(*aws, "describe-vpn-connections", **variables))["VpnConnections"]
    assert [one["VpnConnectionId"] for one in shown] == [connection_id]
    assert len(shown[0]["Options"]["TunnelOptions"]) == 2


def test_modules_of_other_collections_make_read_change_and_delete(emulator: Any, ec2: Any) -> None:
    """They wait for all but virtual private gateways: a deleted one must be so when the next task asks."""
    emulator.delays.set(vpn_gateway=600)
    run(
        str(BIN / "ansible-playbook"),
        "--inventory=localhost,",
        f"--extra-vars=ansible_python_interpreter={sys.executable}",
        f"--extra-vars=endpoint_url={emulator.url}",
        str(Path(__file__).with_name("foreign_modules.yml")),
    )
    assert [one["State"] for one in ec2.describe_vpn_connections()["VpnConnections"]] == ["deleted"]
    assert [one["State"] for one in ec2.describe_customer_gateways()["CustomerGateways"]] == ["deleted"]
    assert emulator.calls["CreateVpnConnection"] == 1
