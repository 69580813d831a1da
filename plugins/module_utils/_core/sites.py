# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""A list of sites: its problems, the resources it asks for, and what is returned per site."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from . import fields, match, tags, transit, validate
from .model import (
    BGP,
    SITE_TAG,
    STATIC,
    VPC_TAG,
    Connection,
    ConnectionWanted,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    Ref,
    Site,
    TransitRouting,
    VpnGateway,
    VpnGatewayWanted,
    Wanted,
)
from .results import Surroundings, tunnel_result


def problems(sites: Sequence[Site], region: str | None = None) -> list[str]:
    """Every rule AWS would refuse later, of every site, before the first write."""
    found: list[str] = []
    for site in sites:
        found += _site_problems(site, region)
    found += [f"{name}: the name is given {len(owners)} times" for name, owners in _same(sites, lambda s: s.name)]
    for (address, asn), owners in _same(sites, lambda s: (s.public_ip, customer_asn(s))):
        names = ", ".join(site.name for site in owners)
        found.append(f"{names}: public_ip={address}: the same address and ASN {asn} cannot stand for several sites")
    for _vpc_id, owners in _same([site for site in sites if site.vpn_gateway], lambda s: s.vpn_gateway.vpc_id):
        first = owners[0].vpn_gateway
        for other in owners[1:]:
            found += _disagreement(owners[0].name, other.name, first, other.vpn_gateway)
    return found


def customer_asn(site: Site) -> int:
    """The ASN of the customer gateway; a static site needs one in name only."""
    return validate.DEFAULT_STATIC_CUSTOMER_ASN if site.bgp_asn is None else site.bgp_asn


def wanted(sites: Sequence[Site], purge_tags: bool = False) -> Wanted:
    """The resources the sites ask for; sites on one VPC share its gateway."""
    gateways: dict[str, VpnGatewayWanted] = {}
    for site in sites:
        if site.vpn_gateway and site.vpn_gateway.vpc_id not in gateways:
            gateways[site.vpn_gateway.vpc_id] = site.vpn_gateway
    return Wanted(
        tuple(_customer_gateway(site, purge_tags) for site in sites),
        tuple(gateways.values()),
        tuple(_connection(site, purge_tags) for site in sites),
    )


def results(sites: Sequence[Site], observed: Observed) -> dict[str, dict[str, Any]]:
    """Per site what exists now; ids are null for what does not exist."""
    around = Surroundings(observed)
    connections: match.Index[Connection] = match.Index("VPN connection", SITE_TAG, observed.connections)
    devices: match.Index[CustomerGateway] = match.Index("customer gateway", SITE_TAG, observed.customer_gateways)
    return {
        site.name: _result(site, connections.one(site.name), devices.all(site.name), around, observed) for site in sites
    }


def _site_problems(site: Site, region: str | None) -> list[str]:
    found = [f"{site.name}: {text}" for text in tags.problems(site.tags)]
    checks: list[tuple[str, object, str | None]] = [
        ("public_ip", site.public_ip, validate.public_address_problem(site.public_ip))
    ]
    if site.bgp_asn is not None:
        checks.append(("bgp_asn", site.bgp_asn, validate.customer_asn_problem(site.bgp_asn, region)))
    elif site.routing == BGP:
        checks.append(("bgp_asn", "", "needed with routing=bgp"))
    gateway = site.vpn_gateway
    if gateway and gateway.amazon_side_asn is not None:
        asn = gateway.amazon_side_asn
        checks.append(("target.vpn_gateway.amazon_side_asn", asn, validate.amazon_side_asn_problem(asn)))
    for option in ("local_cidrs", "remote_cidrs"):
        checks += [(option, cidr, validate.cidr_problem(cidr)) for cidr in getattr(site, option)]
    count = validate.tunnel_count_problem(len(site.tunnels))
    checks.append(("tunnels", len(site.tunnels), count))
    found += [f"{site.name}: {option}={value}: {problem}" for option, value, problem in checks if problem]
    for number, tunnel in enumerate(site.tunnels, 1):
        found += fields.problems(fields.TUNNEL, tunnel.options, f"{site.name}: tunnels[{number}].")
    found += transit.problems(_transit_routing(site), site.transit_gateway_id, f"{site.name}: target.")
    inside = validate.inside_cidrs_problem([tunnel.options.get("inside_cidr") for tunnel in site.tunnels])
    return [*found, *([f"{site.name}: tunnels: {inside}"] if inside else [])]


