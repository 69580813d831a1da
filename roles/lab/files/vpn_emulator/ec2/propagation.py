# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route propagation from a virtual private gateway into route tables of its VPC."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.route_tables import RouteTable

from . import errors
from .vpn_gateways import VpnGateways


class Propagation:
    """Kept on moto's route tables, under the name the serializer looks for."""

    def __init__(self, backend: Any, vpn_gateways: VpnGateways) -> None:
        self._backend = backend
        self._vpn_gateways = vpn_gateways

    def enable(self, gateway_id: str, route_table_id: str) -> None:
        table = self._table(route_table_id)
        if self._vpn_gateways.get(gateway_id).attached_vpc() != table.vpc_id:
            raise errors.gateway_not_attached(gateway_id, table.vpc_id)
        if gateway_id not in self.gateways_of(table):
            self._set(table, [*self.gateways_of(table), gateway_id])

    def disable(self, gateway_id: str, route_table_id: str) -> None:
        """Disabling what is not enabled does nothing."""
        table = self._table(route_table_id)
        self._vpn_gateways.get(gateway_id)
        self._set(table, [one for one in self.gateways_of(table) if one != gateway_id])

    def stop_all(self, gateway_id: str) -> None:
        """A detached gateway propagates nowhere."""
        for table in self._backend.route_tables.values():
            self._set(table, [one for one in self.gateways_of(table) if one != gateway_id])

    @staticmethod
    def gateways_of(table: RouteTable) -> list[str]:
        return [entry["GatewayId"] for entry in getattr(table, "propagating_vgws", [])]

    def mark(self, tables: list[RouteTable]) -> None:
        """AWS always lists PropagatingVgws, moto never does."""
        for table in tables:
            if not hasattr(table, "propagating_vgws"):
                self._set(table, [])

    def _table(self, route_table_id: str) -> RouteTable:
        table: RouteTable = self._backend.get_route_table(route_table_id)
        return table

    @staticmethod
    def _set(table: RouteTable, gateway_ids: list[str]) -> None:
        table.propagating_vgws = [{"GatewayId": gateway_id} for gateway_id in gateway_ids]
