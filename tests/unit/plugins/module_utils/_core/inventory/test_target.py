# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the VPN ends on in AWS, as the inventory says it and as vpn_sites takes it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import Host
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.target import read_target

TGW, VGW, VPC, RTB = "tgw-0123456789abcdef0", "vgw-0123456789abcdef0", "vpc-0123456789abcdef0", "rtb-0123456789abcdef0"


def read(target: object) -> tuple[dict[str, Any], list[str]]:
    """The target, and the options that were refused."""
    host = Host("berlin", {"site_vpn_target": target})
    return read_target(host), [problem.option for problem in host.problems]


@pytest.mark.parametrize(
    ("target", "result"),
    [
        ({}, {}),
        ({"transit_gateway_id": TGW}, {"transit_gateway_id": TGW}),
        ({"vpn_gateway_id": VGW}, {"vpn_gateway_id": VGW}),
        ({"vpn_concentrator_id": "vcn-1"}, {"vpn_concentrator_id": "vcn-1"}),
        (
            {"vpn_concentrator": {"transit_gateway_id": TGW}},
            {"vpn_concentrator": {"transit_gateway_id": TGW}},
        ),
        ({"unattached": True}, {"unattached": True}),
        # A key that says no is the same as no key.
        ({"unattached": False, "vpn_gateway_id": None, "transit_gateway_id": TGW}, {"transit_gateway_id": TGW}),
        # What is not said is left out, what is empty is asked for.
        ({"vpn_gateway": {"vpc_id": VPC}}, {"vpn_gateway": {"vpc_id": VPC}}),
        (
            {"vpn_gateway": {"vpc_id": VPC, "amazon_side_asn": "64513", "propagate_to": []}},
            {"vpn_gateway": {"vpc_id": VPC, "amazon_side_asn": 64513, "propagate_to": []}},
        ),
        (
            {"vpn_gateway": {"vpc_id": VPC, "amazon_side_asn": None, "propagate_to": [RTB]}},
            {"vpn_gateway": {"vpc_id": VPC, "propagate_to": [RTB]}},
        ),
        (
            {"transit_gateway_id": TGW, "associate_with": "a", "propagate_to": [], "static_routes_to": ["b"]},
            {"transit_gateway_id": TGW, "associate_with": "a", "propagate_to": [], "static_routes_to": ["b"]},
        ),
    ],
)
def test_what_vpn_sites_takes(target: dict[str, Any], result: dict[str, Any]) -> None:
    assert read(target) == (result, [])


@pytest.mark.parametrize(
    ("target", "result", "refused"),
    [
        (TGW, {}, ["target"]),
        ({"transit_gateway_id": TGW, "vpn_gateway_id": VGW}, {}, ["target"]),
        ({"transit_gateway_id": 7}, {}, ["target.transit_gateway_id"]),
        ({"unattached": "yes"}, {}, ["target.unattached"]),
        ({"vpn_gateway": VPC}, {}, ["target.vpn_gateway"]),
        ({"vpn_gateway": {"amazon_side_asn": 64513}}, {}, ["target.vpn_gateway.vpc_id"]),
        ({"vpn_concentrator": {"transit_gateway_id": [TGW]}}, {}, ["target.vpn_concentrator.transit_gateway_id"]),
        # What can be read of a target is read, so that its rules are checked in the same run.
        ({"transit_gateway_id": TGW, "vpc": VPC}, {"transit_gateway_id": TGW}, ["target.vpc"]),
        (
            {"vpn_gateway": {"vpc_id": VPC, "propagate_to": RTB}},
            {"vpn_gateway": {"vpc_id": VPC}},
            ["target.vpn_gateway.propagate_to"],
        ),
        (
            {"transit_gateway_id": TGW, "associate_with": ["a"], "propagate_to": "b"},
            {"transit_gateway_id": TGW},
            ["target.propagate_to", "target.associate_with"],
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(target: object, result: dict[str, Any], refused: list[str]) -> None:
    found, options = read(target)
    assert found == result
    assert sorted(options) == sorted(refused)
