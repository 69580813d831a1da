# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Turns AWS's descriptions of transit gateway attachments, route tables and routes into the model."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.model.resources import TransitAttachment, TransitRoute, TransitRouteTable
from . import answers, convert


def attachment(raw: Mapping[str, Any]) -> TransitAttachment:
    """An attachment; without an association the key is absent or empty."""
    association = raw.get("Association") or {}
    return TransitAttachment(
        id=answers.needed_id(raw, "TransitGatewayAttachmentId", "tgw-attach"),
        state=raw.get("State", ""),
        transit_gateway_id=answers.optional_id(raw, "TransitGatewayId", "tgw") or "",
        connection_id=answers.optional_id(raw, "ResourceId") or "",
        association_table=answers.optional_id(association, "TransitGatewayRouteTableId", "tgw-rtb"),
        association_state=association.get("State") or None,
        tags=convert.tags(raw),
    )


def route_table(raw: Mapping[str, Any]) -> TransitRouteTable:
    """A route table; what propagates into it and its routes are calls of their own."""
    return TransitRouteTable(
        id=answers.needed_id(raw, "TransitGatewayRouteTableId", "tgw-rtb"),
        transit_gateway_id=answers.optional_id(raw, "TransitGatewayId", "tgw") or "",
        state=raw.get("State", ""),
    )


def propagating(raw: Mapping[str, Any]) -> str | None:
    """The attachment that propagates; None when the propagation ends, or is of another kind."""
    if raw.get("State") in ("disabling", "disabled"):
        return None
    return answers.optional_id(raw, "TransitGatewayAttachmentId", "tgw-attach")


def static_route(raw: Mapping[str, Any]) -> TransitRoute | None:
    """A static route; None for what a prefix list brought, which cannot be changed route by route."""
    cidr = answers.network(raw, "DestinationCidrBlock")
    if raw.get("PrefixListId") or cidr is None:
        return None
    # A static route leads to one attachment, or to none when it drops traffic on purpose.
    target = (raw.get("TransitGatewayAttachments") or [{}])[0]
    return TransitRoute(
        cidr=cidr,
        attachment_id=answers.optional_id(target, "TransitGatewayAttachmentId", "tgw-attach"),
        state=raw.get("State", ""),
        connection_id=target.get("ResourceId") or None,
    )
