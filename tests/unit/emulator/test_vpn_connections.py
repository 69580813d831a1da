# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPN connections: create, describe, delete; targets; what AWS chooses by itself."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

UNKNOWN = "vpn-0123456789abcdef0"


def tunnels(connection: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = connection["Options"]["TunnelOptions"]
    return found


def attachments(ec2: Any, connection_id: str) -> list[dict[str, Any]]:
    filters = [{"Name": "resource-id", "Values": [connection_id]}]
    found: list[dict[str, Any]] = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    return found


def test_a_new_connection_shows_everything_from_the_start(region: Any, emulator: Any) -> None:
    emulator.settle = 30
    transit_gateway_id = region.transit_gateway()
    connection = region.connection(TransitGatewayId=transit_gateway_id)
    assert connection["VpnConnectionId"].startswith("vpn-")
    assert (connection["State"], connection["Category"], connection["Type"]) == ("pending", "VPN", "ipsec.1")
    assert connection["TransitGatewayId"] == transit_gateway_id
    assert "VpnGatewayId" not in connection
    assert connection["GatewayAssociationState"] == "associated"
    assert (connection["Routes"], connection["Tags"]) == ([], [])
    assert [one["Status"] for one in connection["VgwTelemetry"]] == ["DOWN", "DOWN"]
    assert "<vpn_connection " in connection["CustomerGatewayConfiguration"]


def test_connection_level_defaults_are_shown_but_tunnel_level_ones_are_not(region: Any) -> None:
    options = region.show(region.connection()["VpnConnectionId"])["Options"]
    both = options.pop("TunnelOptions")
    assert options == {
        "EnableAcceleration": False,
        "StaticRoutesOnly": False,
        "LocalIpv4NetworkCidr": "0.0.0.0/0",
        "RemoteIpv4NetworkCidr": "0.0.0.0/0",
        "OutsideIpAddressType": "PublicIpv4",
        "TunnelInsideIpVersion": "ipv4",
    }
    assert len(both) == 2
    for tunnel in both:
        assert set(tunnel) == {"OutsideIpAddress", "TunnelInsideCidr", "PreSharedKey", "LogOptions"}
        assert tunnel["LogOptions"] == {"CloudWatchLogOptions": {"LogEnabled": False}}


def test_generated_keys_look_like_those_of_aws_and_differ(region: Any) -> None:
    gateway = region.vpn_gateway()
    keys = [one["PreSharedKey"] for _each in range(10) for one in tunnels(region.connection(VpnGatewayId=gateway))]
    assert len(set(keys)) == 20
    assert all(re.fullmatch(r"[A-Za-z1-9._][A-Za-z0-9._]{31}", key) for key in keys)


def test_addresses_differ_over_all_connections_and_regions(region: Any, emulator: Any) -> None:
    import boto3

    elsewhere = boto3.client("ec2", **{**emulator.client_options(), "region_name": "us-east-1"})
    there = type(region)(elsewhere)
    connections = [where.connection() for where in (region, there) for _each in range(5)]
    outside = [one["OutsideIpAddress"] for connection in connections for one in tunnels(connection)]
    assert len(set(outside)) == 20
    assert all(re.fullmatch(r"198\.1[89]\.\d+\.\d+", address) for address in outside)
    inside = [one["TunnelInsideCidr"] for connection in connections[:5] for one in tunnels(connection)]
    assert len(set(inside)) == 10
    assert all(re.fullmatch(r"169\.254\.\d+\.\d+/30", cidr) for cidr in inside)


def test_what_was_sent_is_stored_and_the_rest_of_the_tunnel_stays_absent(region: Any) -> None:
    sent = {
        "TunnelInsideCidr": "169.254.20.0/30",
        "PreSharedKey": "my_own.key.of_berlin",
        "Phase1EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
        "Phase1DHGroupNumbers": [{"Value": 20}, {"Value": 19}],
        "IKEVersions": [{"Value": "ikev2"}],
        "DPDTimeoutSeconds": 45,
        "DPDTimeoutAction": "restart",
        "Phase2LifetimeSeconds": 1800,
        "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": False}},
    }
    connection = region.show(region.connection(tunnels=[sent])["VpnConnectionId"])
    first, second = tunnels(connection)
    first.pop("OutsideIpAddress")
    renamed = {"IKEVersions": "IkeVersions", "DPDTimeoutSeconds": "DpdTimeoutSeconds"}
    renamed["DPDTimeoutAction"] = "DpdTimeoutAction"
    assert first == {renamed.get(name, name): value for name, value in sent.items()}
    assert set(second) == {"OutsideIpAddress", "TunnelInsideCidr", "PreSharedKey", "LogOptions"}


