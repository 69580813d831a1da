# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maintenance of tunnel endpoints and their certificates, against the emulated AWS: the twin comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]

MARKER = "MARKER_psk.1"
SETTLE = 30.0


class Site:
    """The connection of one site, and what may be said of its tunnels."""

    def __init__(self, run: Run, emulator: Emulator, connection: dict[str, Any]) -> None:
        self.run = run
        self.emulator = emulator
        self.id: str = connection["id"]
        self.first, self.second = (tunnel["outside_address"] for tunnel in connection["tunnels"])

    def up(self, *addresses: str, recovery: float | None = 0.0) -> None:
        for address in addresses:
            self.emulator.telemetry(address, "UP", recovery)

    def replace(self, check: bool = False, **options: Any) -> dict[str, Any]:
        given = {"name": "berlin", "tunnel": 1, **options}
        return self.run("vpn_tunnel_replacement", check=check, **given)

    def writes(self) -> list[str]:
        return [action for action in self.emulator.calls if not action.startswith(("Describe", "Get"))]


@pytest.fixture
def site(run: Run, world: dict[str, str], emulator: Emulator) -> Site:
    run("customer_gateway", name="berlin", public_ip="198.51.100.10")
    keys = [{"psk": MARKER}, {"psk": f"{MARKER}2"}]
    made = run("vpn_connection", name="berlin", transit_gateway_id=world["tgw"], tunnels=keys)
    emulator.calls.clear()
    return Site(run, emulator, made["connection"])


def test_pending_maintenance_is_applied_once(site: Site, emulator: Emulator) -> None:
    site.up(site.first, site.second)
    emulator.maintenance(site.first)
    emulator.settle = SETTLE
    checked = site.replace(check=True)
    assert checked["changed"]
    assert checked["tunnel"]["maintenance"]["pending_maintenance"] == "Available"
    assert site.writes() == []
    done = site.replace()
    assert done["changed"]
    assert done["plan"] == checked["plan"]
    assert done["plan"]["counts"]["replace"] == 1
    assert done["plan"]["actions"][0]["interruption"] == "one_tunnel"
    assert done["vpn_connection_id"] == site.id
    assert done["tunnel"]["telemetry"]["status"] == "UP"
    assert done["tunnel"]["maintenance"]["is_pending"] is False
    assert done["tunnel"]["maintenance"]["last_maintenance_applied"]
    assert "warnings" not in done
    assert emulator.calls["ReplaceVpnTunnel"] == 1
    again = site.replace()
    assert again["changed"] is False
    assert again["plan"]["counts"]["unchanged"] == 1
    assert emulator.calls["ReplaceVpnTunnel"] == 1


def test_without_pending_maintenance_only_always_replaces(site: Site, emulator: Emulator) -> None:
    site.up(site.first, site.second)
    assert site.replace(tunnel=2)["changed"] is False
    for _each in range(2):
        assert site.replace(tunnel=2, replace="always")["changed"]
    assert emulator.calls["ReplaceVpnTunnel"] == 2


def test_the_twin_has_to_be_up(site: Site, emulator: Emulator) -> None:
    site.up(site.first)
    emulator.maintenance(site.first)
    refused = site.replace()
    assert refused["failed"]
    assert "would go down while its twin is not up (tunnel 2 is DOWN, IPSEC IS DOWN)" in refused["msg"]
    assert refused["problems"]
    assert site.writes() == []
    assert site.replace(check=True)["failed"]
    assert site.replace(force_tunnel_change=True)["changed"]
    assert site.writes() == ["ReplaceVpnTunnel"]


def test_a_tunnel_is_named_by_its_address_and_a_connection_by_its_id(site: Site, emulator: Emulator) -> None:
    site.up(site.first, site.second)
    emulator.maintenance(site.second)
    options = {"vpn_connection_id": site.id, "outside_address": site.second}
    done = site.run("vpn_tunnel_replacement", **options)
    assert (done["changed"], done["tunnel"]["number"]) == (True, 2)


