# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags: what AWS refuses, in every call that creates something and in CreateTags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Tags = list[dict[str, str]]

REFUSED: list[tuple[str, Tags, str]] = [
    ("reserved", [{"Key": "aws:team", "Value": "x"}], "InvalidParameterValue"),
    ("reserved in any case", [{"Key": "AWS:Team", "Value": "x"}], "InvalidParameterValue"),
    ("twice", [{"Key": "team", "Value": "x"}, {"Key": "team", "Value": "y"}], "InvalidParameterValue"),
    ("long key", [{"Key": "k" * 129, "Value": "x"}], "InvalidParameterValue"),
    ("long value", [{"Key": "team", "Value": "v" * 257}], "InvalidParameterValue"),
    ("too many", [{"Key": f"key{number}", "Value": "x"} for number in range(51)], "TagLimitExceeded"),
]
ACCEPTED: Tags = [
    {"Key": "k" * 128, "Value": "v" * 256},
    {"Key": "awsome", "Value": "aws:x"},
    {"Key": "team", "Value": ""},
    {"Key": "Team", "Value": "\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 256},
]


@pytest.fixture
def creates(region: Any, ec2: Any) -> dict[str, Callable[[list[dict[str, Any]]], Any]]:
    """Every call that creates something of a VPN or beside it, by the type of what it creates."""
    vpc_id, transit_gateway_id, device = region.vpc(), region.transit_gateway(), region.customer_gateway()
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    type_and_target = {"Type": "ipsec.1", "TransitGatewayId": transit_gateway_id}
    calls: dict[str, tuple[Any, dict[str, Any]]] = {
        "customer-gateway": (
            ec2.create_customer_gateway,
            {"Type": "ipsec.1", "IpAddress": "198.51.100.20", "BgpAsn": 65020},
        ),
        "vpn-gateway": (ec2.create_vpn_gateway, {"Type": "ipsec.1"}),
        "vpn-connection": (ec2.create_vpn_connection, {**type_and_target, "CustomerGatewayId": device}),
        "vpn-concentrator": (ec2.create_vpn_concentrator, type_and_target),
        "transit-gateway": (ec2.create_transit_gateway, {}),
        "transit-gateway-route-table": (
            ec2.create_transit_gateway_route_table,
            {"TransitGatewayId": transit_gateway_id},
        ),
        "transit-gateway-attachment": (
            ec2.create_transit_gateway_vpc_attachment,
            {"TransitGatewayId": transit_gateway_id, "VpcId": vpc_id, "SubnetIds": [subnet_id]},
        ),
        "vpc": (ec2.create_vpc, {"CidrBlock": "10.9.0.0/16"}),
    }

    def caller(kind: str) -> Callable[[Tags], Any]:
        call, request = calls[kind]
        return lambda tags: call(**request, TagSpecifications=[{"ResourceType": kind, "Tags": tags}])

    return {kind: caller(kind) for kind in calls}


@pytest.mark.parametrize(("tags", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_every_create_refuses_what_create_tags_refuses(
    region: Any, ec2: Any, creates: dict[str, Callable[[Tags], Any]], refused: Any, tags: Tags, code: str
) -> None:
    before = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    for create in creates.values():
        with refused(code):
            create(tags)
    assert ec2.describe_vpn_gateways()["VpnGateways"] == []
    assert ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"] == before
    with refused(code):
        ec2.create_tags(Resources=[region.customer_gateway()], Tags=tags)
    assert ec2.describe_tags()["Tags"] == []


def test_what_is_just_allowed_is_kept(region: Any, ec2: Any, creates: dict[str, Callable[[Tags], Any]]) -> None:
    for create in creates.values():
        create(ACCEPTED)
    gateway_id = region.vpn_gateway()
    ec2.create_tags(Resources=[gateway_id], Tags=ACCEPTED)
    kept = region.show_vpn_gateway(gateway_id)["Tags"]
    assert sorted(kept, key=lambda tag: tag["Key"]) == sorted(ACCEPTED, key=lambda tag: tag["Key"])


def test_fifty_in_all(region: Any, ec2: Any, refused: Any) -> None:
    gateway_id = region.vpn_gateway()
    tags = [{"Key": f"key{number}", "Value": "x"} for number in range(50)]
    ec2.create_tags(Resources=[gateway_id], Tags=tags)
    ec2.create_tags(Resources=[gateway_id], Tags=[{"Key": "key1", "Value": "y"}])
    with refused("TagLimitExceeded"):
        ec2.create_tags(Resources=[gateway_id], Tags=[{"Key": "one.more", "Value": "x"}])
