# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks over several Regions and accounts, and roles in plays with module_defaults, as users run them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

GUIDE = Path(__file__).resolve().parents[3] / "docs/docsite/rst/guide_regions_accounts.rst"
MARKER = "MARKER_psk.1"
REGIONS = ("eu-central-1", "eu-west-1", "eu-north-1")
UNITS = ("aws-vpn-guard", "aws-vpn-firewall", "aws-vpn", "aws-vpn-network", "aws-vpn-monitor", "strongswan", "frr")


class Estate:
    """The inventory of the guide: a gateway with connections in two accounts, and one in a third Region."""

    def __init__(self, emulator: Any, directory: Path, answers: dict[str, Any]) -> None:
        self.own, self.other = emulator, emulator.new_account()
        self.role = f"arn:aws:iam::{self.other.account_id}:role/vpn"
        self.inventory = directory / "inventory"
        ids = {f"tgw-0123456789abcdef{number}": self._transit_gateway(region) for number, region in enumerate(REGIONS)}
        text = GUIDE.read_text(encoding="utf-8").replace("111122223333", self.other.account_id)
        for made_up, existing in ids.items():
            text = text.replace(made_up, existing)
        for name in ("hosts.yml", "group_vars/vpn_gateways.yml", "host_vars/hub.yml", "host_vars/oslo.yml"):
            block = re.search(rf"^    # {re.escape(name)}\n((?:    .*\n)+)", text, re.MULTILINE)
            assert block, name
            self._write(name, yaml.safe_load(block[1]))
        self._write(
            "group_vars/all.yml",
            {
                "ansible_connection": "answering",
                "ansible_python_interpreter": "/usr/bin/python3",
                "answers": answers,
                "site_vpn_endpoint_url": emulator.url,
                "site_vpn_verify_wait": 5,
            },
        )
        hub = yaml.safe_load((self.inventory / "host_vars/hub.yml").read_text(encoding="utf-8"))
        hub["site_vpn_connections"][1]["tunnels"] = [{"psk": MARKER}]
        self._write("host_vars/hub.yml", hub)

    def connections(self) -> list[list[str]]:
        """By Region the names of what is there."""
        found = []
        for region in REGIONS:
            raw = self._ec2(region).describe_vpn_connections()["VpnConnections"]
            live = [each for each in raw if each["State"] not in ("deleting", "deleted")]
            found.append(sorted(tag["Value"] for each in live for tag in each["Tags"] if tag["Key"] == "Name"))
        return found

    def calls(self) -> int:
        return sum(sum(account.calls.values()) for account in (self.own, self.other))

    def forget(self) -> None:
        self.own.calls.clear()
        self.other.calls.clear()

    def _ec2(self, region: str) -> Any:
        account = self.other if region == "eu-west-1" else self.own
        return boto3.client("ec2", **{**account.client_options(), "region_name": region})

    def _transit_gateway(self, region: str) -> str:
        return str(self._ec2(region).create_transit_gateway()["TransitGateway"]["TransitGatewayId"])

    def _write(self, name: str, data: Any) -> None:
        path = self.inventory / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(yaml.safe_dump(data), encoding="utf-8")


@pytest.fixture
def estate(emulator: Any, answers_up: dict[str, Any], tmp_path: Path) -> Estate:
    from vpn_emulator.customer_devices import always_up

    answers_up["gateway_status"]["units"] = {f"{unit}.service": {"active": True, "enabled": True} for unit in UNITS}
    made = Estate(emulator, tmp_path, answers_up)
    made.own.customer_device = made.other.customer_device = always_up
    return made


def test_one_run_from_the_inventory_to_the_verdict_and_away_again(play: Any, estate: Estate) -> None:
    inventory = ("-i", str(estate.inventory))
    code, output = play("site_vpn", *inventory, "--check")
    assert code == 0, output
    code, output = play("site_vpn", *inventory)
    assert code == 0, output
    assert estate.connections() == [["hub/frankfurt"], ["hub/dublin"], ["oslo"]]
    assert "Plan: 6 to create" in output
    for heading in ("eu-central-1: 2 to create", f"eu-west-1, {estate.role}: 2 to create", "eu-north-1: 2 to create"):
        assert heading in output
    assert MARKER not in output
    assert "example-corp" not in output
    estate.forget()
    code, output = play("site_vpn", *inventory)
    assert code == 0, output
    assert "changed=0" in output
    # The plan, the keys that AWS made and the telemetry: 4, 1 to 4 and 4 calls in each Region.
    assert estate.calls() <= 3 * 12
    code, output = play("teardown", *inventory, teardown_all_sites=True, teardown_confirm="eu-central-1")
    assert code != 0
    assert "To confirm, add -e teardown_confirm=eu-central-1,eu-north-1,eu-west-1" in output
    assert f"everything of the collection in eu-central-1; eu-west-1, {estate.role}; eu-north-1" in output
    code, output = play("teardown", *inventory, "--limit", "hub", teardown_confirm="1")
    assert code == 0, output
    assert estate.connections() == [[], [], ["oslo"]]
    confirm = "eu-central-1,eu-north-1,eu-west-1"
    code, output = play("teardown", *inventory, teardown_all_sites=True, teardown_confirm=confirm)
    assert code == 0, output
    assert estate.connections() == [[], [], []]


PLAY = """
- name: Roles in a play with defaults
  hosts: localhost
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  module_defaults:
    group/hybridnet.aws_vpn.aws_vpn:
      endpoint_url: "{{ url }}"
      region: eu-west-1
  tasks:
    - name: Make the AWS side
      ansible.builtin.import_role:
        name: hybridnet.aws_vpn.cloud
    - name: Read it
      ansible.builtin.import_role:
        name: hybridnet.aws_vpn.verify
        tasks_from: aws
      vars:
        verify_connections: "{{ cloud_result.connections }}"
        verify_peers: []
        verify_wait: 0
    - name: Show what was read
      ansible.builtin.debug:
        msg: "Regions {{ __verify_aws.connections | map(attribute='region') | join(' ') }}"
"""


@pytest.mark.parametrize(("given", "region"), [({}, "eu-west-1"), ({"region": "eu-north-1"}, "eu-north-1")])
def test_module_defaults_reach_what_the_roles_call(
    play: Any, emulator: Any, tmp_path: Path, given: dict[str, str], region: str
) -> None:
    """Region and endpoint come from module_defaults, unless a role says something else."""
    path = tmp_path / "play.yml"
    path.write_text(PLAY, encoding="utf-8")
    ec2 = boto3.client("ec2", **{**emulator.client_options(), "region_name": region})
    gateway = {
        "name": "berlin",
        "public_ip": "198.51.100.10",
        "bgp_asn": 65010,
        "target": {"transit_gateway_id": ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]},
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
    }
    roles = {f"{role}_{option}": value for option, value in given.items() for role in ("cloud", "verify")}
    variables = json.dumps({"url": emulator.url, "cloud_gateways": [gateway], **roles})
    code, output = play(str(path), "-e", variables)
    assert code == 0, output
    assert f"Regions {region}" in output
    assert len(ec2.describe_vpn_connections()["VpnConnections"]) == 1
