# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual private gateways, their attachment to a VPC, and route propagation."""

from __future__ import annotations

from typing import Any

import pytest

UNKNOWN = "vgw-0123456789abcdef0"


def attachments(region: Any, gateway_id: str) -> list[tuple[str, str]]:
    return [(one["VpcId"], one["State"]) for one in region.show_vpn_gateway(gateway_id)["VpcAttachments"]]


def propagating(ec2: Any, table_id: str) -> list[str]:
    (table,) = ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"]
    return [one["GatewayId"] for one in table["PropagatingVgws"]]


def test_it_shows_what_was_sent(ec2: Any) -> None:
    gateway = ec2.create_vpn_gateway(Type="ipsec.1", AmazonSideAsn=4200000000, AvailabilityZone="eu-central-1a")
    assert gateway["VpnGateway"]["AmazonSideAsn"] == 4200000000
    assert gateway["VpnGateway"]["AvailabilityZone"] == "eu-central-1a"
    assert gateway["VpnGateway"]["VpcAttachments"] == []
    assert gateway["VpnGateway"]["Tags"] == []


def test_the_default_asn(region: Any) -> None:
    gateway = region.show_vpn_gateway(region.vpn_gateway())
    assert gateway["AmazonSideAsn"] == 64512
    assert "AvailabilityZone" not in gateway


@pytest.mark.parametrize("asn", [64512, 65534, 4200000000, 4294967294])
def test_private_asns_are_accepted(region: Any, asn: int) -> None:
    assert region.show_vpn_gateway(region.vpn_gateway(AmazonSideAsn=asn))["AmazonSideAsn"] == asn


@pytest.mark.parametrize("asn", [0, 7224, 64511, 65535, 4199999999, 4294967295])
def test_other_asns_are_refused(region: Any, refused: Any, asn: int) -> None:
    with refused("InvalidParameterValue"):
        region.vpn_gateway(AmazonSideAsn=asn)


