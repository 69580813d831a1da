# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Module parameters to what the core wants; keys become secrets here."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.errors import InvalidInput
from ..._core.model.resources import (
    STATIC,
    ConnectionWanted,
    Consent,
    CustomerGatewayWanted,
    Id,
    Ref,
    Site,
    TransitRouting,
    TunnelWanted,
    VpnConcentratorWanted,
    VpnGatewayWanted,
    Wanted,
)
from ..._core.model.secret import Secret
from ..._core.options import fields, rules, value_rules
from ..._core.options.fields import Field
from ..._core.options.formats import normal_address, normal_network
from ..._core.plan import tags as tag_rules
from ..._core.plan.transit import route_tables

_NEEDED = ("target", "local_cidrs", "remote_cidrs")


def consent(params: Mapping[str, Any]) -> Consent:
    """What the user allows to be interrupted."""
    return Consent(
        params["allow_interruption"],
        params["force_tunnel_change"],
        params["allow_replacement"],
        params["replacement_order"] == "delete_first",
    )


def sites(params: Mapping[str, Any]) -> tuple[Site, ...]:
    """The sites of vpn_sites that are to exist."""
    return tuple(_site(entry) for entry in params["sites"] or ())


def missing(params: Mapping[str, Any]) -> list[str]:
    """What sites that are to exist lack; one that is to go needs its name alone."""
    found = ["all_sites: only with state=absent"] if params["all_sites"] else []
    return found + [
        f"{entry['name']}: {option}: needed for a site that is to exist"
        for entry in params["sites"] or ()
        for option in _NEEDED
        if entry[option] is None
    ]


def customer_gateway(params: Mapping[str, Any], region: str | None) -> Wanted:
    """What the customer_gateway module is asked for."""
    name, present = params["name"], params["state"] == "present"
    asn = value_rules.DEFAULT_STATIC_CUSTOMER_ASN if params["bgp_asn"] is None else params["bgp_asn"]
    user = _tags(params)
    rows = tuple(row for row in fields.CUSTOMER_GATEWAY if row.name != "bgp_asn")
    found = [*tag_rules.problems(user), *fields.problems(rows, params, "")]
    asn_problem = value_rules.customer_asn_problem(asn, region)
    found += [f"bgp_asn={asn}: {asn_problem}"] if asn_problem else []
    if present and params["public_ip"] is None and params["certificate_arn"] is None:
        found.append("public_ip: needed, unless certificate_arn is given")
    _refuse(found)
    return Wanted(
        customer_gateways=(
            CustomerGatewayWanted(
                name,
                normal_address(params["public_ip"]) if present else None,
                asn,
                params["device_name"],
                tag_rules.site_tags(name, user),
                params["purge_tags"],
                present,
                params["certificate_arn"],
            ),
        )
    )


def vpn_gateway(params: Mapping[str, Any]) -> Wanted:
    """What the vpn_gateway module is asked for."""
    user = _tags(params)
    problem = None
    if params["amazon_side_asn"] is not None:
        problem = value_rules.amazon_side_asn_problem(params["amazon_side_asn"])
    found = [f"amazon_side_asn={params['amazon_side_asn']}: {problem}"] if problem else []
    _refuse([*tag_rules.problems(user), *found])
    gateway = _vpc_gateway(params, "", tag_rules.vpc_tags(params["vpc_id"], user), params["purge_tags"])
    return Wanted(vpn_gateways=(gateway,))


def vpn_concentrator(params: Mapping[str, Any]) -> Wanted:
    """What the vpn_concentrator module is asked for."""
    route_tables, user = params["transit_gateway_id"], _tags(params)
    _refuse(tag_rules.problems(user))
    tags, present = tag_rules.transit_tags(route_tables, user), params["state"] == "present"
    return Wanted(vpn_concentrators=(VpnConcentratorWanted(route_tables, tags, params["purge_tags"], present),))


