# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of the permissions guide, applied to calls: those of the modules pass, those outside are refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import iam
import permissions
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.logs import Logs
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.quotas import limits
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApiError
from botocore.exceptions import ClientError

EVERYTHING, READ, ADOPT, GATEWAYS, QUOTAS, LOGS = permissions.policies(permissions.GUIDE.read_text(encoding="utf-8"))
COLLECTION = "hybridnet:collection"
OURS = {COLLECTION: "hybridnet.aws_vpn"}


def tagged(kind: str, tags: dict[str, str]) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": as_list(tags)}]}


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.fixture
def guarded(guard: iam.Guard, emulator: Any) -> Any:
    """A client that the policy for everything is applied to, unless a test sets others."""
    guard.policies = [EVERYTHING]
    return boto3.client("ec2", **{**emulator.client_options(), "endpoint_url": guard.url})


class Resources:
    """One of each, made by somebody else or by this collection."""

    def __init__(self, ec2: Any, tags: dict[str, str], number: int) -> None:
        def more(kind: str) -> dict[str, Any]:
            return tagged(kind, tags) if tags else {}

        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.table = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.tgw = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        device = {"Type": "ipsec.1", "IpAddress": f"198.51.100.{number}", "BgpAsn": 65000 + number}
        self.cgw = ec2.create_customer_gateway(**device, **more("customer-gateway"))["CustomerGateway"][
            "CustomerGatewayId"
        ]
        self.vgw = ec2.create_vpn_gateway(Type="ipsec.1", **more("vpn-gateway"))["VpnGateway"]["VpnGatewayId"]
        self.vcn = ec2.create_vpn_concentrator(Type="ipsec.1", TransitGatewayId=self.tgw, **more("vpn-concentrator"))[
            "VpnConcentrator"
        ]["VpnConcentratorId"]
        made = ec2.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=self.cgw,
            VpnGatewayId=self.vgw,
            Options={"StaticRoutesOnly": True},
            **more("vpn-connection"),
        )["VpnConnection"]
        self.vpn = made["VpnConnectionId"]
        self.outside = made["Options"]["TunnelOptions"][0]["OutsideIpAddress"]


Call = Callable[[Any, Resources], Any]

