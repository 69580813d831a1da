# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A list of connections of gateways: its problems, the resources it asks for, and what is returned for each."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from ..grouping import grouped
from ..model.resources import (
    BGP,
    Connection,
    ConnectionWanted,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    Ref,
    VpnConcentratorWanted,
    VpnGatewayWanted,
    Wanted,
)
from ..nouns import AVAILABLE
from ..options.problem import line
from ..plan import identity, tags
from . import rules
from .entry import ConnectionEntry
from .networks import Finding
from .results import GatewayLookup, connection_result
from .rules import customer_asn

_OF_CONNECTION = (
    "vpn_connection_id",
    "vpn_gateway_id",
    "transit_gateway_id",
    "transit_gateway_attachment_id",
    "vpn_concentrator_id",
    "pre_shared_key_storage",
    "options",
    "state",
    "routing",
    "amazon_side_asn",
    "tunnels",
)


def findings(entries: Sequence[ConnectionEntry]) -> list[Finding]:
    """Every rule AWS would refuse later, of every connection, before the first write."""
    return rules.findings(entries, [_connection(entry, False) for entry in entries])


def problems(entries: Sequence[ConnectionEntry]) -> list[str]:
    """The same in the words of vpn_sites."""
    return [line(names, problem) for names, problem in findings(entries)]


def wanted(entries: Sequence[ConnectionEntry], purge_tags: bool = False) -> Wanted:
    """The resources that are asked for; connections share customer gateways, gateways of VPCs and concentrators."""
    return Wanted(
        _customer_gateways(entries, purge_tags),
        _vpn_gateways(entries, purge_tags),
        tuple(_connection(entry, purge_tags) for entry in entries),
        _vpn_concentrators(entries, purge_tags),
    )


def results(entries: Sequence[ConnectionEntry], observed: Observed) -> dict[str, dict[str, Any]]:
    """By the name of each connection what exists now; ids are null for what does not exist."""
    lookup = GatewayLookup(observed)
    connections = identity.connections(observed.connections)
    customer_gateways = identity.customer_gateways(observed.customer_gateways)
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        result = _result(entry, connections.one(entry.name), customer_gateways.all(entry.gateway), lookup, observed)
        outgoing = sorted(connection.id for connection in connections.outgoing(entry.name))
        found[entry.name] = {**entry.access.as_result(), **result, "outgoing_connection_ids": outgoing}
    return found


def _vpn_gateways(entries: Sequence[ConnectionEntry], purge_tags: bool) -> tuple[VpnGatewayWanted, ...]:
    """The virtual private gateway of each VPC, as the first connection describes it, with the tags that all have."""
    shared = grouped(
        (entry.vpn_gateway.vpc_id, (entry.vpn_gateway, entry.tags)) for entry in entries if entry.vpn_gateway
    )
    return tuple(
        dataclasses.replace(
            owners[0][0],
            tags=tags.vpc_tags(vpc_id, tags.shared([own for _gateway, own in owners])),
            purge_tags=purge_tags,
        )
        for vpc_id, owners in shared.items()
    )


def _vpn_concentrators(entries: Sequence[ConnectionEntry], purge_tags: bool) -> tuple[VpnConcentratorWanted, ...]:
    """The VPN concentrator of each transit gateway, with the tags that all its connections have."""
    shared = grouped(
        (entry.vpn_concentrator.transit_gateway_id, (entry.vpn_concentrator, entry.tags))
        for entry in entries
        if entry.vpn_concentrator
    )
    return tuple(
        dataclasses.replace(
            owners[0][0],
            tags=tags.transit_tags(transit_gateway_id, tags.shared([own for _concentrator, own in owners])),
            purge_tags=purge_tags,
        )
        for transit_gateway_id, owners in shared.items()
    )


