# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc import routes
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc.found import Found

from .conftest import OTHER_TGW, RTB, TGW, VPC, found, route, wanted


def test_a_missing_route_is_added_once(empty: Found) -> None:
    (change,) = routes.additions(wanted(one=["10.40.0.0/16"], two=["10.40.0.0/16"]), empty)
    assert change.lines == [f"{RTB} (eu-central-1): create route 10.40.0.0/16 to {TGW}"]
    assert change.arguments == {
        "region": "eu-central-1",
        "route_table_id": RTB,
        "vpc_id": VPC,
        "routes": [{"dest": "10.40.0.0/16", "transit_gateway_id": TGW}],
        "purge_routes": False,
    }


def test_what_is_there_needs_nothing() -> None:
    assert routes.additions(wanted(oslo=["10.40.0.0/16"]), found(routes=[route("10.40.0.0/16")])) == []


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"route_tables": []}, "does not exist in eu-central-1"),
        ({"attachments": []}, f"is in {VPC}, which is not attached to {TGW}"),
        (
            {"routes": [route("10.40.0.0/16", vpc_peering_connection_id="pcx-1")]},
            "has a route to 10.40.0.0/16 by pcx-1: remove it, or leave this table out",
        ),
        (
            {"routes": [route("10.40.0.0/16", transit_gateway_id=OTHER_TGW)]},
            f"has a route to 10.40.0.0/16 by {OTHER_TGW}: remove it, or leave this table out",
        ),
    ],
)
def test_what_aws_refuses_and_what_is_in_the_way(given: dict[str, Any], rule: str) -> None:
    there = found(**given)
    assert list(routes.problems(wanted(oslo=["10.40.0.0/16"]), there)) == [
        f"oslo: site_vpn_vpc_route_tables={RTB}: {rule}"
    ]


def test_routes_go_when_nobody_needs_them_and_all_others_stay() -> None:
    there = found(routes=[route("10.40.0.0/16"), route("10.50.0.0/16"), route("10.60.0.0/16", nat_gateway_id="nat-1")])
    oslo, rome = wanted(oslo=["10.40.0.0/16"]), wanted(rome=["10.50.0.0/16"])
    (change,) = routes.removals(oslo, rome, there)
    assert change.lines == [f"{RTB} (eu-central-1): delete route 10.40.0.0/16 to {TGW}"]
    assert change.arguments["purge_routes"]
    kept = ["0.0.0.0/0", "10.0.0.0/16", "10.50.0.0/16", "10.60.0.0/16"]
    assert change.arguments["routes"] == [{"dest": each} for each in kept]


@pytest.mark.parametrize(
    ("given", "staying"),
    [
        ([route("10.40.0.0/16")], ["10.40.0.0/16"]),  # a gateway of the same site needs it
        ([route("10.40.0.0/16", vpc_peering_connection_id="pcx-1")], []),  # it leads elsewhere
        ([], []),
    ],
)
def test_routes_that_do_not_go(given: list[dict[str, str]], staying: list[str]) -> None:
    others = wanted(other=staying) if staying else []
    assert routes.removals(wanted(oslo=["10.40.0.0/16"]), others, found(routes=given)) == []
    assert routes.removals(wanted(oslo=["10.40.0.0/16"]), others, found(route_tables=[])) == []
