# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Completes what is wanted: what is not given stays as it is, and has a default only where nothing exists yet."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TypeVar

from ..grouping import grouped
from ..model.resources import (
    BGP,
    IDENTITY_PREFIX,
    STATIC,
    Connection,
    ConnectionWanted,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    VpnConcentratorWanted,
    VpnGatewayWanted,
    Wanted,
)
from ..nouns import GONE
from ..options.value_rules import DEFAULT_STATIC_CUSTOMER_ASN
from . import identity

# What several connections may share.
Shared = TypeVar("Shared", VpnGatewayWanted, VpnConcentratorWanted, CustomerGatewayWanted)


def completed(wanted: Wanted, observed: Observed) -> Wanted:
    """What is wanted, with all that the existing resources say about it: routing, ASNs, tags of shared resources."""
    customer_gateways = identity.customer_gateways(observed.customer_gateways)
    vpn_gateways = identity.vpn_gateways(observed.vpn_gateways)
    concentrators = identity.vpn_concentrators(observed.vpn_concentrators)
    connections = identity.connections(observed.connections)
    in_use = {each.customer_gateway_id for each in observed.connections}
    others = _tags_of_others(wanted, observed)
    return dataclasses.replace(
        wanted,
        vpn_gateways=tuple(_agreed(want, vpn_gateways.all(want.vpc_id), others) for want in wanted.vpn_gateways),
        vpn_concentrators=tuple(
            _agreed(want, concentrators.all(want.transit_gateway_id), others) for want in wanted.vpn_concentrators
        ),
        customer_gateways=tuple(
            _customer_gateway(
                _agreed(want, customer_gateways.all(want.name), others),
                sorted(customer_gateways.all(want.name), key=lambda each: each.id not in in_use),
            )
            for want in wanted.customer_gateways
        ),
        connections=tuple(
            _connection(want, [*connections.all(want.name), *connections.outgoing(want.name)])
            for want in wanted.connections
        ),
    )


def _tags_of_others(wanted: Wanted, observed: Observed) -> dict[str | None, list[Mapping[str, str]]]:
    """By what they share with others, the tags of the connections outside the run."""
    names = {want.name for want in wanted.connections}
    return grouped(
        (end, each.tags)
        for each in observed.connections
        if identity.is_ours(each) and each.state not in GONE and each.name not in names
        for end in (each.vpn_gateway_id, each.vpn_concentrator_id, each.customer_gateway_id)
    )


def _agreed(
    want: Shared, found: Sequence[identity.Tagged], others: Mapping[str | None, list[Mapping[str, str]]]
) -> Shared:
    """Of the tags only those that the connections outside the run have too, so that each run comes to the same."""
    theirs = [tags for each in found for tags in others.get(each.id, ())] if want.named_by else []
    agreed = {
        key: value
        for key, value in want.tags.items()
        if key == "Name" or key.startswith(IDENTITY_PREFIX) or all(tags.get(key) == value for tags in theirs)
    }
    return dataclasses.replace(want, tags=agreed)


def _customer_gateway(want: CustomerGatewayWanted, found: Sequence[CustomerGateway]) -> CustomerGatewayWanted:
    """Of several of one name, one that is as wanted in the rest is meant, else the one that a connection uses."""
    if want.bgp_asn is not None:
        return want
    asns = [each.bgp_asn for each in found if each.bgp_asn is not None]
    for asn in asns:
        completed = dataclasses.replace(want, bgp_asn=asn)
        if any(identity.is_current_customer_gateway(completed, each) for each in found):
            return completed
    return dataclasses.replace(want, bgp_asn=asns[0] if asns else DEFAULT_STATIC_CUSTOMER_ASN)


def _connection(want: ConnectionWanted, found: Sequence[Connection]) -> ConnectionWanted:
    routing = want.routing or (found[0].routing if found else BGP)
    routes = want.networks if want.networks is not None and routing == STATIC else want.static_routes
    return dataclasses.replace(want, routing=routing, static_routes=routes)