def test_it_waits_until_the_tunnel_is_up_again(site: Site, emulator: Emulator) -> None:
    site.up(site.second)
    site.up(site.first, recovery=200.0)
    emulator.maintenance(site.first)
    emulator.settle = SETTLE
    before = emulator.clock.now()
    done = site.replace()
    assert done["tunnel"]["telemetry"]["status"] == "UP"
    assert 230 <= emulator.clock.now() - before < 300
    assert "warnings" not in done


def test_a_tunnel_that_does_not_come_back_is_a_warning(site: Site, emulator: Emulator) -> None:
    site.up(site.second)
    site.up(site.first, recovery=None)
    emulator.maintenance(site.first)
    emulator.settle = SETTLE
    before = emulator.clock.now()
    done = site.replace(wait_timeout=600)
    assert done["changed"]
    assert done["tunnel"]["telemetry"]["status"] == "DOWN"
    (warning,) = done["warnings"]
    assert f"tunnel 1 ({site.first}) of {site.id} was UP before and is not UP again after 600 s" in str(warning)
    assert emulator.clock.now() - before <= 600 + SETTLE


def test_a_tunnel_that_was_down_is_not_waited_for(site: Site, emulator: Emulator) -> None:
    site.up(site.second)
    emulator.maintenance(site.first)
    emulator.settle = SETTLE
    before = emulator.clock.now()
    done = site.replace()
    assert "warnings" not in done
    assert emulator.clock.now() - before < 60


def test_without_wait_it_returns_at_once(site: Site, emulator: Emulator) -> None:
    site.up(site.first, site.second)
    emulator.maintenance(site.first)
    emulator.settle = SETTLE
    before = emulator.clock.now()
    assert site.replace(wait=False)["changed"]
    assert emulator.clock.now() - before < SETTLE / 2


def test_a_change_of_the_twin_by_somebody_else_has_to_be_over(site: Site, emulator: Emulator, ec2: Any) -> None:
    site.up(site.first)
    site.up(site.second, recovery=100.0)
    emulator.maintenance(site.first)
    emulator.settle = SETTLE
    ec2.replace_vpn_tunnel(VpnConnectionId=site.id, VpnTunnelOutsideIpAddress=site.second)
    refused = site.replace()
    assert "its twin is not up" in refused["msg"]
    emulator.clock.advance(SETTLE + 100)
    assert site.replace()["changed"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"tunnel": 1}, "one of the following is required: vpn_connection_id, name"),
        ({"name": "berlin"}, "one of the following is required: tunnel, outside_address"),
        ({"name": "berlin", "tunnel": 1, "outside_address": "203.0.113.2"}, "mutually exclusive"),
        ({"name": "berlin", "tunnel": 3}, "must be one of"),
        ({"name": "berlin", "outside_address": "192.0.2.1"}, "has no such tunnel; it has 1 ("),
        ({"name": "madrid", "tunnel": 1}, "name=madrid: no connection of this collection has that name"),
        ({"vpn_connection_id": "vpn-0123456789abcdef0", "tunnel": 1}, "no such connection"),
    ],
)
@pytest.mark.parametrize("module", ["vpn_tunnel_replacement", "vpn_tunnel_certificate"])
def test_refusals(site: Site, module: str, options: dict[str, Any], word: str) -> None:
    result = site.run(module, **options)
    assert result["failed"]
    assert word in result["msg"]
    assert site.writes() == []


def test_a_connection_that_is_deleted_is_refused(site: Site, ec2: Any) -> None:
    ec2.delete_vpn_connection(VpnConnectionId=site.id)
    result = site.run("vpn_tunnel_replacement", vpn_connection_id=site.id, tunnel=1, force_tunnel_change=True)
    assert result["failed"]
    assert "is deleted" in result["msg"]


def test_no_key_leaves_the_modules(site: Site, emulator: Emulator) -> None:
    site.up(site.first, site.second)
    emulator.maintenance(site.first)
    outputs = [
        site.replace(check=True),
        site.replace(),
        site.run("vpn_tunnel_certificate", name="berlin", tunnel=1),
        site.run("vpn_connection_info", include_active_status=True, include_maintenance=True),
    ]
    assert all(MARKER not in each["printed"] for each in outputs)


# Certificates.


