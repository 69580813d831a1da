# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What FRR's file says outside of our block."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import frr
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.files import with_block

NOTHING: dict[str, Any] = {
    "asn": None,
    "router_id": None,
    "neighbors": [],
    "route_map": None,
    "ours": [],
    "calls_ours": False,
}
OURS = """ip prefix-list AWS-VPN-OUT seq 5 permit 10.20.0.0/16
route-map AWS-VPN-OUT permit 10
exit
ip protocol bgp route-map AWS-VPN-SOURCE
router bgp 65010
 bgp router-id 198.51.100.10
 neighbor 169.254.20.1 remote-as 64512
exit
"""
THEIRS = """frr version 10.3
frr defaults traditional
!
router bgp 65010
 bgp router-id 192.0.2.99
 neighbor CORE peer-group
 neighbor 192.0.2.1 remote-as 65020
 neighbor 192.0.2.1 description core
 address-family ipv4 unicast
  neighbor 192.0.2.1 activate
  maximum-paths 4
 exit-address-family
exit
!
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("! router bgp 65001\nlog syslog informational\n", {}),
        (THEIRS, {"asn": 65010, "router_id": "192.0.2.99", "neighbors": ["192.0.2.1"]}),
        # Not indented, as FRR also reads it.
        (THEIRS.replace("\n ", "\n"), {"asn": 65010, "router_id": "192.0.2.99", "neighbors": ["192.0.2.1"]}),
        ("router bgp 65001 as-notation plain\n", {"asn": 65001}),
        ("router bgp 1.10\n", {"asn": 65546}),
        ("router bgp 65001 vrf red\n bgp router-id 192.0.2.7\n neighbor 192.0.2.3 remote-as 1\nexit\n", {}),
        ("router bgp 65001 view lab\n", {}),
        ("router ospf\n ospf router-id 192.0.2.7\nexit\n", {}),
        ("ip protocol bgp route-map SET-SRC\n", {"route_map": "ip protocol bgp route-map SET-SRC"}),
        ("ip protocol any route-map SET-SRC\n", {"route_map": "ip protocol any route-map SET-SRC"}),
        ("vrf red\n ip protocol bgp route-map SET-SRC\nexit-vrf\n", {}),
        (
            "route-map SET-SRC permit 5\n call AWS-VPN-SOURCE\nexit\nip protocol bgp route-map SET-SRC\n",
            {"route_map": "ip protocol bgp route-map SET-SRC", "calls_ours": True},
        ),
        (
            "route-map OTHER permit 5\n call AWS-VPN-SOURCE\nexit\nip protocol bgp route-map SET-SRC\n",
            {"route_map": "ip protocol bgp route-map SET-SRC"},
        ),
        ("ip prefix-list AWS-VPN-IN seq 5 permit any\n", {"ours": ["ip prefix-list AWS-VPN-IN seq 5 permit any"]}),
    ],
)
def test_what_the_owner_says(text: str, expected: dict[str, Any]) -> None:
    assert frr.owner(text) == {**NOTHING, **expected}
    assert frr.owner(with_block(text, OURS, "!")) == {**NOTHING, **expected}


def test_a_saved_configuration_has_our_lines_without_their_marks() -> None:
    assert frr.owner(OURS)["ours"] == [
        "ip prefix-list AWS-VPN-OUT seq 5 permit 10.20.0.0/16",
        "route-map AWS-VPN-OUT permit 10",
        "ip protocol bgp route-map AWS-VPN-SOURCE",
    ]


@pytest.mark.parametrize(
    ("vtysh", "integrated", "expected"),
    [
        ("service integrated-vtysh-config\n", "log syslog\n", []),
        ("", "log syslog\n", []),
        # FRR reads the file of each daemon only where there is no common one.
        ("", "", ["/etc/frr/bgpd.conf"]),
        ("", with_block("", OURS, "!"), ["/etc/frr/bgpd.conf"]),
        ("! off\nno service integrated-vtysh-config\n", "log syslog\n", ["/etc/frr/bgpd.conf"]),
    ],
)
def test_files_of_single_daemons(vtysh: str, integrated: str, expected: list[str]) -> None:
    files = {"/etc/frr/bgpd.conf": "router bgp 65001\n", "/etc/frr/zebra.conf": "! nothing\n"}
    assert frr.separate(vtysh, integrated, files) == expected
