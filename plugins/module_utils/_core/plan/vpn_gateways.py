# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for virtual private gateways with their VPC and their route tables."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..model.resources import (
    VPC_TAG,
    Id,
    Observed,
    RouteTable,
    VpnGateway,
    VpnGatewayWanted,
)
from ..nouns import DETACHED, DETACHING, GONE, ROUTE_PROPAGATION, VPN_GATEWAY, VPN_GATEWAY_ATTACHMENT
from ..options import value_rules
from . import tags
from .dependents import Dependents
from .plan import CREATE, DELETE, Action, Part, Stage
from .steps import (
    AttachVpnGateway,
    CreateVpnGateway,
    DeleteVpnGateway,
    DetachVpnGateway,
    DisablePropagation,
    EnablePropagation,
)


def parts(
    wanted: VpnGatewayWanted, actual: VpnGateway | None, observed: Observed, dependents: Dependents
) -> list[Part]:
    """The plan for the virtual private gateway of one VPC, or for its removal."""
    owner = wanted.site or wanted.vpc_id
    if wanted.present:
        return [_part(owner, wanted, actual, observed)]
    return [removal_part(owner, actual, observed.route_tables, dependents)] if actual else []


def _part(owner: str, wanted: VpnGatewayWanted, actual: VpnGateway | None, observed: Observed) -> Part:
    tables = [table for table in observed.route_tables if table.vpc_id == wanted.vpc_id]
    propagation = _propagation(owner, wanted, actual, tables)
    refusals = _refusals(owner, wanted, actual, observed, tables)
    bind = AttachVpnGateway(actual.id if actual else wanted.ref, wanted.vpc_id)
    attach = Action(owner, VPN_GATEWAY_ATTACHMENT, CREATE, f"to {wanted.vpc_id}", Stage.CONNECTIONS, bind)
    wish: dict[str, Any] = {
        "vpc_id": wanted.vpc_id,
        "amazon_side_asn": wanted.amazon_side_asn or value_rules.DEFAULT_AMAZON_SIDE_ASN,
        "propagate_to": sorted(wanted.propagate_to or ()),
        "tags": dict(wanted.tags),
    }
    if actual is None:
        creation = _creation(owner, wanted, wish["amazon_side_asn"])
        return Part(owner, VPN_GATEWAY, (creation, attach, *propagation), 0, None, wish, refusals=refusals)
    before = vpn_gateway_model(actual, wanted.vpc_id, tables)
    retag = tags.actions(owner, VPN_GATEWAY, actual.id, wanted.tags, actual.tags, wanted.purge_tags)
    attachment = actual.attachment(wanted.vpc_id)
    bond = () if attachment and attachment.state != DETACHING else (attach,)
    after = {
        **wish,
        "amazon_side_asn": actual.amazon_side_asn,
        "propagate_to": before["propagate_to"] if wanted.propagate_to is None else wish["propagate_to"],
        "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags),
    }
    unchanged = (not retag) + (not bond) + len(set(before["propagate_to"]) & set(after["propagate_to"]))
    return Part(owner, VPN_GATEWAY, (*retag, *bond, *propagation), unchanged, before, after, refusals=refusals)


def _creation(owner: str, wanted: VpnGatewayWanted, asn: int) -> Action:
    step = CreateVpnGateway(wanted.ref, wanted.amazon_side_asn, dict(wanted.tags))
    return Action(owner, VPN_GATEWAY, CREATE, f"for {wanted.vpc_id} ASN {asn}", Stage.GATEWAYS, step)


def vpn_gateway_model(actual: VpnGateway, vpc_id: str, tables: Sequence[RouteTable]) -> dict[str, Any]:
    """What of a virtual private gateway a plan compares and shows."""
    return {
        "vpc_id": vpc_id if actual.attachment(vpc_id) else None,
        "amazon_side_asn": actual.amazon_side_asn,
        "propagate_to": sorted(table.id for table in tables if actual.id in table.propagating),
        "tags": dict(actual.tags),
    }


