# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maintenance of tunnel endpoints: pending, applied early by ReplaceVpnTunnel, or by AWS itself after a date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.models import ec2_backends

from ..clock import as_timestamp
from .modify import Modifications
from .tunnels import Tunnel
from .vpn_connection import VpnConnection

# The model has only a string; these are the words of the console.
PENDING = "Available"
NOTHING = "None"


class Maintenance:
    """Of the endpoints of one account and Region. Which are pending is said by tests and by control requests only."""

    def __init__(self, modifications: Modifications) -> None:
        self._modifications = modifications

    def replace(self, request: Mapping[str, Any]) -> None:
        """ReplaceVpnTunnel: the endpoint is replaced, and with ApplyPendingMaintenance it is up to date then."""
        connection = self._modifications.get_available(request["VpnConnectionId"])
        tunnel = self._modifications.get_tunnel(connection, request["VpnTunnelOutsideIpAddress"])
        if request.get("ApplyPendingMaintenance"):
            apply(connection, tunnel)
        else:
            connection.interrupt([tunnel])

    def status(self, request: Mapping[str, Any]) -> dict[str, Any]:
        connection = self._modifications.connections.get(request["VpnConnectionId"])
        tunnel = self._modifications.get_tunnel(connection, request["VpnTunnelOutsideIpAddress"])
        apply_what_is_due(connection)
        return {
            "VpnConnectionId": connection.id,
            "TransitGatewayId": connection.transit_gateway_id,
            "VpnGatewayId": connection.vpn_gateway_id,
            "CustomerGatewayId": connection.customer_gateway.id,
            "VpnTunnelOutsideIpAddress": tunnel.outside_address,
            "MaintenanceDetails": {
                "PendingMaintenance": NOTHING if tunnel.maintenance_due is None else PENDING,
                "MaintenanceAutoAppliedAfter": _date(tunnel.maintenance_due),
                "LastMaintenanceApplied": _date(tunnel.maintained_at),
            },
        }


def tunnel_at(account_id: str, outside_address: str) -> Tunnel:
    """Of this account, in whichever Region."""
    for backend_account, _region, backend in ec2_backends.iter_backends():
        if backend_account == account_id:
            for connection in backend.vpn_connections.values():
                for tunnel in connection.tunnels:
                    if tunnel.outside_address == outside_address:
                        found: Tunnel = tunnel
                        return found
    raise KeyError(outside_address)


def apply(connection: VpnConnection, tunnel: Tunnel) -> None:
    tunnel.maintenance_due = None
    tunnel.maintained_at = connection.account.clock.now()
    connection.interrupt([tunnel])


def apply_what_is_due(connection: VpnConnection) -> None:
    """AWS does not wait for ever: after the date it replaces the endpoint itself."""
    for tunnel in connection.tunnels:
        due = tunnel.maintenance_due
        if due is not None and connection.account.clock.now() >= due and connection.is_available:
            apply(connection, tunnel)


def _date(seconds: float | None) -> Any:
    return None if seconds is None else as_timestamp(seconds)
