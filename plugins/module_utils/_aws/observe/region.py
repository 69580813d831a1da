# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads what a plan needs to know of a Region, in as few calls as possible whatever the number of sites."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import TypeVar

from ..._core.model.names import GATEWAY_TAG, gateway_of
from ..._core.model.resources import (
    COLLECTION,
    COLLECTION_TAG,
    TRANSIT_TAG,
    VPC_TAG,
    Connection,
    CustomerGateway,
    Id,
    Observed,
    VpnConcentrator,
    VpnGateway,
    Wanted,
)
from ..._core.nouns import DETACHING
from ..._core.plan import identity
from ..._core.plan.completion import completed
from ..api.ec2 import Ec2
from ..api.filters import FILTER_VALUES, in_chunks, where
from . import transit
from .single import concentrators_by_id

T = TypeVar("T", bound=identity.Tagged)

OURS = where(f"tag:{COLLECTION_TAG}", COLLECTION)


def observe(ec2: Ec2, wanted: Wanted, before_writing: bool = True) -> Observed:
    """What exists of the collection, the targets it names and, before a creation, what stands in its way."""
    transit_ids = [want.transit_gateway_id for want in wanted.connections if want.transit_gateway_id]
    transit_ids += [want.transit_gateway_id for want in wanted.vpn_concentrators if want.present]
    # All of the Region: as few calls as only ours would take, and what stands in the way is among them.
    customer_gateways = ec2.customer_gateways([])
    vpn_gateways = ec2.vpn_gateways([]) if _uses_vpn_gateways(wanted) else []
    known = Observed(
        customer_gateways=tuple(_ours_or(customer_gateways, [want.customer_gateway for want in wanted.connections])),
        vpn_gateways=tuple(_ours_or(vpn_gateways, [want.vpn_gateway for want in wanted.connections])),
        connections=tuple(ec2.connections([OURS])),
        transit_gateways=tuple(in_chunks(ec2.transit_gateways, "transit-gateway-id", transit_ids)),
        route_tables=tuple(in_chunks(ec2.route_tables, "vpc-id", _propagating(wanted))),
        vpn_concentrators=tuple(_vpn_concentrators(ec2, wanted)),
    )
    known = _with_transit(ec2, wanted, known, before_writing)
    if not before_writing:
        return known
    return _with_obstacles(ec2, wanted, known, customer_gateways=customer_gateways, vpn_gateways=vpn_gateways)


def observe_connections(ec2: Ec2, found: Sequence[Connection]) -> Observed:
    """These connections, ours or not, with the gateways they end on."""
    customer_gateway_ids = [connection.customer_gateway_id for connection in found]
    vpn_gateway_ids = [connection.vpn_gateway_id for connection in found if connection.vpn_gateway_id]
    transit_ids = [connection.transit_gateway_id for connection in found if connection.transit_gateway_id]
    concentrator_ids = {connection.vpn_concentrator_id for connection in found if connection.vpn_concentrator_id}
    concentrators = concentrators_by_id(ec2, sorted(concentrator_ids)) if concentrator_ids else {}
    transit_ids += [each.transit_gateway_id for each in concentrators.values() if each.transit_gateway_id]
    return Observed(
        transit_attachments=transit.attachments(ec2, found),
        customer_gateways=tuple(in_chunks(ec2.customer_gateways, "customer-gateway-id", customer_gateway_ids)),
        vpn_gateways=tuple(in_chunks(ec2.vpn_gateways, "vpn-gateway-id", vpn_gateway_ids)),
        connections=tuple(found),
        transit_gateways=tuple(in_chunks(ec2.transit_gateways, "transit-gateway-id", transit_ids)),
        vpn_concentrators=tuple(concentrators.values()),
    )


# For use during a run. By filter, because an id that is not visible yet would make the whole call fail.


def connections_by_id(ec2: Ec2, ids: Sequence[str]) -> dict[str, Connection]:
    """Connections by id."""
    if len(ids) <= FILTER_VALUES:
        return {found.id: found for found in in_chunks(ec2.connections, "vpn-connection-id", ids)}
    # One call for the whole Region is less than one for each chunk.
    asked = set(ids)
    return {found.id: found for found in ec2.connections([]) if found.id in asked}


def vpn_gateways_by_id(ec2: Ec2, ids: Sequence[str]) -> dict[str, VpnGateway]:
    """Virtual private gateways by id."""
    return {found.id: found for found in in_chunks(ec2.vpn_gateways, "vpn-gateway-id", ids)}


def customer_gateways_by_id(ec2: Ec2, ids: Sequence[str]) -> dict[str, CustomerGateway]:
    """Customer gateways by id."""
    return {found.id: found for found in in_chunks(ec2.customer_gateways, "customer-gateway-id", ids)}


def find_connections(ec2: Ec2, names: Sequence[str], but: Collection[str | None] = ()) -> dict[str, Connection]:
    """Connections by name, looked up by their identity tags; one call for any number of names.

    C(but) are ids that do not count: the mark of an outgoing connection may not be set, or not be visible, yet.
    """
    narrow = [where(f"tag:{GATEWAY_TAG}", gateway_of(names[0]))] if len(names) == 1 else []
    index = identity.connections([each for each in ec2.connections([OURS, *narrow]) if each.id not in but])
    return {name: found for name in names if (found := index.one(name)) is not None}


