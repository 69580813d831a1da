# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a connection needs of moto's transit gateways: a target, its ASN, and the `vpn` attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.ec2.models.transit_gateway import TransitGateway
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment

from . import errors

if TYPE_CHECKING:
    from .vpn_connection import VpnConnection


class VpnAttachment(TransitGatewayAttachment):  # type: ignore[misc]  # moto ships no types we follow
    """The attachment of a connection; its state is the connection's until the connection moves elsewhere."""

    def __init__(self, backend: Any, connection: VpnConnection, transit_gateway: TransitGateway) -> None:
        self.connection = connection
        self.is_left = False
        super().__init__(backend, connection.id, "vpn", transit_gateway)

    @property
    def state(self) -> str:
        return "deleted" if self.is_left else self.connection.state

    @state.setter
    def state(self, value: str) -> None:
        """moto's constructor sets one."""


class TransitGateways:
    """The transit gateways of one account and Region, as moto's backend keeps them."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def get(self, gateway_id: str) -> TransitGateway:
        gateway: TransitGateway | None = self._backend.transit_gateways.get(gateway_id)
        if gateway is None:
            raise errors.transit_gateway_not_found(gateway_id)
        return gateway

    def amazon_side_asn(self, gateway_id: str) -> int:
        return int(self.get(gateway_id).options["AmazonSideAsn"])

    def attach(self, connection: VpnConnection, gateway_id: str) -> None:
        attachment = VpnAttachment(self._backend, connection, self.get(gateway_id))
        self._backend.transit_gateway_attachments[attachment.id] = attachment

    def leave(self, connection: VpnConnection) -> None:
        for attachment in self._attachments():
            if isinstance(attachment, VpnAttachment) and attachment.connection is connection:
                attachment.is_left = True

    def attached_vpcs(self, gateway_id: str) -> list[str]:
        return [
            one.resource_id
            for one in self._attachments()
            if one.transit_gateway_id == gateway_id and one.resource_type == "vpc" and one.state == "available"
        ]

    def static_routes(self, connection: VpnConnection) -> list[str]:
        """Prefixes that transit gateway route tables send to this connection."""
        found: set[str] = set()
        for table in self._backend.transit_gateways_route_tables.values():
            for cidr, route in table.routes.items():
                target = route.get("transitGatewayAttachments") or {}
                if target.get("resourceId") == connection.id:
                    found.add(cidr)
        return sorted(found)

    def _attachments(self) -> list[TransitGatewayAttachment]:
        return list(self._backend.transit_gateway_attachments.values())
