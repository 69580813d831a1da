# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide "Ask questions of the estate": its tasks and its commands give the same answers, as they stand there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from vpn_emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
GUIDE = (ROOT / "docs/docsite/rst/guide_questions.rst").read_text(encoding="utf-8")
REGIONS = ("eu-central-1", "eu-west-1")
# What the commands for one tunnel have in the place of its ids.
CONNECTION, TUNNEL = "vpn-0123456789abcdef0", "203.0.113.2"


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^\.\. code-block:: {language}\n\n((?:    .*\n|\n)+)", GUIDE, re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


TASKS = [task for block in blocks("yaml") for task in yaml.safe_load(block)]
COMMANDS = blocks("shell")


class Estate:
    """Two gateways in two Regions. Their second tunnels write logs and accept one group; berlin's first is down."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self._emulator = emulator
        self._directory = directory
        options = emulator.client_options()
        self._environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
            "AWS_ENDPOINT_URL": emulator.url,
            "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
            "LC_ALL": "C.UTF-8",
        }
        made = self.play([self._gateway("berlin", REGIONS[0], 10), self._gateway("madrid", REGIONS[1], 20)])
        self.berlin, self.madrid = (made[name]["connections"][name] for name in ("berlin", "madrid"))
        self.down, self.up = (tunnel["outside_address"] for tunnel in self.berlin["tunnels"])
        self.others = [tunnel["outside_address"] for tunnel in self.madrid["tunnels"]]
        emulator.telemetry(self.up, "UP", active={"Phase1DHGroup": 20, "Phase1IntegrityAlgorithm": "SHA2-256"})
        for address in self.others:
            emulator.telemetry(address, "UP", active={"Phase1DHGroup": 2})

    @staticmethod
    def _gateway(name: str, region: str, number: int) -> dict[str, Any]:
        logs = {"log_enabled": True, "log_group_arn": f"arn:aws:logs:{region}:123456789012:log-group:vpn"}
        gateway = {
            "name": name,
            "public_ip": f"198.51.100.{number}",
            "routing": "static",
            "target": {"unattached": True},
            "local_cidrs": [f"10.{number}.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
            "tunnels": [{"phase1_dh_group_numbers": [2, 20]}, {"phase1_dh_group_numbers": [20], **logs}],
        }
        return {"name": name, "hybridnet.aws_vpn.vpn_sites": {"region": region, "gateways": [gateway]}}

    def play(self, tasks: list[dict[str, Any]]) -> dict[str, Any]:
        """The results of the tasks, by name."""
        module_defaults = {"group/hybridnet.aws_vpn.aws_vpn": {"endpoint_url": self._emulator.url}}
        play = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "module_defaults": module_defaults,
            "vars": {"ansible_python_interpreter": sys.executable},
            "tasks": tasks,
        }
        path = self._directory / "play.yml"
        path.write_text(yaml.safe_dump([play]), encoding="utf-8")
        # A task that takes long says so before.
        output = self._run(str(BIN / "ansible-playbook"), str(path))
        (done,) = json.loads(output[output.index("{\n") :])["plays"]
        return {task["task"]["name"]: task["hosts"]["localhost"] for task in done["tasks"]}

    def cli(self, command: str, tunnel: str, region: str) -> Any:
        command = command.replace(CONNECTION, self.berlin["vpn_connection_id"]).replace(TUNNEL, tunnel)
        return json.loads(self._run("sh", "-c", f"{BIN}/{command.strip()} --region {region} --output json"))

    def _run(self, *words: str) -> str:
        done = subprocess.run(words, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def estate(emulator: Emulator, tmp_path: Path) -> Estate:
    return Estate(emulator, tmp_path)


def test_the_guide_answers(estate: Estate, emulator: Emulator) -> None:
    emulator.maintenance(estate.down)
    emulator.telemetry(estate.up, "UP", active={"Phase1DHGroup": 24, "Phase2DHGroup": 20})
    results = estate.play(TASKS)
    answers = [results[task["name"]]["msg"] for task in TASKS[1:]]
    berlin, madrid = estate.berlin["vpn_connection_id"], estate.madrid["vpn_connection_id"]
    first = [{"connection": berlin, "addresses": [estate.down]}, {"connection": madrid, "addresses": estate.others[:1]}]
    assert answers[:3] == [
        [{"connection": berlin, "down": [estate.down]}],
        [{"connection": one["connection"], "silent": one["addresses"]} for one in first],
        [{"connection": one["connection"], "weak": one["addresses"]} for one in first],
    ]
    assert answers[3] == [
        {"tunnel": estate.up, "group": 24},
        *({"tunnel": address, "group": 2} for address in estate.others),
    ]
    assert answers[4] == [{"tunnel": estate.down, "pending": "Available"}]
    assert answers[5] == [
        {"region": REGIONS[0], "gateways": ["berlin"]},
        {"region": REGIONS[1], "gateways": ["madrid"]},
    ]
    assert len(COMMANDS) == len(answers)
    for command, answer in zip(COMMANDS[:3], answers[:3], strict=True):
        assert [*estate.cli(command, "", REGIONS[0]), *estate.cli(command, "", REGIONS[1])] == answer, command
    assert estate.cli(COMMANDS[3], estate.up, REGIONS[0]) == {"group": 24}
    assert estate.cli(COMMANDS[4], estate.down, REGIONS[0]) == {"pending": "Available"}
    assert estate.cli(COMMANDS[5], "", REGIONS[1]) == {"gateways": ["madrid"]}


def test_results_by_name(estate: Estate) -> None:
    """As the guide says for the role cloud."""
    (query,) = re.findall(r"connections \| community\.general\.json_query\('(.+)'\)", GUIDE)
    show = {"debug": {"msg": "{{ by_name | community.general.json_query(query) }}"}, "name": "Show"}
    show["vars"] = {"query": query, "by_name": {"berlin": estate.berlin, "madrid": estate.madrid}}
    tunnels = estate.play([show])["Show"]["msg"]
    assert [tunnel["outside_address"] for tunnel in tunnels] == [estate.down, estate.up, *estate.others]
