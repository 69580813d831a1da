# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every playbook runs from a clone in a directory of any name, and from the installed collection."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader

ROOT = Path(__file__).resolve().parents[3]
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))


def of_the_checkout() -> list[Path]:
    """What a commit of the checkout would hold."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name]


@pytest.fixture
def clone(play: Any, tmp_path: Path) -> Path:
    """A copy without git, and an Ansible that has been told nothing about it."""
    copy = tmp_path / "project_7"
    for name in of_the_checkout():
        source = ROOT / name
        if source.is_symlink() or source.is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name, follow_symlinks=False)
    play.environment.pop("ANSIBLE_COLLECTIONS_PATH")
    return copy


@pytest.fixture
def installed(play: Any, clone: Path, tmp_path: Path) -> None:
    """The collection where ansible-galaxy puts it, and no clone."""
    play.galaxy("build", str(clone), "--output-path", str(tmp_path))
    (built,) = tmp_path.glob("*.tar.gz")
    play.galaxy("install", str(built), "--offline", "--no-deps")
    shutil.rmtree(clone)


class Runs:
    """How each playbook is asked for, and what shows that it went all the way."""

    def __init__(self, play: Any, inventory: Any, ec2: Any) -> None:
        self.play = play
        self.inventory = inventory
        self.ec2 = ec2

    def __call__(self, name: str, playbook: str) -> None:
        getattr(self, name)(playbook)

    def adopt(self, playbook: str) -> None:
        device = self.ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, IpAddress="198.51.100.10")
        transit = self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        device_id = device["CustomerGateway"]["CustomerGatewayId"]
        self.ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=device_id, TransitGatewayId=transit)
        code, output = self.play(
            playbook,
            adopt_region="eu-central-1",
            adopt_endpoint_url=self.play.emulator.url,
            adopt_connections=[{"name": "madrid", "public_ip": "198.51.100.10"}],
            adopt_directory=str(self.inventory.directory / "written"),
        )
        assert code == 0, output
        written = DataLoader().load_from_file(str(self.inventory.directory / "written/madrid.yml"))
        assert written["site_vpn_public_ip"] == "198.51.100.10"

    def rehearsal(self, playbook: str) -> None:
        code, output = self.play(playbook, lab_state="absent", lab_cache_dir=str(self.inventory.directory / "lab"))
        assert code == 0, output
        assert "Stop the lab" in output

    def site_vpn(self, playbook: str) -> None:
        code, output = self.play(playbook, "-i", str(self.inventory.directory / "hosts.yml"))
        assert code == 2, output
        assert "the gateway does not know this tunnel" in output, output

    def verify(self, playbook: str) -> None:
        code, output = self.play(playbook, "-i", str(self.inventory.directory / "hosts.yml"))
        assert code == 2, output
        assert "AWS shows no tunnel of this connection" in output, output

    def teardown(self, playbook: str) -> None:
        hosts = str(self.inventory.directory / "hosts.yml")
        code, output = self.play(playbook, "-i", hosts, teardown_confirm=1)
        assert code == 0, output
        assert "Remove the tunnels, services and files" in output
        assert "Remove the AWS side" in output


@pytest.fixture
def runs(play: Any, guide_inventory: Any, ec2: Any) -> Runs:
    return Runs(play, guide_inventory, ec2)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_from_a_clone(name: str, clone: Path, runs: Runs, play: Any) -> None:
    play.directory = clone
    runs(name, f"{name}.yml")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", PLAYBOOKS)
def test_installed(name: str, runs: Runs) -> None:
    runs(name, f"hybridnet.aws_vpn.{name}")
