# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VPN connection: two tunnels between a customer gateway and a gateway at AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.ec2.utils import random_vpn_connection_id

from . import device_xml
from .connection_options import Target
from .customer_gateways import CustomerGateway
from .lifecycle import AVAILABLE, DELETED, DELETING, MODIFYING, PENDING
from .resources import Resource, TagStore
from .static_route import StaticRoute
from .telemetry import UP
from .tunnels import Tunnel


def _unknown(_tunnel: Tunnel) -> Mapping[str, Any]:
    return {}


class VpnConnection(Resource):
    def __init__(
        self,
        store: TagStore,
        request: Mapping[str, Any],
        *,
        customer_gateway: CustomerGateway,
        options: Mapping[str, Any],
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(store, random_vpn_connection_id(), PENDING, tags)
        self.type: str = request["Type"]
        self.customer_gateway = customer_gateway
        self.vpn_gateway_id: str | None = request.get("VpnGatewayId")
        self.transit_gateway_id: str | None = request.get("TransitGatewayId")
        self.concentrator_id: str | None = request.get("VpnConcentratorId")
        self.amazon_side_asn: int | None = None
        self.options = dict(options)
        self.tunnels: list[Tunnel] = []
        self.routes: dict[str, StaticRoute] = {}
        self.has_addresses = True
        # Of the secret with the keys; stays when they are taken out again.
        self.key_arn: str | None = None
        # The tunnel as the data plane gets it.
        self.as_document: Callable[[Tunnel], Mapping[str, Any]] = _unknown

    @property
    def is_static(self) -> bool:
        return bool(self.options["StaticRoutesOnly"])

    @property
    def has_target(self) -> bool:
        return (self.vpn_gateway_id or self.transit_gateway_id or self.concentrator_id) is not None

    @property
    def is_available(self) -> bool:
        return self.state == AVAILABLE

    @property
    def is_up(self) -> bool:
        """At least one tunnel is, when last observed."""
        return any(tunnel.telemetry.status == UP for tunnel in self.tunnels)

    def learned_prefixes(self) -> list[str]:
        """By BGP over any tunnel, when last observed."""
        return sorted({prefix for tunnel in self.tunnels for prefix in tunnel.telemetry.prefixes})

    @property
    def target(self) -> Target:
        return Target(self.vpn_gateway_id, self.transit_gateway_id, self.concentrator_id)

    @property
    def uses_certificates(self) -> bool:
        return self.customer_gateway.certificate_arn is not None

    def hidden_key(self, tunnel: Tunnel) -> str | None:
        """None: the key is shown. For a stored key AWS shows nothing, or another text; both were seen."""
        if self.uses_certificates:
            return ""
        return self.account.stored_key_text if tunnel.is_key_stored else None

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
        seconds = self.account.delays.of("modifying")
        for tunnel in tunnels:
            tunnel.generation += 1
            tunnel.back_at = self.account.clock.now() + seconds
        self.lifecycle.pass_through(MODIFYING, AVAILABLE, seconds, self._is_applied)

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
        """Take over what the data plane last said about the tunnels, or what a test set in its place."""
        is_running = self.state in (AVAILABLE, MODIFYING)
        for tunnel in self.tunnels:
            tunnel.telemetry.observe(self.endpoint_status(tunnel) if is_running else None, self.is_static)

    def endpoint_status(self, tunnel: Tunnel) -> Mapping[str, Any] | None:
        plane = self.environment.data_plane
        report, device = self.account.endpoint_reports.get(tunnel.outside_address), self.account.customer_device
        if plane is not None:
            seen = plane.endpoint_status(tunnel.outside_address)
            return seen if seen is None or report is None else report.taken_from(seen)
        if report is None and device is None:
            return None
        is_interrupted = tunnel.generation > 1
        recovery = 0.0 if report is None else report.recovery
        if is_interrupted and (recovery is None or self.account.clock.now() < tunnel.back_at + recovery):
            return None
        if report is not None:
            return report.status
        return None if device is None else device(self.as_document(tunnel))

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
                psk=one.psk if self.hidden_key(one) is None else "",
            )
            for one in self.tunnels
        )
        return device_xml.render(
            self.id,
            customer_gateway_id=self.customer_gateway.id,
            vpn_gateway_id=self.vpn_gateway_id,
            connection_type=self.type,
            is_static=self.is_static,
            tunnels=tunnels,
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
            "VpnConcentratorId": self.concentrator_id,
            "GatewayAssociationState": "associated" if self.has_target else "not-associated",
            "CustomerGatewayConfiguration": self.device_configuration(),
            "Options": {**self.options, "TunnelOptions": [one.describe(self.hidden_key(one)) for one in self.tunnels]},
            "Routes": [route.describe() for route in self.routes.values() if route.is_listed],
            "VgwTelemetry": [
                {**one.telemetry.describe(one.outside_address), "CertificateArn": one.certificate_arn}
                for one in self.tunnels
            ],
            "PreSharedKeyArn": self.key_arn,
            "Tags": self.tag_list(),
        }