def test_states_of_a_gateway_follow_the_clock(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    emulator.delays.set(vpn_gateway=30, vpn_gateway_deletion=30)
    gateway_id = region.vpn_gateway()
    assert region.show_vpn_gateway(gateway_id)["State"] == "pending"
    emulator.clock.advance(30)
    assert region.show_vpn_gateway(gateway_id)["State"] == "available"
    ec2.delete_vpn_gateway(VpnGatewayId=gateway_id)
    assert region.show_vpn_gateway(gateway_id)["State"] == "deleting"
    with refused("InvalidVpnGatewayState"):
        region.attach(gateway_id, region.vpc())
    with refused("InvalidVpnGatewayState"):
        ec2.delete_vpn_gateway(VpnGatewayId=gateway_id)
    emulator.clock.advance(30)
    assert region.show_vpn_gateway(gateway_id)["State"] == "deleted"
    emulator.clock.advance(3700)
    assert ec2.describe_vpn_gateways()["VpnGateways"] == []


def test_states_of_an_attachment_follow_the_clock(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    emulator.settle = 30
    assert region.attach(gateway_id, vpc_id) == {"VpcId": vpc_id, "State": "attaching"}
    emulator.clock.advance(30)
    assert attachments(region, gateway_id) == [(vpc_id, "attached")]
    with refused("IncorrectState"):
        ec2.delete_vpn_gateway(VpnGatewayId=gateway_id)
    ec2.detach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=vpc_id)
    assert attachments(region, gateway_id) == [(vpc_id, "detaching")]
    with refused("IncorrectState"):
        ec2.delete_vpn_gateway(VpnGatewayId=gateway_id)
    emulator.clock.advance(30)
    assert attachments(region, gateway_id) == [(vpc_id, "detached")]
    ec2.delete_vpn_gateway(VpnGatewayId=gateway_id)


def test_a_pending_gateway_can_be_attached_and_connected(region: Any, emulator: Any) -> None:
    emulator.settle = 30
    gateway_id = region.vpn_gateway()
    region.attach(gateway_id, region.vpc())
    region.connection(VpnGatewayId=gateway_id)
    assert region.show_vpn_gateway(gateway_id)["State"] == "pending"


def test_attaching_again_answers_with_the_attachment(region: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    assert region.attach(gateway_id, vpc_id) == region.attach(gateway_id, vpc_id)
    assert attachments(region, gateway_id) == [(vpc_id, "attached")]


def test_one_vpc_per_gateway_and_one_gateway_per_vpc(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    region.attach(gateway_id, vpc_id)
    with refused("VpnGatewayAttachmentLimitExceeded"):
        region.attach(gateway_id, region.vpc("10.1.0.0/16"))
    with refused("InvalidVpcState"):
        region.attach(region.vpn_gateway(), vpc_id)
    emulator.settle = 30
    ec2.detach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=vpc_id)
    with refused("VpnGatewayAttachmentLimitExceeded"):
        region.attach(gateway_id, region.vpc("10.2.0.0/16"))
    emulator.clock.advance(30)
    region.attach(gateway_id, vpc_id)


def test_a_detached_attachment_is_never_listed_beside_another(region: Any, ec2: Any, emulator: Any) -> None:
    """Clients wait until all of them are attached, and read the first."""
    emulator.settle = 30
    gateway_id, old, new = region.vpn_gateway(), region.vpc(), region.vpc("10.1.0.0/16")
    region.attach(gateway_id, old)
    emulator.clock.advance(30)
    ec2.detach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=old)
    emulator.clock.advance(30)
    region.attach(gateway_id, new)
    assert attachments(region, gateway_id) == [(new, "attaching")]
    emulator.clock.advance(30)
    assert attachments(region, gateway_id) == [(new, "attached")]
    filters = [{"Name": "attachment.vpc-id", "Values": [old]}]
    assert ec2.describe_vpn_gateways(Filters=filters)["VpnGateways"] == []


def test_a_detached_attachment_stays_listed_for_five_minutes(region: Any, ec2: Any, emulator: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    region.attach(gateway_id, vpc_id)
    ec2.detach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=vpc_id)
    emulator.clock.advance(290)
    assert attachments(region, gateway_id) == [(vpc_id, "detached")]
    emulator.clock.advance(20)
    assert attachments(region, gateway_id) == []
    region.attach(gateway_id, vpc_id)
    assert attachments(region, gateway_id) == [(vpc_id, "attached")]


def test_unknown_ids_of_gateway_vpc_and_pair(region: Any, ec2: Any, refused: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    with refused("InvalidVpnGatewayID.NotFound"):
        ec2.describe_vpn_gateways(VpnGatewayIds=[gateway_id, UNKNOWN])
    with refused("InvalidVpnGatewayID.NotFound"):
        ec2.delete_vpn_gateway(VpnGatewayId=UNKNOWN)
    with refused("InvalidVpnGatewayID.NotFound"):
        region.attach(UNKNOWN, vpc_id)
    with refused("InvalidVpcID.NotFound"):
        region.attach(gateway_id, "vpc-0123456789abcdef0")
    with refused("InvalidVpnGatewayAttachment.NotFound"):
        ec2.detach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=vpc_id)


def test_delete_is_refused_while_a_connection_uses_it(region: Any, ec2: Any, refused: Any) -> None:
    connection = region.connection()
    with refused("IncorrectState"):
        ec2.delete_vpn_gateway(VpnGatewayId=connection["VpnGatewayId"])
    ec2.delete_vpn_connection(VpnConnectionId=connection["VpnConnectionId"])
    ec2.delete_vpn_gateway(VpnGatewayId=connection["VpnGatewayId"])


def test_a_vpc_with_a_gateway_cannot_be_deleted(region: Any, ec2: Any, refused: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    region.attach(gateway_id, vpc_id)
    with refused("DependencyViolation"):
        ec2.delete_vpc(VpcId=vpc_id)
    ec2.detach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=vpc_id)
    ec2.delete_vpc(VpcId=vpc_id)


def test_route_propagation_is_switched_per_route_table(region: Any, ec2: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    region.attach(gateway_id, vpc_id)
    table = region.main_route_table(vpc_id)
    other = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    assert propagating(ec2, table) == []
    for _twice in range(2):
        ec2.enable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
        assert propagating(ec2, table) == [gateway_id]
    assert propagating(ec2, other) == []
    for _twice in range(2):
        ec2.disable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
        assert propagating(ec2, table) == []


def test_propagation_needs_the_gateway_at_the_vpc_of_the_table(
    region: Any, ec2: Any, emulator: Any, refused: Any
) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    table = region.main_route_table(vpc_id)
    with refused("Gateway.NotAttached"):
        ec2.enable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
    emulator.settle = 30
    region.attach(gateway_id, vpc_id)
    with refused("Gateway.NotAttached"):
        ec2.enable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
    emulator.clock.advance(30)
    ec2.enable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
    ec2.detach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=vpc_id)
    assert propagating(ec2, table) == []


def test_propagation_with_unknown_ids(region: Any, ec2: Any, refused: Any) -> None:
    table = region.main_route_table(region.vpc())
    for call in (ec2.enable_vgw_route_propagation, ec2.disable_vgw_route_propagation):
        with refused("InvalidVpnGatewayID.NotFound"):
            call(GatewayId=UNKNOWN, RouteTableId=table)
        with refused("InvalidRouteTableID.NotFound"):
            call(GatewayId=region.vpn_gateway(), RouteTableId="rtb-0123456789abcdef0")


def test_dry_run_changes_nothing(region: Any, ec2: Any, refused: Any) -> None:
    gateway_id, vpc_id = region.vpn_gateway(), region.vpc()
    with refused("DryRunOperation"):
        ec2.attach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=vpc_id, DryRun=True)
    with refused("DryRunOperation"):
        ec2.delete_vpn_gateway(VpnGatewayId=gateway_id, DryRun=True)
    gateway = region.show_vpn_gateway(gateway_id)
    assert (gateway["State"], gateway["VpcAttachments"]) == ("available", [])