@pytest.fixture
def certified(run: Run, world: dict[str, str], emulator: Emulator) -> Site:
    """A connection on which both sides show certificates."""
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    run("customer_gateway", name="oslo", public_ip="198.51.100.30", certificate_arn=arn)
    made = run("vpn_connection", name="oslo", transit_gateway_id=world["tgw"])
    site = Site(run, emulator, made["connection"])
    site.up(site.first, site.second)
    emulator.calls.clear()
    return site


def test_a_certificate_is_rotated_each_time(certified: Site, emulator: Emulator) -> None:
    emulator.settle = SETTLE
    options = {"name": "oslo", "tunnel": 1}
    seen = set()
    for _each in range(2):
        checked = certified.run("vpn_tunnel_certificate", check=True, **options)
        assert checked["changed"]
        seen.add(checked["tunnel"]["telemetry"]["certificate_arn"])
        done = certified.run("vpn_tunnel_certificate", **options)
        assert (done["changed"], done["plan"]) == (True, checked["plan"])
        assert done["plan"]["actions"][0]["interruption"] == "one_tunnel"
        assert done["tunnel"]["telemetry"]["status"] == "UP"
        seen.add(done["tunnel"]["telemetry"]["certificate_arn"])
    assert len(seen) == 3
    assert certified.writes() == ["ModifyVpnTunnelCertificate"]
    assert emulator.calls["ModifyVpnTunnelCertificate"] == 2


def test_a_certificate_too_is_rotated_only_while_the_twin_is_up(certified: Site, emulator: Emulator) -> None:
    emulator.telemetry(certified.second, "DOWN")
    refused = certified.run("vpn_tunnel_certificate", name="oslo", tunnel=1)
    assert "would go down while its twin is not up" in refused["msg"]
    assert certified.writes() == []
    assert certified.run("vpn_tunnel_certificate", name="oslo", tunnel=1, force_tunnel_change=True)["changed"]


def test_where_there_are_keys_there_is_no_certificate(site: Site) -> None:
    site.up(site.first, site.second)
    refused = site.run("vpn_tunnel_certificate", name="berlin", tunnel=1)
    assert refused["failed"]
    assert "authenticates with pre-shared keys" in refused["msg"]
    assert site.writes() == []


# What AWS tells of one tunnel at a time.


def test_info_returns_maintenance_and_what_was_negotiated(site: Site, emulator: Emulator) -> None:
    emulator.maintenance(site.second, auto_applied_after=3600.0)
    emulator.telemetry(site.first, "UP", active={"IkeVersion": "ikev2", "Phase1DHGroup": 20})
    emulator.calls.clear()
    result = site.run("vpn_connection_info", include_maintenance=True, include_active_status=True)
    first, second = result["connections"][0]["tunnels"]
    assert first["maintenance"] == {
        "is_pending": False,
        "pending_maintenance": "None",
        "maintenance_auto_applied_after": None,
        "last_maintenance_applied": None,
    }
    assert second["maintenance"]["is_pending"]
    assert second["maintenance"]["maintenance_auto_applied_after"]
    assert (first["active_status"]["ike_version"], first["active_status"]["phase1_dh_group"]) == ("ikev2", 20)
    assert second["active_status"]["provisioning_status"] == "available"
    assert second["active_status"]["ike_version"] is None
    assert (emulator.calls["GetVpnTunnelReplacementStatus"], emulator.calls["GetActiveVpnTunnelStatus"]) == (2, 2)


def test_info_asks_for_details_only_when_told(site: Site, emulator: Emulator) -> None:
    result = site.run("vpn_connection_info")
    assert not any(action.startswith("Get") for action in emulator.calls)
    assert {"maintenance", "active_status"}.isdisjoint(result["connections"][0]["tunnels"][0])


def test_info_of_a_deleted_connection_has_no_details(site: Site, ec2: Any) -> None:
    ec2.delete_vpn_connection(VpnConnectionId=site.id)
    result = site.run("vpn_connection_info", vpn_connection_ids=[site.id], include_maintenance=True)
    assert [tunnel["maintenance"] for tunnel in result["connections"][0]["tunnels"]] == [None, None]
