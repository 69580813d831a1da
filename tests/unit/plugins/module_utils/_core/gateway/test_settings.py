# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the owner of a gateway says wins; what is not said is taken from each tunnel."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.settings import Settings

TUNNEL = {
    "customer_address": "198.51.100.10",
    "routing": "static",
    "local_cidrs": ["10.20.0.0/16"],
    "remote_cidrs": ["10.0.0.0/16"],
}


@pytest.mark.parametrize(
    ("said", "tunnel", "expected"),
    [
        (
            {},
            TUNNEL,
            {
                "routing": "static",
                "local_address": "198.51.100.10",
                "local_cidrs": ["10.20.0.0/16"],
                "remote_cidrs": ["10.0.0.0/16"],
                "bgp_router_id": "198.51.100.10",
            },
        ),
        ({}, {"customer_address": "198.51.100.10"}, {"routing": "bgp", "local_cidrs": [], "remote_cidrs": []}),
        (
            {"routing": "bgp", "local_cidrs": ("10.8.0.0/16",), "remote_cidrs": ("10.9.0.0/16",)},
            TUNNEL,
            {"routing": "bgp", "local_cidrs": ["10.8.0.0/16"], "remote_cidrs": ["10.9.0.0/16"]},
        ),
        # Behind NAT the gateway has another address, which is also the one that names it in BGP.
        ({"local_address": "192.168.1.10"}, TUNNEL, {"local_address": "192.168.1.10", "bgp_router_id": "192.168.1.10"}),
        (
            {"local_address": "192.168.1.10", "bgp_router_id": "10.20.0.1"},
            TUNNEL,
            {"local_address": "192.168.1.10", "bgp_router_id": "10.20.0.1"},
        ),
        # An empty text in the inventory is nothing said.
        ({"routing": "", "local_address": "", "bgp_router_id": ""}, TUNNEL, {"routing": "static"}),
    ],
)
def test_what_is_not_said_is_taken_from_the_tunnel(
    said: dict[str, Any], tunnel: dict[str, Any], expected: dict[str, Any]
) -> None:
    completed = Settings(**said).completed(tunnel)
    assert {name: getattr(completed, name) for name in expected} == expected


def test_what_is_said_of_all_tunnels_stays() -> None:
    said = Settings(lan_address="10.20.0.1", path_mtu=1400, allow_weak=True, unreachable_without_tunnel=False)
    completed = said.completed(TUNNEL)
    names = ("lan_address", "path_mtu", "allow_weak", "unreachable_without_tunnel")
    assert [getattr(completed, name) for name in names] == [getattr(said, name) for name in names]
