# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway in plain words as the model has it: one spelling, keys as secrets, and nothing that was not said."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    TransitRouting,
    VpnConcentratorWanted,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import description
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

KEY = "MARKER_psk.1"
OURS = {"hybridnet:collection": "hybridnet.aws_vpn"}


def entry(**said: Any) -> ConnectionEntry:
    (found,) = description.entries({"name": "berlin", "routing": "bgp", **said})
    return found


@pytest.mark.parametrize("unsaid", [{}, {"target": None, "tunnels": None, "tags": None, "options": None}])
def test_a_gateway_that_is_only_a_name(unsaid: dict[str, Any]) -> None:
    assert entry(**unsaid) == ConnectionEntry(gateway="berlin", public_ip=None, bgp_asn=None)


def test_addresses_and_networks_have_one_spelling() -> None:
    found = entry(public_ip="2001:DB8::0010", local_cidrs=["2001:DB8:20:0::/48"], remote_cidrs=["10.0.0.0/16"])
    assert found.public_ip == "2001:db8::10"
    assert (found.local_cidrs, found.remote_cidrs) == (("2001:db8:20::/48",), ("10.0.0.0/16",))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"transit_gateway_id": "tgw-1"}, {"transit_gateway_id": "tgw-1"}),
        ({"vpn_gateway_id": "vgw-1"}, {"vpn_gateway_id": "vgw-1"}),
        ({"vpn_concentrator_id": "vcn-1"}, {"vpn_concentrator_id": "vcn-1"}),
        ({"unattached": True}, {"unattached": True}),
        (
            {"vpn_gateway": {"vpc_id": "vpc-1", "amazon_side_asn": 64620, "propagate_to": ["rtb-2", "rtb-1", "rtb-2"]}},
            {
                "vpn_gateway": VpnGatewayWanted(
                    vpc_id="vpc-1",
                    amazon_side_asn=64620,
                    propagate_to=("rtb-1", "rtb-2"),
                    tags={"Name": "vpc-1", **OURS, "hybridnet:vpc": "vpc-1"},
                    named_by="berlin",
                )
            },
        ),
        (
            {"vpn_concentrator": {"transit_gateway_id": "tgw-1"}},
            {
                "vpn_concentrator": VpnConcentratorWanted(
                    transit_gateway_id="tgw-1",
                    tags={"Name": "tgw-1", **OURS, "hybridnet:transit-gateway": "tgw-1"},
                    named_by="berlin",
                )
            },
        ),
    ],
)
def test_targets(target: dict[str, Any], expected: dict[str, Any]) -> None:
    found = entry(target=target)
    kinds = ("transit_gateway_id", "vpn_gateway_id", "vpn_gateway", "vpn_concentrator_id", "vpn_concentrator")
    assert {kind: getattr(found, kind) for kind in (*kinds, "unattached") if getattr(found, kind)} == expected


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({}, None),
        ({"associate_with": "tgw-rtb-1"}, TransitRouting(associate_with="tgw-rtb-1", cidrs=("10.20.0.0/16",))),
        ({"propagate_to": []}, TransitRouting(propagate_to=(), cidrs=("10.20.0.0/16",))),
        (
            {"static_routes_to": ["tgw-rtb-2", "tgw-rtb-1"]},
            TransitRouting(static_routes_to=("tgw-rtb-1", "tgw-rtb-2"), cidrs=("10.20.0.0/16",)),
        ),
    ],
)
def test_route_tables_know_the_networks_of_the_gateway(tables: dict[str, Any], expected: TransitRouting | None) -> None:
    found = entry(target={"transit_gateway_id": "tgw-1", **tables}, local_cidrs=["10.20.0.0/16"])
    assert found.transit_routing == expected


@pytest.mark.parametrize(
    ("said", "tables"),
    [({}, None), ({"propagate_to": []}, ()), ({"propagate_to": ["rtb-2", "rtb-1"]}, ("rtb-1", "rtb-2"))],
)
def test_propagation_is_left_alone_or_emptied_or_set(said: dict[str, Any], tables: tuple[str, ...] | None) -> None:
    assert description.vpn_gateway({"vpc_id": "vpc-1", **said}).propagate_to == tables


def test_the_gateway_of_a_vpc_may_be_of_nobody_and_have_tags() -> None:
    found = description.vpn_gateway({"vpc_id": "vpc-1", "state": "absent", "purge_tags": True, "tags": {"env": "lab"}})
    assert (found.named_by, found.present, found.purge_tags, found.tags["env"]) == ("", False, True, "lab")


def test_tags_are_text() -> None:
    assert entry(tags={"env": None, "floor": 3, 4: "x"}).tags == {"env": "", "floor": "3", "4": "x"}


def test_keys_become_secrets_and_options_that_were_not_given_are_left_out() -> None:
    found = entry(tunnels=[{"pre_shared_key": KEY, "dpd_timeout_seconds": None}, {"dpd_timeout_seconds": 60}])
    first, second = found.tunnels
    assert first.options == {"pre_shared_key": Secret(KEY)}
    assert second.options == {"dpd_timeout_seconds": 60}
    assert KEY not in repr(found)


