# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""Module parameters to what the core wants; keys become secrets here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._core import fields, validate
from .._core import tags as tag_rules
from .._core.errors import InvalidInput
from .._core.model import (
    STATIC,
    ConnectionWanted,
    Consent,
    CustomerGatewayWanted,
    Id,
    Ref,
    Site,
    TunnelWanted,
    VpnGatewayWanted,
    Wanted,
)
from .._core.secret import Secret


def consent(params: Mapping[str, Any]) -> Consent:
    """What the user allows to be interrupted."""
    return Consent(params["allow_interruption"], params["force_tunnel_change"])


def sites(params: Mapping[str, Any]) -> tuple[Site, ...]:
    """The sites of vpn_sites."""
    return tuple(_site(entry) for entry in params["sites"])


def customer_gateway(params: Mapping[str, Any], region: str | None) -> Wanted:
    """What the customer_gateway module is asked for."""
    name, present = params["name"], params["state"] == "present"
    asn = validate.DEFAULT_STATIC_CUSTOMER_ASN if params["bgp_asn"] is None else params["bgp_asn"]
    user = _tags(params)
    found = [*tag_rules.problems(user), *fields.problems(fields.CUSTOMER_GATEWAY, params, "")]
    asn_problem = validate.customer_asn_problem(asn, region)
    _refuse([*found, *([f"bgp_asn={asn}: {asn_problem}"] if asn_problem else [])])
    return Wanted(
        customer_gateways=(
            CustomerGatewayWanted(
                name,
                params["public_ip"] if present else None,
                asn,
                params["device_name"],
                tag_rules.site_tags(name, user),
                params["purge_tags"],
                present,
            ),
        )
    )


def vpn_gateway(params: Mapping[str, Any]) -> Wanted:
    """What the vpn_gateway module is asked for."""
    user = _tags(params)
    problem = None
    if params["amazon_side_asn"] is not None:
        problem = validate.amazon_side_asn_problem(params["amazon_side_asn"])
    found = [f"amazon_side_asn={params['amazon_side_asn']}: {problem}"] if problem else []
    _refuse([*tag_rules.problems(user), *found])
    gateway = _vpc_gateway(params, "", tag_rules.vpc_tags(params["vpc_id"], user), params["purge_tags"])
    return Wanted(vpn_gateways=(gateway,))


def vpn_connection(params: Mapping[str, Any]) -> Wanted:
    """What the vpn_connection module is asked for."""
    name, user = params["name"], _tags(params)
    wanted_tunnels = tunnels(params["tunnels"])
    found = list(tag_rules.problems(user))
    count = validate.tunnel_count_problem(len(wanted_tunnels))
    found += [f"tunnels: {count}"] if count else []
    for number, tunnel in enumerate(wanted_tunnels, 1):
        found += fields.problems(fields.TUNNEL, tunnel.options, f"tunnels[{number}].")
    inside = validate.inside_cidrs_problem([tunnel.options.get("inside_cidr") for tunnel in wanted_tunnels])
    found += [f"tunnels: {inside}"] if inside else []
    for cidr in params["static_routes"] or ():
        problem = validate.cidr_problem(cidr)
        found += [f"static_routes={cidr}: {problem}"] if problem else []
    if params["static_routes"] and (params["routing"] != STATIC or params["transit_gateway_id"]):
        found.append("static_routes: only with routing=static and a virtual private gateway")
    _refuse(found)
    gateway: Id | None = params["vpn_gateway_id"]
    if params["vpc_id"]:
        gateway = Ref("vpn_gateway", params["vpc_id"])
    return Wanted(
        connections=(
            ConnectionWanted(
                name,
                params["customer_gateway_id"] or Ref("customer_gateway", name),
                gateway,
                params["transit_gateway_id"],
                params["routing"],
                wanted_tunnels,
                None if params["static_routes"] is None else tuple(params["static_routes"]),
                tag_rules.site_tags(name, user),
                params["purge_tags"],
                params["state"] == "present",
            ),
        )
    )


def tunnels(entries: Sequence[Mapping[str, Any]] | None) -> tuple[TunnelWanted, ...]:
    """Descriptions of tunnels; options that were not given are left out."""
    return tuple(TunnelWanted(_tunnel_options(entry)) for entry in entries or ())


def _tunnel_options(entry: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in fields.settable(fields.TUNNEL):
        value = entry.get(row.name)
        if value is not None:
            found[row.name] = Secret(value) if row.is_secret else value
    return found


def _site(entry: Mapping[str, Any]) -> Site:
    target = entry["target"]
    gateway = target.get("vpn_gateway")
    name = entry["name"]
    return Site(
        name,
        entry["public_ip"],
        entry["bgp_asn"],
        target.get("transit_gateway_id"),
        target.get("vpn_gateway_id"),
        _vpc_gateway(gateway, name, tag_rules.vpc_tags(gateway["vpc_id"], {}), False) if gateway else None,
        entry["routing"],
        tuple(entry["local_cidrs"]),
        tuple(entry["remote_cidrs"]),
        tunnels(entry["tunnels"]),
        _tags(entry),
    )


def _vpc_gateway(params: Mapping[str, Any], site: str, tags: Mapping[str, str], purge: bool) -> VpnGatewayWanted:
    tables = params["propagate_to"]
    return VpnGatewayWanted(
        params["vpc_id"],
        params["amazon_side_asn"],
        None if tables is None else tuple(sorted(set(tables))),
        tags,
        purge,
        params.get("state", "present") == "present",
        site,
    )


def _tags(params: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): "" if value is None else str(value) for key, value in (params.get("tags") or {}).items()}


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise InvalidInput(problems)