def find_vpn_gateway(ec2: Ec2, vpc_id: str) -> VpnGateway | None:
    """The virtual private gateway made for a VPC, looked up by its identity tags."""
    return identity.vpn_gateways(ec2.vpn_gateways([OURS, where(f"tag:{VPC_TAG}", vpc_id)])).one(vpc_id)


def attached_vpn_gateway(ec2: Ec2, vpc_id: str) -> VpnGateway | None:
    """The virtual private gateway a VPC has or is getting, whoever made it."""
    found = ec2.vpn_gateways([where("attachment.vpc-id", vpc_id)])
    held = ((gateway, gateway.attachment(vpc_id)) for gateway in found)
    return next((gateway for gateway, bond in held if bond and bond.state != DETACHING), None)


def _ours_or(found: Sequence[T], named: Collection[Id | None]) -> list[T]:
    """What is ours, and what is named by id."""
    return [each for each in found if identity.is_ours(each) or each.id in named]


def _propagating(wanted: Wanted) -> list[str]:
    """The VPCs whose route tables are read: where propagation is set or ends, or a gateway alone is asked about."""
    alone = not wanted.connections
    gateways = wanted.vpn_gateways
    return [want.vpc_id for want in gateways if alone or want.propagate_to is not None or not want.present]


def _uses_vpn_gateways(wanted: Wanted) -> bool:
    return bool(wanted.vpn_gateways) or any(want.vpn_gateway for want in wanted.connections)


def _vpn_concentrators(ec2: Ec2, wanted: Wanted) -> list[VpnConcentrator]:
    """Those of the Region when any is asked for."""
    is_asked = bool(wanted.vpn_concentrators) or any(want.vpn_concentrator for want in wanted.connections)
    return ec2.vpn_concentrators() if is_asked else []


def _with_transit(ec2: Ec2, wanted: Wanted, known: Observed, before_writing: bool) -> Observed:
    """Adds the attachments of the connections asked about and, for a plan, the route tables somebody names."""
    names = {want.name for want in wanted.connections}
    ours = [connection for connection in known.connections if connection.name in names]
    attachments = transit.attachments(ec2, ours)
    tables = transit.route_tables(ec2, wanted, ours, attachments) if before_writing else ()
    return dataclasses.replace(known, transit_attachments=attachments, transit_route_tables=tables)


def _with_obstacles(
    ec2: Ec2,
    wanted: Wanted,
    known: Observed,
    *,
    customer_gateways: Sequence[CustomerGateway],
    vpn_gateways: Sequence[VpnGateway],
) -> Observed:
    """Adds what would make a creation or removal fail, or hit somebody else's resource; no call when there is none.

    C(customer_gateways) and C(vpn_gateways) are all of the Region.
    """
    mine = identity.customer_gateways(known.customer_gateways)
    addresses = {
        want.public_ip
        for want in completed(wanted, known).customer_gateways
        if want.present
        and want.public_ip
        and not any(identity.is_same_customer_gateway(want, found) for found in mine.all(want.name))
    }
    index = identity.vpn_gateways(known.vpn_gateways)
    vpcs = {want.vpc_id for want in wanted.vpn_gateways if want.present and not index.all(want.vpc_id)}
    return dataclasses.replace(
        known,
        connections=(*known.connections, *_users_of_removed(ec2, wanted, known)),
        vpc_ids=tuple(in_chunks(ec2.vpc_ids, "vpc-id", sorted(vpcs))),
        foreign_customer_gateways=tuple(each for each in customer_gateways if each.public_ip in addresses),
        foreign_vpn_gateways=tuple(
            gateway
            for gateway in vpn_gateways
            if not identity.is_ours(gateway) and any(bond.vpc_id in vpcs for bond in gateway.attachments)
        ),
    )


def _users_of_removed(ec2: Ec2, wanted: Wanted, known: Observed) -> list[Connection]:
    """Connections of others on gateways that are to go: AWS would refuse, but only after the gateway is detached."""
    gateways = {want.name for want in wanted.customer_gateways if not want.present}
    vpcs = {want.vpc_id for want in wanted.vpn_gateways if not want.present}
    customer_gateway_ids = [each.id for each in known.customer_gateways if each.gateway in gateways]
    vpn_gateway_ids = [each.id for each in known.vpn_gateways if each.tags.get(VPC_TAG) in vpcs]
    users = in_chunks(ec2.connections, "customer-gateway-id", customer_gateway_ids)
    users += in_chunks(ec2.connections, "vpn-gateway-id", vpn_gateway_ids)
    transit_ids = {want.transit_gateway_id for want in wanted.vpn_concentrators if not want.present}
    concentrator_ids = {each.id for each in known.vpn_concentrators if each.tags.get(TRANSIT_TAG) in transit_ids}
    if concentrator_ids:
        # DescribeVpnConnections documents no filter for these.
        users += [found for found in ec2.connections([]) if found.vpn_concentrator_id in concentrator_ids]
    known_ids = {connection.id for connection in known.connections}
    return [found for found in users if found.id not in known_ids]
