# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backend: moto's EC2 of one account and Region, with our VPN objects in the place of moto's.

moto finds `urls.py` beside this module, and wants the service as the second part of the module name.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

from .concentrators import VpnConcentrators
from .customer_gateways import CustomerGateway, CustomerGateways
from .maintenance import Maintenance
from .modify import Modifications
from .propagation import Propagation
from .transit import TransitGateways
from .vpn_connection import VpnConnection
from .vpn_connections import VpnConnections
from .vpn_gateways import VpnGateway, VpnGateways


class Vpn:
    """All VPN state of one account and Region."""

    def __init__(self, backend: Any) -> None:
        self.transit_gateways = TransitGateways(backend)
        self.connections = VpnConnections(backend, backend.region_name, self)
        uses = self.connections.uses
        self.concentrators = VpnConcentrators(backend, self.transit_gateways, uses)
        self.customer_gateways = CustomerGateways(backend, backend.region_name, uses)
        self.vpn_gateways = VpnGateways(backend, backend.get_vpc, uses)
        self.propagation = Propagation(backend, self.vpn_gateways)
        self.modifications = Modifications(self.connections, backend.region_name, self)
        self.maintenance = Maintenance(self.modifications)


class Backend(EC2Backend):  # type: ignore[misc]  # moto ships no types we follow
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.vpn = Vpn(self)
        # moto's own code (tags, VPC deletion, routes, resource groups) reads these.
        self.customer_gateways: dict[str, CustomerGateway] = self.vpn.customer_gateways.all
        self.vpn_gateways: dict[str, VpnGateway] = self.vpn.vpn_gateways.all
        self.vpn_connections: dict[str, VpnConnection] = self.vpn.connections.all

    def reset(self) -> None:
        self.vpn.connections.release_addresses(is_reset=True)
        super().reset()

    def do_resources_exist(self, resource_ids: list[str]) -> bool:
        """moto knows neither concentrators nor whether what is of a transit gateway exists."""
        for resource_id in resource_ids:
            if resource_id.startswith("vcn-"):
                self.vpn.concentrators.get(resource_id)
            elif resource_id.startswith("tgw-attach-"):
                self.vpn.transit_gateways.tables.attachment(resource_id)
            elif resource_id.startswith("tgw-rtb-"):
                self.vpn.transit_gateways.tables.table(resource_id)
            elif resource_id.startswith("tgw-"):
                self.vpn.transit_gateways.get_usable(resource_id)
        return bool(super().do_resources_exist([one for one in resource_ids if not one.startswith("vcn-")]))

    # What moto's own code calls, besides the actions: tags, routes, VPC deletion.

    def create_transit_gateway_route_table(self, transit_gateway_id: str, **more: Any) -> Any:
        return self.vpn.transit_gateways.tables.create(transit_gateway_id, **more)

    def get_customer_gateway(self, customer_gateway_id: str) -> Any:
        return self.vpn.customer_gateways.get(customer_gateway_id)

    def describe_customer_gateways(self, filters: Any = None, customer_gateway_ids: Any = None) -> Any:
        return self.vpn.customer_gateways.find(customer_gateway_ids, filters)

    def get_vpn_gateway(self, vpn_gateway_id: str) -> Any:
        return self.vpn.vpn_gateways.get(vpn_gateway_id)

    def describe_vpn_gateways(self, filters: Any = None, vpn_gw_ids: Any = None) -> Any:
        return self.vpn.vpn_gateways.find(vpn_gw_ids, filters)

    def describe_vpn_connections(self, vpn_connection_ids: Any = None, filters: Any = None) -> Any:
        return self.vpn.connections.find(vpn_connection_ids, filters)
