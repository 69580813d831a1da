# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transit gateways, as moto keeps them, and the attachments that VPN connections and concentrators are on them."""

from __future__ import annotations

import uuid
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.transit_gateway import TransitGateway
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment

from . import errors
from .lifecycle import AVAILABLE, DELETED, DELETING, MODIFYING, Lifecycle
from .resources import Resource
from .transit_routes import TransitRoutes
from .transit_tables import TransitTables


class ResourceAttachment(TransitGatewayAttachment):  # type: ignore[misc]  # moto ships no types we follow
    """Of a connection or a concentrator, whose state it has until the connection moves elsewhere."""

    def __init__(self, backend: Any, resource: Resource, kind: str, transit_gateway: TransitGateway) -> None:
        self.resource = resource
        self._leaving: Lifecycle | None = None
        super().__init__(backend, resource.id, kind, transit_gateway)

    @property
    def state(self) -> str:
        if self._leaving is not None:
            return self._leaving.state
        state = self.resource.state
        return AVAILABLE if state == MODIFYING else state

    @state.setter
    def state(self, value: str) -> None:
        """moto's constructor sets one."""

    def is_of(self, resource: Resource) -> bool:
        """And has not been left for another transit gateway."""
        return self.resource is resource and self._leaving is None

    def leave(self) -> None:
        account = self.resource.account
        self._leaving = Lifecycle(account.clock, DELETED)
        self._leaving.pass_through(DELETING, DELETED, account.delays.of("transit"))


class TransitGateways:
    """The transit gateways of one account and Region."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.tables = TransitTables(backend)
        self.routes = TransitRoutes(backend, self.tables)

    def get(self, gateway_id: str) -> TransitGateway:
        gateway: TransitGateway | None = self._backend.transit_gateways.get(gateway_id)
        if gateway is None:
            raise errors.transit_gateway_not_found(gateway_id)
        return gateway

    def amazon_side_asn(self, gateway_id: str) -> int:
        """Of the target of a connection."""
        if gateway_id not in self._backend.transit_gateways:
            raise errors.transit_target_not_found(gateway_id)
        return int(self.get(gateway_id).options["AmazonSideAsn"])

    def attach(self, resource: Resource, kind: str, gateway_id: str) -> ResourceAttachment:
        attachment = ResourceAttachment(self._backend, resource, kind, self.get(gateway_id))
        self._backend.transit_gateway_attachments[attachment.id] = attachment
        self.tables.join_defaults(attachment)
        return attachment

    def attach_direct_connect(self, gateway_id: str) -> str:
        kind = "direct-connect-gateway"
        attachment = TransitGatewayAttachment(self._backend, str(uuid.uuid4()), kind, self.get(gateway_id))
        self._backend.transit_gateway_attachments[attachment.id] = attachment
        self.tables.join_defaults(attachment)
        return str(attachment.id)

    def cidr_blocks(self, gateway_id: str) -> list[str]:
        return [str(block) for block in self.get(gateway_id).options.get("TransitGatewayCidrBlocks") or []]

    def leave(self, resource: Resource) -> None:
        attachment = self.attachment_of(resource)
        if attachment is not None:
            attachment.leave()

    def attachment_of(self, resource: Resource) -> ResourceAttachment | None:
        for attachment in self._attachments():
            if isinstance(attachment, ResourceAttachment) and attachment.is_of(resource):
                found: ResourceAttachment = attachment
                return found
        return None

    def hidden_attachments(self) -> list[ResourceAttachment]:
        """Of resources that are not visible yet."""
        attachments = [one for one in self._attachments() if isinstance(one, ResourceAttachment)]
        return [one for one in attachments if not one.resource.is_visible]

    def attached_vpcs(self, gateway_id: str) -> list[str]:
        return [
            one.resource_id
            for one in self._attachments()
            if one.transit_gateway_id == gateway_id and one.resource_type == "vpc" and one.state == "available"
        ]

    def forget(self, resource_ids: set[str]) -> None:
        """The attachments of connections that are no longer listed are not either."""
        if not resource_ids:
            return
        attachments = self._backend.transit_gateway_attachments
        for attachment_id in [one.id for one in self._attachments() if one.resource_id in resource_ids]:
            del attachments[attachment_id]

    def _attachments(self) -> list[TransitGatewayAttachment]:
        return list(self._backend.transit_gateway_attachments.values())


def attach_direct_connect(account_id: str, transit_gateway_id: str) -> str:
    """A Direct Connect gateway on a transit gateway, in whichever Region: the id of its attachment."""
    for backend_account, _region, backend in ec2_backends.iter_backends():
        if backend_account == account_id and transit_gateway_id in backend.transit_gateways:
            gateways: TransitGateways = backend.vpn.transit_gateways
            return gateways.attach_direct_connect(transit_gateway_id)
    raise KeyError(transit_gateway_id)
