# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adapter against the real service model: each request through botocore's Stubber."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    LostAnswer,
    NotFound,
    Throttled,
    VpnError,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import TunnelWanted
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from botocore.stub import Stubber

MARKER = "MARKER_psk.1"
TAGS = {"hybridnet:gateway": "berlin", "hybridnet:connection": "main"}
WIRE_TAGS = [{"Key": key, "Value": value} for key, value in sorted(TAGS.items())]

Stub = tuple[Ec2, Stubber]


CONNECTION = {"VpnConnectionId": "vpn-1", "State": "modifying"}
WRITES: list[tuple[str, dict[str, Any], dict[str, Any], Callable[[Ec2], Any]]] = [
    (
        "create_customer_gateway",
        {
            "Type": "ipsec.1",
            "BgpAsn": 65010,
            "IpAddress": "198.51.100.10",
            "DeviceName": "edge",
            "TagSpecifications": [{"ResourceType": "customer-gateway", "Tags": WIRE_TAGS}],
        },
        {"CustomerGateway": {"CustomerGatewayId": "cgw-1", "State": "available"}},
        lambda ec2: ec2.create_customer_gateway(
            "berlin", public_ip="198.51.100.10", bgp_asn=65010, device_name="edge", tags=TAGS
        ),
    ),
    (
        "create_vpn_gateway",
        {
            "Type": "ipsec.1",
            "AmazonSideAsn": 64620,
            "TagSpecifications": [{"ResourceType": "vpn-gateway", "Tags": WIRE_TAGS}],
        },
        {"VpnGateway": {"VpnGatewayId": "vgw-1"}},
        lambda ec2: ec2.create_vpn_gateway("vpc-1", 64620, TAGS),
    ),
    (
        "create_vpn_gateway",
        {"Type": "ipsec.1", "TagSpecifications": [{"ResourceType": "vpn-gateway", "Tags": WIRE_TAGS}]},
        {"VpnGateway": {"VpnGatewayId": "vgw-1"}},
        lambda ec2: ec2.create_vpn_gateway("vpc-1", None, TAGS),
    ),
    (
        "create_vpn_connection",
        {
            "Type": "ipsec.1",
            "CustomerGatewayId": "cgw-1",
            "TransitGatewayId": "tgw-1",
            "Options": {
                "StaticRoutesOnly": False,
                "TunnelOptions": [{"TunnelInsideCidr": "169.254.20.0/30", "PreSharedKey": MARKER}, {}],
            },
            "TagSpecifications": [{"ResourceType": "vpn-connection", "Tags": WIRE_TAGS}],
        },
        {"VpnConnection": CONNECTION},
        lambda ec2: ec2.create_connection(
            "berlin",
            ends={"CustomerGatewayId": "cgw-1", "TransitGatewayId": "tgw-1"},
            options={"static_routes_only": False},
            tunnels=(
                TunnelWanted({"inside_cidr": "169.254.20.0/30", "pre_shared_key": Secret(MARKER)}),
                TunnelWanted(),
            ),
            tags=TAGS,
        ),
    ),
    (
        "attach_vpn_gateway",
        {"VpnGatewayId": "vgw-1", "VpcId": "vpc-1"},
        {},
        lambda ec2: ec2.attach_vpn_gateway("vgw-1", "vpc-1"),
    ),
    (
        "detach_vpn_gateway",
        {"VpnGatewayId": "vgw-1", "VpcId": "vpc-1"},
        {},
        lambda ec2: ec2.detach_vpn_gateway("vgw-1", "vpc-1"),
    ),
    (
        "enable_vgw_route_propagation",
        {"GatewayId": "vgw-1", "RouteTableId": "rtb-1"},
        {},
        lambda ec2: ec2.enable_propagation("vgw-1", "rtb-1"),
    ),
    (
        "disable_vgw_route_propagation",
        {"GatewayId": "vgw-1", "RouteTableId": "rtb-1"},
        {},
        lambda ec2: ec2.disable_propagation("vgw-1", "rtb-1"),
    ),
    (
        "modify_vpn_connection",
        {"VpnConnectionId": "vpn-1", "CustomerGatewayId": "cgw-2"},
        {"VpnConnection": CONNECTION},
        lambda ec2: ec2.modify_connection("vpn-1", {"CustomerGatewayId": "cgw-2"}),
    ),
    (
        "modify_vpn_tunnel_options",
        {
            "VpnConnectionId": "vpn-1",
            "VpnTunnelOutsideIpAddress": "203.0.113.2",
            "TunnelOptions": {"PreSharedKey": MARKER, "IKEVersions": [{"Value": "ikev2"}]},
        },
        {"VpnConnection": CONNECTION},
        lambda ec2: ec2.modify_tunnel(
            "vpn-1", "203.0.113.2", options={"pre_shared_key": Secret(MARKER), "ike_versions": ["ikev2"]}
        ),
    ),
    (
        "create_vpn_connection_route",
        {"VpnConnectionId": "vpn-1", "DestinationCidrBlock": "10.1.0.0/16"},
        {},
        lambda ec2: ec2.create_route("vpn-1", "10.1.0.0/16"),
    ),
    (
        "delete_vpn_connection_route",
        {"VpnConnectionId": "vpn-1", "DestinationCidrBlock": "10.1.0.0/16"},
        {},
        lambda ec2: ec2.delete_route("vpn-1", "10.1.0.0/16"),
    ),
    ("create_tags", {"Resources": ["vpn-1"], "Tags": WIRE_TAGS}, {}, lambda ec2: ec2.set_tags("vpn-1", TAGS)),
    (
        "delete_tags",
        {"Resources": ["vpn-1"], "Tags": [{"Key": "env"}]},
        {},
        lambda ec2: ec2.remove_tags("vpn-1", ["env"]),
    ),
    ("delete_vpn_connection", {"VpnConnectionId": "vpn-1"}, {}, lambda ec2: ec2.delete_connection("vpn-1")),
    ("delete_vpn_gateway", {"VpnGatewayId": "vgw-1"}, {}, lambda ec2: ec2.delete_vpn_gateway("vgw-1")),
    ("delete_customer_gateway", {"CustomerGatewayId": "cgw-1"}, {}, lambda ec2: ec2.delete_customer_gateway("cgw-1")),
]
# AWS would make a second one of these.
NEVER_REPEATED = {"create_vpn_gateway", "create_vpn_connection"}
REMOVALS = {
    "delete_customer_gateway",
    "delete_vpn_connection",
    "delete_vpn_connection_route",
    "delete_vpn_gateway",
    "detach_vpn_gateway",
}
BY_CALL = pytest.mark.parametrize(
    ("call", "request_", "answer", "work"), WRITES, ids=lambda value: value if isinstance(value, str) else ""
)


