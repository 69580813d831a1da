# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document the data plane gets: the tunnels, and the routing of the VPC around them."""

from __future__ import annotations

from typing import Any

import pytest


def document() -> list[dict[str, Any]]:
    from vpn_emulator.ec2 import desired

    found: list[dict[str, Any]] = desired.document()["tunnels"]
    return found


def one_tunnel() -> dict[str, Any]:
    return document()[0]


def static_on_vgw(region: Any) -> tuple[str, str, dict[str, Any]]:
    """A VPC with a virtual private gateway and a static connection on it."""
    vpc_id, gateway_id = region.vpc(), region.vpn_gateway()
    region.attach(gateway_id, vpc_id)
    return vpc_id, gateway_id, region.connection(Options={"StaticRoutesOnly": True}, VpnGatewayId=gateway_id)


def test_a_whole_entry(region: Any) -> None:
    vpc_id, gateway_id = region.vpc(), region.vpn_gateway(AmazonSideAsn=65100)
    region.attach(gateway_id, vpc_id)
    sent = {
        "TunnelInsideCidr": "169.254.20.0/30",
        "PreSharedKey": "my.key_1234",
        "IKEVersions": [{"Value": "ikev2"}],
        "DPDTimeoutSeconds": 40,
    }
    connection = region.connection(
        tunnels=[sent],
        Options={"LocalIpv4NetworkCidr": "10.20.0.0/16", "RemoteIpv4NetworkCidr": "10.0.0.0/16"},
        VpnGatewayId=gateway_id,
    )
    first, second = document()
    assert first == {
        "vpn_connection_id": connection["VpnConnectionId"],
        "region": "eu-central-1",
        "number": 1,
        "outside_address": connection["Options"]["TunnelOptions"][0]["OutsideIpAddress"],
        "customer_address": "198.51.100.10",
        "inside_address": "169.254.20.1/30",
        "peer_inside_address": "169.254.20.2",
        "psk": "my.key_1234",
        "routing": "bgp",
        "amazon_side_asn": 65100,
        "customer_asn": 65010,
        "static_routes": [],
        "local_cidr": "10.20.0.0/16",
        "remote_cidr": "10.0.0.0/16",
        "is_accelerated": False,
        "advertise": ["10.0.0.0/16"],
        "accept": [],
        "med": 100,
        "route_limit": 100,
        "options": {"IkeVersions": [{"Value": "ikev2"}], "DpdTimeoutSeconds": 40},
        "generation": 1,
    }
    assert (second["number"], second["options"], second["med"]) == (2, {}, 200)


def test_static_routes_and_all_cidrs_of_the_vpc(region: Any, ec2: Any) -> None:
    vpc_id, _gateway_id, connection = static_on_vgw(region)
    added = ec2.associate_vpc_cidr_block(VpcId=vpc_id, CidrBlock="10.1.0.0/16")["CidrBlockAssociation"]
    for cidr in ("10.30.0.0/16", "10.31.0.0/16"):
        ec2.create_vpn_connection_route(VpnConnectionId=connection["VpnConnectionId"], DestinationCidrBlock=cidr)
    ec2.delete_vpn_connection_route(VpnConnectionId=connection["VpnConnectionId"], DestinationCidrBlock="10.31.0.0/16")
    tunnel = one_tunnel()
    assert (tunnel["routing"], tunnel["static_routes"]) == ("static", ["10.30.0.0/16"])
    assert tunnel["advertise"] == ["10.0.0.0/16", "10.1.0.0/16"]
    ec2.disassociate_vpc_cidr_block(AssociationId=added["AssociationId"])
    assert one_tunnel()["advertise"] == ["10.0.0.0/16"]


def test_the_vpc_accepts_anything_while_the_gateway_propagates(region: Any, ec2: Any) -> None:
    vpc_id, gateway_id, _connection = static_on_vgw(region)
    table = region.main_route_table(vpc_id)
    assert one_tunnel()["accept"] == []
    ec2.enable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
    assert one_tunnel()["accept"] == "any"
    ec2.disable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
    assert one_tunnel()["accept"] == []


