# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two plays at the same time, each limited to its half of one inventory, as a sliced job runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

COLLECTION = Path(__file__).resolve().parents[3]
PARTS = {
    "variables": COLLECTION / "playbooks/vars/site_vpn.yml",
    "reading": COLLECTION / "playbooks/tasks/read_inventory.yml",
}
NAMES = ("aachen", "bremen", "celle", "dessau")
INVENTORY = """
vpn_gateways:
  vars:
    ansible_connection: local
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
    site_vpn_region: eu-central-1
    site_vpn_endpoint_url: {url}
    site_vpn_remote_cidrs: [10.0.0.0/16]
    site_vpn_target: {{vpn_gateway: {{vpc_id: {vpc}, propagate_to: [{table}]}}}}
  hosts:
"""
HOST = """
    {name}:
      site_vpn_public_ip: 198.51.100.{number}
      site_vpn_bgp_asn: 650{number}
      site_vpn_local_cidrs: [10.{number}.0.0/16]
"""
PLAY = """
- name: The AWS side
  hosts: vpn_gateways
  gather_facts: false
  vars_files: [{variables}]
  tasks:
    - name: Read the inventory of every site
      ansible.builtin.import_tasks: {reading}
    - name: Converge the AWS side
      ansible.builtin.import_role:
        name: hybridnet.aws_vpn.cloud
        rolespec_validate: false
      run_once: true
      delegate_to: localhost
      vars:
        ansible_connection: local
        ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
"""


class Slices:
    """One inventory of four sites on the gateway of one VPC, run in parts."""

    def __init__(self, emulator: Emulator, ec2: Any, directory: Path) -> None:
        self.ec2 = ec2
        self._directory = directory
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        hosts = "".join(HOST.format(name=name, number=number) for number, name in enumerate(NAMES, 10))
        (directory / "hosts.yml").write_text(INVENTORY.format(url=emulator.url, vpc=vpc, table=table) + hosts)
        (directory / "play.yml").write_text(PLAY.format(**PARTS))
        options = emulator.client_options()
        self._environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION / "collections"),
            "ANSIBLE_HOME": str(directory / "ansible"),
            "LC_ALL": "C.UTF-8",
        }

    def start(self, *names: str) -> subprocess.Popen[str]:
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        return subprocess.Popen(
            [program, "-i", "hosts.yml", "--limit", ":".join(names), "play.yml"],
            cwd=self._directory,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def live(self, kind: str) -> list[dict[str, Any]]:
        name = "".join(word.capitalize() for word in kind.split("_"))
        found = getattr(self.ec2, f"describe_{kind}")()[name]
        return [each for each in found if each["State"] not in ("deleting", "deleted")]


@pytest.fixture
def slices(emulator: Emulator, ec2: Any, tmp_path: Path) -> Slices:
    return Slices(emulator, ec2, tmp_path)


def outputs(*plays: subprocess.Popen[str]) -> list[str]:
    found = [play.communicate()[0] for play in plays]
    assert [play.returncode for play in plays] == [0] * len(plays), found
    return found


def test_two_halves_at_once(slices: Slices, emulator: Emulator) -> None:
    # Long enough for both to find no gateway, and to meet when they attach theirs.
    emulator.settle = 1.0
    outputs(slices.start(*NAMES[:2]), slices.start(*NAMES[2:]))
    (gateway,) = slices.live("vpn_gateways")
    connections = slices.live("vpn_connections")
    assert len(connections) == len(slices.live("customer_gateways")) == len(NAMES)
    assert {each["VpnGatewayId"] for each in connections} == {gateway["VpnGatewayId"]}
    names = [tag["Value"] for each in connections for tag in each["Tags"] if tag["Key"] == "hybridnet:gateway"]
    assert sorted(names) == list(NAMES)
    tables = slices.ec2.describe_route_tables()["RouteTables"]
    assert sum(len(table.get("PropagatingVgws", [])) for table in tables) == 1
    (again,) = outputs(slices.start(*NAMES))
    assert "changed=0" in again
