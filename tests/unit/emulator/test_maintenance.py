# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing tunnel endpoints, and what tests say of the peers in the absence of a data plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from vpn_emulator import always_up


class Place(NamedTuple):
    ec2: Any
    connection_id: str
    addresses: tuple[str, str]

    def maintenance(self, number: int = 0) -> dict[str, Any]:
        answer = self.ec2.get_vpn_tunnel_replacement_status(
            VpnConnectionId=self.connection_id, VpnTunnelOutsideIpAddress=self.addresses[number]
        )
        details: dict[str, Any] = answer["MaintenanceDetails"]
        return details

    def replace(self, **more: Any) -> bool:
        answer = self.ec2.replace_vpn_tunnel(
            VpnConnectionId=self.connection_id, VpnTunnelOutsideIpAddress=self.addresses[0], **more
        )
        return bool(answer["Return"])

    def shown(self) -> dict[str, Any]:
        found = self.ec2.describe_vpn_connections(VpnConnectionIds=[self.connection_id])["VpnConnections"]
        connection: dict[str, Any] = found[0]
        return connection

    def telemetry(self) -> list[str]:
        return [one["Status"] for one in self.shown()["VgwTelemetry"]]


@pytest.fixture
def place(region: Any, ec2: Any) -> Place:
    connection = region.connection()
    first, second = (one["OutsideIpAddress"] for one in connection["Options"]["TunnelOptions"])
    return Place(ec2, connection["VpnConnectionId"], (first, second))


def test_pending_maintenance_is_applied_by_replacing_the_tunnel(place: Place, emulator: Any, refused: Any) -> None:
    emulator.settle = 30
    assert place.maintenance() == {"PendingMaintenance": "None"}
    emulator.maintenance(place.addresses[0], auto_applied_after=86400)
    details = place.maintenance()
    assert details["PendingMaintenance"] == "Available"
    assert 0 <= emulator.clock.now() + 86400 - details["MaintenanceAutoAppliedAfter"].timestamp() < 60
    assert place.maintenance(1) == {"PendingMaintenance": "None"}
    assert place.replace(ApplyPendingMaintenance=True)
    assert place.shown()["State"] == "modifying"
    with refused("InvalidVpnConnection.InvalidState"):
        place.replace()
    details = place.maintenance()
    assert details["PendingMaintenance"] == "None"
    assert "LastMaintenanceApplied" in details
    emulator.clock.advance(30)
    assert place.shown()["State"] == "available"


def test_replacing_without_applying_leaves_it_pending(place: Place, emulator: Any) -> None:
    emulator.maintenance(place.addresses[0])
    place.replace()
    assert place.maintenance()["PendingMaintenance"] == "Available"


def test_after_the_date_aws_applies_it(place: Place, emulator: Any) -> None:
    emulator.delays.set(modifying=30)
    emulator.maintenance(place.addresses[0], auto_applied_after=100)
    emulator.clock.advance(100)
    assert place.shown()["State"] == "modifying"
    emulator.clock.advance(30)
    assert place.maintenance()["PendingMaintenance"] == "None"


def test_it_is_made_pending_over_http(place: Place, emulator: Any, ask: Any) -> None:
    url = f"{emulator.url}/vpn-emulator/endpoints/{place.addresses[0]}/maintenance"
    ask(url, "PUT", {"auto_applied_after": 3600})
    assert place.maintenance()["PendingMaintenance"] == "Available"
    ask(url, "DELETE")
    assert place.maintenance()["PendingMaintenance"] == "None"


def test_nobody_is_up_unless_a_test_says_so(place: Place, emulator: Any) -> None:
    assert place.telemetry() == ["DOWN", "DOWN"]
    emulator.telemetry(place.addresses[1], "UP", accepted_routes=3)
    shown = place.shown()["VgwTelemetry"]
    assert [one["Status"] for one in shown] == ["DOWN", "UP"]
    assert shown[1]["StatusMessage"] == "3 BGP ROUTES"
    emulator.telemetry(place.addresses[1], "DOWN")
    assert place.telemetry() == ["DOWN", "DOWN"]


def test_an_endpoint_that_is_replaced_is_down_and_comes_back(place: Place, emulator: Any) -> None:
    emulator.delays.set(modifying=30)
    for address, recovery in zip(place.addresses, (20, 0), strict=True):
        emulator.telemetry(address, "UP", recovery=recovery)
    place.replace()
    assert place.telemetry() == ["DOWN", "UP"]
    emulator.clock.advance(30)
    assert place.shown()["State"] == "available"
    assert place.telemetry() == ["DOWN", "UP"]
    emulator.clock.advance(20)
    assert place.telemetry() == ["UP", "UP"]


def test_a_device_that_does_not_come_back(place: Place, emulator: Any) -> None:
    for address in place.addresses:
        emulator.telemetry(address, "UP", recovery=None)
    place.replace()
    emulator.clock.advance(3600)
    assert place.telemetry() == ["DOWN", "UP"]


def test_devices_may_be_a_function_of_what_the_endpoints_run(place: Place, emulator: Any) -> None:
    emulator.customer_device = always_up
    assert place.telemetry() == ["UP", "UP"]

    def knows_one_key(tunnel: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return always_up(tunnel) if tunnel["psk"] == "a.key_of_berlin" else None

    emulator.customer_device = knows_one_key
    assert place.telemetry() == ["DOWN", "DOWN"]
    place.ec2.modify_vpn_tunnel_options(
        VpnConnectionId=place.connection_id,
        VpnTunnelOutsideIpAddress=place.addresses[1],
        TunnelOptions={"PreSharedKey": "a.key_of_berlin"},
    )
    assert place.telemetry() == ["DOWN", "UP"]


def test_what_was_negotiated_can_be_said_too(place: Place, emulator: Any) -> None:
    emulator.telemetry(place.addresses[0], "UP", active={"IkeVersion": "ikev2", "Phase1DHGroup": 20})
    status = place.ec2.get_active_vpn_tunnel_status(
        VpnConnectionId=place.connection_id, VpnTunnelOutsideIpAddress=place.addresses[0]
    )["ActiveVpnTunnelStatus"]
    assert status == {"ProvisioningStatus": "available", "IkeVersion": "ikev2", "Phase1DHGroup": 20}


def test_telemetry_is_said_over_http(place: Place, emulator: Any, ask: Any) -> None:
    url = f"{emulator.url}/vpn-emulator/endpoints/{place.addresses[0]}/telemetry"
    ask(url, "PUT", {"status": "UP", "recovery": 5})
    assert place.telemetry() == ["UP", "DOWN"]
    ask(url, "DELETE")
    assert place.telemetry() == ["DOWN", "DOWN"]
    ask(f"{emulator.url}/vpn-emulator/customer-devices", "PUT", {"all": "UP"})
    assert place.telemetry() == ["UP", "UP"]
    ask(f"{emulator.url}/vpn-emulator/customer-devices", "DELETE")
    assert place.telemetry() == ["DOWN", "DOWN"]
