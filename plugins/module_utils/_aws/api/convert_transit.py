# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Turns AWS's descriptions of transit gateway attachments, route tables and routes into the model."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.model.resources import TransitAttachment, TransitRoute, TransitRouteTable


def attachment(raw: Mapping[str, Any]) -> TransitAttachment:
    """An attachment; without an association the key is absent or empty."""
    association = raw.get("Association") or {}
    return TransitAttachment(
        id=raw["TransitGatewayAttachmentId"],
        state=raw.get("State", ""),
        transit_gateway_id=raw.get("TransitGatewayId", ""),
        connection_id=raw.get("ResourceId", ""),
        association_table=association.get("TransitGatewayRouteTableId") or None,
        association_state=association.get("State") or None,
    )


def route_table(raw: Mapping[str, Any]) -> TransitRouteTable:
    """A route table; what propagates into it and its routes are calls of their own."""
    return TransitRouteTable(raw["TransitGatewayRouteTableId"], raw.get("TransitGatewayId", ""), raw.get("State", ""))


def propagates(raw: Mapping[str, Any]) -> bool:
    """Whether a propagation is in force or about to be."""
    return bool(raw.get("TransitGatewayAttachmentId")) and raw.get("State") not in ("disabling", "disabled")


def static_route(raw: Mapping[str, Any]) -> TransitRoute | None:
    """A static route; None for what a prefix list brought, which cannot be changed route by route."""
    if raw.get("PrefixListId") or not raw.get("DestinationCidrBlock"):
        return None
    # A static route leads to one attachment, or to none when it drops traffic on purpose.
    target = (raw.get("TransitGatewayAttachments") or [{}])[0]
    return TransitRoute(
        cidr=raw["DestinationCidrBlock"],
        attachment_id=target.get("TransitGatewayAttachmentId") or None,
        state=raw.get("State", ""),
        connection_id=target.get("ResourceId") or None,
    )
