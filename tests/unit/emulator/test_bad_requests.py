# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that no SDK sends: the answer is an error of AWS's kind, in XML, and never HTTP 500 or a page."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest

# A group and a record separator, the end of a line in a terminal, and what is no character at all.
NOT_XML = ("a\x01b", "\x00", "\x1b[2J", "\ufffe")


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"Action": "CreateVpnGateway", "Type": "ipsec.1", "AmazonSideAsn": "abc"}, "AmazonSideAsn"),
        ({"Action": "CreateVpnGateway", "Type": "ipsec.1", "AmazonSideAsn": "9" * 30}, "AmazonSideAsn"),
        ({"Action": "CreateVpnGateway", "Type": "ipsec.1", "AmazonSideAsn": "6_4_5_1_2"}, "AmazonSideAsn"),
        ({"Action": "DescribeVpnConcentrators", "MaxResults": ""}, "MaxResults"),
        ({"Action": "DescribeVpnConcentrators", "MaxResults": "1.5"}, "MaxResults"),
        ({"Action": "DescribeVpcs", "MaxResults": "many"}, "MaxResults"),
        ({"Action": "DescribeVpnGateways", "DryRun": "perhaps"}, "DryRun"),
        (
            {"Action": "ModifyVpnTunnelOptions", "TunnelOptions.Phase1LifetimeSeconds": "long"},
            "TunnelOptions.Phase1LifetimeSeconds",
        ),
        ({"Action": "DescribeSpotPriceHistory", "StartTime": "yesterday"}, "StartTime"),
        ({"Action": "ImportKeyPair", "KeyName": "k", "PublicKeyMaterial": "not base64"}, "PublicKeyMaterial"),
    ],
)
def test_a_value_of_another_type(send: Any, parameters: dict[str, str], name: str) -> None:
    answer = send(parameters)
    assert (answer.status, answer.code) == (400, "InvalidParameterValue")
    assert name in answer.message


@pytest.mark.parametrize("name", NOT_XML)
@pytest.mark.parametrize(
    "parameters",
    [
        {"Action": "DescribeVpnConnections", "VpnConnectionId.1": "*"},
        {"Action": "DescribeVpcs", "VpcId.1": "*"},
        {"Action": "DeleteVpnGateway", "VpnGatewayId": "vgw-*"},
        {"Action": "CreateVpc", "CidrBlock": "10.0.0.0/16*"},
        {"Action": "*"},
        {"Action": "DescribeVpnConnections", "*": "x"},
        {"Action": "CreateTags", "ResourceId.1": "vpc-0", "Tag.1.Key": "k", "Tag.1.Value": "*"},
    ],
)
def test_what_xml_cannot_carry_is_refused_and_not_sent_back(send: Any, name: str, parameters: dict[str, str]) -> None:
    """`send` reads the answer as XML."""
    answer = send({key.replace("*", name): value.replace("*", name) for key, value in parameters.items()})
    assert answer.status == 400
    assert answer.code in ("InvalidParameterValue", "InvalidAction", "UnknownParameter")
    assert name not in answer.body


def test_tabs_and_line_ends_are_text(send: Any, region: Any) -> None:
    gateway_id = region.vpn_gateway()
    tag = {"ResourceId.1": gateway_id, "Tag.1.Key": "note", "Tag.1.Value": "a\tb\nc"}
    assert send(tag, Action="CreateTags").status == 200
    assert region.show_vpn_gateway(gateway_id)["Tags"] == [{"Key": "note", "Value": "a\tb\nc"}]


@pytest.mark.parametrize("parameters", [{}, {"Action": ""}, {"VpnGatewayId": "vgw-0"}])
def test_no_action(send: Any, parameters: dict[str, str]) -> None:
    answer = send(parameters)
    assert (answer.status, answer.code) == (400, "MissingAction")


@pytest.mark.parametrize(
    "action",
    [
        "vpn",
        "account",
        "__class__",
        "__init__",
        "dispatch",
        "params",
        "describe_vpn_connections",
        "describeVpnConnections",
        "DescribeVPNConnections",
        "CallAction",
        "TagsFor",
        "Filters",
        "MakeCoffee",
    ],
)
def test_what_is_no_action(send: Any, action: str) -> None:
    answer = send(Action=action)
    assert (answer.status, answer.code) == (400, "InvalidAction")
    assert action in answer.message


@pytest.mark.parametrize(
    "parameters",
    [
        {"Action": "DescribeVpnConnections", "Colour": "red"},
        {"Action": "DescribeVpcs", "Colour": "red"},
        {"Action": "DescribeVpnConnections", "VpnConnectionIds.1": "vpn-0"},
        {"Action": "DescribeVpnConnections", "VpnConnectionId": "vpn-0"},
        {"Action": "DescribeVpnConnections", "VpnConnectionId.0": "vpn-0"},
        {"Action": "DescribeVpnConnections", "VpnConnectionId.one": "vpn-0"},
        {"Action": "DescribeVpnConnections", "Filter": "state"},
        {"Action": "DescribeVpnConnections", "Filter.1.Colour": "red"},
        {"Action": "DeleteVpnGateway", "VpnGatewayId.1": "vgw-0"},
        {"Action": "CreateVpnConnection", "Options.TunnelOptions.1.Colour": "red"},
        {"Action": "DescribeVpnConnections", "": "x"},
        {"Action": "DescribeVpnConnections", ".".join("x" * 3000): "x"},
    ],
)
def test_unknown_parameters(send: Any, parameters: dict[str, str]) -> None:
    answer = send(parameters)
    assert (answer.status, answer.code) == (400, "UnknownParameter")


