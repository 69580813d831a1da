# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The apply document: what the data plane has to run, computed from the state of all accounts and Regions."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends

from .. import environment
from .models import Backend
from .propagation import Propagation
from .tunnels import Tunnel
from .vpn_connection import VpnConnection


def submit(current: environment.Environment) -> None:
    """Hand the whole desired state to the data plane, if there is one; it notices when nothing changed."""
    if current.data_plane is not None:
        current.data_plane.submit(document())


def document() -> dict[str, Any]:
    tunnels: list[dict[str, Any]] = []
    for _account, _region, backend in ec2_backends.iter_backends():
        for connection in backend.vpn_connections.values():
            if connection.is_in_service and connection.has_target:
                tunnels += _Connection(backend, connection).tunnels()
    return {"tunnels": sorted(tunnels, key=lambda tunnel: (tunnel["vpn_connection_id"], tunnel["number"]))}


def tunnel_document(backend: Backend, connection: VpnConnection, tunnel: Tunnel) -> dict[str, Any]:
    """One tunnel of it."""
    return _Connection(backend, connection).tunnels()[tunnel.number - 1]


class _Connection:
    """One connection, with the VPCs and route tables behind its gateway."""

    def __init__(self, backend: Backend, connection: VpnConnection) -> None:
        self._backend = backend
        self._connection = connection
        self._transit_gateway_id = backend.vpn.connections.transit_gateway_of(connection.target)
        self._vpc_ids = self._attached_vpcs()

    def tunnels(self) -> list[dict[str, Any]]:
        advertise, accept = self._advertise(), self._accept()
        return [self._tunnel(tunnel, advertise, accept) for tunnel in self._connection.tunnels]

    def _tunnel(self, tunnel: Tunnel, advertise: list[str], accept: list[str] | str) -> dict[str, Any]:
        connection = self._connection
        version = "v6" if connection.inside_version == "ipv6" else "v4"
        hidden = ("PreSharedKey", "TunnelInsideCidr", "TunnelInsideIpv6Cidr")
        return {
            "vpn_connection_id": connection.id,
            "region": self._backend.region_name,
            "number": tunnel.number,
            "outside_address": tunnel.outside_address,
            "customer_address": connection.customer_gateway.ip_address,
            "inside_address": f"{tunnel.aws_inside_address}/{tunnel.inside_cidr.rpartition('/')[2]}",
            "peer_inside_address": tunnel.customer_inside_address,
            "psk": environment.current().endpoint_keys.get(tunnel.outside_address, tunnel.psk),
            "routing": "static" if connection.is_static else "bgp",
            "amazon_side_asn": connection.amazon_side_asn,
            "customer_asn": connection.customer_gateway.asn,
            "static_routes": self._static_routes() if connection.is_static else [],
            "local_cidr": connection.options[f"LocalIp{version}NetworkCidr"],
            "remote_cidr": connection.options[f"RemoteIp{version}NetworkCidr"],
            "is_accelerated": connection.options["EnableAcceleration"],
            "advertise": advertise,
            "accept": accept,
            # A virtual private gateway prefers one tunnel; a transit gateway does not choose.
            "med": 200 if connection.vpn_gateway_id and tunnel.number == 2 else 100,
            "route_limit": self._route_limit(),
            "options": {name: value for name, value in tunnel.options.items() if name not in hidden},
            "generation": tunnel.generation,
        }

    def _attached_vpcs(self) -> list[str]:
        """Attaching counts as attached: the document must not depend on the clock."""
        if self._transit_gateway_id is not None:
            return self._backend.vpn.transit_gateways.attached_vpcs(self._transit_gateway_id)
        gateway = self._backend.vpn.vpn_gateways.all.get(self._connection.vpn_gateway_id or "")
        if gateway is None:
            return []
        return [one.vpc_id for one in gateway.attachments.values() if one.is_attaching_or_attached]

    def _advertise(self) -> list[str]:
        """The VPC's networks, told to the customer gateway."""
        vpcs = [self._backend.vpcs[vpc_id] for vpc_id in self._vpc_ids if vpc_id in self._backend.vpcs]
        listed = (entry for vpc in vpcs for entry in vpc.get_cidr_block_association_set())
        return sorted({entry["cidr_block"] for entry in listed if entry["cidr_block_state"]["state"] == "associated"})

    def _accept(self) -> list[str] | str:
        """What the VPC sends this way: everything the gateway propagates, else what its route tables name."""
        vpn_gateway_id = self._connection.vpn_gateway_id
        found: set[str] = set()
        for table in self._backend.route_tables.values():
            if table.vpc_id not in self._vpc_ids or not table.all_associations_ids:
                continue
            if vpn_gateway_id in Propagation.gateways_of(table):
                return "any"
            for route in table.routes:
                target = route.transit_gateway_id or route.gateway_id
                is_here = target in (self._transit_gateway_id, vpn_gateway_id)
                if target and is_here and route.destination_cidr_block:
                    found.add(route.destination_cidr_block)
        return sorted(found)

    def _route_limit(self) -> int | None:
        """How many routes the endpoint takes by BGP before it ends the session."""
        gateway = "vpn_gateway" if self._connection.vpn_gateway_id is not None else "transit_gateway"
        return self._connection.account.quotas.limit(f"bgp_routes_per_{gateway}_connection")

    def _static_routes(self) -> list[str]:
        if self._connection.vpn_gateway_id is not None:
            return self._connection.live_routes()
        return self._backend.vpn.transit_gateways.routes.to_connection(self._connection.id)