def _same(sites: Iterable[Site], key: Any) -> list[tuple[Any, list[Site]]]:
    groups: dict[Any, list[Site]] = {}
    for site in sites:
        groups.setdefault(key(site), []).append(site)
    return [(value, owners) for value, owners in groups.items() if len(owners) > 1]


def _disagreement(
    name: str, other_name: str, first: VpnGatewayWanted | None, other: VpnGatewayWanted | None
) -> list[str]:
    if first is None or other is None:
        return []
    found = []
    for option in ("amazon_side_asn", "propagate_to"):
        if getattr(first, option) != getattr(other, option):
            found.append(
                f"{name}, {other_name}: target.vpn_gateway.{option}: the sites share the gateway of {first.vpc_id}"
                f" and must agree ({getattr(first, option)} against {getattr(other, option)})"
            )
    return found


def _customer_gateway(site: Site, purge_tags: bool) -> CustomerGatewayWanted:
    return CustomerGatewayWanted(
        site.name, site.public_ip, customer_asn(site), tags=tags.site_tags(site.name, site.tags), purge_tags=purge_tags
    )


def _connection(site: Site, purge_tags: bool) -> ConnectionWanted:
    on_vgw = site.transit_gateway_id is None
    return ConnectionWanted(
        site.name,
        customer_gateway=Ref("customer_gateway", site.name),
        vpn_gateway=site.vpn_gateway.ref if site.vpn_gateway else site.vpn_gateway_id,
        transit_gateway_id=site.transit_gateway_id,
        routing=site.routing,
        tunnels=site.tunnels,
        # A transit gateway takes no static routes on the connection: they belong into its route tables.
        static_routes=None if site.routing != STATIC else site.local_cidrs if on_vgw else (),
        transit_routing=_transit_routing(site),
        tags=tags.site_tags(site.name, site.tags),
        purge_tags=purge_tags,
    )


def _transit_routing(site: Site) -> TransitRouting | None:
    """What is asked of route tables of the transit gateway, for the networks of the site."""
    return dataclasses.replace(site.transit_routing, cidrs=site.local_cidrs) if site.transit_routing else None


def _result(
    site: Site,
    connection: Connection | None,
    devices: Sequence[CustomerGateway],
    around: Surroundings,
    observed: Observed,
) -> dict[str, Any]:
    networks = {"local_cidrs": list(site.local_cidrs), "remote_cidrs": list(site.remote_cidrs)}
    device = around.customer_gateway(connection) if connection else (devices[0] if devices else None)
    result = {
        "name": site.name,
        "customer_gateway_id": device.id if device else None,
        "vpn_connection_id": None,
        "vpn_gateway_id": _vpn_gateway_id(site, observed),
        "transit_gateway_id": site.transit_gateway_id,
        "transit_gateway_attachment_id": None,
        "state": None,
        "routing": site.routing,
        "amazon_side_asn": None,
        "customer_asn": device.bgp_asn if device else customer_asn(site),
        "public_ip": device.public_ip if device else site.public_ip,
        **networks,
        "static_routes": [],
        "tunnels": [],
    }
    if connection is None:
        return result
    from_connection = {
        "vpn_connection_id": connection.id,
        "vpn_gateway_id": connection.vpn_gateway_id,
        "transit_gateway_id": connection.transit_gateway_id,
        "transit_gateway_attachment_id": around.transit_attachment_id(connection),
        "state": connection.state,
        "routing": connection.routing,
        "amazon_side_asn": around.amazon_side_asn(connection),
        "static_routes": sorted(route.cidr for route in connection.routes if route.state == "available"),
        "tunnels": [tunnel_result(connection, tunnel, around, networks) for tunnel in connection.tunnels],
    }
    return {**result, **from_connection}


def _vpn_gateway_id(site: Site, observed: Observed) -> str | None:
    if site.vpn_gateway is None:
        return site.vpn_gateway_id
    gateways: match.Index[VpnGateway] = match.Index("virtual private gateway", VPC_TAG, observed.vpn_gateways)
    found = gateways.one(site.vpn_gateway.vpc_id)
    return found.id if found else None
