# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random and nearly valid requests: whatever a client sends, it gets XML, and never HTTP 500.

Each batch has its own seed and its own account, so a batch that fails does so again alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.model import Shape
from botocore.serialize import EC2Serializer
from moto.core.utils import get_service_model

Request = dict[str, str]

MODEL = get_service_model("ec2")
BATCH = 100
RANDOM_BATCHES, NEARLY_VALID_BATCHES = 10, 30

WORDS = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "5",
    "1000",
    "4294967296",
    "9" * 40,
    "1.5",
    "nan",
    "true",
    "None",
    "null",
    "[]",
    "{}",
    "%s",
    "../..",
    "*",
    "?",
    "\\",
    "a\x00b",
    "\x1b[2J",
    "<a>&'\"",
    "\N{SNOWMAN}" * 3,
    "x" * 5000,
    "ipsec.1",
    "available",
    "10.0.0.0/16",
    "10.0.0.1/16",
    "0.0.0.0/0",
    "2001:db8::/32",
    "169.254.10.0/30",
    "203.0.113.1",
    "vpn-0123456789abcdef0",
    "tgw-0123456789abcdef0",
    "tgw-attach-0",
    "cgw-",
    "2026-11-27T08:00:00Z",
)
NAMES = (
    "",
    ".",
    "..",
    "Action",
    "Version",
    "Tag.1.Key",
    "Filter.1.Name",
    "x",
    "\x00",
    "X-Amz-Date",
    "Options",
    "1",
    "é",
)


def serialized(action: str, parameters: dict[str, Any]) -> Request:
    """As an SDK sends it."""
    body = EC2Serializer().serialize_to_request(parameters, MODEL.operation_model(action))["body"]
    return {name: str(value) for name, value in body.items()}


TUNNEL = {"VpnConnectionId": "$vpn", "VpnTunnelOutsideIpAddress": "$outside"}
PAIR = {"TransitGatewayAttachmentId": "$attachment", "TransitGatewayRouteTableId": "$rtb"}
ROUTE = {"DestinationCidrBlock": "10.20.0.0/16", "TransitGatewayRouteTableId": "$rtb"}
STATIC_ROUTE = {"VpnConnectionId": "$static", "DestinationCidrBlock": "10.30.0.0/16"}
VPC_ROUTE = {"RouteTableId": "$table", "DestinationCidrBlock": "10.9.0.0/16", "GatewayId": "$vgw"}
STATES = [{"Name": "state", "Values": ["available", "deleted"]}]
TAGS = [{"Key": "Name", "Value": "berlin"}]
TUNNELS = [
    {"PreSharedKey": "abcdefgh12345678", "TunnelInsideCidr": "169.254.20.0/30", "StartupAction": "start"},
    {"Phase1DHGroupNumbers": [{"Value": 20}], "IKEVersions": [{"Value": "ikev2"}]},
]

