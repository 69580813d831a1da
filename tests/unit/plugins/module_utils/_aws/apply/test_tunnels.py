# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that must happen once, and only while the twin is up, when calls fail or somebody else works beside us."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApplyFailed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Consent,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection import maintenance
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan
from botocore.config import Config

if TYPE_CHECKING:
    from vpn_emulator import Emulator

SETTLE = 30.0


class Tunnels:
    """A connection with two tunnels that are up, maintenance pending on the first."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = boto3.client("ec2", **emulator.client_options(), config=Config(**client_config()))
        self.sleep: Callable[[float], None] = emulator.clock.advance
        device = self.client.create_customer_gateway(Type="ipsec.1", IpAddress="198.51.100.10", BgpAsn=65010)
        self.tgw = self.client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        made = self.client.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=device["CustomerGateway"]["CustomerGatewayId"],
            TransitGatewayId=self.tgw,
        )["VpnConnection"]
        self.id = made["VpnConnectionId"]
        self.first, self.second = (each["OutsideIpAddress"] for each in made["Options"]["TunnelOptions"])
        for address in (self.first, self.second):
            emulator.telemetry(address, "UP")
        emulator.maintenance(self.first)
        emulator.settle = SETTLE
        emulator.calls.clear()

    def ec2(self) -> Ec2:
        return Ec2(self.client, Clock(self.emulator.clock.now, self.sleep, lambda: 1.0))

    def plan(self, force: bool = False) -> Plan:
        """The plan for the first tunnel, as long as maintenance is pending."""
        consent = Consent(force_tunnel_change=force)
        (connection,) = self.ec2().connections([])
        subject = maintenance.select_tunnel(connection, 1, None)
        pending = self.ec2().maintenance(self.id, self.first)
        return maintenance.replacement_plan(subject, pending, False, consent)

    def apply(self, plan: Plan, wait_timeout: float = 2400.0) -> None:
        assert plan.refusals == ()
        Applier(self.ec2(), wait_timeout).apply(plan)

    @property
    def replaced(self) -> int:
        return self.emulator.calls["ReplaceVpnTunnel"]


@pytest.fixture
def tunnels(emulator: Emulator) -> Tunnels:
    return Tunnels(emulator)


def test_replaced_once(tunnels: Tunnels) -> None:
    tunnels.apply(tunnels.plan())
    assert tunnels.replaced == 1
    assert not tunnels.plan().has_changes


def test_a_twin_that_goes_down_after_the_plan_was_made_keeps_the_tunnel_untouched(tunnels: Tunnels) -> None:
    plan = tunnels.plan()
    tunnels.emulator.telemetry(tunnels.second, "DOWN")
    with pytest.raises(ApplyFailed, match=f"waited for tunnel {tunnels.second} to be UP"):
        tunnels.apply(plan, wait_timeout=300.0)
    assert tunnels.replaced == 0


def test_the_twin_of_a_tunnel_that_is_down_is_not_waited_for(tunnels: Tunnels) -> None:
    for address in (tunnels.first, tunnels.second):
        tunnels.emulator.telemetry(address, "DOWN")
    before = tunnels.emulator.clock.now()
    tunnels.apply(tunnels.plan(), wait_timeout=300.0)
    assert tunnels.replaced == 1
    assert tunnels.emulator.clock.now() - before < 2 * SETTLE


def test_a_tunnel_that_came_up_after_the_plan_was_made_is_not_taken_down(tunnels: Tunnels) -> None:
    for address in (tunnels.first, tunnels.second):
        tunnels.emulator.telemetry(address, "DOWN")
    plan = tunnels.plan()
    tunnels.emulator.telemetry(tunnels.first, "UP")
    with pytest.raises(ApplyFailed, match=f"waited for tunnel {tunnels.second} to be UP"):
        tunnels.apply(plan, wait_timeout=300.0)
    assert tunnels.replaced == 0


def test_by_force_the_twin_is_not_waited_for(tunnels: Tunnels) -> None:
    tunnels.emulator.telemetry(tunnels.second, "DOWN")
    tunnels.apply(tunnels.plan(force=True))
    assert tunnels.replaced == 1


def test_a_change_by_somebody_else_is_waited_for_also_when_it_begins_after_the_plan(tunnels: Tunnels) -> None:
    plan = tunnels.plan()
    tunnels.client.replace_vpn_tunnel(VpnConnectionId=tunnels.id, VpnTunnelOutsideIpAddress=tunnels.second)
    before = tunnels.emulator.clock.now()
    tunnels.apply(plan)
    assert tunnels.replaced == 2
    assert tunnels.emulator.clock.now() - before >= 2 * SETTLE


@pytest.mark.parametrize("kind", ["throttle", "server_error"])
def test_a_call_that_did_nothing_is_made_again(tunnels: Tunnels, kind: str) -> None:
    tunnels.emulator.faults.add(kind, "ReplaceVpnTunnel")
    tunnels.apply(tunnels.plan())
    assert not tunnels.plan().has_changes
    assert tunnels.replaced == 2


@pytest.mark.parametrize("settle", [0.0, SETTLE])
@pytest.mark.parametrize("answer", ["close", "error"])
def test_a_lost_answer_does_not_replace_twice(tunnels: Tunnels, settle: float, answer: str) -> None:
    tunnels.emulator.settle = settle
    tunnels.emulator.faults.add("lost_answer", "ReplaceVpnTunnel", answer=answer)
    tunnels.apply(tunnels.plan())
    assert tunnels.replaced == 1
    assert not tunnels.plan().has_changes


def test_what_keeps_failing_is_told(tunnels: Tunnels) -> None:
    tunnels.emulator.faults.add("server_error", "ReplaceVpnTunnel", times=0)
    with pytest.raises(ApplyFailed, match="ReplaceVpnTunnel for .* failed: InternalError"):
        tunnels.apply(tunnels.plan())
