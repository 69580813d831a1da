# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook site_vpn on the inventory of the first guide, with and without hosts to ping from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

VERDICT = "the gateway does not know this tunnel"
FORWARD = "Ping the host in the VPC through each tunnel"
BACK = "Ping the site from the host in the VPC"


@pytest.mark.usefixtures("guide_inventory")
def test_the_inventory_of_the_guide(play: Any) -> None:
    code, output = play("site_vpn", "-i", "hosts.yml")
    assert code == 2, output
    assert VERDICT in output, output
    assert play.fates(output, FORWARD) == play.fates(output, BACK) == {"berlin": "skipping"}


ADDRESS = {"site_vpn_vpc_probe_address": "10.0.0.100"}
SITE = {"site_vpn_probe_host": "site-host"}
VPC = {"site_vpn_vpc_probe_host": "vpc-host"}


def test_some_of_the_hosts_to_ping_from(play: Any, guide_inventory: Any, tmp_path: Path) -> None:
    sites: dict[str, dict[str, str]] = {
        "site": SITE,
        "address": ADDRESS,
        "site_and_address": {**SITE, **ADDRESS},
        "vpc": VPC,
        "vpc_and_address": {**VPC, **ADDRESS},
    }
    berlin = guide_inventory.read("host_vars/berlin.yml")
    for number, (name, variables) in enumerate(sites.items(), 20):
        own = {"site_vpn_public_ip": f"198.51.100.{number}", "site_vpn_local_cidrs": [f"10.{number}.0.0/16"]}
        guide_inventory.add(f"host_vars/{name}.yml", **{**berlin, **own, **variables})
    hosts = {
        "vpn_gateways": {"hosts": dict.fromkeys(sites)},
        "others": {"hosts": dict.fromkeys(["site-host", "vpc-host"])},
    }
    guide_inventory.add("more.yml", **hosts)
    guide_inventory.add("group_vars/all.yml", answers_log=str(tmp_path / "log"))
    code, output = play("site_vpn", "-i", "more.yml")
    assert code == 2, output
    assert VERDICT in output, output
    assert play.fates(output, FORWARD) == {
        "site": "skipping",
        "address": "ok",
        "site_and_address": "ok -> site-host",
        "vpc": "skipping",
        "vpc_and_address": "ok",
    }
    assert play.fates(output, BACK) == {**dict.fromkeys(sites, "skipping"), "vpc_and_address": "ok -> vpc-host"}
    asked = set((tmp_path / "log").read_text(encoding="utf-8").splitlines())
    # On a small system only root may ping. The other hosts decide themselves.
    assert {line for line in asked if " ping_probe" in line} == {
        "address ping_probe as root",
        "vpc_and_address ping_probe as root",
        "site_and_address ping_probe as root",
        "site-host ping_probe",
        "vpc-host ping_probe",
    }


def test_hosts_that_are_not_in_the_slice(play: Any, guide_inventory: Any) -> None:
    """A slice has some hosts of the inventory. What it lacks is reached by address, or left out."""
    sites: dict[str, dict[str, str]] = {
        "names": {**SITE, **VPC, **ADDRESS},
        "back": {**VPC, **ADDRESS},
        "addresses": {"site_vpn_probe_host": "192.0.2.7", "site_vpn_vpc_probe_host": "192.0.2.8", **ADDRESS},
    }
    berlin = guide_inventory.read("host_vars/berlin.yml")
    for number, (name, variables) in enumerate(sites.items(), 20):
        own = {"site_vpn_public_ip": f"198.51.100.{number}", "site_vpn_local_cidrs": [f"10.{number}.0.0/16"]}
        guide_inventory.add(f"host_vars/{name}.yml", **{**berlin, **own, **variables})
    guide_inventory.add("slice.yml", vpn_gateways={"hosts": dict.fromkeys(sites)})
    code, output = play("site_vpn", "-i", "slice.yml")
    assert code == 2, output
    assert VERDICT in output, output
    assert play.fates(output, FORWARD) == {"names": "skipping", "back": "ok", "addresses": "ok -> 192.0.2.7"}
    assert play.fates(output, BACK) == {"names": "skipping", "back": "skipping", "addresses": "ok -> 192.0.2.8"}
    absent = "is not in the inventory of this run, and is no address"
    assert f"names: no pings into AWS (site-host {absent})" in output
    assert "names: no pings back (they need the source of pings into AWS)" in output
    assert f"back: no pings back (vpc-host {absent})" in output
    assert "addresses: pings back" in output
