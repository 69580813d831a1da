# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EC2 actions of the VPN objects; all other actions are moto's."""

from __future__ import annotations

from functools import partial

from moto.core.responses import ActionResult, EmptyResult

from . import active_status, desired, device_types, maintenance, shown_routes, static_routes
from .answer import Answer, show
from .dispatch import Dispatch
from .pages import page
from .transit_actions import TransitActions


class CustomerGatewayActions(Dispatch):
    def create_customer_gateway(self) -> ActionResult:
        gateway = self.vpn.customer_gateways.create(self.params, self.tags_for("customer-gateway"))
        return Answer({"CustomerGateway": gateway.describe()})

    def delete_customer_gateway(self) -> ActionResult:
        self.vpn.customer_gateways.delete(self.params["CustomerGatewayId"])
        return EmptyResult()

    def describe_customer_gateways(self) -> ActionResult:
        found = self.vpn.customer_gateways.find(self.params.get("CustomerGatewayIds"), self.filters())
        return Answer({"CustomerGateways": show(found)})


class VpnGatewayActions(Dispatch):
    def create_vpn_gateway(self) -> ActionResult:
        gateway = self.vpn.vpn_gateways.create(self.params, self.tags_for("vpn-gateway"))
        return Answer({"VpnGateway": gateway.describe()})

    def delete_vpn_gateway(self) -> ActionResult:
        self.vpn.vpn_gateways.delete(self.params["VpnGatewayId"])
        return EmptyResult()

    def describe_vpn_gateways(self) -> ActionResult:
        found = self.vpn.vpn_gateways.find(self.params.get("VpnGatewayIds"), self.filters())
        return Answer({"VpnGateways": show(found)})

    def attach_vpn_gateway(self) -> ActionResult:
        attachment = self.vpn.vpn_gateways.attach(self.params["VpnGatewayId"], self.params["VpcId"])
        return Answer({"VpcAttachment": attachment.describe()})

    def detach_vpn_gateway(self) -> ActionResult:
        self.vpn.vpn_gateways.detach(self.params["VpnGatewayId"], self.params["VpcId"])
        self.vpn.propagation.stop_all(self.params["VpnGatewayId"])
        return EmptyResult()

    def enable_vgw_route_propagation(self) -> ActionResult:
        self.vpn.propagation.enable(self.params["GatewayId"], self.params["RouteTableId"])
        return EmptyResult()

    def disable_vgw_route_propagation(self) -> ActionResult:
        self.vpn.propagation.disable(self.params["GatewayId"], self.params["RouteTableId"])
        return EmptyResult()


class VpnConnectionActions(Dispatch):
    def create_vpn_connection(self) -> ActionResult:
        connection = self.vpn.connections.create(self.params, self.tags_for("vpn-connection"))
        connection.as_document = partial(desired.tunnel_document, self.ec2_backend, connection)
        return Answer({"VpnConnection": connection.describe()})

    def delete_vpn_connection(self) -> ActionResult:
        self.vpn.connections.delete(self.params["VpnConnectionId"])
        return EmptyResult()

    def describe_vpn_connections(self) -> ActionResult:
        found = self.vpn.connections.find(self.params.get("VpnConnectionIds"), self.filters())
        for connection in found:
            maintenance.apply_what_is_due(connection)
            connection.observe()
        return Answer({"VpnConnections": show(found)})

    def create_vpn_connection_route(self) -> ActionResult:
        connection = self.vpn.modifications.get_available(self.params["VpnConnectionId"])
        static_routes.create(connection, self.params["DestinationCidrBlock"])
        return EmptyResult()

    def delete_vpn_connection_route(self) -> ActionResult:
        connection = self.vpn.modifications.get_available(self.params["VpnConnectionId"])
        static_routes.delete(connection, self.params["DestinationCidrBlock"])
        return EmptyResult()

    def modify_vpn_connection(self) -> ActionResult:
        return Answer({"VpnConnection": self.vpn.modifications.connection(self.params).describe()})

    def modify_vpn_connection_options(self) -> ActionResult:
        return Answer({"VpnConnection": self.vpn.modifications.options(self.params).describe()})

    def modify_vpn_tunnel_options(self) -> ActionResult:
        return Answer({"VpnConnection": self.vpn.modifications.tunnel(self.params).describe()})

    def modify_vpn_tunnel_certificate(self) -> ActionResult:
        return Answer({"VpnConnection": self.vpn.modifications.certificate(self.params).describe()})

    def get_active_vpn_tunnel_status(self) -> ActionResult:
        connection = self.vpn.connections.get(self.params["VpnConnectionId"])
        tunnel = self.vpn.modifications.get_tunnel(connection, self.params["VpnTunnelOutsideIpAddress"])
        return Answer({"ActiveVpnTunnelStatus": active_status.describe(connection, tunnel)})


