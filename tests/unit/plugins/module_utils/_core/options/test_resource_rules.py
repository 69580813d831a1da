# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for customer gateways, virtual private gateways, tags and route tables."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import TransitRouting
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.resource_rules import (
    amazon_side_asn_problems,
    customer_gateway_problems,
    routing_problems,
    tag_problems,
)

TGW = "tgw-0123456789abcdef0"
TABLE = "tgw-rtb-0a1b2c3d4e5f67890"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678"


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({"public_ip": "198.51.100.10", "bgp_asn": 65010}, []),
        ({"certificate_arn": CERTIFICATE}, []),
        ({}, ["public_ip"]),
        ({"public_ip": "nonsense"}, ["public_ip"]),
        ({"public_ip": "198.51.100.10", "bgp_asn": 7224}, ["bgp_asn"]),
        ({"public_ip": "198.51.100.10", "bgp_asn": 9059}, ["bgp_asn"]),
        ({"public_ip": "198.51.100.10", "device_name": "x" * 300}, ["device_name"]),
    ],
)
def test_customer_gateway(given: dict[str, Any], options: list[str]) -> None:
    assert [problem.option for problem in customer_gateway_problems(given, "eu-west-1")] == options


def test_the_asn_of_the_aws_side_is_a_private_one_or_none() -> None:
    assert amazon_side_asn_problems(None) == amazon_side_asn_problems(64512) == []
    assert [problem.option for problem in amazon_side_asn_problems(7224)] == ["amazon_side_asn"]


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("cost-center", "", None),
        ("k" * 128, "v" * 256, None),
        ("k" * 129, "", "a tag has a key of 1 to 128"),
        ("", "v", "a tag has a key of 1 to 128"),
        ("a", "v" * 257, "a value of up to 256 characters"),
        ("aws:x", "", "AWS reserves keys that start with aws:"),
        ("AWS:x", "", "AWS reserves keys that start with aws:"),
        ("hybridnet:gateway", "", "it finds its resources by them"),
    ],
)
def test_tags(key: str, value: str, rule: str | None) -> None:
    found = tag_problems({key: value})
    assert len(found) == (0 if rule is None else 1)
    assert all(rule and rule in problem.rule for problem in found)


@pytest.mark.parametrize(("room", "name"), [(45, 0), (45, 1), (46, 0)])
def test_aws_takes_a_limited_number_of_tags_and_the_collection_needs_some(room: int, name: int) -> None:
    marked = room == 45
    given = {**{f"k{number}": "v" for number in range(room)}, **({"Name": "x"} if name else {})}
    assert tag_problems(given, is_marked=marked) == []
    (problem,) = tag_problems({**given, "more": ""}, is_marked=marked)
    assert (problem.option, problem.shown) == ("tags", f"={room + 1 + name} tags")
    assert problem.rule == (
        f"AWS takes at most 50 tags on a resource, and the collection sets {50 - room} of them (Name is one):"
        f" give at most {room} without Name"
    )


def test_route_tables_that_cannot_be_meant() -> None:
    routing = TransitRouting("rtb-1", (TABLE,), ("x",))
    assert routing_problems(None, None) == []
    assert len(routing_problems(routing, None)) == 3
    assert [problem.option for problem in routing_problems(routing, TGW)] == [
        "associate_with",
        "static_routes_to",
        "static_routes_to",
    ]
    assert routing_problems(TransitRouting(static_routes_to=()), TGW) == []
