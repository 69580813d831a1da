# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS would refuse is refused in the plan, before anything is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
READS = ("Describe", "Get", "Search")


def gateways(count: int, tgw: str) -> list[dict[str, Any]]:
    return [
        {
            "name": f"g{number}",
            "public_ip": f"198.51.100.{number}",
            "bgp_asn": 65010,
            "target": {"transit_gateway_id": tgw},
            "local_cidrs": [f"10.{number}.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
        }
        for number in range(1, count + 1)
    ]


def check_nothing_changed(emulator: Emulator, result: dict[str, Any]) -> None:
    assert result["failed"] and not result["changed"]
    assert result["msg"].startswith("Nothing was changed: ")
    assert [action for action in emulator.calls if not action.startswith(READS)] == []


@pytest.mark.parametrize("check", [True, False])
def test_a_plan_that_exceeds_a_quota(run: Run, world: dict[str, str], emulator: Emulator, check: bool) -> None:
    emulator.quotas.set(vpn_connections=2)
    emulator.calls.clear()
    result = run("vpn_sites", check=check, gateways=gateways(3, world["tgw"]))
    check_nothing_changed(emulator, result)
    (problem,) = result["problems"]
    assert problem.startswith(
        "eu-central-1: VPN connections per Region: the plan needs 3 more. The quota (L-3E6EC3A3) is 2, of which 0"
    )
    assert result["plan"]["counts"]["create"] == 6
    assert not run("vpn_sites", gateways=gateways(2, world["tgw"])).get("failed")


def test_quotas_that_may_not_be_read_are_not_checked(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    emulator.quotas.set(vpn_connections=1)
    emulator.faults.add("refuse", "GetServiceQuota", times=0, code="AccessDeniedException")
    result = run("vpn_sites", gateways=gateways(2, world["tgw"]))
    assert "VpnConnectionLimitExceeded" in result["msg"]
    assert emulator.calls["GetServiceQuota"] == 1


def test_a_run_that_creates_nothing_reads_no_quota(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    run("vpn_sites", gateways=gateways(1, world["tgw"]))
    emulator.calls.clear()
    assert not run("vpn_sites", gateways=gateways(1, world["tgw"]))["changed"]
    run("vpn_sites", gateways=gateways(1, world["tgw"]), state="absent")
    assert "GetServiceQuota" not in emulator.calls


def test_more_static_routes_than_a_connection_takes(run: Run, ec2: Any, emulator: Emulator) -> None:
    device = run("customer_gateway", name="berlin", public_ip="198.51.100.10", bgp_asn=65010)["customer_gateway"]
    vpn_gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    emulator.calls.clear()
    result = run(
        "vpn_connection",
        name="berlin",
        customer_gateway_id=device["customer_gateway_id"],
        vpn_gateway_id=vpn_gateway,
        routing="static",
        static_routes=[f"10.20.{number}.0/24" for number in range(101)],
    )
    check_nothing_changed(emulator, result)
    assert "berlin: static_routes: 101 static routes, and AWS takes 100 for a connection" in result["msg"]