def test_states_follow_the_clock(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    customer_gateway_id, vpn_gateway_id = region.customer_gateway(), region.vpn_gateway()
    emulator.settle = 30
    connection_id = region.connection(CustomerGatewayId=customer_gateway_id, VpnGatewayId=vpn_gateway_id)[
        "VpnConnectionId"
    ]
    emulator.clock.advance(29)
    assert region.show(connection_id)["State"] == "pending"
    emulator.clock.advance(1)
    assert region.show(connection_id)["State"] == "available"
    ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    deleting = region.show(connection_id)
    assert deleting["State"] == "deleting"
    assert "CustomerGatewayConfiguration" not in deleting
    with refused("InvalidVpnConnection.InvalidState"):
        ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    with refused("IncorrectState"):
        ec2.delete_customer_gateway(CustomerGatewayId=customer_gateway_id)
    emulator.clock.advance(30)
    assert region.show(connection_id)["State"] == "deleted"
    emulator.clock.advance(3700)
    assert ec2.describe_vpn_connections()["VpnConnections"] == []
    with refused("InvalidVpnConnectionID.NotFound"):
        region.show(connection_id)


def test_the_waiters_of_botocore_end(region: Any, ec2: Any) -> None:
    ids = [region.connection()["VpnConnectionId"]]
    ec2.get_waiter("vpn_connection_available").wait(VpnConnectionIds=ids)
    ec2.delete_vpn_connection(VpnConnectionId=ids[0])
    ec2.get_waiter("vpn_connection_deleted").wait(VpnConnectionIds=ids)


def test_a_repeated_create_makes_a_second_connection(region: Any) -> None:
    request = {"CustomerGatewayId": region.customer_gateway(), "VpnGatewayId": region.vpn_gateway()}
    assert region.connection(**request)["VpnConnectionId"] != region.connection(**request)["VpnConnectionId"]


def test_a_connection_without_a_target_is_legal(region: Any, ec2: Any) -> None:
    gateway_id = region.customer_gateway()
    connection = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=gateway_id)["VpnConnection"]
    assert connection["GatewayAssociationState"] == "not-associated"
    assert "VpnGatewayId" not in connection
    assert "TransitGatewayId" not in connection
    assert len(tunnels(connection)) == 2


def test_a_transit_gateway_gets_an_attachment_in_the_state_of_the_connection(
    region: Any, ec2: Any, emulator: Any
) -> None:
    transit_gateway_id = region.transit_gateway()
    emulator.settle = 30
    connection_id = region.connection(TransitGatewayId=transit_gateway_id)["VpnConnectionId"]
    (attachment,) = attachments(ec2, connection_id)
    assert (attachment["ResourceType"], attachment["State"]) == ("vpn", "pending")
    assert attachment["TransitGatewayId"] == transit_gateway_id
    emulator.clock.advance(30)
    assert attachments(ec2, connection_id)[0]["State"] == "available"
    ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    emulator.clock.advance(30)
    assert attachments(ec2, connection_id)[0]["State"] == "deleted"


def test_a_transit_gateway_in_use_is_not_deleted(region: Any, ec2: Any, refused: Any) -> None:
    transit_gateway_id = region.transit_gateway()
    connection_id = region.connection(TransitGatewayId=transit_gateway_id)["VpnConnectionId"]
    with refused("IncorrectState"):
        ec2.delete_transit_gateway(TransitGatewayId=transit_gateway_id)
    ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    ec2.delete_transit_gateway(TransitGatewayId=transit_gateway_id)
    with refused("InvalidTransitGatewayID.NotFound"):
        ec2.delete_transit_gateway(TransitGatewayId=transit_gateway_id)


def test_requests_at_the_same_time_do_not_mix(region: Any, ec2: Any) -> None:
    request = {"CustomerGatewayId": region.customer_gateway(), "TransitGatewayId": region.transit_gateway()}
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: region.connection(**request), range(24)))
    assert len({one["VpnConnectionId"] for one in made}) == 24
    assert len({tunnel["OutsideIpAddress"] for one in made for tunnel in tunnels(one)}) == 48
    assert len({tunnel["TunnelInsideCidr"] for one in made for tunnel in tunnels(one)}) == 48
    assert len(ec2.describe_vpn_connections()["VpnConnections"]) == 24


