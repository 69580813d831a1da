# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is waited for after a change of a single tunnel."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.wait import tunnels
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    Telemetry,
    Tunnel,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_status import Maintenance

ADDRESS, TWIN = "203.0.113.2", "203.0.113.6"
EARLIER, LATER = "2026-01-30T12:00:00+00:00", "2026-01-30T12:05:00+00:00"


@pytest.mark.parametrize(
    ("pending", "is_met"),
    [(None, True), ("", True), ("None", True), ("Available", False), ("Something new", False)],
)
def test_maintenance_is_over_when_aws_has_nothing_in_store(pending: str | None, is_met: bool) -> None:
    condition = tunnels.maintenance_over("vpn-1", ADDRESS)
    assert condition.is_met(Maintenance(pending), 0.0) is is_met


def connection(first: Telemetry | None, second: Telemetry | None = None) -> Connection:
    return Connection(
        id="vpn-1",
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id="vgw-1",
        transit_gateway_id=None,
        routing="bgp",
        tunnels=(Tunnel(1, ADDRESS, None, telemetry=first), Tunnel(2, TWIN, None, telemetry=second)),
    )


def telemetry(status: str, since: str) -> Telemetry:
    return Telemetry(status, last_status_change=since)


@pytest.mark.parametrize(
    ("before", "seen", "elapsed", "is_met"),
    [
        (telemetry("UP", EARLIER), telemetry("UP", LATER), 1, True),
        # AWS may still show what was before the change.
        (telemetry("UP", EARLIER), telemetry("UP", EARLIER), 1, False),
        (telemetry("UP", EARLIER), telemetry("UP", EARLIER), 60, True),
        (telemetry("UP", EARLIER), telemetry("DOWN", LATER), 600, False),
        (telemetry("UP", EARLIER), None, 600, False),
        (None, telemetry("UP", EARLIER), 1, True),
    ],
)
def test_a_tunnel_is_back_when_it_is_up_again_not_still(
    before: Telemetry | None, seen: Telemetry | None, elapsed: float, is_met: bool
) -> None:
    condition = tunnels.tunnel_back("vpn-1", ADDRESS, before, now=0.0)
    assert condition.is_met(connection(seen), elapsed) is is_met


def test_the_twin_does_not_count() -> None:
    condition = tunnels.tunnel_back("vpn-1", ADDRESS, telemetry("UP", EARLIER), now=0.0)
    assert not condition.is_met(connection(telemetry("DOWN", LATER), telemetry("UP", LATER)), 600)
