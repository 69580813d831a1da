# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks adopt and teardown as users run them, against the emulated AWS; the gateways are out of reach."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader

BIN = Path(sys.executable).parent
MARKER = "MARKER_psk.1"
INVENTORY = """
vpn_gateways:
  vars:
    # Nobody listens there.
    ansible_host: 127.0.0.1
    ansible_port: 9
    ansible_connection: ssh
    site_vpn_region: eu-central-1
    site_vpn_endpoint_url: {url}
    site_vpn_remote_cidrs: [10.0.0.0/16]
    site_vpn_target: {{vpn_gateway: {{vpc_id: {vpc}, propagate_to: [{table}]}}}}
    site_vpn_bgp_asn: 65010
  hosts:
    berlin:
      site_vpn_public_ip: 198.51.100.10
      site_vpn_local_cidrs: [10.20.0.0/16]
      site_vpn_tunnels: [{{psk: {marker}}}]
    madrid:
      site_vpn_public_ip: 192.0.2.10
      site_vpn_local_cidrs: [10.30.0.0/16]
"""


def connection(ec2: Any, public_ip: str) -> str:
    device = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, IpAddress=public_ip)["CustomerGateway"]
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    made = ec2.create_vpn_connection(
        Type="ipsec.1", CustomerGatewayId=device["CustomerGatewayId"], TransitGatewayId=transit
    )
    return str(made["VpnConnection"]["VpnConnectionId"])


def live(ec2: Any) -> list[str]:
    found = ec2.describe_vpn_connections()["VpnConnections"]
    return [each["VpnConnectionId"] for each in found if each["State"] not in ("deleting", "deleted")]


def test_adopt_writes_what_makes_the_next_plan_empty(play: Any, ec2: Any, tmp_path: Path) -> None:
    made = connection(ec2, "198.51.100.10")
    asked: dict[str, Any] = {
        "adopt_region": "eu-central-1",
        "adopt_endpoint_url": play.emulator.url,
        "adopt_connections": [{"name": "berlin", "public_ip": "198.51.100.10"}],
        "adopt_directory": "inventory/host_vars",
    }
    code, output = play("adopt", **asked)
    assert code == 0, output
    assert made in output
    assert ec2.describe_tags()["Tags"] == []
    written = tmp_path / "inventory" / "host_vars" / "berlin.yml"
    variables = DataLoader().load_from_file(str(written))
    assert variables["site_vpn_public_ip"] == "198.51.100.10"
    assert "# site_vpn_remote_cidrs: please add it" in written.read_text(encoding="utf-8")

    mine = written.read_text(encoding="utf-8") + "site_vpn_local_cidrs: [10.20.0.0/16]\n"
    written.write_text(mine, encoding="utf-8")
    code, output = play("adopt", **asked, adopt_consent=True)
    assert code == 0, output
    assert written.read_text(encoding="utf-8") == mine
    assert {tag["Key"] for tag in ec2.describe_tags()["Tags"]} == {
        "Name",
        "hybridnet:collection",
        "hybridnet:gateway",
        "hybridnet:connection",
    }
    code, output = play("adopt", **asked, adopt_consent=True)
    assert "changed=0" in output


def test_adopt_says_what_it_needs(play: Any) -> None:
    code, output = play("adopt")
    assert code != 0
    assert "adopt_region and adopt_connections are needed" in output


@pytest.fixture
def inventory(play: Any, world: dict[str, str], tmp_path: Path) -> str:
    """An inventory whose AWS side is there."""
    path = tmp_path / "hosts.yml"
    path.write_text(INVENTORY.format(url=play.emulator.url, marker=MARKER, **world), encoding="utf-8")
    made = tmp_path / "make.yml"
    made.write_text(MAKE, encoding="utf-8")
    done = subprocess.run(
        [
            str(BIN / "ansible-playbook"),
            str(made),
            "-i",
            str(path),
            "-e",
            f"ansible_python_interpreter={sys.executable}",
        ],
        env=play.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert MARKER not in done.stdout + done.stderr
    return str(path)


MAKE = """
- name: Make the AWS side alone
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Make it
      ansible.builtin.include_role:
        name: hybridnet.aws_vpn.cloud
      vars:
        inventory: "{{ groups.vpn_gateways | map('extract', hostvars) | hybridnet.aws_vpn.site_list }}"
        cloud_gateways: "{{ inventory.gateways }}"
        cloud_region: eu-central-1
        cloud_endpoint_url: "{{ inventory.hosts.berlin.endpoint_url }}"
"""


def test_teardown_refuses_without_the_right_words(play: Any, inventory: str, ec2: Any) -> None:
    for extra in ({}, {"teardown_confirm": 1}, {"teardown_confirm": 2, "teardown_all_sites": True}):
        code, output = play("teardown", "-i", inventory, **extra)
        assert code != 0
        assert "To confirm, add -e teardown_confirm=" in output
    assert len(live(ec2)) == 2


def test_teardown_shows_the_plan_then_takes_one_site_then_the_rest(play: Any, inventory: str, ec2: Any) -> None:
    code, output = play("teardown", "-i", inventory, "--limit", "berlin", "--check")
    assert code == 0, output
    assert "delete vpn connection" in output
    assert len(live(ec2)) == 2
    code, output = play("teardown", "-i", inventory, "--limit", "berlin", teardown_confirm=1)
    assert code == 0, output
    assert "berlin could not be reached" in output
    assert len(live(ec2)) == 1
    assert [each["State"] for each in ec2.describe_vpn_gateways()["VpnGateways"]] == ["available"]
    code, output = play(
        "teardown", "-i", inventory, teardown_confirm="eu-central-1", teardown_all_sites=True, teardown_gateways=False
    )
    assert code == 0, output
    assert live(ec2) == []
    assert "available" not in [each["State"] for each in ec2.describe_vpn_gateways()["VpnGateways"]]


def test_a_connection_that_is_no_longer_in_the_inventory_is_named(play: Any, inventory: str, ec2: Any) -> None:
    path = Path(inventory)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}      site_vpn_connections: [{{name: main}}, {{name: backup}}]\n", encoding="utf-8")
    code, output = play("site_vpn", "-i", inventory, "--tags", "aws")
    assert code == 0, output
    assert "given for madrid" not in output
    path.write_text(text, encoding="utf-8")
    code, output = play("site_vpn", "-i", inventory, "--tags", "aws")
    assert code == 0, output
    assert "Plan: 0 to create, 0 to change, 0 to replace, 0 to delete" in output
    assert len(live(ec2)) == 3
    # Ansible breaks long lines.
    seen = " ".join(output.split())
    assert re.search(r"\[WARNING\]: madrid/backup \(vpn-\w+, eu-central-1\) is in AWS, but not among the", seen)
    assert "state=absent and gateways=[{name: madrid, connections: [{name: backup}]}]" in seen


def test_site_vpn_refuses_what_the_gateways_cannot_do(play: Any, tmp_path: Path) -> None:
    path = tmp_path / "hosts.yml"
    text = INVENTORY.format(url=play.emulator.url, marker=MARKER, vpc="vpc-0a1b2c3d", table="rtb-0a1b2c3d")
    path.write_text(text + "      site_vpn_pre_shared_key_storage: SecretsManager\n", encoding="utf-8")
    play.emulator.calls.clear()
    code, output = play("site_vpn", "-i", str(path))
    assert code != 0
    assert "madrid: site_vpn_pre_shared_key_storage: the gateways of this version" in output
    assert not play.emulator.calls
