# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps tunnels from working on one gateway, said before anything is written there."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import peer_rules
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.settings import Settings

ID, OTHER_ID = "vpn-0123456789abcdef0", "vpn-0fedcba9876543210"


def tunnel(number: int = 1, **changes: Any) -> dict[str, Any]:
    first = 4 * (number - 1)
    return {
        "vpn_connection_id": ID,
        "number": number,
        "outside_address": f"203.0.113.{first + 2}",
        "customer_address": "198.51.100.10",
        "inside_cidr": f"169.254.20.{first}/30",
        "aws_inside_address": f"169.254.20.{first + 1}",
        "customer_inside_address": f"169.254.20.{first + 2}",
        "amazon_side_asn": 64512,
        "customer_asn": 65010,
        **changes,
    }


def settings(**changes: Any) -> Settings:
    said = {"local_cidrs": ["10.20.0.0/16"], "remote_cidrs": ["10.0.0.0/16"], **changes}
    return Settings(**said).completed(tunnel())


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({}, []),
        ({"inside_cidr": None, "outside_address": ""}, ["outside_address", "inside_cidr"]),
        # Static routing needs neither of these, so they may be missing.
        ({"amazon_side_asn": None, "customer_asn": None}, []),
    ],
)
def test_what_every_tunnel_must_say(changes: dict[str, Any], keys: list[str]) -> None:
    assert peer_rules.unusable(tunnel(**changes)) == [f"no {key}" for key in keys]


def test_a_tunnel_that_the_gateways_cannot_have_is_refused_for_that_alone() -> None:
    """With IPv6 inside, for instance, there is no IPv4 address inside."""
    without = {"inside_cidr": None, "aws_inside_address": None, "customer_inside_address": None}
    options = {"tunnel_inside_ip_version": "ipv6", "local_ipv6_network_cidr": "::/0"}
    assert peer_rules.unusable(tunnel(**without, connection_options=options)) == [
        "tunnel_inside_ip_version: the gateways of this version support only IPv4 inside"
    ]
    assert peer_rules.unusable(tunnel(options={"ike_versions": ["ikev1"]})) == [
        "ike_versions: the gateways of this version support only IKEv2"
    ]


@pytest.mark.parametrize(
    ("changes", "said", "problem"),
    [
        ({}, {}, None),
        ({"inside_cidr": "169.254.20.0/29"}, {}, "inside CIDR 169.254.20.0/29 is not a /30 of 169.254.0.0/16"),
        ({"customer_inside_address": "169.254.20.1"}, {}, "169.254.20.1 and 169.254.20.1 are not the two hosts"),
        # Which of the two hosts is whose, AWS says.
        ({"aws_inside_address": "169.254.20.2", "customer_inside_address": "169.254.20.1"}, {}, None),
        # The gateway keeps routes to the outside addresses.
        ({}, {"remote_cidrs": ["203.0.113.0/24"]}, None),
        ({}, {"remote_cidrs": ["0.0.0.0/0"], "unreachable_cidrs": ["203.0.113.0/24"]}, None),
        ({}, {"remote_cidrs": []}, "no remote CIDR"),
        ({}, {"remote_cidrs": ["10.0.0.0/8", "10.20.0.0/16"]}, "10.20.0.0/16 is a local CIDR and a remote CIDR"),
        ({}, {"remote_cidrs": [""]}, "remote_cidrs '' is not an IPv4 network"),
        ({}, {"unreachable_cidrs": [None]}, "unreachable_cidrs None is not a network"),
        ({}, {"local_cidrs": []}, "BGP needs a local CIDR to announce"),
        ({}, {"local_cidrs": [], "routing": "static"}, None),
        ({"customer_asn": None}, {}, "BGP needs customer_asn"),
        ({"customer_asn": None, "amazon_side_asn": None}, {"routing": "static"}, None),
        ({}, {"routing": "ospf"}, "unknown routing ospf, known: bgp, static"),
        ({"options": None}, {}, None),
    ],
)
def test_one_tunnel(changes: dict[str, Any], said: dict[str, Any], problem: str | None) -> None:
    found = peer_rules.broken(tunnel(**changes), settings(**said))
    assert len(found) == (0 if problem is None else 1)
    assert problem is None or problem in found[0]


def test_all_that_is_wrong_with_one_tunnel_is_said_at_once() -> None:
    found = peer_rules.broken(tunnel(customer_asn=None), settings(remote_cidrs=[], unreachable_cidrs=["0.0.0.0/0"]))
    assert len(found) == 3


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({}, None),
        (
            {"vpn_connection_id": OTHER_ID, "inside_cidr": "169.254.20.0/30"},
            f"inside_cidr 169.254.20.0/30 is used by {ID}-1 and {OTHER_ID}-2: one gateway cannot tell them apart",
        ),
        (
            {"outside_address": "203.0.113.2"},
            f"outside_address 203.0.113.2 is used by {ID}-1 and {ID}-2: one peer is one tunnel",
        ),
        ({"customer_asn": 65011}, "the tunnels of one gateway have several customer ASNs: 65010, 65011"),
        ({"customer_asn": None}, None),
    ],
)
def test_two_tunnels_on_one_gateway(other: dict[str, Any], problem: str | None) -> None:
    both = [(tunnel(1), settings()), (tunnel(2, **other), settings())]
    assert peer_rules.clashes(both) == ([] if problem is None else [problem])


def test_one_gateway_has_one_kind_of_routing() -> None:
    both = [(tunnel(1), settings()), (tunnel(2), settings(routing="static"))]
    assert peer_rules.clashes(both) == ["the tunnels of one gateway have several kinds of routing: bgp, static"]
