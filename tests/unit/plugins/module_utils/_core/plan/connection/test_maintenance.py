# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for the endpoint of one tunnel: what is pending, what the twin allows, and when a tunnel is back."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import identity_tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    BGP,
    Connection,
    Consent,
    CustomerGateway,
    Telemetry,
    Tunnel,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_status import Maintenance
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection import maintenance
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Interruption
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import ReplaceTunnel, RotateCertificate

SINCE = "2026-01-30T12:00:00+00:00"
FORCED = Consent(force_tunnel_change=True)
PENDING = Maintenance("Available", "2026-03-01T00:00:00+00:00", None)
NOTHING = Maintenance("None", None, SINCE)


def connection(*statuses: str | None, state: str = "available", site: str | None = "berlin") -> Connection:
    """A connection whose tunnels have these statuses; None for one AWS has said nothing of."""
    tunnels = tuple(
        Tunnel(
            number,
            f"203.0.113.{number}",
            None,
            telemetry=None if status is None else Telemetry(status, last_status_change=SINCE),
        )
        for number, status in enumerate(statuses, 1)
    )
    tags = {**identity_tags(site)} if site else {}
    return Connection(
        id="vpn-1",
        state=state,
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing=BGP,
        tunnels=tunnels,
        tags=tags,
    )


def subject(*statuses: str | None, state: str = "available", site: str | None = "berlin") -> maintenance.SelectedTunnel:
    return maintenance.select_tunnel(connection(*statuses, state=state, site=site), 1, None)


def test_a_tunnel_is_named_by_number_or_by_address() -> None:
    both = connection("UP", "DOWN")
    assert maintenance.select_tunnel(both, 2, None).tunnel.number == 2
    assert maintenance.select_tunnel(both, None, "203.0.113.2").tunnel.number == 2
    with pytest.raises(InvalidInput, match=r"outside_address=192.0.2.1: vpn-1 has no such tunnel; it has 1 \(203"):
        maintenance.select_tunnel(both, None, "192.0.2.1")
    with pytest.raises(InvalidInput, match="tunnel=1: vpn-1 has no such tunnel; it has none"):
        maintenance.select_tunnel(connection(), 1, None)


def test_pending_maintenance_is_applied() -> None:
    plan = maintenance.replacement_plan(subject("DOWN", "UP"), PENDING, False, Consent())
    (action,) = plan.actions
    assert plan.refusals == ()
    assert plan.counts["replace"] == 1
    assert action.step == ReplaceTunnel("vpn-1", "203.0.113.1", "203.0.113.2", apply_pending=True)
    assert action.interruption is Interruption.ONE_TUNNEL
    assert action.line == (
        "berlin  replace vpn tunnel vpn-1 tunnel 1 (203.0.113.1): apply pending maintenance (Available)"
        "  [interrupts one tunnel]"
    )
    before, after = plan.before["berlin"]["vpn_tunnel"], plan.after["berlin"]["vpn_tunnel"]
    assert (before["pending_maintenance"], after["pending_maintenance"]) == ("Available", None)
    assert after["last_maintenance_applied"] == maintenance.NEW


def test_without_pending_maintenance_nothing_happens_unless_always() -> None:
    none = maintenance.replacement_plan(subject("UP", "UP"), NOTHING, False, Consent())
    assert (none.has_changes, none.counts["unchanged"], none.before) == (False, 1, {})
    always = maintenance.replacement_plan(subject("UP", "UP"), NOTHING, True, Consent())
    (action,) = always.actions
    assert action.step == ReplaceTunnel("vpn-1", "203.0.113.1", "203.0.113.2", apply_pending=False)
    assert always.after["berlin"]["vpn_tunnel"]["last_maintenance_applied"] == SINCE


@pytest.mark.parametrize("twin", ["DOWN", None])
def test_a_tunnel_whose_twin_is_not_up_is_touched_by_force_only(twin: str | None) -> None:
    on, device = (
        subject("UP", twin),
        CustomerGateway(id="cgw-1", state="available", public_ip=None, bgp_asn=65010, certificate_arn="arn:c"),
    )
    for plan in (
        maintenance.replacement_plan(on, PENDING, False, Consent()),
        maintenance.certificate_plan(on, device, Consent()),
    ):
        (text,) = plan.refusals
        assert text.startswith("berlin: tunnel 1 (203.0.113.1) of vpn-1 would go down while its twin is not up")
        assert "force_tunnel_change" in text
    forced = maintenance.replacement_plan(on, PENDING, False, FORCED)
    assert forced.refusals == ()
    assert forced.actions[0].step == ReplaceTunnel("vpn-1", "203.0.113.1", None, apply_pending=True)


def test_a_tunnel_that_is_down_itself_has_nothing_to_lose() -> None:
    on = subject("DOWN", "DOWN")
    device = CustomerGateway(id="cgw-1", state="available", public_ip=None, bgp_asn=65010, certificate_arn="arn:c")
    assert maintenance.replacement_plan(on, PENDING, False, Consent()).refusals == ()
    assert maintenance.certificate_plan(on, device, Consent()).refusals == ()


def test_a_deleted_connection_is_refused_also_by_force() -> None:
    on = subject("UP", "UP", state="deleted", site=None)
    for found, always in ((PENDING, True), (NOTHING, False)):
        plan = maintenance.replacement_plan(on, found, always, FORCED)
        assert plan.refusals == ("vpn-1: vpn-1 is deleted",)


def test_a_certificate_is_rotated_each_time_where_there_is_one() -> None:
    device = CustomerGateway(id="cgw-1", state="available", public_ip=None, bgp_asn=65010, certificate_arn="arn:c")
    plan = maintenance.certificate_plan(subject("DOWN", "UP"), device, Consent())
    assert plan.refusals == ()
    assert plan.actions[0].step == RotateCertificate("vpn-1", "203.0.113.1", "203.0.113.2")
    assert plan.actions[0].interruption is Interruption.ONE_TUNNEL
    assert plan.after["berlin"]["vpn_tunnel"]["certificate"] == maintenance.NEW


@pytest.mark.parametrize("device", [None, CustomerGateway("cgw-1", "available", "198.51.100.1", 65010)])
def test_without_certificates_there_is_none_to_rotate(device: CustomerGateway | None) -> None:
    plan = maintenance.certificate_plan(subject("DOWN", "UP"), device, FORCED)
    (text,) = plan.refusals
    assert "cgw-1 has no certificate_arn" in text


def test_a_tunnel_is_back_when_its_status_is_a_new_one() -> None:
    before = Telemetry("UP", last_status_change=SINCE)
    tunnel = Tunnel(1, "203.0.113.1", None, telemetry=before)
    assert not maintenance.is_back(tunnel, before, 1.0)
    assert maintenance.is_back(tunnel, before, maintenance.TELEMETRY_SECONDS)
    newer = Telemetry("UP", last_status_change="2026-01-30T12:05:00+00:00")
    assert maintenance.is_back(dataclasses.replace(tunnel, telemetry=newer), before, 1.0)
    down = dataclasses.replace(tunnel, telemetry=dataclasses.replace(newer, status="DOWN"))
    assert not maintenance.is_back(down, before, 1000.0)
    assert not maintenance.is_back(dataclasses.replace(tunnel, telemetry=None), before, 1000.0)
