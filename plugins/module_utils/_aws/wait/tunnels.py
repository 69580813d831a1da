# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Says what to wait for after a change of a single tunnel."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..._core.model.resources import Connection, Telemetry
from ..._core.model.tunnel_status import Maintenance
from ..._core.nouns import TUNNEL_MAINTENANCE, VPN_CONNECTION
from ..._core.plan.connection import maintenance
from ..observe.single import tunnel_key
from .waiters import Condition


def maintenance_over(connection_id: str, outside_address: str) -> Condition:
    """AWS has applied what was pending."""

    def is_met(found: Maintenance, _elapsed: float) -> bool:
        return not found.is_pending

    return Condition(
        TUNNEL_MAINTENANCE, tunnel_key(connection_id, outside_address), "the maintenance to be over", is_met
    )


def tunnel_back(connection_id: str, outside_address: str, before: Telemetry | None, now: float) -> Condition:
    """A tunnel that was up before a change carries traffic again; the gateway at the site has to answer for it."""

    def is_met(connection: Connection, elapsed: float) -> bool:
        return any(
            tunnel.outside_address == outside_address and maintenance.is_back(tunnel, before, elapsed)
            for tunnel in connection.tunnels
        )

    text = f"tunnel {outside_address} to be UP again"
    return Condition(VPN_CONNECTION, connection_id, text, is_met, began=now, goal="tunnel up")
