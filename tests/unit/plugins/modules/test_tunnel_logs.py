# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpn_connection_info reads what AWS logged of chosen tunnels, and goes on where it must not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]

MARKER = "MARKER_psk.1"
GROUPS = ("/aws/vendedlogs/ike", "/aws/vendedlogs/bgp")
IKE, BGP = (f"arn:aws:logs:eu-central-1:{{}}:log-group:{name}" for name in GROUPS)
REFUSED = "AWS tunnel is sending AUTHENTICATION_FAILED as the response"
CONNECTS = "AWS-side peer is initiating a connection (via Connect) to neighbor 169.254.20.2"


def said(at: float) -> list[dict[str, Any]]:
    """What the endpoint says of itself."""
    states = {"ike_phase1_state": "Down", "ike_phase2_state": "Down", "dpd_enabled": True, "nat_t_detected": False}
    return [
        {"log": "tunnel", "at": at, "details": REFUSED, **states},
        {"log": "bgp", "at": at + 1, "type": "BGPStatus", "status": "DOWN", "details": CONNECTS},
    ]


class Site:
    """A connection whose first tunnel has both logs on, and whose endpoints have said something."""

    def __init__(self, run: Run, emulator: Emulator, connection: dict[str, Any]) -> None:
        self.run, self.emulator = run, emulator
        self.addresses = [tunnel["outside_address"] for tunnel in connection["tunnels"]]
        self.say(time.time() - 60)
        emulator.calls.clear()

    def say(self, at: float) -> None:
        for address in self.addresses:
            self.emulator.telemetry(address, "DOWN", log=said(at))

    def logs(self, *addresses: str) -> list[Any]:
        result = self.run("vpn_connection_info", log_tunnels=list(addresses))
        assert MARKER not in result["printed"]
        assert not result.get("failed"), result
        return [tunnel.get("log", "not asked") for tunnel in result["connections"][0]["tunnels"]]


@pytest.fixture
def site(run: Run, world: dict[str, str], emulator: Emulator, request: Any) -> Site:
    form = getattr(request, "param", "json")
    for name in GROUPS:
        boto3.client("logs", **emulator.client_options()).create_log_group(logGroupName=name)
    options = {
        "log_enabled": True,
        "log_group_arn": IKE.format(emulator.account_id),
        "log_output_format": form,
        "bgp_log_enabled": True,
        "bgp_log_group_arn": BGP.format(emulator.account_id),
        "bgp_log_output_format": form,
    }
    run("customer_gateway", name="berlin", public_ip="198.51.100.10")
    tunnels = [{"psk": MARKER, **options}, {"psk": f"{MARKER}2"}]
    made = run("vpn_connection", name="berlin", transit_gateway_id=world["tgw"], tunnels=tunnels)
    return Site(run, emulator, made["connection"])


@pytest.mark.parametrize("site", ["json", "text"], indirect=True)
def test_the_lines_of_the_chosen_tunnel(site: Site) -> None:
    log, other = site.logs(site.addresses[0])
    assert other == "not asked"
    assert [line["log"] for line in log["lines"]] == ["tunnel", "bgp"]
    assert log["problem"] is None
    for line, text in zip(log["lines"], (REFUSED, CONNECTS), strict=True):
        assert text in line["text"]
        assert line["is_up"] is (False if line["text"] == text else None)
    # One for each log group.
    assert site.emulator.calls["FilterLogEvents"] == 2
    # Lines that are there are not written again.
    assert site.logs(site.addresses[0]) == [log, "not asked"]


def test_nothing_is_asked_without_need(site: Site) -> None:
    assert site.logs() == ["not asked", "not asked"]
    assert site.logs(site.addresses[1]) == ["not asked", None]
    assert site.emulator.calls["FilterLogEvents"] == 0


def test_old_lines_say_nothing(site: Site) -> None:
    site.say(time.time() - 3600)
    assert site.logs(site.addresses[0])[0] == {"lines": [], "problem": None}


def test_a_refusal_is_said_and_no_failure(site: Site) -> None:
    site.emulator.faults.add("refuse", "FilterLogEvents", call=1, code="AccessDeniedException")
    log, _other = site.logs(site.addresses[0])
    # The other log was read.
    assert [line["log"] for line in log["lines"]] == ["tunnel"]
    assert log["problem"].startswith("FilterLogEvents for /aws/vendedlogs/bgp failed: AccessDeniedException")


def test_a_service_that_does_not_answer_is_asked_once(site: Site) -> None:
    site.emulator.faults.add("refuse", "FilterLogEvents", times=9, code="ServiceUnavailable")
    log, _other = site.logs(site.addresses[0])
    assert log["lines"] == []
    assert "ServiceUnavailable" in log["problem"]
    assert site.emulator.calls["FilterLogEvents"] == 1


def test_a_log_group_that_is_gone(site: Site) -> None:
    boto3.client("logs", **site.emulator.client_options()).delete_log_group(logGroupName=GROUPS[0])
    log, _other = site.logs(site.addresses[0])
    assert [line["log"] for line in log["lines"]] == ["bgp"]
    assert "ResourceNotFoundException" in log["problem"]
