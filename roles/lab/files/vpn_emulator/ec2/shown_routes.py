# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route tables of a VPC as AWS shows them: with the routes that a virtual private gateway propagates into them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from .propagation import Propagation
from .vpn_connection import VpnConnection


class ShownTable:
    """moto's route table with more routes; moto's own list must stay as it is."""

    def __init__(self, table: Any, propagated: list[dict[str, str]]) -> None:
        self._table = table
        self.routes = [*table.routes, *propagated]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


def show(table: Any, connections: Iterable[VpnConnection]) -> Any:
    """A route of the table's own hides a propagated one, and only connections that are up propagate."""
    own = {route.destination_cidr_block for route in table.routes}
    found: dict[str, str] = {}
    for gateway_id in Propagation.gateways_of(table):
        for connection in connections:
            if connection.vpn_gateway_id == gateway_id and connection.is_up:
                prefixes = connection.live_routes() if connection.is_static else connection.learned_prefixes()
                found.update(dict.fromkeys(prefixes, gateway_id))
    routes = [
        {
            "DestinationCidrBlock": cidr,
            "GatewayId": gateway_id,
            "Origin": "EnableVgwRoutePropagation",
            "State": "active",
        }
        for cidr, gateway_id in sorted(found.items(), key=lambda pair: ipaddress.ip_network(pair[0]))
        if cidr not in own
    ]
    return ShownTable(table, routes) if routes else table
