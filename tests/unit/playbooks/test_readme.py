# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of the README makes the plan and the table that the README shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

README = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")
EXAMPLE = README.partition("### Six lines of inventory\n")[2].partition("\n### ")[0]
(INVENTORY,) = re.findall(r"```yaml\n(.+?)```", EXAMPLE, re.DOTALL)
PICTURE, PLAN, TABLE = (text.splitlines() for text in re.findall(r"```text\n(.+?)```", EXAMPLE, re.DOTALL))
MADE_UP = "tgw-0123456789abcdef0"


def shown(output: str, task: str) -> list[str]:
    """The lines that a task shows."""
    (text,) = re.findall(rf"^TASK \[.*{task}\] \*+\nok: .*? => (\{{\n.+?\n\}})$", output, re.MULTILINE | re.DOTALL)
    lines: list[str] = json.loads(text)["msg"]
    return lines


def test_six_lines_and_a_picture_of_them() -> None:
    assert len(INVENTORY.splitlines()) == 6
    group = yaml.safe_load(INVENTORY)["vpn_gateways"]
    (berlin,) = group["hosts"].values()
    words = " ".join(PICTURE)
    assert f"{berlin['site_vpn_public_ip']}, ASN {berlin['site_vpn_bgp_asn']}" in words
    for cidr in (*berlin["site_vpn_local_cidrs"], *group["vars"]["site_vpn_remote_cidrs"]):
        assert cidr in words


@pytest.fixture
def transit_gateway(ec2: Any) -> str:
    made: str = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    return made


def test_plan_and_table(play: Any, ec2: Any, answers_up: dict[str, Any], transit_gateway: str) -> None:
    (play.directory / "inventory.yml").write_text(INVENTORY.replace(MADE_UP, transit_gateway), encoding="utf-8")
    given: dict[str, Any] = {
        "ansible_connection": "answering",
        "ansible_python_interpreter": "/usr/bin/python3",
        "answers": answers_up,
        "site_vpn_endpoint_url": play.emulator.url,
    }
    group = play.directory / "group_vars/all.yml"
    group.parent.mkdir()
    group.write_text(yaml.safe_dump(given), encoding="utf-8")
    words = ("site_vpn", "-i", "inventory.yml")
    code, output = play(*words, "--check", "--diff")
    assert code == 0, output
    assert [line.replace(transit_gateway, MADE_UP) for line in shown(output, "Show the plan")] == PLAN
    code, output = play(*words, "--tags", "aws")
    assert code == 0, output
    probes = answers_up["ping_probe"]["probes"]
    answers_up["ping_probe"]["probes"] = []
    for connection in ec2.describe_vpn_connections()["VpnConnections"]:
        for tunnel in connection["VgwTelemetry"]:
            address = tunnel["OutsideIpAddress"]
            play.emulator.telemetry(address, "UP", accepted_routes=1)
            answers_up["ping_probe"]["probes"].append({**probes[0], "outside_address": address})
    group.write_text(yaml.safe_dump(given), encoding="utf-8")
    code, output = play(*words)
    assert code == 0, output
    # Which outside addresses AWS gives is its own choice.
    chosen = [probe["outside_address"] for probe in answers_up["ping_probe"]["probes"]]
    printed = dict(zip(re.findall(r"(?:[0-9]+\.){3}[0-9]+", "\n".join(TABLE)), chosen, strict=False))
    table = [[printed.get(word, word) for word in line.split()] for line in TABLE]
    assert [line.split() for line in shown(output, "Show the state of every tunnel")] == table
