# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS can do on a connection and the gateways cannot; test_followed_options asks it of every option."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import unsupported

ROUNDS = "phase1_additional_key_exchanges"


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, []),
        # As AWS answers them for a connection without any option.
        ({"tunnel_inside_ip_version": "ipv4", "outside_ip_address_type": "PublicIpv4"}, []),
        ({"outside_ip_address_type": "PrivateIpv4"}, []),
        ({"outside_ip_address_type": "Ipv6"}, ["outside_ip_address_type"]),
        (
            {"tunnel_inside_ip_version": "ipv6", "local_ipv6_network_cidr": "::/0", "remote_ipv6_network_cidr": "::/0"},
            ["tunnel_inside_ip_version"],
        ),
        ({"remote_ipv6_network_cidr": "2001:db8::/48"}, ["remote_ipv6_network_cidr"]),
    ],
)
def test_connections(options: dict[str, Any], names: list[str]) -> None:
    assert [name for name, _rule in unsupported.of_connection(options)] == names


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, []),
        ({"ike_versions": ["ikev1", "ikev2"]}, []),
        ({"ike_versions": ["ikev1"]}, ["ike_versions"]),
        ({ROUNDS: []}, []),
        # The gateway leaves an optional round out.
        ({ROUNDS: [{"round": 1, "methods": [36], "requirement": "optional"}]}, []),
        ({ROUNDS: [{"round": 1, "methods": [36], "requirement": None}]}, [ROUNDS]),
        ({"inside_ipv6_cidr": "fd00:20::/126"}, ["inside_ipv6_cidr"]),
    ],
)
def test_tunnels(options: dict[str, Any], names: list[str]) -> None:
    assert [name for name, _rule in unsupported.of_tunnel(options)] == names
