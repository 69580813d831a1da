# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc.wanted import (
    conflicts,
    places,
    transit_gateway,
    wants,
)

from .conftest import OTHER_TGW, RTB, SUBNET, TGW, hosts, wanted

NOTHING = {"vpc_route_tables": [], "probe_instance": False}


def test_a_connection_that_wants_nothing_is_left_out() -> None:
    assert [want.name for want in wanted(berlin=(["10.20.0.0/16"], NOTHING), oslo=["10.40.0.0/16"])] == ["oslo"]


def test_every_table_gets_a_route_to_every_network() -> None:
    (want,) = wanted(oslo=(["10.40.0.0/16", "10.41.0.0/16"], {"vpc_route_tables": [RTB, "rtb-2"]}))
    assert [(route.table, route.destination) for route in want.routes] == [
        (RTB, "10.40.0.0/16"),
        (RTB, "10.41.0.0/16"),
        ("rtb-2", "10.40.0.0/16"),
        ("rtb-2", "10.41.0.0/16"),
    ]


def test_what_targets_name_a_transit_gateway() -> None:
    assert transit_gateway({"transit_gateway_id": TGW}) == TGW
    assert transit_gateway({"vpn_concentrator": {"transit_gateway_id": TGW}}) == TGW
    assert transit_gateway({"vpn_gateway": {"vpc_id": "vpc-1"}}) is None


def test_a_subnet_without_an_instance_is_not_wanted() -> None:
    (want,) = wanted(oslo=(["10.40.0.0/16"], {"probe_instance": False}))
    assert (want.subnet, want.address) == (None, None)


def test_each_region_and_account_is_looked_at_once() -> None:
    west = {"region": "eu-west-1", "profile": "spoke", "vpc_route_tables": ["rtb-9"], "probe_instance": False}
    assert places(wanted(oslo=["10.40.0.0/16"], rome=["10.50.0.0/16"], dublin=(["10.60.0.0/16"], west))) == [
        {"region": "eu-central-1", "route_tables": [RTB], "transit_gateways": [TGW], "subnets": [SUBNET]},
        {
            "region": "eu-west-1",
            "profile": "spoke",
            "route_tables": ["rtb-9"],
            "transit_gateways": [TGW],
            "subnets": [],
        },
    ]
    assert places(wants({})) == []


def test_gateways_of_a_site_agree() -> None:
    assert list(conflicts(wanted(one=["10.40.0.0/16"], two=["10.40.0.0/16"]))) == []


def test_a_network_has_one_route_and_an_instance_one_address() -> None:
    other = {"target": {"transit_gateway_id": OTHER_TGW}, "vpc_probe_address": "10.0.1.11"}
    assert list(conflicts(wants(hosts(one=["10.40.0.0/16"], two=(["10.40.0.0/16"], other))))) == [
        f"two: site_vpn_vpc_route_tables={RTB}: one routes 10.40.0.0/16 to {TGW},"
        " and a table has one route to a network",
        f"two: site_vpn_vpc_probe_address=10.0.1.11: one has 10.0.1.10, and the instance of {SUBNET} has one address",
    ]
