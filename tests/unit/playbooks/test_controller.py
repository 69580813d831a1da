# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""On the controller nothing becomes another user, whatever the inventory and the command line ask for the gateways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    [*ROOT.glob("playbooks/**/*.yml"), *ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("roles/*/handlers/*.yml")]
)
CONTROLLER = {
    "ansible_connection": "local",
    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    "ansible_become": False,
}


def entries(content: Any) -> Iterator[dict[str, Any]]:
    """Every play, block and task."""
    for entry in content if isinstance(content, list) else []:
        yield entry
        for part in ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"):
            yield from entries(entry.get(part))


ON_THE_CONTROLLER = [
    (f"{path.relative_to(ROOT)}: {entry['name']}", entry)
    for path in FILES
    for entry in entries(yaml.safe_load(path.read_text(encoding="utf-8")))
    if "localhost" in (entry.get("hosts"), entry.get("delegate_to")) or "local_action" in entry
]


def test_all_are_found() -> None:
    found = [where for where, _entry in ON_THE_CONTROLLER]
    assert "playbooks/adopt.yml: Adopt connections made elsewhere" in found
    assert "playbooks/site_vpn.yml: Create or change the AWS side" in found
    assert "roles/verify/tasks/aws.yml: Look at all tunnels from AWS" in found


# Keywords would not do: variables of the inventory win over them.
@pytest.mark.parametrize("entry", [pytest.param(entry, id=where) for where, entry in ON_THE_CONTROLLER])
def test_it_says_how_it_runs(entry: dict[str, Any]) -> None:
    said = entry.get("vars", {})
    assert {name: said.get(name) for name in CONTROLLER} == CONTROLLER
    assert not {"become", "connection"} & set(entry)


@pytest.fixture
def become(guide_inventory: Any, tmp_path: Path) -> Path:
    """The file that is there once somebody on the controller has asked to become another user, which fails."""
    witness = tmp_path / "asked"
    program = tmp_path / "sudo"
    program.write_text(f'#!/bin/sh\necho "$@" >>"{witness}"\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    # Root would not ask to become root.
    guide_inventory.add("group_vars/all.yml", ansible_become_exe=str(program), ansible_become_user="nobody")
    return witness


def adopt(play: Any) -> tuple[int, str]:
    result: tuple[int, str] = play(
        "adopt",
        "--become",
        *("-i", "hosts.yml"),
        adopt_region="eu-central-1",
        adopt_endpoint_url=play.emulator.url,
        adopt_connections=[],
        adopt_directory="written",
    )
    return result


def rehearsal(play: Any) -> tuple[int, str]:
    result: tuple[int, str] = play(
        "rehearsal", "--become", "-i", "hosts.yml", lab_state="absent", lab_cache_dir=str(play.directory / "lab")
    )
    return result


def site_vpn(play: Any) -> tuple[int, str]:
    code, output = play("site_vpn", "--become", "-i", "hosts.yml")
    # All the way: the verdict on a gateway that knows nothing.
    return (0 if "the gateway does not know this tunnel" in output else code), output


def teardown(play: Any) -> tuple[int, str]:
    result: tuple[int, str] = play("teardown", "--become", "-i", "hosts.yml", teardown_confirm=1)
    return result


def verify(play: Any) -> tuple[int, str]:
    code, output = play("verify", "--become", "-i", "hosts.yml")
    return (0 if "AWS shows no tunnel of this connection" in output else code), output


@pytest.mark.parametrize("run", [adopt, rehearsal, site_vpn, teardown, verify])
def test_nobody_is_asked(run: Any, play: Any, guide_inventory: Any, become: Path) -> None:
    guide_inventory.add("group_vars/all.yml", ansible_become=True)
    code, output = run(play)
    assert not become.exists(), output
    assert code == 0, output


def test_the_lab_asks_for_what_needs_root(play: Any, become: Path) -> None:
    """Its first task does; without the role's programs no lab can start here, whatever comes of it."""
    directory = str(play.directory / "lab")
    code, output = play(
        "rehearsal", "-i", "hosts.yml", lab_cache_dir=directory, __lab_files=directory, __lab_become=True
    )
    assert code == 2, output
    assert become.exists(), output
