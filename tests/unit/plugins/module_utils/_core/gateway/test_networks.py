# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks inside others on a gateway: which of them is used, for addresses and not for texts."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import networks
from hypothesis import given, settings
from hypothesis import strategies as st

ADDRESSES = [{"outside_address": f"203.0.113.{last}", "local_address": "198.51.100.10"} for last in (2, 6)]
OUTSIDE = ["203.0.113.2/32", "203.0.113.6/32"]


def computed(local: list[str], remote: list[str], **changes: list[str]) -> dict[str, Any]:
    said = {
        "local_cidrs": local,
        "remote_cidrs": remote,
        "allowed_cidrs": local,
        "unreachable_cidrs": remote,
        **changes,
    }
    peers = networks.with_uplink_routes([{**said, **addresses} for addresses in ADDRESSES])
    return networks.of_gateway(peers, said)


def test_networks_side_by_side_are_as_they_were() -> None:
    assert computed(["10.20.0.0/16"], ["10.0.0.0/16", "10.1.0.0/16"]) == {
        "allowed_cidrs": ["10.20.0.0/16"],
        "kept_cidrs": [],
        "guarded_cidrs": ["10.0.0.0/16", "10.1.0.0/16"],
        "outside_cidrs": [],
        "bgp_filter": [
            {"action": "permit", "cidr": "10.0.0.0/16"},
            {"action": "permit", "cidr": "10.1.0.0/16"},
        ],
        "has_default_route": False,
        "default_table": networks.DEFAULT_TABLE,
        "uplink_cidrs": [],
    }


def test_a_local_network_inside_a_remote_one_stays_out_of_the_tunnels() -> None:
    found = computed(["10.20.0.0/16"], ["10.0.0.0/8", "10.20.9.0/24"])
    assert found["kept_cidrs"] == ["10.20.0.0/16"]
    assert found["guarded_cidrs"] == ["10.0.0.0/8", "10.20.9.0/24", "10.20.0.0/16"]
    assert [tuple(entry.values()) for entry in found["bgp_filter"]] == [
        ("permit", "10.20.9.0/24"),
        ("deny", "10.20.0.0/16"),
        ("permit", "10.0.0.0/8"),
    ]


def test_a_remote_network_inside_a_local_one_is_not_a_source_of_the_site() -> None:
    found = computed(["10.0.0.0/8"], ["10.0.0.0/9", "10.192.0.0/10"])
    assert found["allowed_cidrs"] == ["10.128.0.0/10"]
    assert found["kept_cidrs"] == []


def test_what_the_owner_allows_besides_is_not_narrowed() -> None:
    found = computed(["10.20.0.0/16"], ["10.0.0.0/16"], allowed_cidrs=["10.20.0.0/16", "0.0.0.0/0"])
    assert found["allowed_cidrs"] == ["10.20.0.0/16", "0.0.0.0/0"]


def test_outside_addresses_in_a_remote_network_get_routes_of_their_own() -> None:
    found = computed(["10.20.0.0/16"], ["203.0.113.0/30"])
    assert found["outside_cidrs"] == found["kept_cidrs"] == OUTSIDE[:1]
    assert computed(["10.20.0.0/16"], ["10.0.0.0/16"], unreachable_cidrs=["203.0.113.0/24"])["outside_cidrs"] == OUTSIDE


def test_a_default_route_has_a_table_of_its_own() -> None:
    found = computed(["10.20.0.0/16"], ["0.0.0.0/0"])
    assert found["has_default_route"]
    assert found["outside_cidrs"] == OUTSIDE
    assert found["kept_cidrs"] == ["10.20.0.0/16", *OUTSIDE]
    assert found["uplink_cidrs"] == ["198.51.100.10/32"]


def test_an_address_in_the_local_networks_is_no_way_around_the_tunnels() -> None:
    """Behind NAT the gateway may have only one address, from which it also answers AWS."""
    assert computed(["198.51.100.0/24"], ["0.0.0.0/0"])["uplink_cidrs"] == []


def test_ipv6_networks_hold_no_outside_address() -> None:
    found = computed(["10.20.0.0/16"], ["10.0.0.0/16"], unreachable_cidrs=["10.0.0.0/16", "2001:db8::/56"])
    assert found["outside_cidrs"] == []
    assert found["guarded_cidrs"] == ["10.0.0.0/16", "2001:db8::/56"]


# In a space of 256 addresses, so that networks meet.
NETWORKS = st.lists(
    st.builds(
        lambda length, last: str(IPv4Network((f"10.0.0.{last}", length), strict=False)),
        st.integers(24, 32),
        st.integers(0, 255),
    ),
    unique=True,
    max_size=6,
)


@settings(deadline=None)
@given(local=NETWORKS, remote=NETWORKS)
def test_an_address_is_where_its_most_specific_network_is(local: list[str], remote: list[str]) -> None:
    local = [cidr for cidr in local if cidr not in remote]
    found = computed(local, remote)
    for last in range(256):
        address = IPv4Address(f"10.0.0.{last}")
        ours, theirs = (
            max((IPv4Network(cidr).prefixlen for cidr in cidrs if address in IPv4Network(cidr)), default=-1)
            for cidrs in (local, remote)
        )
        assert any(address in IPv4Network(cidr) for cidr in found["allowed_cidrs"]) == (ours > theirs)
        first = next((rule["action"] for rule in found["bgp_filter"] if address in IPv4Network(rule["cidr"])), "deny")
        assert (first == "permit") == (theirs > ours)
