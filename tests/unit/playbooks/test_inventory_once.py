# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole playbook reads the inventory once, and from AWS only the keys that the inventory does not give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

GIVEN = [{"psk": "MARKER_psk.1"}, {"pre_shared_key": "MARKER_psk.1"}]
READ_KEYS = "Read the keys that AWS made"


def test_each_variable_is_evaluated_once(play: Any, guide_inventory: Any, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    address = f"{{{{ lookup('ansible.builtin.pipe', 'echo >> {counter}; echo 198.51.100.10') }}}}"
    guide_inventory.add("host_vars/berlin.yml", site_vpn_public_ip=address)
    code, output = play("site_vpn", "-i", "hosts.yml")
    assert "the gateway does not know this tunnel" in output, output
    assert code == 2
    assert counter.read_text(encoding="utf-8") == "\n"


def test_keys_of_the_inventory_are_not_read_back(play: Any, guide_inventory: Any) -> None:
    guide_inventory.add("host_vars/berlin.yml", site_vpn_tunnels=GIVEN)
    code, output = play("site_vpn", "-i", "hosts.yml", "-vvv")
    assert "the gateway does not know this tunnel" in output, output
    assert code == 2
    assert play.fates(output, READ_KEYS) == {"berlin": "skipping"}


def test_a_key_that_is_missing_is_read(play: Any, guide_inventory: Any) -> None:
    guide_inventory.add("host_vars/berlin.yml", site_vpn_tunnels=GIVEN[:1])
    code, output = play("site_vpn", "-i", "hosts.yml", "-vvv")
    assert "the gateway does not know this tunnel" in output, output
    assert code == 2
    assert play.fates(output, READ_KEYS) == {"berlin": "ok -> localhost"}
