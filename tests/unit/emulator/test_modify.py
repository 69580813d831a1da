# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes in place: tunnel options, connection options, another target or customer gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def tunnels(connection: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = connection["Options"]["TunnelOptions"]
    return found


@pytest.fixture
def connection(region: Any) -> dict[str, Any]:
    found: dict[str, Any] = region.connection(tunnels=[{"TunnelInsideCidr": "169.254.20.0/30"}])
    return found


@pytest.fixture
def modify(ec2: Any, connection: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Change options of tunnel 1 of the connection."""

    def call(options: dict[str, Any], **more: Any) -> dict[str, Any]:
        answer = ec2.modify_vpn_tunnel_options(
            VpnConnectionId=connection["VpnConnectionId"],
            VpnTunnelOutsideIpAddress=tunnels(connection)[0]["OutsideIpAddress"],
            TunnelOptions=options,
            **more,
        )
        changed: dict[str, Any] = answer["VpnConnection"]
        return changed

    return call


def test_only_the_sent_options_of_that_tunnel_change(connection: dict[str, Any], modify: Any) -> None:
    before = tunnels(connection)
    sent = {"PreSharedKey": "another.key_of_berlin", "DPDTimeoutSeconds": 40, "IKEVersions": [{"Value": "ikev2"}]}
    first, second = tunnels(modify(sent))
    expected = {"PreSharedKey": "another.key_of_berlin", "DpdTimeoutSeconds": 40, "IkeVersions": [{"Value": "ikev2"}]}
    assert first == {**before[0], **expected}
    assert second == before[1]


def test_one_change_at_a_time(
    region: Any, ec2: Any, emulator: Any, refused: Any, connection: dict[str, Any], modify: Any
) -> None:
    emulator.settle = 30
    answer = modify({"StartupAction": "start"})
    assert answer["State"] == "modifying"
    assert "CustomerGatewayConfiguration" not in answer
    with refused("InvalidVpnConnection.InvalidState"):
        modify({"StartupAction": "add"})
    with refused("InvalidVpnConnection.InvalidState"):
        ec2.modify_vpn_connection_options(
            VpnConnectionId=connection["VpnConnectionId"], LocalIpv4NetworkCidr="10.20.0.0/16"
        )
    emulator.clock.advance(30)
    shown = region.show(connection["VpnConnectionId"])
    assert shown["State"] == "available"
    assert "<vpn_connection " in shown["CustomerGatewayConfiguration"]
    modify({"StartupAction": "add"})


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"PreSharedKey": "has+plus.sign"}, "InvalidParameterValue"),
        ({"TunnelInsideCidr": "169.254.5.0/30"}, "InvalidParameterValue"),
        ({"TunnelInsideIpv6Cidr": "fd00::/126"}, "InvalidParameterCombination"),
        ({"Phase2LifetimeSeconds": 3601}, "InvalidParameterValue"),
    ],
)
def test_the_rules_of_create_hold(refused: Any, modify: Any, options: dict[str, Any], code: str) -> None:
    with refused(code):
        modify(options)


def test_rules_over_several_options_look_at_what_is_in_force(refused: Any, modify: Any) -> None:
    modify({"RekeyMarginTimeSeconds": 1000})
    with refused("InvalidParameterValue"):
        modify({"Phase2LifetimeSeconds": 1999})
    modify({"Phase2LifetimeSeconds": 2000})


def test_the_inside_cidr_must_be_free_on_the_gateway(
    region: Any, connection: dict[str, Any], refused: Any, modify: Any
) -> None:
    taken = tunnels(region.connection(VpnGatewayId=connection["VpnGatewayId"]))[0]["TunnelInsideCidr"]
    twin = tunnels(connection)[1]["TunnelInsideCidr"]
    for cidr in (taken, twin):
        with refused("InvalidParameterValue"):
            modify({"TunnelInsideCidr": cidr})
    assert tunnels(modify({"TunnelInsideCidr": "169.254.21.0/30"}))[0]["TunnelInsideCidr"] == "169.254.21.0/30"


def test_the_tunnel_is_named_by_its_outside_address(ec2: Any, connection: dict[str, Any], refused: Any) -> None:
    with refused("InvalidParameterValue"):
        ec2.modify_vpn_tunnel_options(
            VpnConnectionId=connection["VpnConnectionId"],
            VpnTunnelOutsideIpAddress="203.0.113.99",
            TunnelOptions={"StartupAction": "start"},
        )
    with refused("InvalidVpnConnectionID.NotFound"):
        ec2.modify_vpn_tunnel_options(
            VpnConnectionId="vpn-0123456789abcdef0",
            VpnTunnelOutsideIpAddress="203.0.113.99",
            TunnelOptions={"StartupAction": "start"},
        )


def test_no_options_at_all_are_refused(refused: Any, modify: Any) -> None:
    with refused("MissingParameter"):
        modify({})


def test_replacement_is_skipped_only_for_the_lifecycle_switch(refused: Any, modify: Any) -> None:
    with refused("InvalidParameterCombination"):
        modify({"StartupAction": "start"}, SkipTunnelReplacement=True)
    changed = modify({"EnableTunnelLifecycleControl": True}, SkipTunnelReplacement=True)
    assert tunnels(changed)[0]["EnableTunnelLifecycleControl"] is True


def test_connection_options(ec2: Any, connection: dict[str, Any], refused: Any) -> None:
    connection_id = connection["VpnConnectionId"]
    answer = ec2.modify_vpn_connection_options(
        VpnConnectionId=connection_id, LocalIpv4NetworkCidr="10.20.0.0/16", RemoteIpv4NetworkCidr="10.0.0.0/16"
    )
    shown = answer["VpnConnection"]["Options"]
    assert (shown["LocalIpv4NetworkCidr"], shown["RemoteIpv4NetworkCidr"]) == ("10.20.0.0/16", "10.0.0.0/16")
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection_options(VpnConnectionId=connection_id, LocalIpv6NetworkCidr="2001:db8::/32")
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection_options(VpnConnectionId=connection_id, TunnelBandwidth="large")
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection_options(VpnConnectionId=connection_id)


def test_moving_to_a_transit_gateway_and_back_keeps_addresses_and_options(region: Any, ec2: Any) -> None:
    connection = region.connection()
    connection_id, before = connection["VpnConnectionId"], tunnels(connection)
    transit_gateway_id = region.transit_gateway()

    moved = ec2.modify_vpn_connection(VpnConnectionId=connection_id, TransitGatewayId=transit_gateway_id)
    moved = moved["VpnConnection"]
    assert moved["TransitGatewayId"] == transit_gateway_id
    assert "VpnGatewayId" not in moved
    assert tunnels(moved) == before
    filters = [{"Name": "resource-id", "Values": [connection_id]}]
    attached = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    assert [one["State"] for one in attached] == ["available"]

    back = ec2.modify_vpn_connection(VpnConnectionId=connection_id, VpnGatewayId=connection["VpnGatewayId"])
    assert back["VpnConnection"]["VpnGatewayId"] == connection["VpnGatewayId"]
    assert "TransitGatewayId" not in back["VpnConnection"]
    attached = ec2.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]
    assert [one["State"] for one in attached] == ["deleted"]


def test_static_routes_have_to_go_before_a_transit_gateway(region: Any, ec2: Any, refused: Any) -> None:
    connection_id = region.connection(Options={"StaticRoutesOnly": True})["VpnConnectionId"]
    request = {"VpnConnectionId": connection_id, "TransitGatewayId": region.transit_gateway()}
    ec2.create_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock="10.20.0.0/16")
    with refused("InvalidParameterCombination"):
        ec2.modify_vpn_connection(**request)
    ec2.delete_vpn_connection_route(VpnConnectionId=connection_id, DestinationCidrBlock="10.20.0.0/16")
    ec2.modify_vpn_connection(**request)


def test_another_customer_gateway(region: Any, ec2: Any, connection: dict[str, Any]) -> None:
    new = region.customer_gateway("198.51.100.20", 65020)
    answer = ec2.modify_vpn_connection(VpnConnectionId=connection["VpnConnectionId"], CustomerGatewayId=new)
    assert answer["VpnConnection"]["CustomerGatewayId"] == new
    ec2.delete_customer_gateway(CustomerGatewayId=connection["CustomerGatewayId"])
    assert "198.51.100.20" in region.show(connection["VpnConnectionId"])["CustomerGatewayConfiguration"]


def test_modify_connection_refuses(region: Any, ec2: Any, connection: dict[str, Any], refused: Any) -> None:
    connection_id = connection["VpnConnectionId"]
    with refused("MissingParameter"):
        ec2.modify_vpn_connection(VpnConnectionId=connection_id)
    with refused("InvalidVpnGatewayID.NotFound"):
        ec2.modify_vpn_connection(VpnConnectionId=connection_id, VpnGatewayId="vgw-0123456789abcdef0")
    with refused("InvalidParameterValue"):
        ec2.modify_vpn_connection(
            VpnConnectionId=connection_id,
            VpnGatewayId=region.vpn_gateway(),
            TransitGatewayId=region.transit_gateway(),
        )
    with refused("AsnConflict"):
        ec2.modify_vpn_connection(VpnConnectionId=connection_id, VpnGatewayId=region.vpn_gateway(AmazonSideAsn=65010))
    with refused("AsnConflict"):
        same = region.customer_gateway("198.51.100.20", 64512)
        ec2.modify_vpn_connection(VpnConnectionId=connection_id, CustomerGatewayId=same)
    with refused("DryRunOperation"):
        ec2.modify_vpn_connection(VpnConnectionId=connection_id, VpnGatewayId=region.vpn_gateway(), DryRun=True)
    assert region.show(connection_id)["VpnGatewayId"] == connection["VpnGatewayId"]


def test_lifecycle_control_stays_while_maintenance_is_pending(
    connection: dict[str, Any], emulator: Any, modify: Any, refused: Any
) -> None:
    modify({"EnableTunnelLifecycleControl": True}, SkipTunnelReplacement=True)
    emulator.maintenance(tunnels(connection)[0]["OutsideIpAddress"])
    with refused("InvalidParameterCombination"):
        modify({"EnableTunnelLifecycleControl": False}, SkipTunnelReplacement=True)
    modify({"EnableTunnelLifecycleControl": False})
