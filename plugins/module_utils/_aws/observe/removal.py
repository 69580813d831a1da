# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads what a removal needs to know of a Region: what belongs to the collection, and who else uses it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses

from ..._core.model.resources import VPC_TAG, Observed, TransitAttachment, TransitRouteTable
from ..._core.nouns import GONE
from ..._core.plan.removal import Removal
from ..api.ec2 import Ec2
from ..api.filters import in_chunks
from . import transit
from .region import OURS


def observe_removal(ec2: Ec2, removal: Removal) -> Observed:
    """Everything of the collection, and every connection of the Region: one of others may use a gateway of ours."""
    all_kinds = removal.everything
    found = Observed(
        customer_gateways=tuple(ec2.customer_gateways([OURS])),
        vpn_gateways=tuple(ec2.vpn_gateways([OURS])) if all_kinds or removal.vpcs else (),
        vpn_concentrators=tuple(ec2.vpn_concentrators()) if all_kinds or removal.concentrators else (),
        connections=tuple(ec2.connections([])),
    )
    vpcs = {each.tags[VPC_TAG] for each in found.vpn_gateways if VPC_TAG in each.tags and each.state not in GONE}
    named = vpcs if all_kinds else vpcs & set(removal.vpcs)
    attachments = transit.attachments(ec2, removal.connections(found))
    return dataclasses.replace(
        found,
        route_tables=tuple(in_chunks(ec2.route_tables, "vpc-id", sorted(named))),
        transit_attachments=attachments,
        transit_route_tables=_routes_to(ec2, attachments),
    )


def _routes_to(ec2: Ec2, attachments: tuple[TransitAttachment, ...]) -> tuple[TransitRouteTable, ...]:
    """The route tables of our transit gateways with the static routes that lead to these attachments."""
    gateways = sorted({each.transit_gateway_id for each in attachments})
    found = []
    for table in in_chunks(ec2.transit_route_tables, "transit-gateway-id", gateways):
        here = [each.id for each in attachments if each.transit_gateway_id == table.transit_gateway_id]
        routes = transit.static_routes_to(ec2, table.id, here)
        found.append(dataclasses.replace(table, static_routes=tuple(routes)))
    return tuple(found)
