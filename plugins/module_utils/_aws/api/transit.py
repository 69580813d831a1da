# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads and changes transit gateway attachments, route tables and routes: one function for each API call."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._core.model.resources import TransitAttachment, TransitRoute, TransitRouteTable
from . import convert_transit
from .caller import Caller
from .filters import Filter, where

VPN_ONLY = where("resource-type", "vpn")
# The most routes one search returns.
ROUTES_PER_SEARCH = 1000


class TransitCalls(Caller):
    """A part of the EC2 API of one Region."""

    _client: Any

    # Reading.

    def transit_attachments(self, filters: Sequence[Filter]) -> list[TransitAttachment]:
        """Attachments of VPN connections."""
        call = self._client.describe_transit_gateway_attachments
        raw = self.pages(call, "TransitGatewayAttachments", [VPN_ONLY, *filters])
        return [convert_transit.attachment(entry) for entry in raw]

    def transit_route_tables(self, filters: Sequence[Filter]) -> list[TransitRouteTable]:
        """Route tables, without what is in them."""
        call = self._client.describe_transit_gateway_route_tables
        raw = self.pages(call, "TransitGatewayRouteTables", filters)
        return [convert_transit.route_table(entry) for entry in raw]

    def transit_propagations(self, table_id: str) -> list[str]:
        """The attachments of VPN connections that propagate into a route table."""
        call = self._client.get_transit_gateway_route_table_propagations
        key = "TransitGatewayRouteTablePropagations"
        raw = self.pages(call, key, [VPN_ONLY], TransitGatewayRouteTableId=table_id)
        return [found for entry in raw if (found := convert_transit.propagating(entry)) is not None]

    def static_transit_routes(self, table_id: str, filters: Sequence[Filter]) -> tuple[list[TransitRoute], bool]:
        """Static routes of a route table, and whether these are all that the filters select."""
        request: dict[str, Any] = {
            "TransitGatewayRouteTableId": table_id,
            "Filters": [where("type", "static"), *filters],
            "MaxResults": ROUTES_PER_SEARCH,
        }
        found = list(self.answers(self._client.search_transit_gateway_routes, table_id, **request))
        raw = [entry for answer in found for entry in answer.get("Routes", [])]
        routes = [route for entry in raw if (route := convert_transit.static_route(entry)) is not None]
        return routes, not found[-1].get("AdditionalRoutesAvailable")

    # Changing. A repetition is refused with a code of its own, which the caller knows.

    def associate_transit(self, table_id: str, attachment_id: str) -> None:
        call = self._client.associate_transit_gateway_route_table
        self.repeatable(call, attachment_id, **_pair(table_id, attachment_id))

    def disassociate_transit(self, table_id: str, attachment_id: str) -> None:
        call = self._client.disassociate_transit_gateway_route_table
        self.until_gone(call, attachment_id, **_pair(table_id, attachment_id))

    def enable_transit_propagation(self, table_id: str, attachment_id: str) -> None:
        call = self._client.enable_transit_gateway_route_table_propagation
        self.repeatable(call, attachment_id, **_pair(table_id, attachment_id))

    def disable_transit_propagation(self, table_id: str, attachment_id: str) -> None:
        call = self._client.disable_transit_gateway_route_table_propagation
        self.until_gone(call, attachment_id, **_pair(table_id, attachment_id))

    def create_transit_route(self, table_id: str, cidr: str, attachment_id: str) -> None:
        call = self._client.create_transit_gateway_route
        self.repeatable(call, f"{table_id} {cidr}", DestinationCidrBlock=cidr, **_pair(table_id, attachment_id))

    def replace_transit_route(self, table_id: str, cidr: str, attachment_id: str) -> None:
        call = self._client.replace_transit_gateway_route
        self.repeatable(call, f"{table_id} {cidr}", DestinationCidrBlock=cidr, **_pair(table_id, attachment_id))

    def delete_transit_route(self, table_id: str, cidr: str) -> None:
        call = self._client.delete_transit_gateway_route
        subject = f"{table_id} {cidr}"
        self.until_gone(call, subject, TransitGatewayRouteTableId=table_id, DestinationCidrBlock=cidr)


def _pair(table_id: str, attachment_id: str) -> dict[str, str]:
    return {"TransitGatewayRouteTableId": table_id, "TransitGatewayAttachmentId": attachment_id}
