# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of sites: what they ask for, and what is returned per site."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Attachment,
    Observed,
    Ref,
    VpnGateway,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

from .builders import GOOD, OBSERVED


@pytest.mark.parametrize(
    ("changes", "networks"),
    [
        ({}, ()),
        ({"routing": "static"}, ()),
        (
            {"routing": "static", "transit_gateway_id": None, "vpn_gateway_id": "vgw-0123456789abcdef0"},
            ("10.20.0.0/16",),
        ),
    ],
)
def test_networks_of_a_connection_are_the_local_cidrs_on_a_virtual_private_gateway(
    changes: dict[str, Any], networks: tuple[str, ...]
) -> None:
    (connection,) = sites.wanted([dataclasses.replace(GOOD, **changes)]).connections
    assert (connection.networks, connection.static_routes) == (networks, None)


def test_an_asn_that_is_not_given_stays_open_and_a_name_given_as_a_tag_wins() -> None:
    site = dataclasses.replace(GOOD, routing="static", bgp_asn=None, tags={"Name": "Berlin office"})
    (device,) = sites.wanted([site]).customer_gateways
    assert device.bgp_asn is None
    assert device.tags == {
        "Name": "Berlin office",
        "hybridnet:collection": "hybridnet.aws_vpn",
        "hybridnet:gateway": "berlin",
    }


def test_result_of_a_site() -> None:
    there = dataclasses.replace(GOOD, access=Access("eu-central-1", "network"))
    result = sites.results([there], OBSERVED)["berlin"]
    assert "MARKER" not in str(result)
    del result["tunnels"]
    assert result == {
        "name": "berlin",
        "site": "berlin",
        "gateway": "berlin",
        "connection": "main",
        "region": "eu-central-1",
        "account": "network",
        "customer_gateway_id": "cgw-1",
        "vpn_connection_id": "vpn-1",
        "vpn_gateway_id": None,
        "transit_gateway_id": "tgw-0123456789abcdef0",
        "transit_gateway_attachment_id": None,
        "state": "available",
        "routing": "bgp",
        "amazon_side_asn": 64777,
        "customer_asn": 65010,
        "public_ip": "198.51.100.10",
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "preference": 1,
        "static_routes": [],
        "options": {},
        "pre_shared_key_storage": "Standard",
        "vpn_concentrator_id": None,
        "outgoing_connection_ids": [],
    }


def test_result_of_a_site_that_does_not_exist_yet() -> None:
    result = sites.results([GOOD], Observed())["berlin"]
    assert result["tunnels"] == []
    assert [result[key] for key in ("customer_gateway_id", "vpn_connection_id", "state", "amazon_side_asn")] == [
        None
    ] * 4
    assert result["customer_asn"] == 65010


def test_result_names_the_gateway_of_the_vpc() -> None:
    site = dataclasses.replace(GOOD, transit_gateway_id=None, vpn_gateway=VpnGatewayWanted("vpc-0123456789abcdef0"))
    gateway = VpnGateway(
        "vgw-0123456789abcdef0",
        "available",
        64512,
        (Attachment("vpc-0123456789abcdef0", "attached"),),
        tags.vpc_tags("vpc-0123456789abcdef0", {}),
    )
    assert (
        sites.results([site], Observed(vpn_gateways=(gateway,)))["berlin"]["vpn_gateway_id"] == "vgw-0123456789abcdef0"
    )
    assert sites.results([site], Observed())["berlin"]["vpn_gateway_id"] is None


# Gateways with several connections.


def hub(*names: str, **changes: Any) -> list[ConnectionEntry]:
    return [dataclasses.replace(GOOD, gateway="hub", connection=name, **changes) for name in names]


def test_connections_of_a_gateway_share_its_customer_gateway() -> None:
    wanted = sites.wanted([*hub("frankfurt", "dublin"), GOOD, *hub("oslo")])
    assert [each.name for each in wanted.customer_gateways] == ["hub", "berlin"]
    assert [(each.name, each.customer_gateway) for each in wanted.connections] == [
        ("hub/frankfurt", Ref("customer_gateway", "hub")),
        ("hub/dublin", Ref("customer_gateway", "hub")),
        ("berlin", Ref("customer_gateway", "berlin")),
        ("hub/oslo", Ref("customer_gateway", "hub")),
    ]
    assert wanted.customer_gateways[0].named_by == "hub/frankfurt"


def test_a_customer_gateway_has_the_tags_that_all_its_connections_have() -> None:
    first, second = hub("a", "b", tags={"env": "lab", "team": "net"})
    second = dataclasses.replace(second, tags={"env": "lab", "team": "core", "floor": "3"})
    wanted = sites.wanted([first, second])
    (device,) = wanted.customer_gateways
    ours = {"hybridnet:collection": "hybridnet.aws_vpn", "hybridnet:gateway": "hub"}
    assert device.tags == {"Name": "hub", "env": "lab", **ours}
    assert [each.tags for each in wanted.connections] == [
        {"Name": "hub/a", "env": "lab", "team": "net", **ours, "hybridnet:connection": "a"},
        {"Name": "hub/b", "env": "lab", "team": "core", "floor": "3", **ours, "hybridnet:connection": "b"},
    ]


def test_what_connections_of_a_gateway_share_in_aws_is_made_once() -> None:
    gateway = VpnGatewayWanted("vpc-0123456789abcdef0")
    target = {"transit_gateway_id": None, "vpn_gateway": gateway}
    wanted = sites.wanted(hub("a", "b", **target))
    assert len(wanted.vpn_gateways) == 1


def test_results_by_the_names_of_the_connections() -> None:
    first, second = hub("a", "b", place="oslo")
    second = dataclasses.replace(second, preference=2)
    device = dataclasses.replace(OBSERVED.customer_gateways[0], tags=tags.gateway_tags("hub", {}))
    made = dataclasses.replace(OBSERVED.connections[0], tags=tags.connection_tags("hub/a", {}))
    found = sites.results([first, second], Observed(connections=(made,), customer_gateways=(device,)))
    names = ("site", "gateway", "connection", "vpn_connection_id", "customer_gateway_id", "preference")
    assert {name: [each[key] for key in names] for name, each in found.items()} == {
        "hub/a": ["oslo", "hub", "a", "vpn-1", "cgw-1", 1],
        "hub/b": ["oslo", "hub", "b", None, "cgw-1", 2],
    }
    assert [tunnel["connection_name"] for tunnel in found["hub/a"]["tunnels"]] == ["hub/a"]
