# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An access key of 12 digits is an account of its own: neither objects nor clock, calls or delays are shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest


@pytest.fixture
def other(emulator: Any) -> Any:
    return emulator.account("111122223333")


def gateways(emulator: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = boto3.client("ec2", **emulator.client_options()).describe_vpn_gateways()[
        "VpnGateways"
    ]
    return found


def test_objects_of_one_account_are_not_seen_by_another(emulator: Any, other: Any, region: Any) -> None:
    region.vpn_gateway()
    assert len(gateways(emulator)) == 1
    assert gateways(other) == []


def test_each_account_counts_its_own_calls(emulator: Any, other: Any, region: Any, ask: Any) -> None:
    region.vpn_gateway()
    gateways(other)
    assert emulator.calls == {"CreateVpnGateway": 1}
    assert other.calls == {"DescribeVpnGateways": 1}
    assert ask(f"{emulator.url}/vpn-emulator/calls?account=111122223333") == {"DescribeVpnGateways": 1}
    assert ask(f"{emulator.url}/vpn-emulator/calls") == {"CreateVpnGateway": 1}


def test_clock_and_delays_are_those_of_the_account(emulator: Any, other: Any, region: Any) -> None:
    emulator.settle = other.settle = 30
    region.vpn_gateway()
    boto3.client("ec2", **other.client_options()).create_vpn_gateway(Type="ipsec.1")
    other.clock.advance(30)
    assert [one["State"] for one in gateways(other)] == ["available"]
    assert [one["State"] for one in gateways(emulator)] == ["pending"]


def test_a_new_account_does_not_start_with_the_delays_of_another(emulator: Any) -> None:
    emulator.settle = 30
    assert emulator.new_account().settle == 0


def test_other_services_know_the_account_too(other: Any) -> None:
    assert boto3.client("sts", **other.client_options()).get_caller_identity()["Account"] == "111122223333"


def test_a_delay_can_be_set_for_one_kind_of_state(emulator: Any, region: Any) -> None:
    emulator.delays.set(modifying=600)
    connection = region.connection()
    region.ec2.modify_vpn_connection_options(
        VpnConnectionId=connection["VpnConnectionId"], LocalIpv4NetworkCidr="10.20.0.0/16"
    )
    assert region.show(connection["VpnConnectionId"])["State"] == "modifying"
    emulator.clock.advance(600)
    assert region.show(connection["VpnConnectionId"])["State"] == "available"
    with pytest.raises(ValueError, match="no such delay: tea"):
        emulator.delays.set(tea=3)


def test_accounts_that_work_side_by_side_need_no_reset(emulator: Any) -> None:
    def work(_number: int) -> tuple[int, int, int]:
        own = emulator.new_account()
        ec2 = boto3.client("ec2", **own.client_options())
        own.faults.add("invisible", "CreateVpnGateway", call=3, seconds=3600)
        for _each in range(3):
            ec2.create_vpn_gateway(Type="ipsec.1")
        before = len(ec2.describe_vpn_gateways()["VpnGateways"])
        own.clock.advance(3600)
        return before, len(ec2.describe_vpn_gateways()["VpnGateways"]), len(own.log)

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(work, range(4))) == [(2, 3, 5)] * 4
