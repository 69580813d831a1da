# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for virtual private gateways with their VPC and their route tables."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..model.resources import (
    Observed,
    RouteTable,
    VpnGateway,
    VpnGatewayWanted,
)
from ..options import value_rules
from . import identity, tags
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

VPN_GATEWAY = "vpn_gateway"
ATTACHMENT = "vpn_gateway_attachment"
PROPAGATION = "route_propagation"


def vpn_gateway_part(
    wanted: VpnGatewayWanted, actual: VpnGateway | None, observed: Observed, dependents: Dependents
) -> Part:
    """The plan for the virtual private gateway of one VPC."""
    owner = wanted.site or wanted.vpc_id
    if not wanted.present:
        return _vpn_gateway_removal(owner, wanted, actual, dependents)
    tables = [table for table in observed.route_tables if table.vpc_id == wanted.vpc_id]
    propagation = _propagation(owner, wanted, actual, tables)
    refusals = _vpn_gateway_refusals(owner, wanted, actual, observed, tables)
    bind = AttachVpnGateway(actual.id if actual else wanted.ref, wanted.vpc_id)
    attach = Action(owner, ATTACHMENT, CREATE, f"to {wanted.vpc_id}", Stage.CONNECTIONS, bind)
    wish: dict[str, Any] = {
        "vpc_id": wanted.vpc_id,
        "amazon_side_asn": wanted.amazon_side_asn or value_rules.DEFAULT_AMAZON_SIDE_ASN,
        "propagate_to": sorted(wanted.propagate_to or ()),
        "tags": dict(wanted.tags),
    }
    if actual is None:
        creation = _vpn_gateway_creation(owner, wanted, wish["amazon_side_asn"])
        return Part(owner, VPN_GATEWAY, (creation, attach, *propagation), 0, None, wish, refusals=refusals)
    before = vpn_gateway_model(actual, wanted.vpc_id, tables)
    retag = tags.actions(owner, VPN_GATEWAY, actual.id, wanted.tags, actual.tags, wanted.purge_tags)
    attachment = actual.attachment(wanted.vpc_id)
    bond = () if attachment and attachment.state != "detaching" else (attach,)
    after = {
        **wish,
        "amazon_side_asn": actual.amazon_side_asn,
        "propagate_to": before["propagate_to"] if wanted.propagate_to is None else wish["propagate_to"],
        "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags),
    }
    unchanged = (not retag) + (not bond) + len(set(before["propagate_to"]) & set(after["propagate_to"]))
    return Part(owner, VPN_GATEWAY, (*retag, *bond, *propagation), unchanged, before, after, refusals=refusals)


def _vpn_gateway_creation(owner: str, wanted: VpnGatewayWanted, asn: int) -> Action:
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
        Action(owner, PROPAGATION, CREATE, f"into {table}", Stage.ROUTES, EnablePropagation(gateway, table))
        for table in sorted(set(wanted.propagate_to) - now)
    ]
    actions += [
        Action(owner, PROPAGATION, DELETE, f"into {table}", Stage.ROUTES, DisablePropagation(gateway, table))
        for table in sorted(now - set(wanted.propagate_to))
    ]
    return tuple(actions)


def _vpn_gateway_refusals(
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
            if other.state not in identity.GONE and other.attachment(wanted.vpc_id):
                found.append(
                    f"{owner}: {wanted.vpc_id} already has virtual private gateway {other.id}, not made by this"
                    f" collection, and a VPC takes only one: name it as vpn_gateway_id: {other.id}"
                )
        return tuple(found)
    elsewhere = [a.vpc_id for a in actual.attachments if a.vpc_id != wanted.vpc_id and a.state != "detached"]
    if elsewhere:
        found.append(f"{owner}: {actual.id} is attached to {elsewhere[0]}, not to {wanted.vpc_id}")
    if wanted.amazon_side_asn is not None and wanted.amazon_side_asn != actual.amazon_side_asn:
        found.append(
            f"{owner}: {actual.id} has ASN {actual.amazon_side_asn}; AWS fixes it at creation, so"
            f" {wanted.amazon_side_asn} would need a new gateway, which this module does not make"
        )
    return tuple(found)


def _vpn_gateway_removal(
    owner: str, wanted: VpnGatewayWanted, actual: VpnGateway | None, dependents: Dependents
) -> Part:
    if actual is None:
        return Part(owner, VPN_GATEWAY)
    actions = [
        Action(
            owner,
            ATTACHMENT,
            DELETE,
            f"from {attachment.vpc_id}",
            Stage.DETACH,
            DetachVpnGateway(actual.id, attachment.vpc_id, dependents.deleting_on(actual.id)),
            id=actual.id,
        )
        for attachment in actual.attachments
        if attachment.state not in ("detached", "detaching")
    ]
    is_detaching = any(attachment.state == "detaching" for attachment in actual.attachments)
    removal = DeleteVpnGateway(actual.id, dependents.deleting_on(actual.id), is_detaching)
    actions.append(
        Action(owner, VPN_GATEWAY, DELETE, f"of {wanted.vpc_id}", Stage.REMOVE_GATEWAYS, removal, id=actual.id)
    )
    used_by = dependents.remaining_on(actual.id)
    used = (f"{owner}: {actual.id} is used by {used_by}",) if used_by else ()
    before = vpn_gateway_model(actual, wanted.vpc_id, ())
    return Part(owner, VPN_GATEWAY, tuple(actions), before=before, after={}, refusals=used)
