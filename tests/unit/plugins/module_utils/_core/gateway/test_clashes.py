# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be on a gateway beside the configuration of its owner."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import frr, sysctls
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.clashes import Wanted, clashes

TUNNEL = {"customer_asn": 65010, "routing": "bgp", "aws_inside_address": "169.254.20.1"}
BGP = Wanted(tunnels=[TUNNEL])
NEEDED = {"net.ipv4.ip_forward": "1"}
OURS = "/etc/sysctl.d/60-aws-vpn.conf"


def owner(text: str = "", files: dict[str, str] | None = None, separate: tuple[str, ...] = ()) -> dict[str, Any]:
    found = sysctls.others(files or {}, OURS, list(NEEDED))
    bgp = {**frr.owner(text), "separate": list(separate)}
    return {"bgp": bgp, "sysctls": found, "firewall": {"manager": "nftables", "chains": [], "closed": []}}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", BGP),
        ("router bgp 65010\n bgp router-id 192.0.2.9\n neighbor 192.0.2.1 remote-as 1\n", BGP),
        ("router bgp 65010\n", Wanted(routing="bgp", asn="65010")),
        ("router bgp 65001\n", Wanted(routing="static", tunnels=[TUNNEL])),
        ("router bgp 65001\n", Wanted(tunnels=[{**TUNNEL, "routing": "static"}])),
        # Nobody has said yet how the tunnels are routed, or in which AS.
        ("router bgp 65001\n", Wanted(asn=65010)),
        ("router bgp 65001\n", Wanted(routing="bgp")),
        ("router bgp 65001 vrf red\n", BGP),
        ("router bgp 65010\n bgp router-id 192.0.2.9\n", Wanted(tunnels=[TUNNEL], bgp_router_id="192.0.2.9")),
        ("log syslog\n", Wanted(tunnels=[TUNNEL], bgp_router_id="192.0.2.9")),
        ("ip protocol bgp route-map X\n", Wanted(tunnels=[TUNNEL], lan_address="")),
        (
            "route-map X permit 5\n call AWS-VPN-SOURCE\nip protocol bgp route-map X\n",
            Wanted(tunnels=[TUNNEL], lan_address="10.20.0.1"),
        ),
    ],
)
def test_both_can_be(text: str, wanted: Wanted) -> None:
    assert clashes(owner(text), wanted) == []


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("router bgp 65001\n", BGP, "has 'router bgp 65001', and the tunnels have the AS 65010"),
        ("router bgp 65001\n", Wanted(routing="bgp", asn="65010"), "has 'router bgp 65001', and the tunnels have the"),
        ("router bgp 65001\n", Wanted(tunnels=[{**TUNNEL, "routing": None}]), "the tunnels have the AS 65010"),
        (
            "router bgp 65010\n bgp router-id 192.0.2.9\n",
            Wanted(tunnels=[TUNNEL], bgp_router_id="192.0.2.8"),
            "has 'bgp router-id 192.0.2.9', which counts. Leave gateway_bgp_router_id empty, or set 192.0.2.8 there",
        ),
        (
            "router bgp 65010\n",
            Wanted(tunnels=[TUNNEL], bgp_router_id="192.0.2.8"),
            "has 'router bgp 65010' without a router id, which counts",
        ),
        (
            "ip protocol any route-map X\n",
            Wanted(tunnels=[TUNNEL], lan_address="10.20.0.1"),
            "has 'ip protocol any route-map X', and FRR has one such line. For gateway_lan_address, add the line 'call",
        ),
        ("router bgp 65010\n neighbor 169.254.20.1 remote-as 64512\n", BGP, "has 'neighbor 169.254.20.1', which is"),
    ],
)
def test_the_line_of_the_owner_is_named(text: str, wanted: Wanted, said: str) -> None:
    (line,) = clashes(owner(text), wanted)
    assert line.startswith("/etc/frr/frr.conf ")
    assert said in line


@pytest.mark.parametrize("routing", ["bgp", "static"])
def test_a_block_without_its_marks_is_one_clash(routing: str) -> None:
    text = "route-map AWS-VPN-OUT permit 10\nrouter bgp 65010\n neighbor 169.254.20.1 remote-as 64512\n"
    (line,) = clashes(owner(text), Wanted(tunnels=[TUNNEL], routing=routing))
    assert "has lines of the role outside its marked block: route-map AWS-VPN-OUT permit 10. Saving" in line


def test_files_of_single_daemons_are_named() -> None:
    (line,) = clashes(owner(separate=("/etc/frr/bgpd.conf",)), BGP)
    assert line.startswith("FRR reads /etc/frr/bgpd.conf, and with /etc/frr/frr.conf it does not.")


@pytest.mark.parametrize(
    ("name", "value", "is_clash"),
    [("99-hardening.conf", "0", True), ("99-hardening.conf", "1", False), ("10-hardening.conf", "0", False)],
)
def test_a_sysctl_of_a_later_file(name: str, value: str, is_clash: bool) -> None:
    path = f"/etc/sysctl.d/{name}"
    texts = {path: f"net.ipv4.ip_forward = {value}\n", OURS: ""}
    found = clashes(owner(files=dict(sorted(texts.items()))), Wanted(sysctls=NEEDED))
    said = f"{path}:1 has 'net.ipv4.ip_forward = 0'. A gateway needs net.ipv4.ip_forward = 1. Remove the line"
    assert found == ([said] if is_clash else [])


@pytest.mark.parametrize(
    ("chain", "hook", "said"),
    [
        ("ip filter FORWARD", "forward", 'nft insert rule ip filter FORWARD iifname "vpn*" accept; nft insert rule ip'),
        ("inet mine in", "input", "nft insert rule inet mine in udp dport { 500, 4500 } accept; nft insert rule inet"),
        (
            "FORWARD",
            "forward",
            "iptables-legacy -I FORWARD -i vpn+ -j ACCEPT; iptables-legacy -I FORWARD -o vpn+ -j ACC",
        ),
    ],
)
def test_a_chain_that_the_role_cannot_open(chain: str, hook: str, said: str) -> None:
    """The line has what opens it."""
    closed = {**owner(), "firewall": {"closed": [{"chain": chain, "hook": hook, "ending": "policy drop"}]}}
    (line,) = clashes(closed, BGP)
    assert line.startswith(
        f"the chain {chain} drops packets that no rule accepts (policy drop), and the role cannot open"
    )
    assert said in line


def test_the_rules_to_add_have_the_interfaces_of_the_daemon() -> None:
    closed = {**owner(), "firewall": {"closed": [{"chain": "ip mine fw", "hook": "forward", "ending": "policy drop"}]}}
    (line,) = clashes(closed, Wanted(tunnels=[TUNNEL], ike_daemon="libreswan"))
    assert 'iifname "ipsec*" accept' in line
    assert '"vpn' not in line
