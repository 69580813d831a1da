# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for virtual private gateways: creation, attachment to a VPC, propagation into route tables, removal."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ..model.resources import VPC_TAG, Id, Observed, RouteTable, VpnGateway, VpnGatewayWanted
from ..nouns import DETACHING, GONE, VPN_GATEWAY
from ..options import value_rules
from . import tags
from .dependents import Dependents
from .plan import Action, Part
from .steps import (
    AttachVpnGateway,
    CreateVpnGateway,
    DeleteVpnGateway,
    DetachVpnGateway,
    DisablePropagation,
    EnablePropagation,
)


def parts(
    wanted: VpnGatewayWanted,
    actual: VpnGateway | None,
    observed: Observed,
    dependents: Dependents,
    spare: Sequence[VpnGateway] = (),
) -> list[Part]:
    """The plan for the virtual private gateway of one VPC, or for its removal; C(spare) were made beside it."""
    owner = wanted.named_by or wanted.vpc_id
    removals = [removal_part(owner, each, observed.route_tables, dependents) for each in spare]
    if not wanted.present:
        own = [removal_part(owner, actual, observed.route_tables, dependents)] if actual else []
        return [*own, *(replace(part, resource=f"{part.resource} {part.actions[-1].id}") for part in removals)]
    part = _part(owner, wanted, actual, observed)
    # Until AWS has attached one, another run may be about to attach one of the others.
    return [part.along_with(removals) if actual and _is_attached(actual, wanted.vpc_id) else part]


def removal_part(owner: str, actual: VpnGateway, tables: Iterable[RouteTable], dependents: Dependents) -> Part:
    """The plan for the removal of a virtual private gateway: propagation, attachment, and the gateway itself.

    Refused while a connection uses it, or when it serves another VPC than the one it was made for.
    """
    vpc_id = actual.tags[VPC_TAG]
    before = vpn_gateway_model(actual, vpc_id, tables)
    attachments = actual.live_attachments
    after = dependents.deleting_on(actual.id)
    ends = [
        *(_propagation(owner, DisablePropagation(actual.id, table)) for table in before["propagate_to"]),
        *(
            Action.of(DetachVpnGateway(actual.id, each.vpc_id, after), owner, f"from {each.vpc_id}", actual.id)
            for each in attachments
            if each.state != DETACHING
        ),
    ]
    is_detaching = any(each.state == DETACHING for each in attachments)
    delete = Action.of(DeleteVpnGateway(actual.id, after, is_detaching), owner, f"of {vpc_id}", actual.id)
    elsewhere = [each.vpc_id for each in attachments if each.vpc_id != vpc_id]
    moved = (f"{owner}: {actual.id} is attached to {elsewhere[0]}, and was made for {vpc_id}",) if elsewhere else ()
    return Part(
        owner=owner,
        resource=VPN_GATEWAY,
        actions=(*ends, delete),
        before=before,
        after={},
        refusals=(*dependents.refusals(owner, actual.id), *moved),
    )


def vpn_gateway_model(actual: VpnGateway, vpc_id: str, tables: Iterable[RouteTable]) -> dict[str, Any]:
    """What of a virtual private gateway a plan compares and shows; of C(tables) those of the VPC count."""
    return {
        "vpc_id": vpc_id if actual.attachment(vpc_id) else None,
        "amazon_side_asn": actual.amazon_side_asn,
        "propagate_to": sorted(
            table.id for table in tables if table.vpc_id == vpc_id and actual.id in table.propagating
        ),
        "tags": dict(actual.tags),
    }


