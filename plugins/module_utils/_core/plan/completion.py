# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Completes what is wanted: what is not given stays as it is, and has a default only where nothing exists yet."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..model.resources import (
    BGP,
    STATIC,
    Connection,
    ConnectionWanted,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    Wanted,
)
from ..options.value_rules import DEFAULT_STATIC_CUSTOMER_ASN
from . import identity


def completed(wanted: Wanted, observed: Observed) -> Wanted:
    """What is wanted, with the routing of every connection and the ASN of every customer gateway."""
    customer_gateways = identity.customer_gateways(observed.customer_gateways)
    connections = identity.connections(observed.connections)
    in_use = {each.customer_gateway_id for each in observed.connections}
    return dataclasses.replace(
        wanted,
        customer_gateways=tuple(
            _customer_gateway(want, sorted(customer_gateways.all(want.name), key=lambda each: each.id not in in_use))
            for want in wanted.customer_gateways
        ),
        connections=tuple(
            _connection(want, [*connections.all(want.name), *connections.outgoing(want.name)])
            for want in wanted.connections
        ),
    )


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