class MotoActions(Dispatch):
    """moto's own actions, where AWS shows something of a VPN or refuses what moto lets pass."""

    def describe_tags(self) -> ActionResult:
        """Those of before, where the present ones are not to be seen yet."""
        result = super().describe_tags()
        shown = []
        for tag in result.result["Tags"]:
            resource_id = tag["resource_id"]
            seen = self.account.seen_tags(resource_id, self.ec2_backend.tags.get(resource_id) or {})
            if tag["key"] in seen:
                shown.append({**tag, "value": seen[tag["key"]]})
        result.result.update(page("Tags", shown, self.params, least=5))
        return result

    def create_route(self) -> ActionResult:
        self._require_transit_gateway()
        return super().create_route()

    def replace_route(self) -> ActionResult:
        self._require_transit_gateway()
        return super().replace_route()

    def _require_transit_gateway(self) -> None:
        """moto makes a route to nowhere."""
        gateway_id = self.params.get("TransitGatewayId")
        if gateway_id is not None:
            self.vpn.transit_gateways.get_usable(gateway_id)

    def describe_route_tables(self) -> ActionResult:
        self.vpn.propagation.mark(list(self.ec2_backend.route_tables.values()))
        result = super().describe_route_tables()
        connections = list(self.vpn.connections.all.values())
        tables = result.result["RouteTables"]
        if any(self.vpn.propagation.gateways_of(table) for table in tables):
            for connection in connections:
                connection.observe()
        result.result["RouteTables"] = [shown_routes.show(table, connections) for table in tables]
        return result


class ConcentratorActions(Dispatch):
    def create_vpn_concentrator(self) -> ActionResult:
        concentrator = self.vpn.concentrators.create(self.params, self.tags_for("vpn-concentrator"))
        return Answer({"VpnConcentrator": concentrator.describe()})

    def describe_vpn_concentrators(self) -> ActionResult:
        found = self.vpn.concentrators.find(self.params.get("VpnConcentratorIds"), self.filters())
        return Answer(page("VpnConcentrators", show(found), self.params, least=200))

    def delete_vpn_concentrator(self) -> ActionResult:
        self.vpn.concentrators.delete(self.params["VpnConcentratorId"])
        return Answer({"Return": True})


class MaintenanceActions(Dispatch):
    def replace_vpn_tunnel(self) -> ActionResult:
        self.vpn.maintenance.replace(self.params)
        return Answer({"Return": True})

    def get_vpn_tunnel_replacement_status(self) -> ActionResult:
        return Answer(self.vpn.maintenance.status(self.params))


class DeviceActions(Dispatch):
    def get_vpn_connection_device_types(self) -> ActionResult:
        return Answer(page("VpnConnectionDeviceTypes", device_types.describe(), self.params, least=200))

    def get_vpn_connection_device_sample_configuration(self) -> ActionResult:
        connection = self.vpn.connections.get(self.params["VpnConnectionId"])
        text = device_types.sample(connection, self.params)
        return Answer({"VpnConnectionDeviceSampleConfiguration": text})


class Response(
    CustomerGatewayActions,
    VpnGatewayActions,
    VpnConnectionActions,
    ConcentratorActions,
    MaintenanceActions,
    DeviceActions,
    MotoActions,
    TransitActions,
):
    """All of it, by the name moto expects."""
