# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the guides are YAML; playbooks among them are right in syntax and run against the emulated AWS."""

from __future__ import annotations

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
GUIDES = sorted((ROOT / "docs/docsite/rst").glob("*.rst"))


def examples(guide: Path) -> list[str]:
    """The YAML blocks of a guide."""
    blocks = re.findall(
        r"^\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", guide.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [textwrap.dedent(block) for block in blocks]


def is_playbook(example: str) -> bool:
    content = yaml.safe_load(example)
    return isinstance(content, list) and all("hosts" in play for play in content)


EXAMPLES = [(guide.stem, number, text) for guide in GUIDES for number, text in enumerate(examples(guide), 1)]
PLAYBOOKS = [(f"{name}_{number}", text) for name, number, text in EXAMPLES if is_playbook(text)]


def ansible_playbook(*words: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", *words],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "LC_ALL": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_there_is_something_to_check() -> None:
    assert len(EXAMPLES) > 10
    assert len(PLAYBOOKS) >= 4


@pytest.mark.parametrize(("name", "number", "text"), EXAMPLES, ids=lambda value: str(value)[:30].partition("\n")[0])
def test_example_is_yaml(name: str, number: int, text: str) -> None:
    assert yaml.safe_load(text), f"{name}, example {number}"


@pytest.mark.parametrize(("name", "text"), PLAYBOOKS, ids=[name for name, _text in PLAYBOOKS])
def test_playbook_runs(name: str, text: str, emulator: Emulator, ec2: Any, tmp_path: Path) -> None:
    """With the ids of what there is; twice, and the second time changes nothing."""
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    table = ec2.create_transit_gateway_route_table(TransitGatewayId=gateway)["TransitGatewayRouteTable"]
    real = {"tgw-0123456789abcdef0": gateway, "tgw-rtb-0123456789abcdef0": table["TransitGatewayRouteTableId"]}
    for made_up, existing in real.items():
        text = text.replace(made_up, existing)
    playbook = tmp_path / f"{name}.yml"
    playbook.write_text(text, encoding="utf-8")
    credentials = {"AWS_ACCESS_KEY_ID": emulator.client_options()["aws_access_key_id"], "AWS_URL": emulator.url}
    assert ansible_playbook("--syntax-check", str(playbook)) == (0, f"\nplaybook: {playbook}\n")
    status, output = ansible_playbook(str(playbook), **credentials)
    assert status == 0, output
    assert re.search(r"changed=[1-9]", output)
    status, output = ansible_playbook(str(playbook), **credentials)
    assert (status, "changed=0" in output) == (0, True), output
