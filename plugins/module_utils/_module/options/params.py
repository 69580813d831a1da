# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Turns the parameters of modules into what is wanted, and refuses what breaks rules."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.errors import InvalidInput
from ..._core.model import names
from ..._core.model.access import Access
from ..._core.model.resources import (
    BGP,
    ConnectionWanted,
    Consent,
    CustomerGatewayWanted,
    Ref,
    TransitRouting,
    VpnConcentratorWanted,
    Wanted,
)
from ..._core.options import fields, rules, value_rules
from ..._core.options.formats import normal_address
from ..._core.options.problem import Problem, broken
from ..._core.options.resource_rules import (
    amazon_side_asn_problems,
    customer_gateway_problems,
    routing_problems,
    tag_problems,
)
from ..._core.plan import tags as tag_rules
from ..._core.sites import description
from ..._core.sites.entry import ConnectionEntry


def consent(params: Mapping[str, Any]) -> Consent:
    """What the user allows to be interrupted."""
    return Consent(
        allow_interruption=params["allow_interruption"],
        force_tunnel_change=params["force_tunnel_change"],
        allow_replacement=params["allow_replacement"],
        delete_first=params["replacement_order"] == "delete_first",
    )


def entries(params: Mapping[str, Any], own: Access) -> tuple[ConnectionEntry, ...]:
    """The connections that vpn_sites is asked for; C(own) are the Region and the account of the module itself."""
    return tuple(entry for gateway in params["gateways"] or () for entry in description.entries(gateway, own))


def customer_gateway(params: Mapping[str, Any], region: str | None) -> Wanted:
    """What the customer_gateway module is asked for."""
    name, present = params["name"], params["state"] == "present"
    user = description.tags(params)
    found = customer_gateway_problems(params, region) if present else []
    _refuse([*broken("name", name, names.part_problem(name)), *tag_problems(user), *found])
    wanted = CustomerGatewayWanted(
        name=name,
        public_ip=normal_address(params["public_ip"]) if present else None,
        bgp_asn=params["bgp_asn"],
        device_name=params["device_name"],
        tags=tag_rules.gateway_tags(name, user),
        purge_tags=params["purge_tags"],
        present=present,
        certificate_arn=params["certificate_arn"],
    )
    return Wanted(customer_gateways=(wanted,))


def vpn_gateway(params: Mapping[str, Any]) -> Wanted:
    """What the vpn_gateway module is asked for."""
    _refuse([*tag_problems(description.tags(params)), *amazon_side_asn_problems(params["amazon_side_asn"])])
    return Wanted(vpn_gateways=(description.vpn_gateway(params),))


def vpn_concentrator(params: Mapping[str, Any]) -> Wanted:
    """What the vpn_concentrator module is asked for."""
    transit_gateway_id, user = params["transit_gateway_id"], description.tags(params)
    _refuse(tag_problems(user))
    wanted = VpnConcentratorWanted(
        transit_gateway_id=transit_gateway_id,
        tags=tag_rules.transit_tags(transit_gateway_id, user),
        purge_tags=params["purge_tags"],
        present=params["state"] == "present",
    )
    return Wanted(vpn_concentrators=(wanted,))


def vpn_connection(params: Mapping[str, Any], region: str | None = None) -> Wanted:
    """What the vpn_connection module is asked for."""
    name, user = params["name"], description.tags(params)
    wanted = ConnectionWanted(
        name=name,
        customer_gateway=params["customer_gateway_id"] or Ref("customer_gateway", names.gateway_of(name)),
        vpn_gateway=Ref("vpn_gateway", params["vpc_id"]) if params["vpc_id"] else params["vpn_gateway_id"],
        transit_gateway_id=params["transit_gateway_id"],
        routing=params["routing"],
        tunnels=description.tunnels(params["tunnels"]),
        static_routes=_static_routes(params),
        tags=tag_rules.connection_tags(name, user),
        purge_tags=params["purge_tags"],
        present=params["state"] == "present",
        vpn_concentrator=params["vpn_concentrator_id"],
        unattached=bool(params["unattached"]),
        options=description.given_options(fields.CONNECTION, params["options"]),
        pre_shared_key_storage=params["pre_shared_key_storage"],
        transit_routing=TransitRouting.of(params["transit_gateway_routing"], params["static_routes"] or ()),
    )
    routing = routing_problems(wanted.transit_routing, wanted.transit_gateway_id)
    _refuse(
        [
            *_name_problems(name),
            *tag_problems(user, is_marked=True),
            *rules.given_problems(wanted, rules.given_setting(wanted, region=region)),
            *(problem.below("transit_gateway_routing.") for problem in routing),
            *_route_problems(params),
        ]
    )
    return Wanted(connections=(wanted,))


def _name_problems(name: str) -> list[Problem]:
    parts = (names.gateway_of(name), names.connection_of(name))
    return [problem for part in parts for problem in broken("name", name, names.part_problem(part))]


def _static_routes(params: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Those of the connection itself: a transit gateway takes them in its route tables only."""
    if params["static_routes"] is None:
        return None
    return () if params["transit_gateway_id"] else tuple(params["static_routes"])


def _route_problems(params: Mapping[str, Any]) -> list[Problem]:
    routing = params["transit_gateway_routing"] or {}
    version = rules.network_version(params["options"] or {})
    found = []
    for cidr in params["static_routes"] or ():
        found += broken("static_routes", cidr, value_rules.cidr_problem(cidr, version))
    elsewhere = params["transit_gateway_id"] or params["vpn_concentrator_id"] or params["unattached"]
    if params["static_routes"] and (params["routing"] == BGP or elsewhere) and not routing.get("static_routes_to"):
        found.append(Problem("static_routes", value_rules.STATIC_ROUTES))
    return found


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidInput([str(problem) for problem in problems])
