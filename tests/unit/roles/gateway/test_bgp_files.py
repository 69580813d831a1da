# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateway takes from AWS over BGP, as FRR reads it."""

from __future__ import annotations

from typing import Any


def lines(files: dict[str, str], start: str) -> list[str]:
    text = files["/etc/frr/frr.conf"]
    return [line.removeprefix(start) for line in text.splitlines() if line.startswith(start)]


def test_the_most_specific_network_decides(role_files: Any) -> None:
    files = role_files(routing="bgp", remote_cidrs=["10.0.0.0/8", "10.20.9.0/24", "203.0.113.0/30"])
    assert lines(files, "ip prefix-list AWS-VPN-IN seq ") == [
        "5 deny 203.0.113.2/32 le 32",
        "10 permit 203.0.113.0/30 le 32",
        "15 permit 10.20.9.0/24 le 32",
        "20 deny 10.20.0.0/16 le 32",
        "25 permit 10.0.0.0/8 le 32",
    ]
    assert lines(files, " set table") == []


def test_a_default_route_has_a_table_of_its_own(role_files: Any) -> None:
    files = role_files(routing="bgp", remote_cidrs=["0.0.0.0/0"])
    assert "\nip prefix-list AWS-VPN-DEFAULT seq 5 permit 0.0.0.0/0\n" in files["/etc/frr/frr.conf"]
    assert (
        "route-map AWS-VPN-IN permit 5\n match ip address prefix-list AWS-VPN-DEFAULT\n on-match next\n set table 999\n"
        in files["/etc/frr/frr.conf"]
    )


def test_an_owner_without_bgp_gets_all_settings(role_files: Any) -> None:
    text = role_files(routing="bgp", lan_address="10.20.0.1")["/etc/frr/frr.conf"]
    assert "\n bgp router-id 198.51.100.10\n" in text
    assert "\n  maximum-paths 2\n" in text
    assert "\nip protocol bgp route-map AWS-VPN-SOURCE\n" in text


def test_the_neighbors_of_the_owner_keep_their_settings(role_files: Any) -> None:
    """FRR merges two blocks of one AS, and the later line counts for all neighbors."""
    text = role_files(routing="bgp", owner_bgp={"asn": 65010})["/etc/frr/frr.conf"]
    assert "\nrouter bgp 65010\n neighbor 169.254.20.1 remote-as 64512\n" in text
    assert "router-id" not in text
    assert "maximum-paths" not in text


def test_the_route_map_of_the_owner_calls_ours(role_files: Any) -> None:
    owner = {"route_map": "ip protocol bgp route-map THEIRS"}
    text = role_files(routing="bgp", lan_address="10.20.0.1", owner_bgp=owner)["/etc/frr/frr.conf"]
    assert "\nroute-map AWS-VPN-SOURCE permit 10\n" in text
    assert "ip protocol" not in text
