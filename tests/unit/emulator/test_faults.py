# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on request, the log of the calls, and AWS's eventual consistency."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError


@pytest.fixture
def once(emulator: Any) -> Any:
    """A client that tries each call once."""
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client("ec2", **emulator.client_options(), config=config)


def gateways(ec2: Any) -> int:
    return len(ec2.describe_vpn_gateways()["VpnGateways"])


def create(ec2: Any) -> None:
    ec2.create_vpn_gateway(Type="ipsec.1")


@pytest.mark.parametrize(
    ("kind", "status", "code"), [("throttle", 503, "RequestLimitExceeded"), ("server_error", 500, "InternalError")]
)
def test_a_call_that_fails_before_it_does_anything(emulator: Any, once: Any, kind: str, status: int, code: str) -> None:
    emulator.faults.add(kind, "CreateVpnGateway")
    with pytest.raises(ClientError) as caught:
        create(once)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert gateways(once) == 0
    create(once)
    assert gateways(once) == 1


def test_a_call_whose_answer_is_lost(emulator: Any, once: Any) -> None:
    emulator.faults.add("lost_answer", "CreateVpnGateway")
    with pytest.raises(ConnectionClosedError):
        create(once)
    assert gateways(once) == 1


def test_a_call_whose_answer_is_an_error_although_it_worked(emulator: Any, once: Any, refused: Any) -> None:
    emulator.faults.add("lost_answer", "CreateVpnGateway", answer="error")
    with refused("InternalError"):
        create(once)
    assert gateways(once) == 1


def test_any_other_error(emulator: Any, once: Any, refused: Any) -> None:
    emulator.faults.add("refuse", "Create*", code="UnauthorizedOperation")
    with refused("UnauthorizedOperation"):
        create(once)


def test_which_calls_go_wrong(emulator: Any, once: Any) -> None:
    """The second and third of them; other actions are not counted."""
    fault = emulator.faults.add("throttle", "CreateVpnGateway", call=2, times=2)
    outcomes = []
    for _each in range(4):
        gateways(once)
        try:
            create(once)
            outcomes.append("")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])
    assert outcomes == ["", "RequestLimitExceeded", "RequestLimitExceeded", ""]
    assert (fault.matched, fault.applied) == (4, 2)


def test_every_call_goes_wrong_until_the_faults_are_cleared(emulator: Any, once: Any, refused: Any) -> None:
    emulator.faults.add("server_error", times=0)
    for _each in range(3):
        with refused("InternalError"):
            gateways(once)
    emulator.faults.clear()
    assert gateways(once) == 0


def test_another_account_has_no_fault(emulator: Any, once: Any, refused: Any) -> None:
    emulator.faults.add("server_error", times=0)
    other = emulator.new_account()
    assert gateways(boto3.client("ec2", **other.client_options())) == 0
    with refused("InternalError"):
        gateways(once)


def test_faults_are_ordered_over_http(emulator: Any, once: Any, ask: Any, refused: Any) -> None:
    url = f"{emulator.url}/vpn-emulator/faults"
    ask(url, "POST", {"kind": "throttle", "action": "DescribeVpnGateways"})
    with refused("RequestLimitExceeded"):
        gateways(once)
    (fault,) = ask(url)
    assert (fault["action"], fault["matched"], fault["applied"]) == ("DescribeVpnGateways", 1, 1)
    ask(url, "DELETE")
    assert ask(url) == []