ROUTE = "10.20.0.0/16"
PREPARED: dict[str, Call] = {
    "DeleteCustomerGateway": lambda ec2, on: ec2.delete_vpn_connection(VpnConnectionId=on.vpn),
    "DeleteVpnConnectionRoute": lambda ec2, on: ec2.create_vpn_connection_route(
        VpnConnectionId=on.vpn, DestinationCidrBlock=ROUTE
    ),
    "DeleteVpnGateway": lambda ec2, on: ec2.delete_vpn_connection(VpnConnectionId=on.vpn),
    "DetachVpnGateway": lambda ec2, on: ec2.attach_vpn_gateway(VpnGatewayId=on.vgw, VpcId=on.vpc),
    "DisableVgwRoutePropagation": lambda ec2, on: ec2.attach_vpn_gateway(VpnGatewayId=on.vgw, VpcId=on.vpc),
    "EnableVgwRoutePropagation": lambda ec2, on: ec2.attach_vpn_gateway(VpnGatewayId=on.vgw, VpcId=on.vpc),
}
CHANGES: dict[str, Call] = {
    "AttachVpnGateway": lambda ec2, on: ec2.attach_vpn_gateway(VpnGatewayId=on.vgw, VpcId=on.vpc),
    "CreateTags": lambda ec2, on: ec2.create_tags(Resources=[on.vpn], Tags=as_list({"env": "lab"})),
    "CreateVpnConnectionRoute": lambda ec2, on: ec2.create_vpn_connection_route(
        VpnConnectionId=on.vpn, DestinationCidrBlock=ROUTE
    ),
    "DeleteCustomerGateway": lambda ec2, on: ec2.delete_customer_gateway(CustomerGatewayId=on.cgw),
    "DeleteTags": lambda ec2, on: ec2.delete_tags(Resources=[on.cgw, on.vpn], Tags=[{"Key": "env"}]),
    "DeleteVpnConcentrator": lambda ec2, on: ec2.delete_vpn_concentrator(VpnConcentratorId=on.vcn),
    "DeleteVpnConnection": lambda ec2, on: ec2.delete_vpn_connection(VpnConnectionId=on.vpn),
    "DeleteVpnConnectionRoute": lambda ec2, on: ec2.delete_vpn_connection_route(
        VpnConnectionId=on.vpn, DestinationCidrBlock=ROUTE
    ),
    "DeleteVpnGateway": lambda ec2, on: ec2.delete_vpn_gateway(VpnGatewayId=on.vgw),
    "DetachVpnGateway": lambda ec2, on: ec2.detach_vpn_gateway(VpnGatewayId=on.vgw, VpcId=on.vpc),
    "DisableVgwRoutePropagation": lambda ec2, on: ec2.disable_vgw_route_propagation(
        GatewayId=on.vgw, RouteTableId=on.table
    ),
    "EnableVgwRoutePropagation": lambda ec2, on: ec2.enable_vgw_route_propagation(
        GatewayId=on.vgw, RouteTableId=on.table
    ),
    "ModifyVpnConnection": lambda ec2, on: ec2.modify_vpn_connection(VpnConnectionId=on.vpn, CustomerGatewayId=on.cgw),
    "ModifyVpnConnectionOptions": lambda ec2, on: ec2.modify_vpn_connection_options(
        VpnConnectionId=on.vpn, LocalIpv4NetworkCidr=ROUTE
    ),
    "ModifyVpnTunnelCertificate": lambda ec2, on: ec2.modify_vpn_tunnel_certificate(
        VpnConnectionId=on.vpn, VpnTunnelOutsideIpAddress=on.outside
    ),
    "ModifyVpnTunnelOptions": lambda ec2, on: ec2.modify_vpn_tunnel_options(
        VpnConnectionId=on.vpn,
        VpnTunnelOutsideIpAddress=on.outside,
        TunnelOptions={"PreSharedKey": "known.to.the.attacker"},
    ),
    "ReplaceVpnTunnel": lambda ec2, on: ec2.replace_vpn_tunnel(
        VpnConnectionId=on.vpn, VpnTunnelOutsideIpAddress=on.outside
    ),
}


def is_refused(call: Callable[[], Any]) -> bool:
    """Whether the policy refuses a call; what the emulator answers to it otherwise does not matter."""
    try:
        call()
    except ClientError as error:
        return bool(error.response["Error"]["Code"] == "UnauthorizedOperation")
    return False


def test_the_changes_here_are_all_that_depend_on_the_tag() -> None:
    key = f"aws:ResourceTag/{COLLECTION}"
    (own,) = [one for one in EVERYTHING["Statement"] if key in one.get("Condition", {}).get("StringEquals", {})]
    assert {f"ec2:{action}" for action in CHANGES} == set(own["Action"]) - {"ec2:CreateVpnConnection"}


@pytest.mark.parametrize("action", CHANGES)
def test_a_change_needs_our_tag_on_the_resource(ec2: Any, guarded: Any, action: str) -> None:
    for number, tags in enumerate(
        ({}, {COLLECTION: "another"}, {"hybridnet:gateway": "berlin", "hybridnet:connection": "main"}, OURS)
    ):
        on = Resources(ec2, tags, 10 + number)
        PREPARED.get(action, lambda *_unused: None)(ec2, on)
        assert is_refused(partial(CHANGES[action], guarded, on)) is (tags is not OURS)


