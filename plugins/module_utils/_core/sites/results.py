# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What modules return: plain dicts out of the model, keys only where they were asked for."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..errors import ApplyFailed
from ..model import values
from ..model.names import connection_of, gateway_of
from ..model.resources import Connection, CustomerGateway, Observed, Tunnel, VpnGateway
from ..plan.customer_gateways import customer_gateway_model
from ..plan.ready import live_routes
from ..plan.transit.route_tables import live_attachments


class GatewayLookup:
    """Finds the gateways of connections by their ids."""

    def __init__(self, observed: Observed) -> None:
        self.customer_gateways: Mapping[str, CustomerGateway] = {item.id: item for item in observed.customer_gateways}
        self.asns = {gateway.id: gateway.amazon_side_asn for gateway in observed.vpn_gateways}
        self.asns.update({gateway.id: gateway.amazon_side_asn for gateway in observed.transit_gateways})
        self._concentrators = {item.id: item.transit_gateway_attachment_id for item in observed.vpn_concentrators}
        self._concentrator_gateways = {item.id: item.transit_gateway_id for item in observed.vpn_concentrators}
        self._attachments = live_attachments(observed)

    def customer_gateway(self, connection: Connection) -> CustomerGateway | None:
        """The customer gateway of a connection, as far as it was seen."""
        return self.customer_gateways.get(connection.customer_gateway_id)

    def amazon_side_asn(self, connection: Connection) -> int | None:
        """The ASN of the AWS side; from the device configuration when the target belongs to another account."""
        transit = self._concentrator_gateways.get(connection.vpn_concentrator_id or "") or connection.transit_gateway_id
        return self.asns.get(transit or connection.vpn_gateway_id or "") or connection.device_amazon_side_asn

    def transit_attachment_id(self, connection: Connection) -> str | None:
        """The attachment through which a transit gateway reaches a connection, its own or that of its concentrator."""
        if connection.vpn_concentrator_id:
            return self._concentrators.get(connection.vpn_concentrator_id)
        attachment = self._attachments.get((connection.id, connection.transit_gateway_id))
        return attachment.id if attachment else None


def connection_result(
    connection: Connection,
    lookup: GatewayLookup,
    described: Mapping[str, Any] | None = None,
    include_secrets: bool = False,
) -> dict[str, Any]:
    """One connection with its tunnels; C(described) is what AWS does not know."""
    customer_gateway = lookup.customer_gateway(connection)
    return {
        "id": connection.id,
        "vpn_connection_id": connection.id,
        "state": connection.state,
        "name": connection.name,
        "gateway": gateway_of(connection.name) if connection.name else None,
        "connection": connection_of(connection.name) if connection.name else None,
        "routing": connection.routing,
        "customer_gateway_id": connection.customer_gateway_id,
        "vpn_gateway_id": connection.vpn_gateway_id,
        "transit_gateway_id": connection.transit_gateway_id,
        "transit_gateway_attachment_id": lookup.transit_attachment_id(connection),
        "amazon_side_asn": lookup.amazon_side_asn(connection),
        "customer_asn": customer_gateway.bgp_asn if customer_gateway else None,
        "public_ip": customer_gateway.public_ip if customer_gateway else None,
        "static_routes": sorted(live_routes(connection)),
        "options": option_results(connection),
        "vpn_concentrator_id": connection.vpn_concentrator_id,
        "gateway_association_state": connection.gateway_association_state,
        "pre_shared_key_storage": connection.pre_shared_key_storage,
        "is_outgoing": connection.is_outgoing,
        "tags": dict(connection.tags),
        "tunnels": [
            tunnel_result(connection, tunnel, lookup, described, include_secrets) for tunnel in connection.tunnels
        ],
    }


def option_results(connection: Connection) -> dict[str, Any]:
    """The options of a connection as AWS says them; routing is told apart."""
    return {name: value for name, value in connection.options.items() if name != "static_routes_only"}


def tunnel_result(
    connection: Connection,
    tunnel: Tunnel,
    lookup: GatewayLookup,
    described: Mapping[str, Any] | None = None,
    include_secrets: bool = False,
) -> dict[str, Any]:
    """One tunnel, complete: the input of the gateway role."""
    customer_gateway = lookup.customer_gateway(connection)
    ours, theirs = inside_addresses(tunnel.inside_cidr)
    result: dict[str, Any] = {
        "vpn_connection_id": connection.id,
        "connection_name": connection.name,
        "number": tunnel.number,
        "outside_address": tunnel.outside_address,
        "customer_address": customer_gateway.public_ip if customer_gateway else None,
        "inside_cidr": tunnel.inside_cidr,
        "aws_inside_address": ours,
        "customer_inside_address": theirs,
        "amazon_side_asn": lookup.amazon_side_asn(connection),
        "customer_asn": customer_gateway.bgp_asn if customer_gateway else None,
        "routing": connection.routing,
        **(described or {}),
        "options": dict(tunnel.options),
        "connection_options": option_results(connection),
        "telemetry": asdict(tunnel.telemetry) if tunnel.telemetry else None,
    }
    if include_secrets:
        key = tunnel.pre_shared_key
        result["pre_shared_key"] = None if key is None else key.reveal()
    return result


def with_failures(connections: Mapping[str, Mapping[str, Any]], error: ApplyFailed) -> dict[str, dict[str, Any]]:
    """What is there of each connection after a run that did not get through, and what went wrong with its gateway."""
    failed = {name: error.failures.get(gateway_of(name)) for name in connections}
    errors = {name: failure.error for name, failure in failed.items() if failure}
    return {name: {**entry, "failed": name in errors, "error": errors.get(name)} for name, entry in connections.items()}


def inside_addresses(cidr: str | None) -> tuple[str | None, str | None]:
    """The inside addresses of AWS and of the customer gateway: first and second host of the /30."""
    network = values.ipv4_network(cidr)
    if network is None:
        return None, None
    return str(network[1]), str(network[2])


def customer_gateway_result(gateway: CustomerGateway) -> dict[str, Any]:
    """One customer gateway."""
    return {
        "customer_gateway_id": gateway.id,
        "state": gateway.state,
        **customer_gateway_model(gateway),
    }


def vpn_gateway_result(gateway: VpnGateway, observed: Observed) -> dict[str, Any]:
    """One virtual private gateway with the route tables it propagates into, as far as they were looked at."""
    attached = gateway.live_attachments
    return {
        "vpn_gateway_id": gateway.id,
        "state": gateway.state,
        "amazon_side_asn": gateway.amazon_side_asn,
        "vpc_id": attached[0].vpc_id if attached else None,
        "attachment_state": attached[0].state if attached else None,
        "propagate_to": sorted(table.id for table in observed.route_tables if gateway.id in table.propagating),
        "tags": dict(gateway.tags),
    }