# Requests that AWS would accept, with the names of World for ids.
VALID: list[tuple[str, dict[str, Any]]] = [
    ("AssociateTransitGatewayRouteTable", PAIR),
    ("AttachVpnGateway", {"VpcId": "$vpc", "VpnGatewayId": "$vgw"}),
    ("CreateCustomerGateway", {"Type": "ipsec.1", "IpAddress": "198.51.100.20", "BgpAsn": 65020}),
    ("CreateRoute", VPC_ROUTE),
    ("CreateTags", {"Resources": ["$vgw", "$vpn"], "Tags": TAGS}),
    ("CreateTransitGateway", {"Description": "x", "Options": {"AmazonSideAsn": 64600}}),
    ("CreateTransitGatewayRoute", {**ROUTE, "TransitGatewayAttachmentId": "$attachment"}),
    ("CreateTransitGatewayRouteTable", {"TransitGatewayId": "$tgw"}),
    ("CreateTransitGatewayVpcAttachment", {"TransitGatewayId": "$tgw", "VpcId": "$vpc", "SubnetIds": ["$subnet"]}),
    ("CreateVpnConcentrator", {"Type": "ipsec.1", "TransitGatewayId": "$tgw"}),
    (
        "CreateVpnConnection",
        {
            "Type": "ipsec.1",
            "CustomerGatewayId": "$cgw",
            "TransitGatewayId": "$tgw",
            "Options": {"TunnelOptions": TUNNELS, "LocalIpv4NetworkCidr": "10.20.0.0/16"},
        },
    ),
    ("CreateVpnConnectionRoute", STATIC_ROUTE),
    (
        "CreateVpnGateway",
        {
            "Type": "ipsec.1",
            "AmazonSideAsn": 64601,
            "TagSpecifications": [{"ResourceType": "vpn-gateway", "Tags": TAGS}],
        },
    ),
    ("DeleteCustomerGateway", {"CustomerGatewayId": "$cgw"}),
    ("DeleteTags", {"Resources": ["$vgw"], "Tags": TAGS}),
    ("DeleteTransitGateway", {"TransitGatewayId": "$tgw"}),
    ("DeleteTransitGatewayRoute", ROUTE),
    ("DeleteTransitGatewayRouteTable", {"TransitGatewayRouteTableId": "$rtb"}),
    ("DeleteTransitGatewayVpcAttachment", {"TransitGatewayAttachmentId": "$attachment"}),
    ("DeleteVpnConcentrator", {"VpnConcentratorId": "$vcn"}),
    ("DeleteVpnConnection", {"VpnConnectionId": "$vpn"}),
    ("DeleteVpnConnectionRoute", STATIC_ROUTE),
    ("DeleteVpnGateway", {"VpnGatewayId": "$vgw"}),
    ("DescribeCustomerGateways", {"CustomerGatewayIds": ["$cgw"], "Filters": STATES}),
    ("DescribeRouteTables", {"RouteTableIds": ["$table"]}),
    ("DescribeTags", {"Filters": [{"Name": "resource-id", "Values": ["$vpn"]}], "MaxResults": 5}),
    ("DescribeTransitGatewayAttachments", {"Filters": STATES, "MaxResults": 5}),
    ("DescribeTransitGatewayRouteTables", {"TransitGatewayRouteTableIds": ["$rtb"]}),
    ("DescribeTransitGatewayVpcAttachments", {"Filters": STATES}),
    ("DescribeTransitGateways", {"TransitGatewayIds": ["$tgw"], "Filters": STATES}),
    ("DescribeVpnConcentrators", {"VpnConcentratorIds": ["$vcn"], "MaxResults": 200}),
    ("DescribeVpnConnections", {"VpnConnectionIds": ["$vpn"], "Filters": STATES}),
    ("DescribeVpnGateways", {"VpnGatewayIds": ["$vgw"], "Filters": STATES}),
    ("DetachVpnGateway", {"VpcId": "$vpc", "VpnGatewayId": "$vgw"}),
    ("DisableTransitGatewayRouteTablePropagation", PAIR),
    ("DisableVgwRoutePropagation", {"GatewayId": "$vgw", "RouteTableId": "$table"}),
    ("DisassociateTransitGatewayRouteTable", PAIR),
    ("EnableTransitGatewayRouteTablePropagation", PAIR),
    ("EnableVgwRoutePropagation", {"GatewayId": "$vgw", "RouteTableId": "$table"}),
    ("GetActiveVpnTunnelStatus", TUNNEL),
    ("GetTransitGatewayAttachmentPropagations", {"TransitGatewayAttachmentId": "$attachment"}),
    ("GetTransitGatewayRouteTableAssociations", {"TransitGatewayRouteTableId": "$rtb", "MaxResults": 5}),
    ("GetTransitGatewayRouteTablePropagations", {"TransitGatewayRouteTableId": "$rtb"}),
    (
        "GetVpnConnectionDeviceSampleConfiguration",
        {"VpnConnectionId": "$vpn", "VpnConnectionDeviceTypeId": "9d9470de", "SampleType": "recommended"},
    ),
    ("GetVpnConnectionDeviceTypes", {"MaxResults": 200}),
    ("GetVpnTunnelReplacementStatus", TUNNEL),
    ("ModifyTransitGateway", {"TransitGatewayId": "$tgw", "Description": "y"}),
    ("ModifyVpnConnection", {"VpnConnectionId": "$vpn", "VpnGatewayId": "$vgw"}),
    ("ModifyVpnConnectionOptions", {"VpnConnectionId": "$vpn", "LocalIpv4NetworkCidr": "10.20.0.0/16"}),
    ("ModifyVpnTunnelCertificate", TUNNEL),
    ("ModifyVpnTunnelOptions", {**TUNNEL, "TunnelOptions": TUNNELS[0]}),
    ("ReplaceRoute", VPC_ROUTE),
    ("ReplaceTransitGatewayRoute", {**ROUTE, "Blackhole": True}),
    ("ReplaceVpnTunnel", {**TUNNEL, "ApplyPendingMaintenance": True}),
    (
        "SearchTransitGatewayRoutes",
        {
            "TransitGatewayRouteTableId": "$rtb",
            "Filters": [{"Name": "route-search.exact-match", "Values": ["10.20.0.0/16"]}],
        },
    ),
]


