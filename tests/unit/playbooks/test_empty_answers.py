# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A survey sends "" or [] when there is no answer: such a variable counts as not set, whatever it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import OPTIONS, PREFIX

ROOT = Path(__file__).resolve().parents[3]
VERDICT = "the gateway does not know this tunnel"
EMPTY = pytest.mark.parametrize("empty", ["", []], ids=["text", "list"])


def options(role: str) -> list[str]:
    entry_points = yaml.safe_load((ROOT / f"roles/{role}/meta/argument_specs.yml").read_text(encoding="utf-8"))
    return [name for spec in entry_points["argument_specs"].values() for name in spec.get("options", {})]


def answers(empty: Any, *roles: str) -> dict[str, Any]:
    """No answer to a question for each variable of these roles."""
    return {name: empty for role in roles for name in options(role)}


@EMPTY
def test_site_vpn(play: Any, guide_inventory: Any, ec2: Any, empty: Any) -> None:
    # The test itself needs this one, and does without the others of the inventory.
    said = {*guide_inventory.read("host_vars/berlin.yml"), *guide_inventory.read("group_vars/vpn_gateways.yml")}
    asked = {f"{PREFIX}{name}" for name in (*OPTIONS, "hosts")} - said - {"site_vpn_endpoint_url"}
    assert {"site_vpn_tags", "site_vpn_tunnels", "site_vpn_environment", "site_vpn_lan_address"} <= asked
    survey = {**dict.fromkeys(asked, empty), **answers(empty, "cloud", "gateway", "verify"), "site_vpn_verify_wait": 1}
    code, output = play("site_vpn", "-i", "hosts.yml", **survey)
    assert VERDICT in output, output
    assert code == 2
    (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
    assert connection["State"] == "available"
    survey = {**survey, **dict.fromkeys(("teardown_gateways", "teardown_all_sites"), empty), "teardown_confirm": 1}
    code, output = play("teardown", "-i", "hosts.yml", **survey)
    assert code == 0, output
    assert play.fates(output, "Remove our part of the daemons' files") == {"berlin": "ok"}
    (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
    assert connection["State"] == "deleted"


@EMPTY
def test_rehearsal(play: Any, tmp_path: Path, empty: Any) -> None:
    # Never the lab of the user.
    play.environment["XDG_CACHE_HOME"] = str(tmp_path)
    code, output = play("rehearsal", **{**answers(empty, "lab"), "lab_state": "absent"})
    assert code == 0, output
    assert "Stop the lab" in output


@EMPTY
def test_adopt(play: Any, empty: Any) -> None:
    empties = ("adopt_consent", "adopt_directory", "adopt_overwrite", "site_vpn_environment")
    asked = {"adopt_endpoint_url": play.emulator.url, "adopt_connections": [], **dict.fromkeys(empties, empty)}
    code, output = play("adopt", adopt_region="eu-central-1", **asked)
    assert code == 0, output
    code, output = play("adopt", adopt_region=empty, **asked)
    assert code == 2
    assert "adopt_region and adopt_connections are needed" in output


ROLE = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: hybridnet.aws_vpn.cloud
        rolespec_validate: false
"""


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"cloud_wait_timeout": "soon"}, "role cloud: argument 'cloud_wait_timeout' is of type"),
        ({"cloud_replacement_order": "none"}, "role cloud: value of cloud_replacement_order must be one of"),
    ],
)
def test_what_is_not_empty_is_checked(play: Any, tmp_path: Path, variables: dict[str, Any], problem: str) -> None:
    (tmp_path / "role.yml").write_text(ROLE, encoding="utf-8")
    code, output = play("role.yml", cloud_sites=[], cloud_region="eu-central-1", **variables)
    assert code == 2, output
    assert problem in output, output
