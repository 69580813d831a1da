# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for the customer gateway of a gateway, and for its tags."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    Consent,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region, tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan


def device(number: int, name: str = "berlin", ip: str = "198.51.100.10", asn: int = 65010) -> CustomerGateway:
    return CustomerGateway(
        id=f"cgw-{number}", state="available", public_ip=ip, bgp_asn=asn, tags=tags.gateway_tags(name, {})
    )


def device_plan(want: CustomerGatewayWanted, observed: Observed) -> Plan:
    return region.plan(Wanted(customer_gateways=(want,)), observed, Consent())


WANTED = CustomerGatewayWanted("berlin", "198.51.100.10", 65010, tags=tags.gateway_tags("berlin", {}))
IN_USE = Observed(
    customer_gateways=(device(1),),
    connections=(
        Connection(
            id="vpn-1",
            state="available",
            customer_gateway_id="cgw-1",
            vpn_gateway_id=None,
            transit_gateway_id="tgw-1",
            routing="bgp",
            tags=tags.connection_tags("berlin", {}),
        ),
    ),
)


def test_an_outdated_customer_gateway_in_use_stays() -> None:
    drawn = device_plan(dataclasses.replace(WANTED, public_ip="198.51.100.11"), IN_USE)
    assert [action.verb for action in drawn.actions] == ["create"]
    assert drawn.warnings == ("berlin: cgw-1 is used by vpn-1 (connection berlin), so it stays",)


def test_removal_of_a_customer_gateway_in_use_is_refused() -> None:
    drawn = device_plan(dataclasses.replace(WANTED, present=False), IN_USE)
    assert "cgw-1 is used by vpn-1" in drawn.refusals[0]


def test_removal_of_all_of_one_name() -> None:
    observed = Observed(customer_gateways=(device(1), device(2, ip="198.51.100.11")))
    drawn = device_plan(dataclasses.replace(WANTED, present=False), observed)
    assert [action.id for action in drawn.actions] == ["cgw-1", "cgw-2"]
    assert set(drawn.before["berlin"]) == set(drawn.after["berlin"]) == {"customer_gateway", "customer_gateway cgw-2"}


@pytest.mark.parametrize(
    ("owner", "whose", "instead"),
    [
        (
            tags.gateway_tags("munich", {}),
            "of gateway munich",
            "Check public_ip of both gateways (site_vpn_public_ip in an inventory), give this one its own device_name,"
            " or remove gateway munich first",
        ),
        (
            {"Name": "fw"},
            "not made by this collection",
            "To use it for this gateway, set its tags hybridnet:collection=hybridnet.aws_vpn, hybridnet:gateway=berlin",
        ),
    ],
)
def test_an_address_that_another_customer_gateway_has(owner: dict[str, str], whose: str, instead: str) -> None:
    other = dataclasses.replace(device(7), tags=owner)
    ours = (other,) if "munich" in whose else ()
    drawn = device_plan(WANTED, Observed(customer_gateways=ours, foreign_customer_gateways=(other,)))
    has = "already has 198.51.100.10 ASN 65010, and AWS keeps only one."
    assert drawn.refusals == (f"berlin: customer gateway cgw-7 ({whose}) {has} {instead}",)


# Tags.


@pytest.mark.parametrize(
    ("user", "purge", "details"),
    [
        ({}, False, []),
        ({"env": "lab"}, False, []),
        ({"env": "prod"}, False, ["set tags env"]),
        ({"Name": "Berlin office"}, False, ["set tags Name"]),
        ({}, True, ["remove tags env"]),
        ({"team": "net"}, True, ["set tags team", "remove tags env"]),
    ],
)
def test_tags(user: dict[str, str], purge: bool, details: list[str]) -> None:
    have = dataclasses.replace(
        device(1), tags={**tags.gateway_tags("berlin", {"env": "lab"}), "aws:cloudformation:stack-id": "x"}
    )
    want = dataclasses.replace(WANTED, tags=tags.gateway_tags("berlin", user), purge_tags=purge)
    drawn = device_plan(want, Observed(customer_gateways=(have,)))
    assert [action.detail for action in drawn.actions] == details