def _part(owner: str, wanted: VpnGatewayWanted, actual: VpnGateway | None, observed: Observed) -> Part:
    asked = set(wanted.propagate_to or ())
    refusals = _table_refusals(owner, wanted, observed)
    if actual is None:
        actions = (_creation(owner, wanted), _attachment(owner, wanted.ref, wanted.vpc_id))
        return Part(
            owner=owner,
            resource=VPN_GATEWAY,
            actions=(*actions, *(_propagation(owner, EnablePropagation(wanted.ref, table)) for table in sorted(asked))),
            after={
                "vpc_id": wanted.vpc_id,
                "amazon_side_asn": wanted.amazon_side_asn or value_rules.DEFAULT_AMAZON_SIDE_ASN,
                "propagate_to": sorted(asked),
                "tags": dict(wanted.tags),
            },
            refusals=(*refusals, *_creation_refusals(owner, wanted, observed)),
        )
    before = vpn_gateway_model(actual, wanted.vpc_id, observed.route_tables)
    now = set(before["propagate_to"])
    then = now if wanted.propagate_to is None else asked
    retag = tags.actions(owner, VPN_GATEWAY, actual, wanted=wanted.tags, purge=wanted.purge_tags)
    is_attached = _is_attached(actual, wanted.vpc_id)
    attach = [] if is_attached else [_attachment(owner, actual.id, wanted.vpc_id)]
    enable = [_propagation(owner, EnablePropagation(actual.id, table)) for table in sorted(then - now)]
    disable = [_propagation(owner, DisablePropagation(actual.id, table)) for table in sorted(now - then)]
    return Part(
        owner=owner,
        resource=VPN_GATEWAY,
        actions=(*retag, *attach, *enable, *disable),
        unchanged=(not retag) + is_attached + len(now & then),
        before=before,
        after={
            "vpc_id": wanted.vpc_id,
            "amazon_side_asn": actual.amazon_side_asn,
            "propagate_to": sorted(then),
            "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags),
        },
        refusals=(*refusals, *_existing_refusals(owner, wanted, actual)),
    )


def _is_attached(actual: VpnGateway, vpc_id: str) -> bool:
    attachment = actual.attachment(vpc_id)
    return attachment is not None and attachment.state != DETACHING


def _creation(owner: str, wanted: VpnGatewayWanted) -> Action:
    asn = wanted.amazon_side_asn or value_rules.DEFAULT_AMAZON_SIDE_ASN
    step = CreateVpnGateway(wanted.ref, wanted.amazon_side_asn, dict(wanted.tags))
    return Action.of(step, owner, f"for {wanted.vpc_id} ASN {asn}")


def _attachment(owner: str, gateway: Id, vpc_id: str) -> Action:
    return Action.of(AttachVpnGateway(gateway, vpc_id), owner, f"to {vpc_id}")


def _propagation(owner: str, step: EnablePropagation | DisablePropagation) -> Action:
    return Action.of(step, owner, f"into {step.route_table_id}")


def _table_refusals(owner: str, wanted: VpnGatewayWanted, observed: Observed) -> list[str]:
    known = {table.id for table in observed.route_tables if table.vpc_id == wanted.vpc_id}
    return [
        f"{owner}: propagate_to: route table {table} does not exist in {wanted.vpc_id}"
        for table in sorted(set(wanted.propagate_to or ()) - known)
    ]


def _creation_refusals(owner: str, wanted: VpnGatewayWanted, observed: Observed) -> list[str]:
    found = []
    if wanted.vpc_id not in observed.vpc_ids:
        found.append(f"{owner}: {wanted.vpc_id} does not exist in this Region")
    for other in observed.foreign_vpn_gateways:
        if other.state not in GONE and other.attachment(wanted.vpc_id):
            found.append(
                f"{owner}: {wanted.vpc_id} already has virtual private gateway {other.id}, which this collection did"
                f" not make. A VPC can have only one. To use it, set vpn_gateway_id: {other.id}"
            )
    return found


def _existing_refusals(owner: str, wanted: VpnGatewayWanted, actual: VpnGateway) -> list[str]:
    found = []
    elsewhere = [each.vpc_id for each in actual.live_attachments if each.vpc_id != wanted.vpc_id]
    if elsewhere:
        found.append(f"{owner}: {actual.id} is attached to {elsewhere[0]}, not to {wanted.vpc_id}")
    if wanted.amazon_side_asn is not None and wanted.amazon_side_asn != actual.amazon_side_asn:
        found.append(
            f"{owner}: {actual.id} has ASN {actual.amazon_side_asn}, which AWS sets only at creation. ASN"
            f" {wanted.amazon_side_asn} needs a new virtual private gateway, and this module does not replace one"
        )
    return found