@BY_CALL
def test_requests(
    stub: Stub, call: str, request_: dict[str, Any], answer: dict[str, Any], work: Callable[[Ec2], Any]
) -> None:
    ec2, stubber = stub
    stubber.add_response(call, answer, request_)
    result = work(ec2)
    assert ec2.calls == {call: 1}
    if call.startswith("modify"):
        assert result == "modifying"


@BY_CALL
def test_not_found(
    stub: Stub, call: str, request_: dict[str, Any], answer: dict[str, Any], work: Callable[[Ec2], Any]
) -> None:
    ec2, stubber = stub
    stubber.add_client_error(call, "InvalidThing.NotFound", "gone", expected_params=request_)
    if call in REMOVALS:
        work(ec2)
        return
    with pytest.raises(NotFound) as error:
        work(ec2)
    assert "InvalidThing.NotFound" in str(error.value)
    assert MARKER not in str(error.value)
    assert answer is not None


@BY_CALL
@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [("RequestLimitExceeded", 503, Throttled), ("InternalError", 500, LostAnswer), ("", 502, LostAnswer)],
)
def test_what_is_repeated(
    stub: Stub,
    slept: list[float],
    call: str,
    request_: dict[str, Any],
    answer: dict[str, Any],
    work: Callable[[Ec2], Any],
    code: str,
    status: int,
    kind: type[VpnError],
) -> None:
    ec2, stubber = stub
    stubber.add_client_error(call, code, "busy", http_status_code=status, expected_params=request_)
    if call in NEVER_REPEATED:
        with pytest.raises(kind):
            work(ec2)
        return
    stubber.add_response(call, answer, request_)
    work(ec2)
    assert ec2.calls == {call: 2}
    assert slept