def _propagation(
    owner: str, wanted: VpnGatewayWanted, actual: VpnGateway | None, tables: Sequence[RouteTable]
) -> tuple[Action, ...]:
    if wanted.propagate_to is None:
        return ()
    gateway = actual.id if actual else wanted.ref
    now = {table.id for table in tables if actual and actual.id in table.propagating}
    actions = [
        Action(owner, ROUTE_PROPAGATION, CREATE, f"into {table}", Stage.ROUTES, EnablePropagation(gateway, table))
        for table in sorted(set(wanted.propagate_to) - now)
    ]
    actions += [_propagation_end(owner, gateway, table) for table in sorted(now - set(wanted.propagate_to))]
    return tuple(actions)


def _propagation_end(owner: str, gateway: Id, table: str) -> Action:
    return Action(owner, ROUTE_PROPAGATION, DELETE, f"into {table}", Stage.ROUTES, DisablePropagation(gateway, table))


def _refusals(
    owner: str,
    wanted: VpnGatewayWanted,
    actual: VpnGateway | None,
    observed: Observed,
    tables: Sequence[RouteTable],
) -> tuple[str, ...]:
    found = []
    known = {table.id for table in tables}
    for table in sorted(set(wanted.propagate_to or ()) - known):
        found.append(f"{owner}: propagate_to: route table {table} does not exist in {wanted.vpc_id}")
    if actual is None:
        if wanted.vpc_id not in observed.vpc_ids:
            found.append(f"{owner}: {wanted.vpc_id} does not exist in this Region")
        for other in observed.foreign_vpn_gateways:
            if other.state not in GONE and other.attachment(wanted.vpc_id):
                found.append(
                    f"{owner}: {wanted.vpc_id} already has virtual private gateway {other.id}, not made by this"
                    f" collection, and a VPC takes only one: name it as vpn_gateway_id: {other.id}"
                )
        return tuple(found)
    elsewhere = [a.vpc_id for a in actual.attachments if a.vpc_id != wanted.vpc_id and a.state != DETACHED]
    if elsewhere:
        found.append(f"{owner}: {actual.id} is attached to {elsewhere[0]}, not to {wanted.vpc_id}")
    if wanted.amazon_side_asn is not None and wanted.amazon_side_asn != actual.amazon_side_asn:
        found.append(
            f"{owner}: {actual.id} has ASN {actual.amazon_side_asn}; AWS fixes it at creation, so"
            f" {wanted.amazon_side_asn} would need a new gateway, which this module does not make"
        )
    return tuple(found)


def removal_part(owner: str, actual: VpnGateway, tables: Sequence[RouteTable], dependents: Dependents) -> Part:
    """The plan for the removal of a virtual private gateway: propagation, attachment, and the gateway itself.

    Refused while a connection uses it, or when it serves another VPC than the one it was made for.
    """
    vpc_id = actual.tags[VPC_TAG]
    tables = [table for table in tables if table.vpc_id == vpc_id]
    before = vpn_gateway_model(actual, vpc_id, tables)
    attachments = [each for each in actual.attachments if each.state != DETACHED]
    is_detaching = any(each.state == DETACHING for each in attachments)
    after = dependents.deleting_on(actual.id)
    delete = Action(
        site=owner,
        resource=VPN_GATEWAY,
        verb=DELETE,
        detail=f"of {vpc_id}",
        stage=Stage.REMOVE_GATEWAYS,
        step=DeleteVpnGateway(actual.id, after, is_detaching),
        id=actual.id,
    )
    elsewhere = [each.vpc_id for each in attachments if each.vpc_id != vpc_id]
    moved = (f"{owner}: {actual.id} is attached to {elsewhere[0]}, and was made for {vpc_id}",) if elsewhere else ()
    return Part(
        owner=owner,
        resource=VPN_GATEWAY,
        actions=(
            *(_propagation_end(owner, actual.id, table) for table in before["propagate_to"]),
            *(_detachment(owner, actual.id, each.vpc_id, after) for each in attachments if each.state != DETACHING),
            delete,
        ),
        before=before,
        after={},
        refusals=(*dependents.refusals(owner, actual.id), *moved),
    )


def _detachment(owner: str, gateway_id: str, vpc_id: str, after: tuple[str, ...]) -> Action:
    return Action(
        site=owner,
        resource=VPN_GATEWAY_ATTACHMENT,
        verb=DELETE,
        detail=f"from {vpc_id}",
        stage=Stage.DETACH,
        step=DetachVpnGateway(gateway_id, vpc_id, after),
        id=gateway_id,
    )
