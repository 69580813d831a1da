# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret goes through site_vpn_environment: it would be in the list of processes, where everybody can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted([*ROOT.glob("playbooks/*.yml"), *ROOT.glob("roles/*/tasks/*.yml")])
NAME = "AWS_SECRET_ACCESS_KEY"
SECRET = {NAME: "MARKER_secret_access_key"}
RULE = f"{NAME}: not allowed, because other users of the controller can read the environment of a task"


def site_vpn(play: Any) -> tuple[int, str]:
    result: tuple[int, str] = play("site_vpn", "-i", "hosts.yml", "-vvv")
    return result


def teardown(play: Any) -> tuple[int, str]:
    result: tuple[int, str] = play("teardown", "-i", "hosts.yml", "-vvv", teardown_confirm=1)
    return result


def adopt(play: Any) -> tuple[int, str]:
    result: tuple[int, str] = play(
        "adopt",
        *("-i", "hosts.yml", "-vvv"),
        adopt_region="eu-central-1",
        adopt_endpoint_url=play.emulator.url,
        adopt_connections=[],
    )
    return result


def verify(play: Any) -> tuple[int, str]:
    role = {"name": "hybridnet.aws_vpn.verify", "tasks_from": "aws"}
    given = {
        "verify_connections": {"berlin": {"vpn_connection_id": "vpn-0123456789abcdef0"}},
        "verify_region": "eu-central-1",
        "verify_endpoint_url": play.emulator.url,
        "verify_environment": "{{ site_vpn_environment }}",
    }
    tasks = [{"ansible.builtin.import_role": role}]
    plays = [{"hosts": "vpn_gateways", "gather_facts": False, "vars": given, "tasks": tasks}]
    (play.directory / "verify.yml").write_text(yaml.safe_dump(plays), encoding="utf-8")
    result: tuple[int, str] = play("verify.yml", "-i", "hosts.yml", "-vvv")
    return result


@pytest.mark.parametrize("run", [site_vpn, teardown, adopt, verify])
def test_a_secret_is_refused_before_anything_is_done(run: Any, play: Any, guide_inventory: Any, onlooker: Any) -> None:
    guide_inventory.add("group_vars/all.yml", site_vpn_environment=SECRET)
    play.emulator.calls.clear()
    with onlooker:
        code, output = run(play)
    seen = [line for line in onlooker.command_lines if SECRET[NAME] in line]
    assert seen == []
    assert code == 2, output
    assert RULE in output, output
    assert SECRET[NAME] not in output
    assert play.emulator.calls == {}
    # The host: where the run is about all hosts, as a part of the problem.
    assert ("berlin: site_vpn_environment" in output) == (run in (site_vpn, teardown))


def test_what_is_allowed_reaches_the_modules(play: Any, guide_inventory: Any, onlooker: Any, tmp_path: Path) -> None:
    """The keys are those of a file, not those of the environment of Ansible."""
    key, secret = play.environment["AWS_ACCESS_KEY_ID"], "MARKER_secret_access_key"
    credentials = tmp_path / "credentials"
    credentials.write_text(
        f"[network]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n", encoding="utf-8"
    )
    play.environment.update(AWS_ACCESS_KEY_ID="000000000009", AWS_SESSION_TOKEN="MARKER_token")
    guide_inventory.add(
        "group_vars/all.yml",
        site_vpn_environment={
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
            "AWS_PROFILE": "network",
            **dict.fromkeys(("AWS_ACCESS_KEY_ID", NAME, "AWS_SESSION_TOKEN"), ""),
        },
    )
    guide_inventory.add("host_vars/berlin.yml", site_vpn_tunnels=[{"psk": "MARKER_psk.1"}, {}])
    play.emulator.calls.clear()
    with onlooker:
        code, output = play("site_vpn", "-i", "hosts.yml", "-vvv")
    assert code == 2, output
    assert "the gateway does not know this tunnel" in output, output
    assert play.emulator.calls["CreateVpnConnection"] == 1
    assert [line for line in onlooker.command_lines if "MARKER" in line] == []
    assert [line for line in onlooker.environments if "MARKER_psk" in line] == []
    # They were looked at: this is how the modules were started.
    assert [line for line in onlooker.command_lines if f"AWS_SHARED_CREDENTIALS_FILE={credentials}" in line]


def test_every_environment_of_a_task_is_checked() -> None:
    lines = [line.strip() for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line for line in lines if line.startswith("environment:")} == {
        f'environment: "{{{{ {expression} }}}}"'
        for expression in (
            "__site_vpn_gateway.environment",
            "__lab_credentials",
            "__verify_options.environment | hybridnet.aws_vpn.aws_environment",
            "site_vpn_environment | default({}) | hybridnet.aws_vpn.aws_environment",
        )
    }
