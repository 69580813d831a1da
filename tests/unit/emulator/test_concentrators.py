# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPN concentrators, and connections on them."""

from __future__ import annotations

from typing import Any

import pytest

UNKNOWN = "vcn-0123456789abcdef0"


def create(region: Any, **more: Any) -> dict[str, Any]:
    more.setdefault("TransitGatewayId", region.transit_gateway())
    concentrator: dict[str, Any] = region.ec2.create_vpn_concentrator(Type="ipsec.1", **more)["VpnConcentrator"]
    return concentrator


def state(ec2: Any, concentrator: dict[str, Any]) -> str:
    ids = [concentrator["VpnConcentratorId"]]
    return str(ec2.describe_vpn_concentrators(VpnConcentratorIds=ids)["VpnConcentrators"][0]["State"])


def test_it_is_an_attachment_of_the_transit_gateway(region: Any, ec2: Any) -> None:
    tags = [{"ResourceType": "vpn-concentrator", "Tags": [{"Key": "Name", "Value": "sites"}]}]
    concentrator = create(region, TagSpecifications=tags)
    assert concentrator["Type"] == "ipsec.1"
    assert concentrator["Tags"] == [{"Key": "Name", "Value": "sites"}]
    (attachment,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert attachment["TransitGatewayAttachmentId"] == concentrator["TransitGatewayAttachmentId"]
    assert (attachment["ResourceType"], attachment["ResourceId"]) == (
        "vpn-concentrator",
        concentrator["VpnConcentratorId"],
    )
    assert attachment["Association"]["State"] == "associated"


def test_states_follow_the_clock(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    gateway_id = region.transit_gateway()
    emulator.settle = 30
    concentrator = create(region, TransitGatewayId=gateway_id)
    concentrator_id = concentrator["VpnConcentratorId"]
    assert concentrator["State"] == "pending"
    with refused("IncorrectState"):
        region.connection(VpnConcentratorId=concentrator_id)
    emulator.clock.advance(30)
    assert state(ec2, concentrator) == "available"
    assert ec2.delete_vpn_concentrator(VpnConcentratorId=concentrator_id)["Return"] is True
    assert state(ec2, concentrator) == "deleting"
    with refused("IncorrectState"):
        ec2.delete_vpn_concentrator(VpnConcentratorId=concentrator_id)
    emulator.clock.advance(30)
    assert state(ec2, concentrator) == "deleted"
    emulator.clock.advance(3700)
    assert ec2.describe_vpn_concentrators()["VpnConcentrators"] == []
    assert ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"] == []


def test_bad_requests(region: Any, ec2: Any, refused: Any) -> None:
    with refused("MissingParameter"):
        ec2.create_vpn_concentrator(Type="ipsec.1")
    with refused("InvalidParameterValue"):
        ec2.create_vpn_concentrator(Type="ipsec.2", TransitGatewayId=region.transit_gateway())
    with refused("InvalidTransitGatewayID.NotFound"):
        create(region, TransitGatewayId="tgw-0123456789abcdef0")
    with refused("InvalidVpnConcentratorID.NotFound"):
        ec2.delete_vpn_concentrator(VpnConcentratorId=UNKNOWN)
    with refused("InvalidVpnConcentratorID.NotFound"):
        ec2.describe_vpn_concentrators(VpnConcentratorIds=[UNKNOWN])
    with refused("InvalidVpnConcentratorID.NotFound"):
        ec2.create_tags(Resources=[UNKNOWN], Tags=[{"Key": "Name", "Value": "x"}])


def test_filters_and_tags(region: Any, ec2: Any) -> None:
    _first, second = create(region), create(region)
    ec2.create_tags(Resources=[second["VpnConcentratorId"]], Tags=[{"Key": "Name", "Value": "second"}])
    for name, value in (
        ("tag:Name", "second"),
        ("transit-gateway-id", second["TransitGatewayId"]),
        ("vpn-concentrator-id", second["VpnConcentratorId"]),
    ):
        found = ec2.describe_vpn_concentrators(Filters=[{"Name": name, "Values": [value]}])["VpnConcentrators"]
        assert [one["VpnConcentratorId"] for one in found] == [second["VpnConcentratorId"]]
    kept = ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": ["vpn-concentrator"]}])["Tags"]
    assert [one["ResourceId"] for one in kept] == [second["VpnConcentratorId"]]


def test_they_come_in_pages(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    emulator.quotas.lift()
    gateway_id = region.transit_gateway()
    for _each in range(201):
        create(region, TransitGatewayId=gateway_id)
    pages = ec2.get_paginator("describe_vpn_concentrators").paginate(PaginationConfig={"PageSize": 200})
    assert [len(page["VpnConcentrators"]) for page in pages] == [200, 1]
    with refused("InvalidNextToken"):
        ec2.describe_vpn_concentrators(NextToken="tomorrow")


def test_a_connection_names_the_concentrator_instead_of_the_transit_gateway(
    region: Any, ec2: Any, refused: Any
) -> None:
    concentrator = create(region)
    concentrator_id = concentrator["VpnConcentratorId"]
    connection = region.connection(VpnConcentratorId=concentrator_id)
    assert connection["VpnConcentratorId"] == concentrator_id
    assert "TransitGatewayId" not in connection
    assert connection["GatewayAssociationState"] == "associated"
    with refused("IncorrectState"):
        ec2.delete_vpn_concentrator(VpnConcentratorId=concentrator_id)
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection(
            VpnConnectionId=connection["VpnConnectionId"], TransitGatewayId=concentrator["TransitGatewayId"]
        )
    # Another device at the site is no move.
    ec2.modify_vpn_connection(
        VpnConnectionId=connection["VpnConnectionId"], CustomerGatewayId=region.customer_gateway("198.51.100.20")
    )
    ec2.delete_vpn_connection(VpnConnectionId=connection["VpnConnectionId"])
    ec2.delete_vpn_concentrator(VpnConcentratorId=concentrator_id)


@pytest.mark.parametrize("options", [{"StaticRoutesOnly": True}, {"TunnelBandwidth": "large"}])
def test_options_a_concentrator_does_not_have(region: Any, refused: Any, options: dict[str, Any]) -> None:
    concentrator_id = create(region)["VpnConcentratorId"]
    with refused("InvalidParameterCombination"):
        region.connection(VpnConcentratorId=concentrator_id, Options=options)


def test_one_target_only(region: Any, refused: Any) -> None:
    concentrator = create(region)
    with refused("InvalidParameterCombination"):
        region.connection(VpnConcentratorId=concentrator["VpnConcentratorId"], VpnGatewayId=region.vpn_gateway())
