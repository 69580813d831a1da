# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls about VPN concentrators against the real service model."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    ApiError,
    LostAnswer,
    NotFound,
    Throttled,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import VpnConcentrator
from botocore.stub import Stubber

TAGS = {"hybridnet:transit-gateway": "tgw-1"}
WIRE_TAGS = [{"Key": "hybridnet:transit-gateway", "Value": "tgw-1"}]
CREATE = {
    "Type": "ipsec.1",
    "TransitGatewayId": "tgw-1",
    "TagSpecifications": [{"ResourceType": "vpn-concentrator", "Tags": WIRE_TAGS}],
}

Stub = tuple[Ec2, Stubber]


def test_concentrators_come_in_pages(stub: Stub) -> None:
    ec2, stubber = stub
    first = {
        "VpnConcentratorId": "vcn-1",
        "State": "available",
        "TransitGatewayId": "tgw-1",
        "TransitGatewayAttachmentId": "tgw-attach-1",
        "Tags": WIRE_TAGS,
    }
    stubber.add_response("describe_vpn_concentrators", {"VpnConcentrators": [first], "NextToken": "more"}, {})
    rest = {"VpnConcentrators": [{"VpnConcentratorId": "vcn-2", "State": "pending"}]}
    stubber.add_response("describe_vpn_concentrators", rest, {"NextToken": "more"})
    assert ec2.vpn_concentrators() == [
        VpnConcentrator("vcn-1", "available", "tgw-1", "tgw-attach-1", TAGS),
        VpnConcentrator("vcn-2", "pending", None),
    ]


def test_a_concentrator_that_is_gone_is_deleted(stub: Stub) -> None:
    ec2, stubber = stub
    request = {"VpnConcentratorId": "vcn-1"}
    stubber.add_client_error("delete_vpn_concentrator", "RequestLimitExceeded", "busy", expected_params=request)
    stubber.add_client_error(
        "delete_vpn_concentrator", "InvalidVpnConcentratorID.NotFound", "", expected_params=request
    )
    ec2.delete_concentrator("vcn-1")


def test_a_concentrator_is_made(stub: Stub) -> None:
    ec2, stubber = stub
    stubber.add_response("create_vpn_concentrator", {"VpnConcentrator": {"VpnConcentratorId": "vcn-1"}}, CREATE)
    assert ec2.create_concentrator("tgw-1", "tgw-1", TAGS) == VpnConcentrator("vcn-1", "", None)
    assert ec2.calls == {"create_vpn_concentrator": 1}


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("RequestLimitExceeded", 503, Throttled),
        ("InternalError", 500, LostAnswer),
        ("InvalidThing.NotFound", 400, NotFound),
    ],
)
def test_aws_would_make_a_second_one_so_a_creation_is_not_repeated(
    stub: Stub, code: str, status: int, kind: type[ApiError]
) -> None:
    ec2, stubber = stub
    stubber.add_client_error("create_vpn_concentrator", code, "no", http_status_code=status, expected_params=CREATE)
    with pytest.raises(kind):
        ec2.create_concentrator("tgw-1", "tgw-1", TAGS)
    assert ec2.calls == {"create_vpn_concentrator": 1}


def test_reads_are_repeated_and_tell_what_is_missing(stub: Stub) -> None:
    ec2, stubber = stub
    stubber.add_client_error("describe_vpn_concentrators", "RequestLimitExceeded", "busy", http_status_code=503)
    stubber.add_client_error("describe_vpn_concentrators", "InvalidVpnConcentratorID.NotFound", "gone")
    with pytest.raises(NotFound):
        ec2.vpn_concentrators()
    assert ec2.calls == {"describe_vpn_concentrators": 2}
