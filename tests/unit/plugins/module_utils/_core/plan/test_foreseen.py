# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check mode returns of connections whose options change."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    Observed,
    Tunnel,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.foreseen import foreseen
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    ModifyConnectionOptions,
    ModifyTunnel,
    Step,
)

TUNNELS = (
    Tunnel(1, "203.0.113.2", "169.254.20.0/30", options={"dpd_timeout_seconds": 30, "startup_action": "add"}),
    Tunnel(2, "203.0.113.6", "169.254.20.4/30", options={"dpd_timeout_seconds": 30}),
)


def connection(name: str) -> Connection:
    return Connection(name, "available", "cgw-1", None, "tgw-1", "bgp", {"enable_acceleration": False}, TUNNELS)


OBSERVED = Observed(connections=(connection("vpn-1"), connection("vpn-2")))


def after(*steps: Step) -> Observed:
    return foreseen(OBSERVED, Plan(actions=tuple(Action.of(step, "berlin", "") for step in steps)))


def modify(**options: Any) -> ModifyTunnel:
    return ModifyTunnel("vpn-1", "203.0.113.6", None, options)


def test_nothing_changes_without_a_plan() -> None:
    assert after() == OBSERVED


def test_options_of_one_tunnel() -> None:
    first, second = after(modify(dpd_timeout_seconds=60)).connections
    assert second == connection("vpn-2")
    assert first.tunnels[0] == TUNNELS[0]
    assert first.tunnels[1].options == {"dpd_timeout_seconds": 60}


def test_the_inside_network_is_of_the_tunnel_itself() -> None:
    changed = after(modify(inside_cidr="169.254.30.0/30")).connections[0].tunnels[1]
    assert (changed.inside_cidr, changed.options) == ("169.254.30.0/30", TUNNELS[1].options)


def test_options_of_the_connection() -> None:
    first, second = after(ModifyConnectionOptions("vpn-1", {"remote_ipv4_network_cidr": "10.0.0.0/8"})).connections
    assert first.options == {"enable_acceleration": False, "remote_ipv4_network_cidr": "10.0.0.0/8"}
    assert second.options == {"enable_acceleration": False}
