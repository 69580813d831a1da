# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a resource is ready for the next step, judged from one look at it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.resources import Connection, Tunnel, VpnGateway
from ..model.tunnel_states import TelemetryStatus
from ..nouns import ATTACHED, AVAILABLE, DELETING, GONE, PENDING

# ModifyVpnConnection and ModifyVpnTunnelOptions answer before the state leaves "available"; Terraform waits as long.
STALE_SECONDS = 10.0


def live_routes(connection: Connection) -> list[str]:
    """Static routes that exist or are being made."""
    return [route.cidr for route in connection.routes if route.state not in GONE]


def is_connection_settled(connection: Connection) -> bool:
    """Neither the connection nor one of its static routes is being changed."""
    moving = any(route.state in (PENDING, DELETING) for route in connection.routes)
    return connection.state == AVAILABLE and not moving


def is_change_settled(connection: Connection, seen_moving: bool, elapsed: float) -> bool:
    """A change is over: it was seen to begin, or so much time has passed that "available" is not from before it."""
    return is_connection_settled(connection) and (seen_moving or elapsed >= STALE_SECONDS)


def is_tunnel_up(tunnel: Tunnel) -> bool:
    """AWS says that the tunnel carries traffic."""
    return tunnel.telemetry is not None and tunnel.telemetry.status == TelemetryStatus.UP


def is_tunnel_down(tunnel: Tunnel) -> bool:
    """AWS says that the tunnel carries no traffic; not so where AWS says nothing."""
    return tunnel.telemetry is not None and tunnel.telemetry.status == TelemetryStatus.DOWN


def twin(connection: Connection, tunnel: Tunnel) -> Tunnel | None:
    """The other tunnel of the connection."""
    for other in connection.tunnels:
        if other.number != tunnel.number:
            return other
    return None


def may_go_down(connection: Connection, tunnel: Tunnel) -> bool:
    """Whether no traffic is lost without this tunnel: its twin is up, or it is down itself."""
    other = twin(connection, tunnel)
    return is_tunnel_down(tunnel) or (other is not None and is_tunnel_up(other))


def twin_problem(connection: Connection, tunnel: Tunnel) -> str:
    """Why the tunnel may not go down; empty when it may."""
    if may_go_down(connection, tunnel):
        return ""
    other = twin(connection, tunnel)
    status = "there is none" if other is None else f"tunnel {other.number} is {_status(other)}"
    return (
        f"tunnel {tunnel.number} ({tunnel.outside_address}) of {connection.id} would go down while its twin is not up"
        f" ({status}): bring the twin up first, or set force_tunnel_change"
    )


def _status(tunnel: Tunnel) -> str:
    telemetry = tunnel.telemetry
    return ", ".join(filter(None, (telemetry.status, telemetry.status_message))) if telemetry else "in an unknown state"


def is_attached(gateway: VpnGateway, vpc_id: str) -> bool:
    """The virtual private gateway is attached to the VPC."""
    attachment = gateway.attachment(vpc_id)
    return attachment is not None and attachment.state == ATTACHED


def is_detached(gateway: VpnGateway) -> bool:
    """The virtual private gateway is attached to no VPC."""
    return not gateway.live_attachments
