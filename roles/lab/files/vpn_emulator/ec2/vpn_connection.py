# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VPN connection: two tunnels between a customer gateway and a gateway at AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.utils import random_vpn_connection_id

from . import device_xml
from .customer_gateways import CustomerGateway
from .lifecycle import AVAILABLE, DELETED, DELETING, MODIFYING, PENDING
from .resources import Resource, TagStore
from .static_routes import StaticRoute
from .tunnels import Tunnel


class VpnConnection(Resource):
    def __init__(
        self,
        store: TagStore,
        request: Mapping[str, Any],
        customer_gateway: CustomerGateway,
        options: Mapping[str, Any],
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(store, random_vpn_connection_id(), PENDING, tags)
        self.type: str = request["Type"]
        self.customer_gateway = customer_gateway
        self.vpn_gateway_id: str | None = request.get("VpnGatewayId")
        self.transit_gateway_id: str | None = request.get("TransitGatewayId")
        self.amazon_side_asn: int | None = None
        self.options = dict(options)
        self.tunnels: list[Tunnel] = []
        self.routes: dict[str, StaticRoute] = {}
        self.has_addresses = True

    @property
    def is_static(self) -> bool:
        return bool(self.options["StaticRoutesOnly"])

    @property
    def has_target(self) -> bool:
        return self.vpn_gateway_id is not None or self.transit_gateway_id is not None

    @property
    def inside_version(self) -> str:
        return str(self.options["TunnelInsideIpVersion"])

    @property
    def is_in_service(self) -> bool:
        """It has endpoints, or is about to have them."""
        return self.state in (PENDING, AVAILABLE, MODIFYING)

    def live_routes(self) -> list[str]:
        return sorted(route.cidr for route in self.routes.values() if route.is_live)

    def start(self) -> None:
        self.lifecycle.pass_through(PENDING, AVAILABLE, self.account.delays.of("vpn_connection"), self._is_applied)

    def interrupt(self, tunnels: list[Tunnel]) -> None:
        """Change these endpoints; the connection is `modifying` until they are up again in their new form."""
        for tunnel in tunnels:
            tunnel.generation += 1
        self.lifecycle.pass_through(MODIFYING, AVAILABLE, self.account.delays.of("modifying"), self._is_applied)

    def delete(self) -> None:
        self.lifecycle.pass_through(DELETING, DELETED, self.account.delays.of("deleting"), self._is_removed)

    def _is_applied(self) -> bool:
        plane = self.environment.data_plane
        if plane is None or not self.has_target:
            return True
        return all(plane.runs(one.outside_address, self.id, one.generation) for one in self.tunnels)

    def _is_removed(self) -> bool:
        plane = self.environment.data_plane
        return plane is None or all(plane.is_free(one.outside_address) for one in self.tunnels)

    def observe(self) -> None:
        """Take over what the data plane last said about the tunnels."""
        plane = self.environment.data_plane
        is_running = plane is not None and self.state in (AVAILABLE, MODIFYING)
        for tunnel in self.tunnels:
            endpoint = plane.endpoint_status(tunnel.outside_address) if plane and is_running else None
            tunnel.telemetry.observe(endpoint, self.is_static)

    def device_configuration(self) -> str | None:
        """AWS shows it only in these two states."""
        if self.state not in (PENDING, AVAILABLE):
            return None
        asns = (None, None) if self.is_static else (self.customer_gateway.asn, self.amazon_side_asn)
        tunnels = tuple(
            device_xml.DeviceTunnel(
                customer=device_xml.End(self.customer_gateway.ip_address or "", one.customer_inside_address, asns[0]),
                aws=device_xml.End(one.outside_address, one.aws_inside_address, asns[1]),
                inside_cidr=one.inside_cidr,
                psk=one.psk,
            )
            for one in self.tunnels
        )
        return device_xml.render(
            self.id, self.customer_gateway.id, self.vpn_gateway_id, self.type, self.is_static, tunnels
        )

    def describe(self) -> dict[str, Any]:
        return {
            "VpnConnectionId": self.id,
            "State": self.state,
            "Type": self.type,
            "Category": "VPN",
            "CustomerGatewayId": self.customer_gateway.id,
            "VpnGatewayId": self.vpn_gateway_id,
            "TransitGatewayId": self.transit_gateway_id,
            "GatewayAssociationState": "associated" if self.has_target else "not-associated",
            "CustomerGatewayConfiguration": self.device_configuration(),
            "Options": {**self.options, "TunnelOptions": [tunnel.describe() for tunnel in self.tunnels]},
            "Routes": [route.describe() for route in self.routes.values() if route.is_listed],
            "VgwTelemetry": [tunnel.telemetry.describe(tunnel.outside_address) for tunnel in self.tunnels],
            "Tags": self.tag_list(),
        }
