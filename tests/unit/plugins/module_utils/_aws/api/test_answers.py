# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that hold what cannot be: an error that names the value, on one line and not too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import (
    answers,
    concentrators,
    convert,
    convert_transit,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import BadAnswer

MARKER = "MARKER_psk.1"
EVIL = "vpn-0123456789abcdef0/../../../../etc/cron.d/pwn\n* * * * * root id"
CONNECTION = {"VpnConnectionId": "vpn-1"}


def tunnel(**values: Any) -> dict[str, Any]:
    return {**CONNECTION, "Options": {"TunnelOptions": [{"PreSharedKey": MARKER, **values}]}}


@pytest.mark.parametrize(
    ("read", "raw", "name"),
    [
        (convert.customer_gateway, {"CustomerGatewayId": EVIL}, "CustomerGatewayId"),
        (convert.customer_gateway, {"CustomerGatewayId": "vgw-1"}, "CustomerGatewayId"),
        (convert.customer_gateway, {"CustomerGatewayId": "cgw-1", "IpAddress": "192.0.2.1\n"}, "IpAddress"),
        (convert.customer_gateway, {"CustomerGatewayId": "cgw-1", "BgpAsn": "65010\n"}, "BgpAsn"),
        (convert.customer_gateway, {"CustomerGatewayId": "cgw-1", "BgpAsn": "\u0661"}, "BgpAsn"),
        (convert.customer_gateway, {"CustomerGatewayId": "cgw-1", "BgpAsnExtended": "9" * 20}, "BgpAsnExtended"),
        (convert.vpn_gateway, {"VpnGatewayId": EVIL}, "VpnGatewayId"),
        (convert.vpn_gateway, {"VpnGatewayId": "vgw-1", "AmazonSideAsn": 2**32}, "AmazonSideAsn"),
        (convert.vpn_gateway, {"VpnGatewayId": "vgw-1", "VpcAttachments": [{"VpcId": EVIL}]}, "VpcId"),
        (convert.transit_gateway, {"TransitGatewayId": EVIL}, "TransitGatewayId"),
        (convert.route_table, {"RouteTableId": EVIL}, "RouteTableId"),
        (convert.route_table, {"RouteTableId": "rtb-1", "PropagatingVgws": [{"GatewayId": EVIL}]}, "GatewayId"),
        (convert.connection, {"VpnConnectionId": EVIL}, "VpnConnectionId"),
        (convert.connection, {**CONNECTION, "CustomerGatewayId": EVIL}, "CustomerGatewayId"),
        (convert.connection, {**CONNECTION, "VpnGatewayId": EVIL}, "VpnGatewayId"),
        (convert.connection, {**CONNECTION, "TransitGatewayId": EVIL}, "TransitGatewayId"),
        (convert.connection, {**CONNECTION, "VpnConcentratorId": EVIL}, "VpnConcentratorId"),
        (convert.connection, {**CONNECTION, "Routes": [{"DestinationCidrBlock": EVIL}]}, "DestinationCidrBlock"),
        (convert.connection, tunnel(OutsideIpAddress="203.0.113.2\n"), "OutsideIpAddress"),
        (convert.connection, tunnel(OutsideIpAddress="fe80::1%x\n}"), "OutsideIpAddress"),
        (convert.connection, tunnel(TunnelInsideCidr="0.0.0.0/0"), "TunnelInsideCidr"),
        (convert.connection, tunnel(TunnelInsideCidr=EVIL), "TunnelInsideCidr"),
        (convert_transit.attachment, {"TransitGatewayAttachmentId": EVIL}, "TransitGatewayAttachmentId"),
        (convert_transit.route_table, {"TransitGatewayRouteTableId": EVIL}, "TransitGatewayRouteTableId"),
        (convert_transit.static_route, {"DestinationCidrBlock": EVIL}, "DestinationCidrBlock"),
        (convert_transit.propagating, {"TransitGatewayAttachmentId": EVIL}, "TransitGatewayAttachmentId"),
        (concentrators._concentrator, {"VpnConcentratorId": EVIL}, "VpnConcentratorId"),
    ],
)
def test_it_is_refused(read: Callable[[dict[str, Any]], Any], raw: dict[str, Any], name: str) -> None:
    with pytest.raises(BadAnswer) as refusal:
        read(raw)
    text = str(refusal.value)
    assert text.startswith(f"an answer of AWS has {name}=")
    assert text.isprintable()
    assert len(text) < 250
    assert MARKER not in text


@pytest.mark.parametrize("read", [convert.connection, convert.customer_gateway, convert_transit.attachment])
def test_an_answer_without_its_id_is_refused(read: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(BadAnswer, match=r"an answer of AWS has no \w+Id"):
        read({})


@pytest.mark.parametrize("raw", [{}, {"it": ""}, {"it": None}])
def test_what_is_empty_is_not_there(raw: dict[str, Any]) -> None:
    readers = (answers.optional_id, answers.address, answers.network, answers.inside_cidr, answers.number)
    assert [read(raw, "it") for read in readers] == [None] * 5


def test_an_inside_network_is_not_listed_address_by_address() -> None:
    """A network with four thousand million hosts would otherwise fill the memory of the controller."""
    xml = "<c><ipsec_tunnel><vpn_gateway><tunnel_outside_address><ip_address>203.0.113.2</ip_address>"
    xml += "</tunnel_outside_address><tunnel_inside_address><ip_address>169.254.20.1{}</ip_address><network_cidr>30"
    xml += "</network_cidr></tunnel_inside_address></vpn_gateway></ipsec_tunnel></c>"
    for spoiled, inside in (("", "169.254.20.0/30"), ("\u00b2", None), (" }", None)):
        raw = {**tunnel(OutsideIpAddress="203.0.113.2"), "CustomerGatewayConfiguration": xml.format(spoiled)}
        assert convert.connection(raw).tunnels[0].inside_cidr == inside
