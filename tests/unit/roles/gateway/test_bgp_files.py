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