def _customer_gateways(entries: Sequence[ConnectionEntry], purge_tags: bool) -> tuple[CustomerGatewayWanted, ...]:
    """One for each gateway, with the tags that all its connections have."""
    return tuple(
        CustomerGatewayWanted(
            name=gateway,
            public_ip=own[0].public_ip,
            bgp_asn=own[0].bgp_asn,
            device_name=own[0].device_name,
            tags=tags.gateway_tags(gateway, tags.common([each.tags for each in own])),
            purge_tags=purge_tags,
            certificate_arn=own[0].certificate_arn,
            named_by=own[0].name,
        )
        for gateway, own in grouped((entry.gateway, entry) for entry in entries).items()
    )


def _connection(entry: ConnectionEntry, purge_tags: bool) -> ConnectionWanted:
    on_vgw = bool(entry.vpn_gateway or entry.vpn_gateway_id)
    return ConnectionWanted(
        entry.name,
        customer_gateway=Ref("customer_gateway", entry.gateway),
        vpn_gateway=entry.vpn_gateway.ref if entry.vpn_gateway else entry.vpn_gateway_id,
        transit_gateway_id=entry.transit_gateway_id,
        vpn_concentrator=entry.vpn_concentrator.ref if entry.vpn_concentrator else entry.vpn_concentrator_id,
        unattached=entry.unattached,
        routing=entry.routing,
        options=entry.options,
        pre_shared_key_storage=entry.pre_shared_key_storage,
        tunnels=entry.tunnels,
        # A transit gateway takes no static routes on the connection: they belong into its route tables.
        networks=entry.local_cidrs if on_vgw else (),
        transit_routing=entry.transit_routing,
        tags=tags.connection_tags(entry.name, entry.tags),
        purge_tags=purge_tags,
    )


def _result(
    entry: ConnectionEntry,
    connection: Connection | None,
    customer_gateways: Sequence[CustomerGateway],
    lookup: GatewayLookup,
    observed: Observed,
) -> dict[str, Any]:
    described = {
        "local_cidrs": list(entry.local_cidrs),
        "remote_cidrs": list(entry.remote_cidrs),
        "preference": entry.preference,
    }
    customer_gateway = lookup.customer_gateway(connection) if connection else next(iter(customer_gateways), None)
    result: dict[str, Any] = {
        **dict.fromkeys(_OF_CONNECTION),
        "name": entry.name,
        "site": entry.site,
        "gateway": entry.gateway,
        "connection": entry.connection,
        "customer_gateway_id": customer_gateway.id if customer_gateway else None,
        "vpn_gateway_id": _vpn_gateway_id(entry, observed),
        "transit_gateway_id": entry.transit_gateway_id,
        "vpn_concentrator_id": _vpn_concentrator_id(entry, observed),
        "pre_shared_key_storage": entry.pre_shared_key_storage,
        "options": {},
        "routing": entry.routing or BGP,
        "customer_asn": customer_gateway.bgp_asn if customer_gateway else customer_asn(entry),
        "public_ip": customer_gateway.public_ip if customer_gateway else entry.public_ip,
        **described,
        "static_routes": [],
        "tunnels": [],
    }
    return {**result, **_of_connection(connection, lookup, described)} if connection else result


def _of_connection(connection: Connection, lookup: GatewayLookup, described: Mapping[str, Any]) -> dict[str, Any]:
    """What the connection knows better than its description."""
    shown = connection_result(connection, lookup, described)
    available = sorted(route.cidr for route in connection.routes if route.state == AVAILABLE)
    return {**{name: shown[name] for name in _OF_CONNECTION}, "static_routes": available}


def _vpn_gateway_id(entry: ConnectionEntry, observed: Observed) -> str | None:
    if entry.vpn_gateway is None:
        return entry.vpn_gateway_id
    found = identity.vpn_gateways(observed.vpn_gateways).one(entry.vpn_gateway.vpc_id)
    return found.id if found else None


def _vpn_concentrator_id(entry: ConnectionEntry, observed: Observed) -> str | None:
    if entry.vpn_concentrator is None:
        return entry.vpn_concentrator_id
    found = identity.vpn_concentrators(observed.vpn_concentrators).one(entry.vpn_concentrator.transit_gateway_id)
    return found.id if found else None
