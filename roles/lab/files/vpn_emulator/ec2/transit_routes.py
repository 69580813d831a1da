# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of transit gateway route tables: the static ones, and those that attachments propagate."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment

from . import errors
from .lifecycle import DELETED, DELETING
from .transit_tables import PROPAGATION, TransitTables

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Route = dict[str, Any]


class TransitRoutes:
    """The static routes by table and destination; no attachment means blackhole."""

    def __init__(self, backend: Any, tables: TransitTables) -> None:
        self._backend = backend
        self._tables = tables
        self._static: dict[str, dict[Network, TransitGatewayAttachment | None]] = {}

    def create(self, request: Mapping[str, Any], is_replacing: bool = False) -> Route:
        """CreateTransitGatewayRoute, or ReplaceTransitGatewayRoute for one that is there."""
        table_id = request["TransitGatewayRouteTableId"]
        table = self._tables.table(table_id)
        network = _network(request["DestinationCidrBlock"])
        routes = self._static.setdefault(table_id, {})
        if is_replacing and network not in routes:
            raise errors.transit_route_not_found(table_id, network)
        if network in routes and not is_replacing:
            raise errors.transit_route_exists(table_id, network)
        attachment = self._target(request)
        if attachment is not None and attachment.transit_gateway_id != table.transit_gateway_id:
            raise errors.invalid_value("transitGatewayAttachmentId", attachment.id, "Another transit gateway has it.")
        routes[network] = attachment
        return _static_route(network, attachment)

    def delete(self, table_id: str, cidr: str) -> Route:
        self._tables.table(table_id)
        network = _network(cidr)
        routes = self._static.get(table_id, {})
        if network not in routes:
            raise errors.transit_route_not_found(table_id, network)
        return {**_static_route(network, routes.pop(network)), "State": "deleted"}

    def search(self, table_id: str, filters: Mapping[str, list[str]]) -> list[Route]:
        """All routes of a table that the filters choose; a static one hides a propagated one."""
        self._tables.table(table_id)
        wanted = {name: _wanted(name, values) for name, values in filters.items()}
        routes = self._of(table_id)
        if _LONGEST in wanted:
            routes = _longest(routes, wanted[_LONGEST])
        for name, values in wanted.items():
            routes = {network: route for network, route in routes.items() if _FILTERS[name](network, route, values)}
        return [routes[network] for network in sorted(routes, key=lambda one: (one.version, one))]

    def to_connection(self, connection_id: str) -> list[str]:
        """Prefixes that route tables send to this connection."""
        found = {
            str(network)
            for routes in self._static.values()
            for network, attachment in routes.items()
            if attachment is not None and attachment.resource_id == connection_id
        }
        return sorted(found)

    def forget_table(self, table_id: str) -> None:
        self._static.pop(table_id, None)

    def _target(self, request: Mapping[str, Any]) -> TransitGatewayAttachment | None:
        attachment_id = request.get("TransitGatewayAttachmentId")
        if bool(request.get("Blackhole")) == (attachment_id is not None):
            raise errors.invalid_combination("A route has either TransitGatewayAttachmentId or Blackhole")
        return None if attachment_id is None else self._tables.available_attachment(attachment_id)

    def _of(self, table_id: str) -> dict[Network, Route]:
        routes: dict[Network, Route] = {}
        for relation in self._tables.propagations(table_id):
            if relation.state != PROPAGATION.active:
                continue
            for network in self._learned(relation.attachment):
                route = routes.setdefault(network, _route(network, "propagated", []))
                route["TransitGatewayAttachments"].append(_hop(relation.attachment))
        for network, attachment in self._static.get(table_id, {}).items():
            routes[network] = _static_route(network, attachment)
        return routes

    def _learned(self, attachment: TransitGatewayAttachment) -> Iterator[Network]:
        """A VPC's networks, or what the tunnels of a connection learned by BGP."""
        vpc = self._backend.vpcs.get(attachment.resource_id)
        if vpc is not None:
            for entry in vpc.get_cidr_block_association_set():
                yield ipaddress.ip_network(entry["cidr_block"])
        for connection in self._backend.vpn.connections.of_attachment(attachment.resource_id):
            for prefix in connection.learned_prefixes():
                yield ipaddress.ip_network(prefix)


def _network(cidr: str) -> Network:
    try:
        if "/" in cidr:
            return ipaddress.ip_network(cidr)
    except ValueError:
        pass
    raise errors.invalid_value("destinationCidrBlock", cidr)


def _route(network: Network, kind: str, attachments: list[dict[str, str]]) -> Route:
    return {
        "DestinationCidrBlock": str(network),
        "TransitGatewayAttachments": attachments,
        "Type": kind,
        "State": "active",
    }


def _static_route(network: Network, attachment: TransitGatewayAttachment | None) -> Route:
    """It outlives its attachment, as a blackhole that still names it."""
    route = _route(network, "static", [] if attachment is None else [_hop(attachment)])
    if attachment is None or attachment.state in (DELETING, DELETED):
        route["State"] = "blackhole"
    return route


def _hop(attachment: TransitGatewayAttachment) -> dict[str, str]:
    return {
        "ResourceId": attachment.resource_id,
        "TransitGatewayAttachmentId": attachment.id,
        "ResourceType": attachment.resource_type,
    }


def _wanted(name: str, values: list[str]) -> list[Any]:
    """The values of a filter: networks, or words."""
    if name not in _FILTERS:
        raise errors.invalid_value("Filters", name)
    if not name.startswith(_BY_NETWORK):
        return values
    try:
        return [ipaddress.ip_network(value, strict=name != _LONGEST) for value in values]
    except ValueError:
        raise errors.invalid_value("Filters", ", ".join(values)) from None


def _longest(routes: dict[Network, Route], values: list[Network]) -> dict[Network, Route]:
    chosen: dict[Network, Route] = {}
    for wanted in values:
        covering = [one for one in routes if _contains(one, wanted)]
        if covering:
            best = max(covering, key=lambda one: one.prefixlen)
            chosen[best] = routes[best]
    return chosen


Test = Callable[[Network, Route, list[Any]], bool]


def _hop_is(name: str) -> Test:
    return lambda _network, route, values: any(hop[name] in values for hop in route["TransitGatewayAttachments"])


def _contains(outer: Network, inner: Network) -> bool:
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # same version


_BY_NETWORK = "route-search."
_LONGEST = "route-search.longest-prefix-match"
_FILTERS: Mapping[str, Test] = {
    "attachment.transit-gateway-attachment-id": _hop_is("TransitGatewayAttachmentId"),
    "attachment.resource-id": _hop_is("ResourceId"),
    "attachment.resource-type": _hop_is("ResourceType"),
    "prefix-list-id": lambda _network, _route, _values: False,
    "route-search.exact-match": lambda network, _route, values: network in values,
    _LONGEST: lambda _network, _route, _values: True,
    "route-search.subnet-of-match": lambda network, _route, values: any(_contains(one, network) for one in values),
    "route-search.supernet-of-match": lambda network, _route, values: any(_contains(network, one) for one in values),
    "state": lambda _network, route, values: route["State"] in values,
    "type": lambda _network, route, values: route["Type"] in values,
}