def test_a_route_table_nobody_uses_does_not_count(region: Any, ec2: Any) -> None:
    vpc_id, gateway_id, _connection = static_on_vgw(region)
    table = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    ec2.enable_vgw_route_propagation(GatewayId=gateway_id, RouteTableId=table)
    assert one_tunnel()["accept"] == []
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    assert one_tunnel()["accept"] == "any"


def test_routes_to_the_gateway_are_accepted_without_propagation(region: Any, ec2: Any) -> None:
    vpc_id, gateway_id, _connection = static_on_vgw(region)
    table = region.main_route_table(vpc_id)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.30.0.0/16", GatewayId=gateway_id)
    assert one_tunnel()["accept"] == ["10.30.0.0/16"]


@pytest.mark.parametrize("kind", ["TransitGatewayId", "VpnConcentratorId"])
def test_a_transit_gateway_knows_its_vpcs_and_their_routes_to_it(region: Any, ec2: Any, kind: str) -> None:
    vpc_id, transit_gateway_id = region.vpc(), region.transit_gateway(Options={"AmazonSideAsn": 64999})
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    target = {"TransitGatewayId": transit_gateway_id}
    if kind == "VpnConcentratorId":
        target = {kind: ec2.create_vpn_concentrator(Type="ipsec.1", **target)["VpnConcentrator"][kind]}
    region.connection(**target)
    assert (one_tunnel()["advertise"], one_tunnel()["accept"]) == ([], [])
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=transit_gateway_id, VpcId=vpc_id, SubnetIds=[subnet])
    table = region.main_route_table(vpc_id)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.20.0.0/16", TransitGatewayId=transit_gateway_id)
    first, second = document()
    assert first["amazon_side_asn"] == 64999
    assert first["advertise"] == ["10.0.0.0/16"]
    assert first["accept"] == ["10.20.0.0/16"]
    assert (first["med"], second["med"]) == (100, 100)


def test_static_routes_of_a_transit_gateway_connection_are_in_its_route_tables(region: Any, ec2: Any) -> None:
    transit_gateway_id = region.transit_gateway()
    connection = region.connection(Options={"StaticRoutesOnly": True}, TransitGatewayId=transit_gateway_id)
    filters = [{"Name": "resource-id", "Values": [connection["VpnConnectionId"]]}]
    (attachment,) = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.30.0.0/16",
        TransitGatewayRouteTableId=attachment["Association"]["TransitGatewayRouteTableId"],
        TransitGatewayAttachmentId=attachment["TransitGatewayAttachmentId"],
    )
    assert one_tunnel()["static_routes"] == ["10.30.0.0/16"]


def test_only_connections_in_service_with_a_target_have_endpoints(region: Any, ec2: Any, emulator: Any) -> None:
    ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=region.customer_gateway())
    assert document() == []
    connection_id = region.connection()["VpnConnectionId"]
    assert len(document()) == 2
    emulator.settle = 30
    ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    assert document() == []


def test_an_accelerated_endpoint_is_told_so(region: Any) -> None:
    region.connection(Options={"EnableAcceleration": True}, TransitGatewayId=region.transit_gateway())
    assert [tunnel["is_accelerated"] for tunnel in document()] == [True, True]


def test_an_endpoint_takes_as_many_routes_as_its_gateway(region: Any, emulator: Any) -> None:
    transit_gateway_id = region.transit_gateway()
    concentrator = region.ec2.create_vpn_concentrator(Type="ipsec.1", TransitGatewayId=transit_gateway_id)
    region.connection(TransitGatewayId=transit_gateway_id)
    region.connection(VpnConcentratorId=concentrator["VpnConcentrator"]["VpnConcentratorId"])
    assert {one["route_limit"] for one in document()} == {1000}
    region.connection()
    assert [one["route_limit"] for one in document()].count(100) == 2
    emulator.quotas.set(bgp_routes_per_transit_gateway_connection=7, bgp_routes_per_vpn_gateway_connection=None)
    assert {one["route_limit"] for one in document()} == {7, None}