def test_the_parameters_of_a_signature_are_none_of_the_action(send: Any) -> None:
    signature = {"AWSAccessKeyId": "x", "SignatureVersion": "2", "SignatureMethod": "HmacSHA256", "Signature": "x"}
    assert send(signature, Action="DescribeVpcs", Timestamp="2026-01-01T00:00:00Z").status == 200


@pytest.mark.parametrize("more", [{"Tag.1.Value": "x"}, {"Tag.1.Key": "", "Tag.1.Value": "x"}])
def test_a_tag_without_a_key(send: Any, region: Any, more: dict[str, str]) -> None:
    answer = send({"Action": "CreateTags", "ResourceId.1": region.vpn_gateway(), **more})
    assert (answer.status, answer.code) == (400, "InvalidTagKey.Malformed")
    specification = {f"TagSpecification.1.{key}": value for key, value in more.items()}
    for kind, action in (("vpn-gateway", "CreateVpnGateway"), ("transit-gateway", "CreateTransitGateway")):
        request = {"TagSpecification.1.ResourceType": kind, "Action": action, **specification}
        answer = send(request, **({"Type": "ipsec.1"} if kind == "vpn-gateway" else {}))
        assert (answer.status, answer.code) == (400, "InvalidTagKey.Malformed"), action


def test_a_tag_without_a_value_has_an_empty_one(send: Any, region: Any, ec2: Any) -> None:
    gateway_id = region.vpn_gateway()
    assert send({"Action": "CreateTags", "ResourceId.1": gateway_id, "Tag.1.Key": "a"}).status == 200
    assert region.show_vpn_gateway(gateway_id)["Tags"] == [{"Key": "a", "Value": ""}]
    specification = {"TagSpecification.1.ResourceType": "vpn-gateway", "TagSpecification.1.Tag.1.Key": "b"}
    assert send(specification, Action="CreateVpnGateway", Type="ipsec.1").status == 200
    gateways = ec2.describe_vpn_gateways(Filters=[{"Name": "tag:b", "Values": [""]}])["VpnGateways"]
    assert len(gateways) == 1


@pytest.mark.parametrize("name", ["exact-match", "longest-prefix-match", "subnet-of-match", "supernet-of-match"])
@pytest.mark.parametrize("value", ["", "ten", "10.0.0.0/33"])
def test_a_search_for_no_network(region: Any, ec2: Any, refused: Any, name: str, value: str) -> None:
    region.transit_gateway()
    (table,) = ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]
    with refused("InvalidParameterValue"):
        ec2.search_transit_gateway_routes(
            TransitGatewayRouteTableId=table["TransitGatewayRouteTableId"],
            Filters=[{"Name": f"route-search.{name}", "Values": [value]}],
        )


def test_an_id_named_twice_is_named_once(region: Any, ec2: Any) -> None:
    table_id = region.main_route_table(region.vpc())
    assert len(ec2.describe_route_tables(RouteTableIds=[table_id, table_id])["RouteTables"]) == 1
    gateway_id = region.transit_gateway()
    assert len(ec2.describe_transit_gateways(TransitGatewayIds=[gateway_id] * 2)["TransitGateways"]) == 1


def test_a_body_that_is_no_text(headers: dict[str, str], _application: Any) -> None:
    for more in ({}, {"Content-Encoding": "gzip"}, {"Content-Type": "application/json"}):
        answer = _application.post("/", data=b"\xff\xfe{\x00", headers={**headers, **more})
        assert answer.status_code == 400
        assert "<Code>" in answer.get_data(as_text=True)


def test_a_presigned_url_is_answered_by_the_account_and_region_that_signed_it(region: Any, ec2: Any) -> None:
    gateway_id = region.vpn_gateway()
    url = ec2.generate_presigned_url("describe_vpn_gateways", {"VpnGatewayIds": [gateway_id]}, HttpMethod="GET")
    with urllib.request.urlopen(url) as answer:  # noqa: S310  # loopback
        assert f"<vpnGatewayId>{gateway_id}</vpnGatewayId>" in answer.read().decode()
    unknown = ec2.generate_presigned_url("describe_vpn_gateways", {"VpnGatewayIds": ["vgw-0"]}, HttpMethod="GET")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(unknown)  # noqa: S310  # loopback
    assert caught.value.code == 400
    assert "<Code>InvalidVpnGatewayID.NotFound</Code>" in caught.value.read().decode()


def test_tags_come_in_pages(region: Any, ec2: Any, refused: Any) -> None:
    tags = [{"Key": f"key{number}", "Value": "x"} for number in range(7)]
    ec2.create_tags(Resources=[region.vpn_gateway()], Tags=tags)
    pages = list(ec2.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": 5}))
    assert [len(page["Tags"]) for page in pages] == [5, 2]
    assert [tag["Key"] for page in pages for tag in page["Tags"]] == [tag["Key"] for tag in tags]
    for size in (4, 1001):
        with refused("InvalidParameterValue"):
            ec2.describe_tags(MaxResults=size)