@pytest.mark.parametrize("order", [{"kind": "tea"}, {"kind": "throttle", "call": 0}, {"kind": "throttle", "size": 1}])
def test_faults_that_make_no_sense(emulator: Any, order: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        emulator.faults.add(**order)


def test_token_buckets_run_dry_and_fill_up_with_time(emulator: Any, once: Any, refused: Any) -> None:
    emulator.buckets.set(reading=(3, 0.5))
    # Not real time, so that a slow test is no other test.
    emulator.buckets._clock._source = lambda: 0.0
    for _each in range(3):
        gateways(once)
    with refused("RequestLimitExceeded"):
        gateways(once)
    once.describe_customer_gateways()
    emulator.clock.advance(2)
    gateways(once)
    with refused("RequestLimitExceeded"):
        gateways(once)
    emulator.buckets.set()
    gateways(once)


def test_a_created_object_is_not_seen_at_once(region: Any, emulator: Any, refused: Any) -> None:
    emulator.faults.add("invisible", "CreateVpnConnection", seconds=10)
    transit_gateway_id = region.transit_gateway()
    connection_id = region.connection(TransitGatewayId=transit_gateway_id)["VpnConnectionId"]
    assert region.ec2.describe_vpn_connections()["VpnConnections"] == []
    assert region.ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"] == []
    with refused("InvalidVpnConnectionID.NotFound"):
        region.show(connection_id)
    with refused("InvalidVpnConnectionID.NotFound"):
        region.ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    emulator.clock.advance(10)
    assert region.show(connection_id)["VpnConnectionId"] == connection_id


def test_tags_are_not_seen_at_once(region: Any, ec2: Any, emulator: Any) -> None:
    emulator.faults.add("invisible_tags", times=0, seconds=10)
    tags = [{"ResourceType": "vpn-gateway", "Tags": [{"Key": "Name", "Value": "first"}]}]
    gateway_id = region.vpn_gateway(TagSpecifications=tags)

    def names() -> list[str]:
        shown = [tag["Value"] for tag in region.show_vpn_gateway(gateway_id)["Tags"]]
        assert [tag["Value"] for tag in ec2.describe_tags()["Tags"]] == shown
        return shown

    assert names() == []
    filters = [{"Name": "tag:Name", "Values": ["first"]}]
    assert ec2.describe_vpn_gateways(Filters=filters)["VpnGateways"] == []
    emulator.clock.advance(10)
    assert names() == ["first"]
    ec2.create_tags(Resources=[gateway_id], Tags=[{"Key": "Name", "Value": "second"}])
    assert names() == ["first"]
    emulator.clock.advance(10)
    assert names() == ["second"]


def test_calls_take_longer(emulator: Any, once: Any) -> None:
    """Real time, since the clients wait in it."""
    emulator.faults.add("slow", "Describe*", times=0, seconds=0.05)
    began = time.monotonic()
    for _each in range(20):
        gateways(once)
    assert time.monotonic() - began > 0.3


def test_the_calls_are_logged_in_order(region: Any, emulator: Any, refused: Any, ask: Any) -> None:
    emulator.log.clear()
    connection_id = region.connection(tunnels=[{"PreSharedKey": "marker.key_of_berlin"}])["VpnConnectionId"]
    emulator.faults.add("refuse", "Delete*", code="UnauthorizedOperation")
    with refused("UnauthorizedOperation"):
        region.ec2.delete_vpn_connection(VpnConnectionId=connection_id)
    calls = [(call.number, call.action, call.error, call.fault) for call in emulator.log]
    assert calls == [
        (1, "CreateCustomerGateway", "", ""),
        (2, "CreateVpnGateway", "", ""),
        (3, "CreateVpnConnection", "", ""),
        (4, "DeleteVpnConnection", "UnauthorizedOperation", "refuse"),
    ]
    assert emulator.log[3].ids == {"VpnConnectionId": connection_id}
    printed = ask(f"{emulator.url}/vpn-emulator/log")
    assert printed[3]["ids"] == {"VpnConnectionId": connection_id}
    assert "marker" not in str(printed)
    ask(f"{emulator.url}/vpn-emulator/log", "DELETE")
    assert len(emulator.log) == 0


def test_iam_actions_of_the_calls(region: Any, ec2: Any, emulator: Any, ask: Any) -> None:
    emulator.log.clear()
    ec2.describe_vpn_gateways()
    assert emulator.log.iam_actions() == ["ec2:DescribeVpnGateways"]
    region.vpn_gateway(TagSpecifications=[{"ResourceType": "vpn-gateway", "Tags": [{"Key": "Name", "Value": "x"}]}])
    expected = ["ec2:CreateTags", "ec2:CreateVpnGateway", "ec2:DescribeVpnGateways"]
    assert emulator.log.iam_actions() == expected
    assert ask(f"{emulator.url}/vpn-emulator/iam-actions") == expected