class World:
    """An account with one of each thing, and the valid requests about them."""

    def __init__(self, region: Any) -> None:
        ids = {f"${name}": value for name, value in self._make(region).items()}
        self.words = [*WORDS, *ids.values()]
        self.requests: list[Request] = []
        for action, parameters in VALID:
            request = {name: ids.get(value, value) for name, value in serialized(action, parameters).items()}
            self.requests.append({"Action": action, **request})

    @staticmethod
    def _make(region: Any) -> dict[str, str]:
        ec2 = region.ec2
        vpc, vgw, tgw, cgw = region.vpc(), region.vpn_gateway(), region.transit_gateway(), region.customer_gateway()
        region.attach(vgw, vpc)
        static = region.connection(CustomerGatewayId=cgw, VpnGatewayId=vgw, Options={"StaticRoutesOnly": True})
        dynamic = region.connection(CustomerGatewayId=cgw, TransitGatewayId=tgw)
        concentrator = ec2.create_vpn_concentrator(Type="ipsec.1", TransitGatewayId=tgw)["VpnConcentrator"]
        (table,) = ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]
        return {
            "vpc": vpc,
            "subnet": ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"],
            "table": region.main_route_table(vpc),
            "vgw": vgw,
            "tgw": tgw,
            "cgw": cgw,
            "static": static["VpnConnectionId"],
            "vpn": dynamic["VpnConnectionId"],
            "outside": dynamic["Options"]["TunnelOptions"][0]["OutsideIpAddress"],
            "vcn": concentrator["VpnConcentratorId"],
            "attachment": concentrator["TransitGatewayAttachmentId"],
            "rtb": table["TransitGatewayRouteTableId"],
        }


def wire_names(shape: Shape | None, prefix: str = "") -> Iterator[str]:
    """Names of parameters, some levels deep."""
    if shape is None or prefix.count(".") > 3:
        return
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            wire = str(member.serialization.get("queryName", member.serialization.get("name", name)))
            yield from wire_names(member, f"{prefix}.{wire[0].upper()}{wire[1:]}".lstrip("."))
    elif shape.type_name == "list":
        yield from wire_names(shape.member, f"{prefix}.1")
    else:
        yield prefix


def any_request(choice: random.Random, words: list[str]) -> Request:
    action = choice.choice(MODEL.operation_names)
    names = list(wire_names(MODEL.operation_model(action).input_shape)) or ["x"]
    request = {choice.choice([*NAMES, *names]): choice.choice(words) for _each in range(choice.randrange(4))}
    request.update({choice.choice(names): choice.choice(words) for _each in range(choice.randrange(6))})
    return {"Action": choice.choice([action] * 9 + words), **request}


def nearly_valid(choice: random.Random, world: World) -> Request:
    request = dict(choice.choice(world.requests))
    for _each in range(choice.choice((1, 1, 2))):
        name = choice.choice(list(request))
        choice.choice(MUTATIONS)(choice, world, request, name)
    return request


def drop(_choice: random.Random, _world: World, request: Request, name: str) -> None:
    request.pop(name, None)


def replace(choice: random.Random, world: World, request: Request, name: str) -> None:
    request[name] = choice.choice(world.words)


def rename(choice: random.Random, _world: World, request: Request, name: str) -> None:
    value = request.pop(name, "")
    request[choice.choice((*NAMES, name.lower(), f"{name}.1", f"{name}.x", name.replace("1", "2"), f" {name}"))] = value


def repeat(_choice: random.Random, _world: World, request: Request, name: str) -> None:
    request[name.replace("1", "2")] = request.get(name, "")


def add(choice: random.Random, world: World, request: Request, _name: str) -> None:
    shape = MODEL.operation_model(request["Action"]).input_shape if request.get("Action") in ACTIONS else None
    names = [*NAMES, *wire_names(shape)]
    request[choice.choice(names)] = choice.choice(world.words)


MUTATIONS: list[Callable[[random.Random, World, Request, str], None]] = [drop, replace, rename, repeat, add, replace]
ACTIONS = set(MODEL.operation_names)


@pytest.fixture
def world(region: Any) -> World:
    return World(region)


@pytest.mark.parametrize("batch", range(RANDOM_BATCHES))
def test_random_requests(send: Any, world: World, batch: int) -> None:
    choice = random.Random(f"random {batch}")  # noqa: S311  # for a test that repeats itself
    for _each in range(BATCH):
        check(send, any_request(choice, world.words))


@pytest.mark.parametrize("batch", range(NEARLY_VALID_BATCHES))
def test_nearly_valid_requests(send: Any, world: World, batch: int) -> None:
    choice = random.Random(f"nearly valid {batch}")  # noqa: S311  # likewise
    for _each in range(BATCH):
        check(send, nearly_valid(choice, world))


def test_the_requests_to_start_from_are_valid(send: Any, world: World) -> None:
    """Not all of them can work one after the other, but each is one that AWS knows."""
    codes = {request["Action"]: send(request).code for request in world.requests}
    strange = {"UnknownParameter", "InvalidAction", "MissingParameter", "InternalError", "UnsupportedOperation"}
    assert {action: code for action, code in codes.items() if code in strange} == {}
    assert list(codes.values()).count("") > len(codes) / 2


def check(send: Any, request: Request) -> None:
    """`send` has read the answer as XML."""
    answer = send(request)
    assert answer.status == 200 or 400 <= answer.status < 500, (request, answer.body)
    assert (answer.code == "") == (answer.status == 200), (request, answer.body)
