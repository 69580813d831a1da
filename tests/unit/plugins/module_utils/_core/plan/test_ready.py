# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readiness: at rest, up, safe to touch."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Attachment,
    Connection,
    StaticRoute,
    Telemetry,
    Tunnel,
    VpnGateway,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import ready


def connection(state: str = "available", route: str = "available", up: tuple[str, ...] = ("UP", "DOWN")) -> Connection:
    tunnels = tuple(
        Tunnel(number, f"198.18.0.{number}", None, telemetry=Telemetry(status)) for number, status in enumerate(up, 1)
    )
    return Connection(
        id="vpn-1",
        state=state,
        customer_gateway_id="cgw-1",
        vpn_gateway_id="vgw-1",
        transit_gateway_id=None,
        routing="static",
        tunnels=tunnels,
        routes=(StaticRoute("10.0.0.0/8", route),),
    )


@pytest.mark.parametrize(
    ("state", "route", "settled"),
    [
        ("available", "available", True),
        ("available", "deleted", True),
        ("available", "pending", False),
        ("available", "deleting", False),
        ("pending", "available", False),
        ("modifying", "available", False),
    ],
)
def test_settled(state: str, route: str, settled: bool) -> None:
    assert ready.is_connection_settled(connection(state, route)) is settled


@pytest.mark.parametrize(
    ("state", "seen", "elapsed", "settled"),
    [
        ("available", True, 0.0, True),
        ("available", False, 0.0, False),
        ("available", False, ready.STALE_SECONDS, True),
        ("modifying", True, 60.0, False),
    ],
)
def test_a_stale_available_right_after_a_change_is_not_believed(
    state: str, seen: bool, elapsed: float, settled: bool
) -> None:
    assert ready.is_change_settled(connection(state), seen, elapsed) is settled


@pytest.mark.parametrize(("state", "live"), [("available", True), ("pending", True), ("deleting", False)])
def test_live_routes(state: str, live: bool) -> None:
    assert bool(ready.live_routes(connection(route=state))) is live


@pytest.mark.parametrize(
    ("up", "number", "safe"),
    [
        (("UP", "UP"), 1, True),
        (("UP", "DOWN"), 1, False),
        (("UP", "DOWN"), 2, True),
        (("DOWN", "DOWN"), 2, True),
        (("UP",), 1, False),
        (("DOWN",), 1, True),
    ],
)
def test_a_tunnel_is_safe_to_touch_when_its_twin_is_up_or_it_is_down_itself(
    up: tuple[str, ...], number: int, safe: bool
) -> None:
    seen = connection(up=up)
    problem = ready.twin_problem(seen, seen.tunnels[number - 1])
    assert (not problem) is safe
    assert safe or problem.startswith(f"tunnel {number} (")


def test_a_tunnel_without_telemetry_is_neither_up_nor_free_to_go_down() -> None:
    unknown = Tunnel(1, "198.18.0.1", None)
    assert not ready.is_tunnel_up(unknown)
    seen = dataclasses.replace(connection(up=("DOWN", "DOWN")), tunnels=(unknown, Tunnel(2, "198.18.0.2", None)))
    assert "tunnel 2 is in an unknown state" in ready.twin_problem(seen, unknown)


@pytest.mark.parametrize(
    ("state", "attached", "detached"),
    [("attached", True, False), ("attaching", False, False), ("detaching", False, False), ("detached", False, True)],
)
def test_attachment(state: str, attached: bool, detached: bool) -> None:
    gateway = VpnGateway("vgw-1", "available", 64512, (Attachment("vpc-1", state),))
    assert ready.is_attached(gateway, "vpc-1") is attached
    assert ready.is_detached(gateway) is detached
    assert not ready.is_attached(gateway, "vpc-2")