@pytest.mark.parametrize("action", [*CHANGES, "CreateVpnGateway"])
def test_read_access_changes_nothing(guard: iam.Guard, ec2: Any, guarded: Any, action: str) -> None:
    guard.policies = [READ]
    on = Resources(ec2, OURS, 10)
    call = CHANGES.get(action, lambda ec2, _on: ec2.create_vpn_gateway(Type="ipsec.1", **tagged("vpn-gateway", OURS)))
    assert is_refused(lambda: call(guarded, on))
    assert guarded.describe_vpn_connections()["VpnConnections"]


@pytest.mark.parametrize(
    "tags", [{}, {COLLECTION: "another"}, {"hybridnet:gateway": "berlin", "hybridnet:connection": "main"}]
)
def test_nothing_is_created_without_our_tag(ec2: Any, guarded: Any, tags: dict[str, str]) -> None:
    own = Resources(ec2, OURS, 10)
    device = {"Type": "ipsec.1", "IpAddress": "198.51.100.90", "BgpAsn": 65090}
    ends = {"Type": "ipsec.1", "CustomerGatewayId": own.cgw, "TransitGatewayId": own.tgw}
    for given in (tags, OURS):
        more = {kind: tagged(kind, given) if given else {} for kind in iam.MAKES.values()}
        calls = [
            lambda more=more: guarded.create_customer_gateway(**device, **more["customer-gateway"]),
            lambda more=more: guarded.create_vpn_gateway(Type="ipsec.1", **more["vpn-gateway"]),
            lambda more=more: guarded.create_vpn_connection(**ends, **more["vpn-connection"]),
            lambda more=more: guarded.create_vpn_concentrator(
                Type="ipsec.1", TransitGatewayId=own.tgw, **more["vpn-concentrator"]
            ),
        ]
        assert [is_refused(call) for call in calls] == [given is not OURS] * 4


def test_a_connection_has_ends_that_are_ours(guard: iam.Guard, ec2: Any, guarded: Any) -> None:
    own, foreign = Resources(ec2, OURS, 10), Resources(ec2, {}, 20)

    def connect(**ends: str) -> bool:
        given = {"Type": "ipsec.1", "CustomerGatewayId": own.cgw, **ends, **tagged("vpn-connection", OURS)}
        return is_refused(lambda: guarded.create_vpn_connection(**given))

    assert not connect(VpnGatewayId=own.vgw)
    assert not connect(TransitGatewayId=foreign.tgw)
    assert not connect(VpnConcentratorId=own.vcn)
    assert connect(VpnConcentratorId=foreign.vcn)
    assert connect(CustomerGatewayId=foreign.cgw, TransitGatewayId=own.tgw)
    assert connect(VpnGatewayId=foreign.vgw)
    guard.policies = [EVERYTHING, permissions.with_ids(GATEWAYS, cgw=foreign.cgw, vgw=foreign.vgw)]
    assert not connect(CustomerGatewayId=foreign.cgw, TransitGatewayId=own.tgw)
    assert not connect(VpnGatewayId=foreign.vgw)
    assert is_refused(lambda: guarded.attach_vpn_gateway(VpnGatewayId=foreign.vgw, VpcId=foreign.vpc))


def test_only_adoption_gives_the_tag_to_what_exists(guard: iam.Guard, ec2: Any, guarded: Any) -> None:
    on = Resources(ec2, {}, 10)
    claim = {**OURS, "hybridnet:gateway": "berlin", "hybridnet:connection": "main", "Name": "berlin"}

    def tag(resource: str, tags: dict[str, str]) -> bool:
        return is_refused(lambda: guarded.create_tags(Resources=[resource], Tags=as_list(tags)))

    everything = (on.vpn, on.cgw, on.vgw, on.vcn, on.vpc, on.table, on.tgw)
    assert all(tag(resource, claim) for resource in everything)
    guard.policies = [READ, ADOPT]
    assert tag(on.vpn, {**claim, "env": "lab"})
    assert tag(on.vpn, {"hybridnet:gateway": "berlin", "hybridnet:connection": "main"})
    assert tag(on.vpn, {**claim, COLLECTION: "another"})
    assert is_refused(lambda: guarded.create_tags(Resources=[on.vpn, on.vgw], Tags=as_list(claim)))
    assert [tag(resource, claim) for resource in everything] == [False, False, True, True, True, True, True]
    assert tag(on.vpn, claim), "the tag is there now, and the gateway does not change"
    assert is_refused(lambda: guarded.delete_vpn_connection(VpnConnectionId=on.vpn))