def test_tags_on_create_and_later(region: Any, ec2: Any) -> None:
    tags = [{"Key": "Name", "Value": "berlin"}, {"Key": "hybridnet:gateway", "Value": "berlin"}]
    specification = [{"ResourceType": "vpn-connection", "Tags": tags}]
    connection_id = region.connection(TagSpecifications=specification)["VpnConnectionId"]
    assert region.show(connection_id)["Tags"] == tags
    ec2.create_tags(Resources=[connection_id], Tags=[{"Key": "Name", "Value": "madrid"}])
    ec2.delete_tags(Resources=[connection_id], Tags=[{"Key": "hybridnet:gateway"}])
    assert region.show(connection_id)["Tags"] == [{"Key": "Name", "Value": "madrid"}]
    (tag,) = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [connection_id]}])["Tags"]
    assert (tag["ResourceType"], tag["Value"]) == ("vpn-connection", "madrid")


def test_tags_for_another_resource_type_are_refused(region: Any, refused: Any) -> None:
    with refused("InvalidParameter"):
        region.connection(TagSpecifications=[{"ResourceType": "vpn-gateway", "Tags": [{"Key": "a", "Value": "b"}]}])


def test_neighbours_must_exist(region: Any, refused: Any) -> None:
    with refused("InvalidCustomerGatewayID.NotFound"):
        region.connection(CustomerGatewayId="cgw-0123456789abcdef0")
    with refused("InvalidVpnGatewayID.NotFound"):
        region.connection(VpnGatewayId="vgw-0123456789abcdef0")
    with refused("InvalidTransitGatewayID.NotFound", "The transitGateway ID 'tgw-0123456789abcdef0' does not exist"):
        region.connection(TransitGatewayId="tgw-0123456789abcdef0")


def test_neighbours_must_not_be_deleted(region: Any, ec2: Any, emulator: Any, refused: Any) -> None:
    gone = region.customer_gateway("198.51.100.99")
    ec2.delete_customer_gateway(CustomerGatewayId=gone)
    with refused("InvalidCustomerGatewayState"):
        region.connection(CustomerGatewayId=gone)
    gateway_id = region.vpn_gateway()
    emulator.settle = 30
    ec2.delete_vpn_gateway(VpnGatewayId=gateway_id)
    with refused("InvalidVpnGatewayState"):
        region.connection(VpnGatewayId=gateway_id)


@pytest.mark.parametrize("are_known", [True, False])
def test_two_targets_are_refused_whether_they_are_there_or_not(
    region: Any, ec2: Any, refused: Any, are_known: bool
) -> None:
    targets = {"VpnGatewayId": "vgw-0123456789abcdef0", "TransitGatewayId": "tgw-0123456789abcdef0"}
    if are_known:
        targets = {"VpnGatewayId": region.vpn_gateway(), "TransitGatewayId": region.transit_gateway()}
    with refused("InvalidParameterValue", "must not contain both parameter vpnGatewayId and transitGatewayId"):
        region.connection(CustomerGatewayId="cgw-0123456789abcdef0", **targets)
    with refused("InvalidParameterValue", "must not contain both parameter vpnGatewayId and transitGatewayId"):
        ec2.modify_vpn_connection(VpnConnectionId=UNKNOWN, **targets)
    with refused("InvalidParameterCombination"):
        region.connection(VpnConcentratorId="vcn-0123456789abcdef0", VpnGatewayId=targets["VpnGatewayId"])


@pytest.mark.parametrize("is_static", [False, True])
def test_both_sides_of_a_virtual_private_gateway_need_different_asns(
    region: Any, refused: Any, is_static: bool
) -> None:
    gateway, options = region.customer_gateway(asn=64512), {"StaticRoutesOnly": is_static}
    with refused("AsnConflict", "The ASN of the specified customer gateway and virtual private gateway are the same."):
        region.connection(CustomerGatewayId=gateway, VpnGatewayId=region.vpn_gateway(), Options=options)
    region.connection(CustomerGatewayId=gateway, TransitGatewayId=region.transit_gateway())


def test_unknown_ids(region: Any, ec2: Any, refused: Any) -> None:
    known = region.connection()["VpnConnectionId"]
    with refused("InvalidVpnConnectionID.NotFound"):
        ec2.describe_vpn_connections(VpnConnectionIds=[known, UNKNOWN])
    with refused("InvalidVpnConnectionID.NotFound"):
        ec2.delete_vpn_connection(VpnConnectionId=UNKNOWN)
    with refused("InvalidTransitGatewayID.NotFound"):
        ec2.describe_transit_gateways(TransitGatewayIds=["tgw-0123456789abcdef0"])


def test_dry_run_changes_nothing(region: Any, ec2: Any, refused: Any) -> None:
    with refused("DryRunOperation"):
        region.connection(DryRun=True)
    assert ec2.describe_vpn_connections()["VpnConnections"] == []
