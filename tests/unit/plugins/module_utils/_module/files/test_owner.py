# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an owner, where a distribution has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.files import owner

OURS = "/etc/sysctl.d/60-aws-vpn.conf"
FORWARD = "net.ipv4.ip_forward"
OFF = f"{FORWARD} = 0\n"


def look(root: Path, files: dict[str, str]) -> dict[str, Any]:
    for path, text in files.items():
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return owner.owner(OURS, [FORWARD], root)


def test_a_new_host_says_nothing(tmp_path: Path) -> None:
    found = look(tmp_path, {})
    assert found["sysctls"] == {FORWARD: None}
    assert (found["bgp"]["asn"], found["bgp"]["separate"]) == (None, [])


@pytest.mark.parametrize(
    ("path", "is_later"),
    [
        ("/etc/sysctl.d/10-network.conf", False),
        ("/etc/sysctl.d/99-hardening.conf", True),
        ("/run/sysctl.d/99-hardening.conf", True),
        ("/usr/lib/sysctl.d/99-hardening.conf", True),
        ("/etc/sysctl.conf", True),
    ],
)
def test_a_sysctl_is_found_wherever_it_is_set(tmp_path: Path, path: str, is_later: bool) -> None:
    """Also before there is a file of ours."""
    found = look(tmp_path, {path: OFF})["sysctls"][FORWARD]
    assert (found["where"], found["value"], found["is_later"]) == (f"{path}:1", "0", is_later)


def test_our_file_and_files_with_other_endings_do_not_count(tmp_path: Path) -> None:
    assert look(tmp_path, {OURS: OFF, "/etc/sysctl.d/99-old.conf.bak": OFF})["sysctls"] == {FORWARD: None}


def test_the_file_of_ufw_counts_while_ufw_is_enabled(tmp_path: Path) -> None:
    off = look(tmp_path, {"/etc/ufw/sysctl.conf": "net/ipv4/ip_forward=0\n", "/etc/ufw/ufw.conf": "ENABLED=no\n"})
    assert off["sysctls"] == {FORWARD: None}
    on = look(tmp_path, {"/etc/ufw/ufw.conf": "# a comment\nENABLED=yes\n"})
    assert on["sysctls"][FORWARD]["where"] == "/etc/ufw/sysctl.conf:1"


def test_files_of_single_daemons(tmp_path: Path) -> None:
    found = look(tmp_path, {"/etc/frr/bgpd.conf": "router bgp 65001\n", "/etc/frr/frr.conf": "! nothing\n"})
    assert found["bgp"]["separate"] == ["/etc/frr/bgpd.conf"]
    assert look(tmp_path, {"/etc/frr/frr.conf": "router bgp 65001\n"})["bgp"]["asn"] == 65001


def test_connections_of_each_daemon(tmp_path: Path) -> None:
    files = {
        "/etc/swanctl/conf.d/branch.conf": "connections {\n  branch {\n  }\n}\n",
        "/etc/swanctl/conf.d/aws-vpn-vpn-0123456789abcdef0-1.conf": "connections {\n  vpn-0 {\n  }\n}\n",
        "/etc/ipsec.d/office.conf": "conn office\n  left=198.51.100.10\n",
    }
    look(tmp_path, files)
    assert owner.connections({"strongswan.service": ["from-vici"]}, tmp_path) == {
        "strongswan.service": ["/etc/swanctl/conf.d/branch.conf (branch)", "the daemon has loaded from-vici"],
        "strongswan-starter.service": ["/etc/ipsec.d/office.conf (office)"],
        "ipsec.service": ["/etc/ipsec.d/office.conf (office)"],
    }
