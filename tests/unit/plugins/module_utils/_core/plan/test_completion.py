# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not given: as it is where something exists, at its default where nothing does."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Connection,
    ConnectionWanted,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.completion import completed

TAGS = tags.connection_tags("berlin", {})


def device(number: int, asn: int, ip: str = "198.51.100.10") -> CustomerGateway:
    return CustomerGateway(f"cgw-{number}", "available", ip, asn, tags=TAGS)


def connection(routing: str, on: int = 1, **changes: Any) -> Connection:
    return Connection("vpn-1", "available", f"cgw-{on}", "vgw-1", None, routing, tags={**TAGS, **changes})


def asn_of(want: CustomerGatewayWanted, *found: CustomerGateway, on: int = 1) -> int | None:
    observed = Observed(customer_gateways=found, connections=(connection("bgp", on),))
    return completed(Wanted(customer_gateways=(want,)), observed).customer_gateways[0].bgp_asn


@pytest.mark.parametrize(
    ("found", "on", "asn"),
    [
        ((), 1, 65000),
        ((device(1, 64500),), 1, 64500),
        # The address is new, and the ASN stays.
        ((device(1, 64500, "192.0.2.1"),), 1, 64500),
        # A run that stopped left two: the one at the address is meant, then the one that is used.
        ((device(1, 64500, "192.0.2.1"), device(2, 64501)), 1, 64501),
        ((device(1, 64500), device(2, 64501)), 2, 64501),
    ],
)
def test_the_asn_of_a_customer_gateway(found: tuple[CustomerGateway, ...], on: int, asn: int) -> None:
    want = CustomerGatewayWanted("berlin", "198.51.100.10")
    assert asn_of(want, *found, on=on) == asn
    assert asn_of(dataclasses.replace(want, bgp_asn=65000), *found, on=on) == 65000


@pytest.mark.parametrize(
    ("found", "routing", "routes"),
    [
        ((), "bgp", None),
        ((connection("bgp"),), "bgp", None),
        ((connection("static"),), "static", ("10.20.0.0/16",)),
        ((connection("static", **{OUTGOING_TAG: "true"}),), "static", ("10.20.0.0/16",)),
    ],
)
def test_the_routing_of_a_connection_decides_about_its_static_routes(
    found: tuple[Connection, ...], routing: str, routes: tuple[str, ...] | None
) -> None:
    want = ConnectionWanted("berlin", routing=None, networks=("10.20.0.0/16",))
    (done,) = completed(Wanted(connections=(want,)), Observed(connections=found)).connections
    assert (done.routing, done.static_routes) == (routing, routes)
    given = dataclasses.replace(want, routing="bgp", networks=None, static_routes=())
    (kept,) = completed(Wanted(connections=(given,)), Observed(connections=found)).connections
    assert (kept.routing, kept.static_routes) == ("bgp", ())
