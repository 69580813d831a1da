# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks of a site, and those that its tunnels carry."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites

LOCAL, REMOTE = "local_ipv4_network_cidr", "remote_ipv4_network_cidr"


def problems(options: dict[str, Any], **changes: Any) -> list[str]:
    """What a site with static routing is told."""
    site = {
        "region": "eu-central-1",
        "target": {"transit_gateway_id": "tgw-0123456789abcdef0"},
        "routing": "static",
        "public_ip": "198.51.100.10",
        "bgp_asn": 65010,
        "local_cidrs": ["10.20.0.0/16", "10.21.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "options": options,
        **changes,
    }
    host = {"inventory_hostname": "berlin", **{f"site_vpn_{key}": value for key, value in site.items()}}
    found: list[str] = check_sites([host])["problems"]
    return [problem.removeprefix("berlin: site_vpn_") for problem in found]


@pytest.mark.parametrize(
    "options", [{}, {LOCAL: "10.20.0.0/15"}, {LOCAL: "0.0.0.0/0", REMOTE: "10.0.0.0/8"}, {REMOTE: "10.0.0.0/16"}]
)
def test_tunnels_that_carry_the_networks_of_the_site(options: dict[str, Any]) -> None:
    assert problems(options) == []


def test_networks_that_the_tunnels_do_not_carry() -> None:
    assert problems({LOCAL: "10.20.0.0/16", REMOTE: "10.1.0.0/16"}) == [
        f"local_cidrs=10.21.0.0/16: not in 10.20.0.0/16, all that the tunnels carry: widen options.{LOCAL}, or leave"
        " this network out",
        f"remote_cidrs=10.0.0.0/16: not in 10.1.0.0/16, all that the tunnels carry: widen options.{REMOTE}, or leave"
        " this network out",
    ]


def test_what_is_no_network_is_said_once() -> None:
    (problem,) = problems({LOCAL: "10.20.0.1/16"})
    assert problem.startswith(f"options.{LOCAL}=10.20.0.1/16: not an IPv4 network")
    (problem,) = problems({LOCAL: "10.20.0.0/16"}, local_cidrs=["10.20.0.1/16"])
    assert problem.startswith("local_cidrs=10.20.0.1/16: ")
    assert "carry" not in problem


def test_ipv6_networks_are_those_of_an_ipv6_connection() -> None:
    options = {"tunnel_inside_ip_version": "ipv6", "local_ipv6_network_cidr": "2001:db8:20::/48"}
    networks = {"local_cidrs": ["2001:db8:21::/48"], "remote_cidrs": ["2001:db8::/48"]}
    (problem,) = problems(options, **networks)
    assert problem.startswith("local_cidrs=2001:db8:21::/48: not in 2001:db8:20::/48,")


def test_bgp_needs_more_than_the_networks_of_the_site() -> None:
    (problem,) = problems({LOCAL: "10.20.0.0/15"}, routing="bgp")
    assert problem == (
        f"options.{LOCAL}=10.20.0.0/15: BGP sessions use 169.254.0.0/16, which the tunnels would not carry: use"
        " 0.0.0.0/0, and limit the networks that BGP announces"
    )
