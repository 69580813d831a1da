# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The VPN connections of one account and Region: create, find, delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from .. import addresses
from ..environment import current
from . import certificates, connection_options, connection_quotas, errors, inside, key_storage, outside, tunnel_options
from .concentrators import VpnConcentrators
from .connection_options import Target
from .customer_gateways import CustomerGateways
from .filters import Filters, FilterValue, select
from .lifecycle import DELETED, DELETING
from .resources import TagStore, forget_deleted, pick, require_type
from .telemetry import Telemetry
from .transit import TransitGateways
from .tunnels import Tunnel
from .vpn_connection import VpnConnection
from .vpn_gateways import DEFAULT_AMAZON_SIDE_ASN, VpnGateways


class RegionObjects(Protocol):
    """What connections of an account and Region refer to."""

    customer_gateways: CustomerGateways
    vpn_gateways: VpnGateways
    transit_gateways: TransitGateways
    concentrators: VpnConcentrators


_FILTERS: dict[str, FilterValue[VpnConnection]] = {
    "bgp-asn": lambda one: str(one.customer_gateway.asn),
    "customer-gateway-configuration": lambda one: one.device_configuration(),
    "customer-gateway-id": lambda one: one.customer_gateway.id,
    "option.static-routes-only": lambda one: str(one.is_static).lower(),
    "route.destination-cidr-block": lambda one: [route.cidr for route in one.routes.values() if route.is_listed],
    "state": lambda one: one.state,
    "transit-gateway-id": lambda one: one.transit_gateway_id,
    "type": lambda one: one.type,
    "vpn-connection-id": lambda one: one.id,
    "vpn-gateway-id": lambda one: one.vpn_gateway_id,
}


