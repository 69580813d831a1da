# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of an existing connection. One at a time: while it is `modifying` the next one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import addresses
from . import certificates, connection_options, errors, inside, key_storage, outside, tunnel_options
from .connection_options import Target
from .customer_gateways import CustomerGateway
from .lifecycle import AVAILABLE
from .tunnels import Tunnel
from .vpn_connection import VpnConnection
from .vpn_connections import RegionObjects, VpnConnections


class Modifications:
    def __init__(self, connections: VpnConnections, region: str, objects: RegionObjects) -> None:
        self.connections = connections
        self._region = region
        self._objects = objects

    def connection(self, request: Mapping[str, Any]) -> VpnConnection:
        """ModifyVpnConnection: another target, another customer gateway. Both tunnels go down."""
        connection_options.require_one_target(request)
        connection = self.get_available(request["VpnConnectionId"])
        names = ("CustomerGatewayId", "TransitGatewayId", "VpnGatewayId")
        if not any(name in request for name in names):
            raise errors.missing(names)
        customer_gateway_id = request.get("CustomerGatewayId")
        is_moving = "TransitGatewayId" in request or "VpnGatewayId" in request
        if connection.concentrator_id is not None and is_moving:
            raise errors.invalid_combination("A connection stays on its VPN concentrator")
        customer_gateway = connection.customer_gateway
        if customer_gateway_id is not None:
            customer_gateway = self._objects.customer_gateways.get_available(customer_gateway_id)
            self._check_customer_gateway(connection, customer_gateway)
        target = connection_options.target_of(request) if is_moving else connection.target
        asn = self.connections.target_asn(target)
        if target.vpn_gateway_id is not None:
            self._check_vpn_gateway(connection, asn == customer_gateway.asn)
        elif target.transit_gateway_id is not None:
            self._check_transit_gateway(connection, target.transit_gateway_id)
        self.connections.check_quotas(connection.options, target, connection)
        self._check_inside(connection, target, [tunnel.inside_cidr for tunnel in connection.tunnels])
        connection.amazon_side_asn = asn
        self._move(connection, target)
        self._set_customer_gateway(connection, customer_gateway)
        connection.interrupt(connection.tunnels)
        return connection

    def certificate(self, request: Mapping[str, Any]) -> VpnConnection:
        """ModifyVpnTunnelCertificate: the endpoint gets another one, and goes down for it."""
        connection = self.get_available(request["VpnConnectionId"])
        tunnel = self.get_tunnel(connection, request["VpnTunnelOutsideIpAddress"])
        if not connection.uses_certificates:
            raise errors.invalid_combination("The VPN connection does not use certificates")
        tunnel.certificate_arn = certificates.new_arn(connection, self._region)
        connection.interrupt([tunnel])
        return connection

    def options(self, request: Mapping[str, Any]) -> VpnConnection:
        """ModifyVpnConnectionOptions: the selectors and the bandwidth. Both tunnels go down."""
        connection = self.get_available(request["VpnConnectionId"])
        changed: dict[str, Any] = connection_options.check_cidrs(request, connection.inside_version)
        changed |= connection_options.check_bandwidth(request)
        if not changed:
            raise errors.invalid_combination("The request must contain at least one option to modify")
        options = {**connection.options, **changed}
        self._check_large(options, connection, connection.customer_gateway)
        self.connections.check_quotas(options, connection.target, connection)
        connection.options = options
        connection.interrupt(connection.tunnels)
        return connection

    def tunnel(self, request: Mapping[str, Any]) -> VpnConnection:
        """ModifyVpnTunnelOptions: options of one tunnel, which goes down for it, even for merely enabling logs."""
        connection = self.get_available(request["VpnConnectionId"])
        tunnel = self.get_tunnel(connection, request["VpnTunnelOutsideIpAddress"])
        storage = request.get("PreSharedKeyStorage")
        key_storage.check(storage)
        changed = tunnel_options.check(request.get("TunnelOptions") or {})
        # An empty structure leaves nothing on the wire.
        if not changed and storage is None:
            raise errors.missing(["TunnelOptions"])
        if connection.uses_certificates and (storage is not None or "PreSharedKey" in changed):
            raise errors.invalid_combination("A connection that uses certificates has no pre-shared key")
        inside.check_family([changed], connection.inside_version)
        cidr = changed.get(inside.NAMES[connection.inside_version])
        if cidr is not None:
            other = [one.inside_cidr for one in connection.tunnels if one is not tunnel]
            self._check_inside(connection, connection.target, [*other, cidr])
        # An empty list is the way back to "all supported".
        merged = {**tunnel.options, **changed}
        tunnel_options.check_together(merged, connection.customer_gateway.ip_address)
        if request.get("SkipTunnelReplacement"):
            _check_skip(tunnel, changed, merged)
        tunnel.options = merged
        if storage is not None:
            tunnel.is_key_stored = storage == key_storage.SECRETS_MANAGER
        key_storage.store(connection, self._region)
        connection.interrupt([] if request.get("SkipTunnelReplacement") else [tunnel])
        return connection

    def get_available(self, connection_id: str) -> VpnConnection:
        connection = self.connections.get(connection_id)
        if connection.state != AVAILABLE:
            raise errors.connection_state(connection_id, connection.state)
        return connection

    @staticmethod
    def get_tunnel(connection: VpnConnection, outside_address: str) -> Tunnel:
        for tunnel in connection.tunnels:
            if tunnel.outside_address == outside_address:
                return tunnel
        raise errors.invalid_value("VpnTunnelOutsideIpAddress", outside_address)

    def _move(self, connection: VpnConnection, target: Target) -> None:
        if target.transit_gateway_id != connection.transit_gateway_id:
            self._objects.transit_gateways.leave(connection)
            if target.transit_gateway_id is not None:
                self._objects.transit_gateways.attach(connection, "vpn", target.transit_gateway_id)
        connection.vpn_gateway_id, connection.transit_gateway_id = target.vpn_gateway_id, target.transit_gateway_id

    def _set_customer_gateway(self, connection: VpnConnection, customer_gateway: CustomerGateway) -> None:
        """The customer gateway decides whether certificates or keys are used: each tunnel gets what it needs then."""
        connection.customer_gateway = customer_gateway
        certificates.issue(connection, self._region)
        for tunnel in connection.tunnels:
            if not connection.uses_certificates:
                tunnel.certificate_arn = None
                tunnel.options.setdefault("PreSharedKey", addresses.generate_psk())

    def _check_large(
        self, options: Mapping[str, Any], connection: VpnConnection, customer_gateway: CustomerGateway
    ) -> None:
        connection_options.check_large(options, connection.target, customer_gateway.ip_address, self._region)

    def _check_customer_gateway(self, connection: VpnConnection, customer_gateway: CustomerGateway) -> None:
        outside.check(connection.options, connection.target, customer_gateway)
        self._check_large(connection.options, connection, customer_gateway)
        for tunnel in connection.tunnels:
            tunnel_options.check_together(tunnel.options, customer_gateway.ip_address)

    @staticmethod
    def _check_transit_gateway(connection: VpnConnection, transit_gateway_id: str) -> None:
        if connection.live_routes():
            raise errors.invalid_combination("Delete the static routes before moving to a transit gateway")
        is_moving = transit_gateway_id != connection.transit_gateway_id
        if is_moving and connection.options["OutsideIpAddressType"] == outside.PRIVATE:
            raise errors.invalid_combination("Its addresses are of the transit gateway, so the connection stays on it")

    @staticmethod
    def _check_vpn_gateway(connection: VpnConnection, has_same_asn: bool) -> None:
        if has_same_asn:
            raise errors.same_asn()
        options = connection.options
        if (
            connection.inside_version == "ipv6"
            or options["EnableAcceleration"]
            or options["OutsideIpAddressType"] != outside.PUBLIC
            or connection_options.is_large(options)
        ):
            raise errors.invalid_combination("The connection has options that a virtual private gateway does not have")

    def _check_inside(self, connection: VpnConnection, target: Target, cidrs: list[str]) -> None:
        """Whether the two tunnels can have these on this target."""
        version = connection.inside_version
        inside.check_free(cidrs, version, self.connections.inside_cidrs_at(target, version, but=connection))


def _check_skip(tunnel: Tunnel, changed: Mapping[str, Any], merged: Mapping[str, Any]) -> None:
    name = "EnableTunnelLifecycleControl"
    is_switching = tunnel.options.get(name, False) != merged.get(name, False)
    if not (is_switching and len(changed) == 1):
        raise errors.invalid_combination(f"SkipTunnelReplacement is only for switching {name}")
    if tunnel.maintenance_due is not None and not merged.get(name):
        raise errors.invalid_combination(f"{name} cannot be switched off without replacement: maintenance is pending")
