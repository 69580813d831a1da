# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static routes of a connection on a virtual private gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import errors
from .connection_options import is_network
from .lifecycle import AVAILABLE, DELETED, DELETING, PENDING, Lifecycle

if TYPE_CHECKING:
    from .vpn_connection import VpnConnection


class StaticRoute:
    def __init__(self, connection: VpnConnection, cidr: str) -> None:
        self.cidr = cidr
        self._delays = connection.account.delays
        self.lifecycle = Lifecycle(connection.account.clock, PENDING)
        self.lifecycle.pass_through(PENDING, AVAILABLE, self._delays.of("route"))

    @property
    def is_live(self) -> bool:
        return self.lifecycle.state in (PENDING, AVAILABLE)

    @property
    def is_listed(self) -> bool:
        """Unlike a connection, a deleted route is not listed: public clients would take it for an existing one."""
        return self.lifecycle.state != DELETED

    def delete(self) -> None:
        self.lifecycle.pass_through(DELETING, DELETED, self._delays.of("route"))

    def describe(self) -> dict[str, str]:
        return {"DestinationCidrBlock": self.cidr, "Source": "Static", "State": self.lifecycle.state}


def create(connection: VpnConnection, cidr: str) -> None:
    """A route that is there already is left as it is."""
    _require_static(connection)
    if not is_network(cidr, 4):
        raise errors.invalid_value("destinationCidrBlock", cidr)
    route = connection.routes.get(cidr)
    if route is None or not route.is_live:
        if connection.account.quotas.is_full(
            "static_routes_per_connection", (one.is_live for one in connection.routes.values())
        ):
            raise errors.limit("RouteLimitExceeded")
        connection.routes[cidr] = StaticRoute(connection, cidr)


def delete(connection: VpnConnection, cidr: str) -> None:
    """Public clients delete again what is still listed as deleting, and get away with it."""
    _require_static(connection)
    route = connection.routes.get(cidr)
    if route is None or not route.is_listed:
        raise errors.route_not_found(connection.id, cidr)
    if route.is_live:
        route.delete()


def _require_static(connection: VpnConnection) -> None:
    if connection.vpn_gateway_id is None or not connection.is_static:
        raise errors.connection_type(connection.id)
