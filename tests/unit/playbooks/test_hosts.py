# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hosts a run is about: a group that is not there is a mistake, a group without hosts is an empty slice."""

from __future__ import annotations

from typing import Any

import pytest

PLAYBOOKS = pytest.mark.parametrize("playbook", ["site_vpn", "teardown", "verify"])
NONE = "site_vpn_hosts: there is no group and no host {} in the inventory"


@PLAYBOOKS
def test_the_group_is_not_there(play: Any, guide_inventory: Any, playbook: str) -> None:
    guide_inventory.add("other.yml", vpn_gatways={"hosts": {"berlin": None}})
    code, output = play(playbook, "-i", "other.yml")
    assert code != 0, output
    assert NONE.format("vpn_gateways") + ", did you mean vpn_gatways?" in output.replace("\n", " ")
    assert "TASK" not in output


@pytest.mark.usefixtures("guide_inventory")
@pytest.mark.parametrize("hosts", ["vpn_gateways:&north", ["berlin", "north"], "vpn_gateways,north"])
def test_one_of_several_is_not_there(play: Any, hosts: Any) -> None:
    code, output = play("site_vpn", "-i", "hosts.yml", site_vpn_hosts=hosts)
    assert code != 0, output
    assert NONE.format("north") in output.replace("\n", " ")


@pytest.mark.usefixtures("guide_inventory")
@pytest.mark.parametrize("hosts", ["berlin", "ber*", "~b.*n", "vpn_gateways:!north", ["berlin"], "all[0]"])
def test_what_is_there(play: Any, hosts: Any) -> None:
    code, output = play("site_vpn", "-i", "hosts.yml", "--list-hosts", site_vpn_hosts=hosts)
    assert code == 0, output
    assert "berlin" in output


@PLAYBOOKS
def test_a_slice_without_a_gateway(play: Any, guide_inventory: Any, playbook: str) -> None:
    for hosts in ({"site-host": None}, {}):
        guide_inventory.add("slice.yml", vpn_gateways={}, others={"hosts": hosts})
        code, output = play(playbook, "-i", "slice.yml")
        assert code == 0, output
        assert "TASK" not in output


@PLAYBOOKS
def test_a_check_of_the_syntax_needs_no_inventory(play: Any, playbook: str) -> None:
    code, output = play(playbook, "-i", "localhost,", "--syntax-check")
    assert code == 0, output