class VpnConnections:
    def __init__(self, store: TagStore, region: str, objects: RegionObjects) -> None:
        self.all: dict[str, VpnConnection] = {}
        self._store = store
        self._region = region
        self._objects = objects

    def create(self, request: Mapping[str, Any], tags: Mapping[str, str]) -> VpnConnection:
        """Never de-duplicated: by which key AWS would do that is not known, and it has no client token."""
        require_type(request.get("Type"))
        key_storage.check(request.get("PreSharedKeyStorage"))
        connection_options.require_one_target(request)
        customer_gateway = self._objects.customer_gateways.get_available(request["CustomerGatewayId"])
        target = connection_options.target_of(request)
        amazon_side_asn = self.target_asn(target)
        if target.is_vpn_gateway and amazon_side_asn == customer_gateway.asn:
            raise errors.same_asn()

        options = request.get("Options") or {}
        outside.check(options, target, customer_gateway)
        outside.check_transport(options, target.transit_gateway_id, self._objects.transit_gateways)
        shared = connection_options.for_create(options, target)
        connection_options.check_large(shared, target, customer_gateway.ip_address, self._region)
        certificates.check(customer_gateway, options.get("TunnelOptions") or [], request.get("PreSharedKeyStorage"))
        has_keys = customer_gateway.certificate_arn is None
        tunnels = self._tunnel_options(options, shared["TunnelInsideIpVersion"], target, has_keys)
        for one in tunnels:
            tunnel_options.check_together(one, customer_gateway.ip_address)

        self.check_quotas(shared, target)
        connection = VpnConnection(self._store, request, customer_gateway=customer_gateway, options=shared, tags=tags)
        connection.amazon_side_asn = amazon_side_asn
        self._add_tunnels(connection, tunnels, request.get("PreSharedKeyStorage") == key_storage.SECRETS_MANAGER)
        self.all[connection.id] = connection
        if target.transit_gateway_id is not None:
            self._objects.transit_gateways.attach(connection, "vpn", target.transit_gateway_id)
        connection.start()
        return connection

    def _add_tunnels(self, connection: VpnConnection, tunnels: list[dict[str, Any]], is_key_stored: bool) -> None:
        """Give it its tunnels: addresses, and where their keys or certificates are."""
        addresses_of_tunnels = self._outside_addresses(connection)
        connection.tunnels = [
            Tunnel(number, address, one, Telemetry(connection.account.clock))
            for number, (address, one) in enumerate(zip(addresses_of_tunnels, tunnels), start=1)
        ]
        for tunnel in connection.tunnels:
            tunnel.is_key_stored = is_key_stored
        key_storage.store(connection, self._region)
        certificates.issue(connection, self._region)

    def check_quotas(self, options: Mapping[str, Any], target: Target, changed: VpnConnection | None = None) -> None:
        quotas = current().account(self._store.account_id).quotas
        connection_quotas.check(quotas, self.all.values(), options, target, changed)

    def delete(self, connection_id: str) -> None:
        connection = self.get(connection_id)
        if connection.state in (DELETING, DELETED):
            raise errors.connection_state(connection_id, connection.state)
        connection.delete()
        key_storage.delete(connection, self._region)

    def get(self, connection_id: str) -> VpnConnection:
        return pick(self.all, [connection_id], errors.connection_not_found)[0]

    def find(self, ids: Iterable[str] | None, filters: Filters | None) -> list[VpnConnection]:
        self.release_addresses()
        forget_deleted(self.all, self._store)
        return select(pick(self.all, ids, errors.connection_not_found), filters, _FILTERS)

    def uses(self, gateway_id: str) -> bool:
        """Whether a connection that is not deleted refers to this gateway."""
        return any(
            gateway_id in (one.customer_gateway.id, one.vpn_gateway_id, one.transit_gateway_id, one.concentrator_id)
            and one.is_live
            for one in self.all.values()
        )

    def of_attachment(self, resource_id: str) -> list[VpnConnection]:
        """The connections of a transit gateway attachment: the one, or all of the concentrator."""
        if resource_id in self.all:
            return [self.all[resource_id]]
        return [one for one in self.all.values() if one.concentrator_id == resource_id]

    def target_asn(self, target: Target) -> int:
        """The ASN at AWS; refuses targets that are not there. No target at all is legal."""
        if target.concentrator_id is not None:
            concentrator = self._objects.concentrators.get_available(target.concentrator_id)
            return self._objects.transit_gateways.amazon_side_asn(concentrator.transit_gateway_id)
        if target.vpn_gateway_id is not None:
            return self._objects.vpn_gateways.get_usable(target.vpn_gateway_id).amazon_side_asn
        if target.transit_gateway_id is not None:
            return self._objects.transit_gateways.amazon_side_asn(target.transit_gateway_id)
        return DEFAULT_AMAZON_SIDE_ASN

    def inside_cidrs_at(self, target: Target, version: str, but: VpnConnection | None = None) -> set[str]:
        """Those that another connection there may not have: unlike IPv6, IPv4 may come twice on a transit gateway."""
        gateway_id = self._inside_scope(target, version)
        if gateway_id is None:
            return set()
        return {
            tunnel.inside_cidr
            for one in self.all.values()
            if one is not but and one.is_live and self._inside_scope(one.target, version) == gateway_id
            for tunnel in one.tunnels
        }

    def _inside_scope(self, target: Target, version: str) -> str | None:
        return target.vpn_gateway_id if version == "ipv4" else self.transit_gateway_of(target)

    def transit_gateway_of(self, target: Target) -> str | None:
        """Also that of a concentrator."""
        if target.concentrator_id is not None:
            return self._objects.concentrators.all[target.concentrator_id].transit_gateway_id
        return target.transit_gateway_id

    def release_addresses(self, is_reset: bool = False) -> None:
        """Give the endpoints of deleted connections back to the pool."""
        for connection in self.all.values():
            if connection.has_addresses and (is_reset or not connection.is_live):
                connection.has_addresses = False
                returned = [tunnel.outside_address for tunnel in connection.tunnels]
                connection.environment.outside_addresses.give_back(returned)

    def _tunnel_options(
        self, options: Mapping[str, Any], version: str, target: Target, has_keys: bool
    ) -> list[dict[str, Any]]:
        """Both tunnels: as sent, and AWS's choice of the inside CIDR and the key where nothing was sent."""
        sent = [tunnel_options.check(one) for one in options.get("TunnelOptions") or []]
        if len(sent) > 2:
            raise errors.invalid_value("TunnelOptions", len(sent), "A connection has two tunnels.")
        sent += [{} for _missing in range(2 - len(sent))]
        inside.check_family(sent, version)
        name, taken = inside.NAMES[version], self.inside_cidrs_at(target, version)
        inside.check_free([one[name] for one in sent if name in one], version, taken)
        in_use = {tunnel.inside_cidr for one in self.all.values() for tunnel in one.tunnels}
        inside.complete(sent, version, taken, in_use)
        if has_keys:
            for one in sent:
                one.setdefault("PreSharedKey", addresses.generate_psk())
        return sent

    def _outside_addresses(self, connection: VpnConnection) -> tuple[str, str]:
        pair = self._take_pair(connection)
        if pair is None:
            self.release_addresses()
            pair = self._take_pair(connection)
        if pair is None:
            self._store.tags.pop(connection.id, None)
            raise errors.no_outside_address()
        return pair

    def _take_pair(self, connection: VpnConnection) -> tuple[str, str] | None:
        kind = connection.options["OutsideIpAddressType"]
        connection.has_addresses = kind == outside.PUBLIC
        live = [one for one in self.all.values() if one.is_live]
        used = {tunnel.outside_address for one in live for tunnel in one.tunnels} if kind == outside.PRIVATE else set()
        return outside.take(
            kind,
            environment=connection.environment,
            transit_gateway_id=connection.transit_gateway_id,
            gateways=self._objects.transit_gateways,
            used=used,
        )