def test_options_have_one_spelling_too() -> None:
    found = entry(options={"local_ipv6_network_cidr": "2001:DB8::/48"}, tunnels=[{"inside_ipv6_cidr": "FD00:20::/126"}])
    assert found.options == {"local_ipv6_network_cidr": "2001:db8::/48"}
    assert found.tunnels[0].options == {"inside_ipv6_cidr": "fd00:20::/126"}


# Several connections.

HUB: dict[str, Any] = {
    "name": "hub",
    "site": "oslo",
    "public_ip": "198.51.100.10",
    "bgp_asn": 65010,
    "local_cidrs": ["10.20.0.0/16"],
    "remote_cidrs": ["10.0.0.0/16"],
    "target": {"transit_gateway_id": "tgw-1", "static_routes_to": ["tgw-rtb-1"]},
    "routing": "bgp",
    "region": "eu-central-1",
    "tags": {"env": "lab"},
    "tunnels": [{"dpd_timeout_seconds": 60}],
}


@pytest.mark.parametrize("unsaid", [{}, {"connections": None}, {"connections": []}])
def test_without_a_list_there_is_one_connection(unsaid: dict[str, Any]) -> None:
    (found,) = description.entries({**HUB, **unsaid})
    assert (found.gateway, found.connection, found.name, found.site) == ("hub", "main", "hub", "oslo")
    assert found.transit_gateway_id == "tgw-1"


def test_a_connection_takes_from_its_gateway_what_it_does_not_say() -> None:
    first, second = description.entries({**HUB, "connections": [{"name": "a"}, {"name": "b"}]})
    assert [each.name for each in (first, second)] == ["hub/a", "hub/b"]
    assert dataclasses.replace(second, connection="a") == first
    (alone,) = description.entries(HUB)
    assert dataclasses.replace(first, connection="main") == alone


OWN: list[tuple[str, Any, str, Any]] = [
    ("target", {"vpn_gateway_id": "vgw-1"}, "vpn_gateway_id", "vgw-1"),
    ("routing", "static", "routing", "static"),
    ("remote_cidrs", ["10.1.0.0/16"], "remote_cidrs", ("10.1.0.0/16",)),
    ("tags", {}, "tags", {}),
    ("options", {"enable_acceleration": True}, "options", {"enable_acceleration": True}),
    ("pre_shared_key_storage", "Standard", "pre_shared_key_storage", "Standard"),
    ("tunnels", [], "tunnels", ()),
    ("preference", 2, "preference", 2),
    ("region", "eu-west-1", "access", Access("eu-west-1")),
    ("profile", "hub", "access", Access("eu-central-1", "hub")),
]


@pytest.mark.parametrize(("option", "value", "field", "expected"), OWN)
def test_its_own_values_win(option: str, value: Any, field: str, expected: Any) -> None:
    own, silent = description.entries({**HUB, "connections": [{"name": "a", option: value}, {"name": "b"}]})
    assert getattr(own, field) == expected
    assert getattr(silent, field) != expected or option == "pre_shared_key_storage"


def test_its_own_target_replaces_that_of_the_gateway_as_a_whole() -> None:
    (found,) = description.entries({**HUB, "connections": [{"name": "a", "target": {"vpn_gateway_id": "vgw-1"}}]})
    assert (found.transit_gateway_id, found.transit_routing) == (None, None)


def test_what_is_null_is_not_said() -> None:
    nothing = dict.fromkeys(description.OF_A_CONNECTION)
    (found,) = description.entries({**HUB, "connections": [{**nothing, "name": "main"}]})
    assert (found,) == description.entries(HUB)


def test_what_belongs_to_the_gateway_is_not_taken_from_a_connection() -> None:
    given = {"name": "main", "public_ip": "198.51.100.99", "local_cidrs": ["10.99.0.0/16"], "site": "ulm"}
    assert description.entries({**HUB, "connections": [given]}) == description.entries(HUB)


@pytest.mark.parametrize(("given", "preference"), [({}, 1), ({"preference": None}, 1), ({"preference": 0}, 0)])
def test_the_preference_is_1_only_where_none_is_given(given: dict[str, Any], preference: int) -> None:
    assert entry(**given).preference == preference


def test_what_is_shared_is_named_by_its_connection() -> None:
    target = {"vpn_gateway": {"vpc_id": "vpc-1"}}
    (found,) = description.entries({**HUB, "connections": [{"name": "a", "target": target}]})
    assert found.vpn_gateway and found.vpn_gateway.named_by == "hub/a"


def test_each_connection_is_described_completely() -> None:
    (first, second) = description.expanded({**HUB, "connections": [{"name": "a", "preference": 2}, {"name": "b"}]})
    assert first == {**HUB, "connection": "a", "preference": 2}
    assert second == {**HUB, "connection": "b"}
