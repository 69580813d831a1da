# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe filters of all three resources: exact, wildcards, tags, combinations, unknown ones."""

from __future__ import annotations

from typing import Any

import pytest


def tags(resource_type: str, **pairs: str) -> dict[str, Any]:
    items = [{"Key": key, "Value": value} for key, value in pairs.items()]
    return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": items}]}


class Account:
    """Two of each, told apart by any filter. In a filter value, @name stands for the id of that attribute."""

    def __init__(self, region: Any) -> None:
        ec2 = region.ec2
        self.ec2 = ec2
        self.berlin = region.customer_gateway("198.51.100.10", 65010, **tags("customer-gateway", site="berlin"))
        self.madrid = region.customer_gateway("192.0.2.10", 65020, **tags("customer-gateway", site="madrid", old="x"))
        self.vpc = region.vpc()
        self.first_vgw = region.vpn_gateway(**tags("vpn-gateway", site="berlin"))
        self.second_vgw = region.vpn_gateway(AmazonSideAsn=65100, AvailabilityZone="eu-central-1b")
        region.attach(self.first_vgw, self.vpc)
        self.tgw = region.transit_gateway()
        self.static = region.connection(
            CustomerGatewayId=self.berlin,
            VpnGatewayId=self.first_vgw,
            Options={"StaticRoutesOnly": True},
            **tags("vpn-connection", site="berlin", Name="b*r"),
        )["VpnConnectionId"]
        self.bgp = region.connection(
            CustomerGatewayId=self.madrid, TransitGatewayId=self.tgw, **tags("vpn-connection", site="madrid")
        )["VpnConnectionId"]
        ec2.create_vpn_connection_route(VpnConnectionId=self.static, DestinationCidrBlock="10.20.0.0/16")
        self.gone = region.connection(CustomerGatewayId=self.madrid)["VpnConnectionId"]
        ec2.delete_vpn_connection(VpnConnectionId=self.gone)

    def find(self, kind: str, name: str, *wanted: str, **more: str) -> set[str]:
        filters = [{"Name": name, "Values": [getattr(self, one[1:]) if one.startswith("@") else one for one in wanted]}]
        filters += [{"Name": key, "Values": [value]} for key, value in more.items()]
        call, answer, key = {
            "connection": (self.ec2.describe_vpn_connections, "VpnConnections", "VpnConnectionId"),
            "vpn_gateway": (self.ec2.describe_vpn_gateways, "VpnGateways", "VpnGatewayId"),
            "customer_gateway": (self.ec2.describe_customer_gateways, "CustomerGateways", "CustomerGatewayId"),
        }[kind]
        names = {value: name for name, value in vars(self).items() if isinstance(value, str)}
        return {names.get(one[key], "other") for one in call(Filters=filters)[answer]}


@pytest.fixture
def account(region: Any) -> Account:
    return Account(region)


CASES: list[tuple[str, tuple[str, ...], set[str]]] = [
    ("customer_gateway", ("bgp-asn", "65010"), {"berlin"}),
    ("customer_gateway", ("customer-gateway-id", "@madrid"), {"madrid"}),
    ("customer_gateway", ("ip-address", "198.51.100.10", "203.0.113.1"), {"berlin"}),
    ("customer_gateway", ("state", "available"), {"berlin", "madrid"}),
    ("customer_gateway", ("state", "deleted"), set()),
    ("customer_gateway", ("type", "ipsec.1"), {"berlin", "madrid"}),
    ("customer_gateway", ("tag:site", "madrid"), {"madrid"}),
    ("customer_gateway", ("tag:site", "paris"), set()),
    ("customer_gateway", ("tag-key", "old"), {"madrid"}),
    ("vpn_gateway", ("amazon-side-asn", "65100"), {"second_vgw"}),
    ("vpn_gateway", ("attachment.state", "attached"), {"first_vgw"}),
    ("vpn_gateway", ("attachment.vpc-id", "@vpc"), {"first_vgw"}),
    ("vpn_gateway", ("availability-zone", "eu-central-1b"), {"second_vgw"}),
    ("vpn_gateway", ("vpn-gateway-id", "@first_vgw"), {"first_vgw"}),
    ("vpn_gateway", ("tag:site", "berlin"), {"first_vgw"}),
    ("vpn_gateway", ("tag-key", "site"), {"first_vgw"}),
    ("connection", ("bgp-asn", "65010"), {"static"}),
    ("connection", ("customer-gateway-configuration", "*NoBGPVPNConnection*"), {"static"}),
    ("connection", ("customer-gateway-id", "@madrid"), {"bgp", "gone"}),
    ("connection", ("state", "available", "pending"), {"static", "bgp"}),
    ("connection", ("state", "deleted"), {"gone"}),
    ("connection", ("option.static-routes-only", "true"), {"static"}),
    ("connection", ("option.static-routes-only", "false"), {"bgp", "gone"}),
    ("connection", ("route.destination-cidr-block", "10.20.0.0/16"), {"static"}),
    ("connection", ("type", "ipsec.1"), {"static", "bgp", "gone"}),
    ("connection", ("vpn-connection-id", "@bgp", "@static"), {"static", "bgp"}),
    ("connection", ("vpn-gateway-id", "@first_vgw"), {"static"}),
    ("connection", ("transit-gateway-id", "@tgw"), {"bgp"}),
    ("connection", ("tag:site", "berlin", "madrid"), {"static", "bgp"}),
    ("connection", ("tag:site", "m*"), {"bgp"}),
    ("connection", ("tag:site", "?erli?"), {"static"}),
    ("connection", ("tag:site", "Berlin"), set()),
    ("connection", ("tag:Name", r"b\*r"), {"static"}),
    ("connection", ("tag-key", "Name"), {"static"}),
]


def test_each_filter_finds_just_its_resources(account: Account) -> None:
    for kind, arguments, expected in CASES:
        assert account.find(kind, *arguments) == expected, (kind, arguments)


def test_filters_are_combined_with_and(account: Account) -> None:
    assert account.find("connection", "customer-gateway-id", "@madrid", state="available") == {"bgp"}
    assert account.find("connection", "tag:site", "berlin", state="deleted") == set()


@pytest.mark.parametrize("kind", ["connection", "vpn_gateway", "customer_gateway"])
def test_an_unknown_filter_is_refused(account: Account, refused: Any, kind: str) -> None:
    with refused("InvalidParameterValue"):
        account.find(kind, "colour", "blue")