def test_an_attachment_that_aws_made_gets_our_tags_once(ec2: Any, guarded: Any) -> None:
    on = Resources(ec2, OURS, 10)
    ends = {"Type": "ipsec.1", "CustomerGatewayId": on.cgw, "TransitGatewayId": on.tgw}
    ec2.create_vpn_connection(**ends)
    of_vpn = [{"Name": "resource-type", "Values": ["vpn"]}]
    (made,) = ec2.describe_transit_gateway_attachments(Filters=of_vpn)["TransitGatewayAttachments"]
    attachment = made["TransitGatewayAttachmentId"]
    first = {**OURS, "hybridnet:gateway": "berlin", "hybridnet:connection": "main", "team": "net"}

    def tag(tags: dict[str, str], *resources: str) -> bool:
        return is_refused(lambda: guarded.create_tags(Resources=[attachment, *resources], Tags=as_list(tags)))

    def untag() -> bool:
        return is_refused(lambda: guarded.delete_tags(Resources=[attachment], Tags=[{"Key": "team"}]))

    assert tag({"team": "net"})
    assert tag(OURS), "without a gateway"
    assert tag({**first, COLLECTION: "another"})
    assert tag(first, on.vpc)
    assert tag(first, on.tgw)
    assert untag()
    assert not tag(first)
    assert not tag({"team": "core"})
    assert not untag()
    ec2.create_tags(Resources=[attachment], Tags=as_list({COLLECTION: "another"}))
    assert tag(first)
    assert tag({"team": "core"})
    assert untag()


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "Action": [], "Resource": "*"},
        {"Effect": "Allow", "NotAction": [], "Action": [], "Resource": "*"},
        {"Effect": "Allow", "Action": [], "Resource": "*", "Condition": {"StringLike": {"aws:TagKeys": "*"}}},
        {"Effect": "Allow", "Action": [], "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIp": "*"}}},
    ],
)
def test_the_evaluator_guesses_nothing(statement: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="does not know"):
        iam.is_allowed([{"Statement": [statement]}], iam.Question("DeleteVpc", "*"))


@pytest.mark.parametrize("policies", [[EVERYTHING], [EVERYTHING, QUOTAS]])
def test_quotas_are_read_only_with_their_own_policy(guard: iam.Guard, emulator: Any, policies: list[Any]) -> None:
    guard.policies = policies
    client = boto3.client("service-quotas", **{**emulator.client_options(), "endpoint_url": guard.url})
    allowed = limits(client, ["L-3E6EC3A3"])
    assert allowed == ({"L-3E6EC3A3": 50} if QUOTAS in policies else {})


@pytest.mark.parametrize(
    ("policies", "group", "code"),
    [
        ([EVERYTHING], "/aws/vendedlogs/vpn", "AccessDeniedException"),
        ([EVERYTHING, LOGS], "/aws/vendedlogs/vpn", "ResourceNotFoundException"),
        ([EVERYTHING, LOGS], "/aws/lambda/other", "AccessDeniedException"),
    ],
)
def test_logs_are_read_only_with_their_own_policy(
    guard: iam.Guard, emulator: Any, policies: list[Any], group: str, code: str
) -> None:
    guard.policies = policies
    client = boto3.client("logs", **{**emulator.client_options(), "endpoint_url": guard.url})
    with pytest.raises(ApiError, match=code):
        Logs(client).lines(group, "vpn-0123456789abcdef0", 0)
