# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No key, given or made by AWS, is left behind by a run, and nobody sees one while it runs.

Left behind: output, diffs, errors, log, fact cache, invocation log, temporary directories, and what AWX keeps of a job.
Seen: command lines and environments of processes, and files that others can read. Every module and the role cloud run
in one playbook, at -vvvv with --diff, in check mode and for real.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from vpn_emulator import Emulator

ROOT = Path(__file__).resolve().parents[3]
PLAYBOOK = Path(__file__).parent / "files/every_module.yml"
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
KEYS = ["MARKER_given.1", "MARKER_given.2", "MARKER_given.3"]

# Stands in for the module that talks to the system's log, where each module notes how it was invoked.
# Loaded by each Python at its start: in the Python of Debian the module syslog is built in, and no file replaces it.
SYSLOG = """
import os, sys, types
class Syslog(types.ModuleType):
    LOG_ERR, LOG_INFO, LOG_USER = 3, 6, 8
    def __getattr__(self, name): return 0
    def openlog(self, name, *_options): self.syslog(name)
    def closelog(self): pass
    def syslog(self, *words):
        with open(os.environ["INVOCATION_LOG"], "a") as stream:
            stream.write(str(words) + "\\n")
sys.modules["syslog"] = Syslog("syslog")
"""


class Run:
    """One run of the playbook; what it leaves behind is below its directory."""

    def __init__(self, directory: Path, emulator: Emulator, world: dict[str, str]) -> None:
        self.left = directory / "left"
        self.secret = directory / "secret"
        self.stand_in = directory / "stand-in"
        for path in (self.left, self.secret, self.stand_in, self.left / "system-tmp", self.left / "job_events"):
            path.mkdir()
        (self.stand_in / "sitecustomize.py").write_text(SYSLOG, encoding="utf-8")
        self.variables = directory / "variables.yml"
        given = {"url": emulator.url, "keys": KEYS, "secret_directory": str(self.secret), **world}
        self.variables.touch(mode=0o600)
        self.variables.write_text(yaml.safe_dump(given), encoding="utf-8")
        options = emulator.client_options()
        self.environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_HOME": str(self.left / "home"),
            "ANSIBLE_LOCAL_TEMP": str(self.left / "tmp"),
            "ANSIBLE_REMOTE_TMP": str(self.left / "remote"),
            "TMPDIR": str(self.left / "system-tmp"),
            "ANSIBLE_CALLBACK_PLUGINS": str(PLAYBOOK.parents[1] / "awx"),
            "ANSIBLE_CALLBACKS_ENABLED": "job_events",
            "JOB_EVENTS": str(self.left / "job_events"),
            "ANSIBLE_LOG_PATH": str(self.left / "ansible.log"),
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.left / "facts"),
            "ANSIBLE_RETRY_FILES_ENABLED": "true",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": str(self.left / "retry"),
            "ANSIBLE_NO_TARGET_SYSLOG": "false",
            "INVOCATION_LOG": str(self.left / "invocations"),
            "PYTHONPATH": str(self.stand_in),
            "LC_ALL": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
        }

    def __call__(self, *words: str) -> int:
        """Runs it; the output goes to a file among the rest."""
        with (self.left / "output").open("a", encoding="utf-8") as output:
            done = subprocess.run(
                [
                    str(Path(sys.executable).parent / "ansible-playbook"),
                    str(PLAYBOOK),
                    "-i",
                    "localhost,",
                    "-vvvv",
                    "--diff",
                    "-e",
                    f"@{self.variables}",
                    "-e",
                    f"ansible_python_interpreter={sys.executable}",
                    *words,
                ],
                cwd=self.left,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        return done.returncode

    def read(self, name: str) -> str:
        return (self.left / name).read_text(encoding="utf-8", errors="replace")

    def leaks(self, keys: list[str]) -> list[str]:
        """File and key of everything left behind that has a key in it."""
        found = []
        for path in sorted(self.left.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                found += [f"{path.relative_to(self.left)}: {key}" for key in keys if key.encode() in content]
        return found


@pytest.fixture
def run(emulator: Emulator, ec2: Any, tmp_path: Path) -> Run:
    tgw = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    device = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=64496, IpAddress="198.51.100.99")["CustomerGateway"]
    theirs = ec2.create_vpn_connection(
        Type="ipsec.1", CustomerGatewayId=device["CustomerGatewayId"], TransitGatewayId=tgw
    )["VpnConnection"]["VpnConnectionId"]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return Run(tmp_path, emulator, {"tgw": tgw, "vpc": vpc, "theirs": theirs})


def made_by_aws(ec2: Any) -> list[str]:
    found = [
        tunnel["PreSharedKey"]
        for connection in ec2.describe_vpn_connections()["VpnConnections"]
        for tunnel in connection["Options"]["TunnelOptions"]
    ]
    return [key for key in found if not key.startswith("MARKER")]


def test_no_key_is_left_behind(run: Run, ec2: Any, onlooker: Any) -> None:
    """A real run on an empty account, then a check of changes to what is there."""
    with onlooker:
        assert run() == 0, run.read("output")[-3000:]
        assert run("--check") == 0, run.read("output")[-3000:]
    generated = made_by_aws(ec2)
    assert len(generated) >= 4
    assert run.leaks([*KEYS, *generated]) == []
    search_would_find(run, generated)
    seen = [*onlooker.command_lines, *onlooker.environments]
    assert [text for text in seen if any(key in text for key in [*KEYS, *generated])] == []
    assert onlooker.files == set()
    for module in MODULES:
        assert any(f"AnsiballZ_{module}.py" in text for text in onlooker.command_lines), module
    assert list(run.secret.glob(".*")) == []


def search_would_find(run: Run, generated: list[str]) -> None:
    """Keys are where they belong, and every place that was searched has something of every module in it."""
    assert KEYS[0] in (run.secret / "swanctl.secret").read_text(encoding="utf-8")
    assert any(key in (run.secret / "sample.txt").read_text(encoding="utf-8") for key in generated)
    for module in MODULES:
        assert re.search(rf"ansible-\S*\b{module}'", run.read("invocations")), module
    for place in ("output", "ansible.log"):
        assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in run.read(place)
        assert "pre_shared_key: (changed)" in run.read(place)
    events = "".join(path.read_text(encoding="utf-8") for path in (run.left / "job_events").iterdir())
    for module in MODULES:
        assert f'"action": "hybridnet.aws_vpn.{module}", "res": ' in events, module
    for event in ("runner_on_failed", "on_file_diff", "playbook_on_task_start"):
        assert f'"event": "{event}"' in events
    facts = "".join(path.read_text(encoding="utf-8") for path in (run.left / "facts").iterdir())
    assert "vpn_connection_id" in facts
