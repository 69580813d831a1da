# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters site_keys and tunnel_keys: which key belongs where."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.site_keys import FilterModule as SiteKeys
from ansible_collections.hybridnet.aws_vpn.plugins.filter.site_list import FilterModule as SiteList
from ansible_collections.hybridnet.aws_vpn.plugins.filter.tunnel_keys import FilterModule as TunnelKeys

site_list = SiteList().filters()["site_list"]
site_keys = SiteKeys().filters()["site_keys"]
tunnel_keys = TunnelKeys().filters()["tunnel_keys"]

TUNNELS = [{"number": 1, "outside_address": "203.0.113.2"}, {"number": 2, "outside_address": "203.0.113.10"}]


def host(number: int, tunnels: list[dict[str, Any] | None]) -> dict[str, Any]:
    return {
        "inventory_hostname": f"s{number}",
        "site_vpn_region": "eu-central-1",
        "site_vpn_target": {"transit_gateway_id": "tgw-0123456789abcdef0"},
        "site_vpn_public_ip": f"198.51.100.{number}",
        "site_vpn_bgp_asn": 65010,
        "site_vpn_local_cidrs": [f"10.{number}.0.0/16"],
        "site_vpn_remote_cidrs": ["172.16.0.0/16"],
        "site_vpn_tunnels": tunnels,
    }


HOSTS = [
    host(1, [{"psk": "marker.key_1"}, {"pre_shared_key": "marker.key_2", "inside_cidr": "169.254.20.0/30"}]),
    host(2, [None, {"psk": "marker.key_3"}]),
    host(3, []),
]


def test_checked_sites_hold_no_key_until_they_are_added() -> None:
    inventory = site_list(HOSTS)
    assert inventory["problems"] == []
    assert "marker" not in str(inventory)
    assert inventory["keys_from_aws"] == ["s2", "s3"]
    assert [inventory["hosts"][name]["connections"][name]["keyed_tunnels"] for name in ("s1", "s2", "s3")] == [
        [1, 2],
        [2],
        [],
    ]
    sites = site_keys(inventory, {each["inventory_hostname"]: each for each in HOSTS})
    assert [site["tunnels"] for site in sites] == [
        [{"pre_shared_key": "marker.key_1"}, {"inside_cidr": "169.254.20.0/30", "pre_shared_key": "marker.key_2"}],
        [{}, {"pre_shared_key": "marker.key_3"}],
        [],
    ]


def test_hosts_without_keys_are_not_looked_at() -> None:
    assert len(site_keys(site_list(HOSTS[2:]), {})) == 1


def test_the_key_of_the_inventory_comes_before_the_one_of_aws() -> None:
    read = {"203.0.113.2": "of.aws_1", "203.0.113.10": "of.aws_2"}
    assert tunnel_keys(TUNNELS) == {}
    assert tunnel_keys(TUNNELS, read=read) == read
    assert tunnel_keys(TUNNELS, {"tunnels": [None, {"psk": "of.ours_2"}]}, read) == {
        **read,
        "203.0.113.10": "of.ours_2",
    }
    assert tunnel_keys(TUNNELS, {"tunnels": [{"psk": "of.ours_1"}]}, None) == {"203.0.113.2": "of.ours_1"}


@pytest.mark.parametrize(
    "key", ["of.aws_1\n", '8.chars"}', "0f.aws_1", "short", "a" * 65, "with a blank", 12345678, None]
)
def test_what_aws_does_not_accept_is_no_key(key: Any) -> None:
    assert tunnel_keys(TUNNELS, read={"203.0.113.2": key, "203.0.113.10": "of.aws_2"}) == {"203.0.113.10": "of.aws_2"}
    assert tunnel_keys(TUNNELS, {"tunnels": [{"psk": key}]}) == {}


def test_site_keys_takes_what_site_list_returns() -> None:
    with pytest.raises(AnsibleFilterError, match="site_keys takes what site_list returns"):
        site_keys([], {})


# Gateways with several connections.

LISTED = {
    **host(4, [{"psk": "flat.key_1"}, {}]),
    "site_vpn_connections": [
        {"name": "a", "tunnels": [{"inside_cidr": "169.254.20.0/30"}, {"psk": "own.key_2"}]},
        {"name": "b"},
        {"name": "c", "tunnels": ""},
        {"name": "main", "tunnels": [{}, {}]},
    ],
}


def test_a_key_is_that_of_the_connection_or_else_that_of_its_gateway() -> None:
    inventory = site_list([LISTED])
    assert inventory["problems"] == []
    assert ".key_" not in str(inventory)
    assert inventory["keys_from_aws"] == ["s4/a", "s4/b", "s4/c", "s4"]
    (gateway,) = site_keys(inventory, {"s4": LISTED})
    assert {each["name"]: each["tunnels"] for each in gateway["connections"]} == {
        "a": [{"inside_cidr": "169.254.20.0/30"}, {"pre_shared_key": "own.key_2"}],
        "b": [{"pre_shared_key": "flat.key_1"}, {}],
        "c": [{"pre_shared_key": "flat.key_1"}, {}],
        "main": [{}, {}],
    }
    assert "tunnels" not in gateway


def test_the_keys_of_a_gateway_without_any_are_not_looked_for() -> None:
    silent = {**host(5, []), "site_vpn_connections": [{"name": "a"}, {"name": "b", "tunnels": [{}]}]}
    (gateway,) = site_keys(site_list([silent]), {})
    assert [each["tunnels"] for each in gateway["connections"]] == [[], [{}]]


def test_each_tunnel_of_a_gateway_gets_the_key_of_its_connection() -> None:
    given = {"tunnels": LISTED["site_vpn_tunnels"], "connections": LISTED["site_vpn_connections"]}
    tunnels = [
        {"connection_name": name, "number": number, "outside_address": f"203.0.113.{10 * position + number}"}
        for position, name in enumerate(["s4/a", "s4/b", "s4/c", "s4"])
        for number in (1, 2)
    ]
    assert tunnel_keys(tunnels, given) == {
        "203.0.113.2": "own.key_2",
        "203.0.113.11": "flat.key_1",
        "203.0.113.21": "flat.key_1",
    }
    assert tunnel_keys(tunnels, given, {"203.0.113.2": "of.aws_1", "203.0.113.32": "of.aws_2"}) == {
        "203.0.113.2": "own.key_2",
        "203.0.113.11": "flat.key_1",
        "203.0.113.21": "flat.key_1",
        "203.0.113.32": "of.aws_2",
    }


@pytest.mark.parametrize("connections", [None, "", []])
def test_an_empty_list_of_connections_is_none(connections: Any) -> None:
    given = {"tunnels": [{"psk": "flat.key_1"}], "connections": connections}
    assert tunnel_keys(TUNNELS, given) == {"203.0.113.2": "flat.key_1"}
