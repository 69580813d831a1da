# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create and delete static routes of a connection on a virtual private gateway."""

from __future__ import annotations

from . import errors
from .connection_options import is_network
from .static_route import StaticRoute
from .vpn_connection import VpnConnection


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
        connection.routes[cidr] = StaticRoute(connection.account, cidr)


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