def vpn_connection(params: Mapping[str, Any]) -> Wanted:
    """What the vpn_connection module is asked for."""
    name, user = params["name"], _tags(params)
    gateway: Id | None = params["vpn_gateway_id"]
    if params["vpc_id"]:
        gateway = Ref("vpn_gateway", params["vpc_id"])
    wanted = ConnectionWanted(
        name,
        params["customer_gateway_id"] or Ref("customer_gateway", name),
        gateway,
        params["transit_gateway_id"],
        params["routing"],
        tunnels(params["tunnels"]),
        _static_routes(params),
        tag_rules.site_tags(name, user),
        params["purge_tags"],
        params["state"] == "present",
        params["vpn_concentrator_id"],
        bool(params["unattached"]),
        given_options(fields.CONNECTION, params["options"]),
        params["pre_shared_key_storage"],
        transit_routing(params["transit_gateway_routing"], params["static_routes"] or ()),
    )
    setting = rules.Setting(rules.target_of(wanted), wanted.routing)
    _refuse(
        [
            *tag_rules.problems(user),
            *rules.given_problems(wanted, setting, ""),
            *route_tables.problems(wanted.transit_routing, wanted.transit_gateway_id, "transit_gateway_routing."),
            *_route_problems(params),
        ]
    )
    return Wanted(connections=(wanted,))


def _static_routes(params: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Those of the connection itself: a transit gateway takes them in its route tables only."""
    if params["static_routes"] is None:
        return None
    return () if params["transit_gateway_id"] else tuple(params["static_routes"])


def _route_problems(params: Mapping[str, Any]) -> list[str]:
    routing = params["transit_gateway_routing"] or {}
    version = rules.network_version(params["options"] or {})
    found = []
    for cidr in params["static_routes"] or ():
        problem = value_rules.cidr_problem(cidr, version)
        found += [f"static_routes={cidr}: {problem}"] if problem else []
    elsewhere = params["transit_gateway_id"] or params["vpn_concentrator_id"] or params["unattached"]
    if params["static_routes"] and (params["routing"] != STATIC or elsewhere) and not routing.get("static_routes_to"):
        found.append(
            "static_routes: only with routing=static and a virtual private gateway, or with"
            " transit_gateway_routing.static_routes_to"
        )
    return found


def transit_routing(params: Mapping[str, Any] | None, cidrs: Sequence[str]) -> TransitRouting | None:
    """What route tables of the transit gateway are to know; None when nothing is said about them."""
    given = params or {}
    associate, propagate, static = (given.get(key) for key in ("associate_with", "propagate_to", "static_routes_to"))
    if associate is None and propagate is None and static is None:
        return None
    return TransitRouting(associate, _unique(propagate), _unique(static), tuple(cidrs))


def _unique(values: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(sorted(set(values)))


def tunnels(entries: Sequence[Mapping[str, Any]] | None) -> tuple[TunnelWanted, ...]:
    """Descriptions of tunnels; options that were not given are left out."""
    return tuple(TunnelWanted(given_options(fields.TUNNEL, entry)) for entry in entries or ())


def given_options(table: Sequence[Field], entry: Mapping[str, Any] | None) -> dict[str, Any]:
    """The options of a table that were given, each in its one spelling."""
    found: dict[str, Any] = {}
    for row in fields.settable(tuple(table)):
        value = (entry or {}).get(row.name)
        if value is not None:
            found[row.name] = Secret(value) if row.is_secret else row.normal(value) if row.normal else value
    return found


def _site(entry: Mapping[str, Any]) -> Site:
    target = entry["target"] or {}
    gateway, concentrator = target.get("vpn_gateway"), target.get("vpn_concentrator")
    name = entry["name"]
    local = tuple(map(normal_network, entry["local_cidrs"] or ()))
    return Site(
        name,
        normal_address(entry["public_ip"]),
        entry["bgp_asn"],
        target.get("transit_gateway_id"),
        target.get("vpn_gateway_id"),
        _vpc_gateway(gateway, name, tag_rules.vpc_tags(gateway["vpc_id"], {}), False) if gateway else None,
        entry["routing"],
        local,
        tuple(map(normal_network, entry["remote_cidrs"] or ())),
        tunnels(entry["tunnels"]),
        _tags(entry),
        target.get("vpn_concentrator_id"),
        _concentrator(concentrator["transit_gateway_id"], name) if concentrator else None,
        bool(target.get("unattached")),
        given_options(fields.CONNECTION, entry["options"]),
        entry["pre_shared_key_storage"],
        transit_routing(target, local),
        entry["certificate_arn"],
        entry["device_name"],
    )


def _concentrator(transit_gateway_id: str, site: str) -> VpnConcentratorWanted:
    return VpnConcentratorWanted(transit_gateway_id, tag_rules.transit_tags(transit_gateway_id, {}), site=site)


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
