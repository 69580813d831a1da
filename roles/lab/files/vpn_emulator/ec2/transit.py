# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transit gateways of one account and Region, and what is attached to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.exceptions import DuplicateTransitGatewayAttachmentError
from moto.ec2.models import ec2_backends

from . import errors
from .connection_options import is_network
from .lifecycle import AVAILABLE, DELETED, DELETING
from .resources import Resource
from .transit_objects import Attachment, Deletable, ResourceAttachment, TransitGateway, VpcAttachment
from .transit_routes import TransitRoutes
from .transit_tables import TransitTables

# What AWS calls the attachments, by resource type, where it says why a transit gateway stays.
_KINDS = {"vpc": "Transit Gateway Attachments", "direct-connect-gateway": "DirectConnect Gateway Attachments"}


class TransitGateways:
    """The transit gateways of one account and Region."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.tables = TransitTables(backend)
        self.routes = TransitRoutes(backend, self.tables)

    def create(
        self, description: str | None, options: Mapping[str, Any] | None, tags: Iterable[Mapping[str, str]] | None
    ) -> TransitGateway:
        _check_blocks((options or {}).get("TransitGatewayCidrBlocks", []))
        gateway = TransitGateway(self._backend, description, options)
        for tag in tags or []:
            gateway.add_tag(tag["Key"], tag["Value"])
        self._backend.transit_gateways[gateway.id] = gateway
        return gateway

    def modify(self, request: Mapping[str, Any]) -> TransitGateway:
        gateway = self.get_usable(request["TransitGatewayId"])
        options = dict(request.get("Options") or {})
        if "EncryptionSupport" in options:
            raise errors.unsupported("The emulator has no encryption support of transit gateways")
        for name in ("AssociationDefaultRouteTableId", "PropagationDefaultRouteTableId"):
            if name in options:
                self.tables.table(options[name])
        added = options.pop("AddTransitGatewayCidrBlocks", [])
        removed = options.pop("RemoveTransitGatewayCidrBlocks", [])
        _check_blocks(added)
        blocks = [one for one in gateway.options["TransitGatewayCidrBlocks"] if one not in removed]
        gateway.options.update({**options, "TransitGatewayCidrBlocks": [*blocks, *added]})
        gateway.description = request.get("Description", gateway.description)
        return gateway

    def delete(self, gateway_id: str) -> TransitGateway:
        """Its route tables go with it."""
        gateway = self.get_usable(gateway_id)
        for kind, ids in self._remaining(gateway_id).items():
            raise errors.transit_gateway_in_use(gateway_id, kind, ids)
        for table in self.tables.of_gateway(gateway_id):
            self.delete_table(table.id)
        gateway.delete()
        return gateway

    def delete_table(self, table_id: str) -> None:
        self.routes.forget_table(table_id)
        self.tables.delete(table_id)

    def _remaining(self, gateway_id: str) -> dict[str, list[str]]:
        """The attachments that are not deleted, by what AWS calls them."""
        found: dict[str, list[str]] = {}
        for one in self._attachments_of(gateway_id):
            if one.state != DELETED:
                found.setdefault(_KINDS.get(one.resource_type, "VPN Attachments"), []).append(one.id)
        return found

    def get(self, gateway_id: str) -> TransitGateway:
        """Also one that is deleted and still listed."""
        gateway: TransitGateway | None = self._backend.transit_gateways.get(gateway_id)
        if gateway is None or gateway.lifecycle.is_forgotten:
            raise errors.transit_gateway_not_found(gateway_id)
        return gateway

    def get_usable(self, gateway_id: str) -> TransitGateway:
        gateway = self.get(gateway_id)
        if gateway.state == DELETED:
            raise errors.transit_gateway_not_found(gateway_id)
        if gateway.state == DELETING:
            raise errors.relation_state(gateway_id, gateway.state)
        return gateway

    def get_target(self, gateway_id: str) -> TransitGateway:
        """For a connection or a concentrator."""
        gateway = self._backend.transit_gateways.get(gateway_id)
        if gateway is None or gateway.state == DELETED:
            raise errors.transit_target_not_found(gateway_id)
        return self.get_usable(gateway_id)

    def amazon_side_asn(self, gateway_id: str) -> int:
        return int(self.get_target(gateway_id).options["AmazonSideAsn"])

    def attach_vpc(
        self,
        gateway_id: str,
        vpc_id: str,
        subnet_ids: list[str],
        *,
        tags: Mapping[str, str] | None,
        options: Mapping[str, Any] | None,
    ) -> VpcAttachment:
        gateway = self.get_usable(gateway_id)
        self._backend.get_vpc(vpc_id)
        for subnet_id in subnet_ids:
            self._backend.get_subnet(subnet_id)
        if any(one.resource_id == vpc_id and one.state != DELETED for one in self._attachments_of(gateway_id)):
            raise DuplicateTransitGatewayAttachmentError(gateway_id)
        attachment = VpcAttachment(self._backend, gateway, vpc_id, subnet_ids, tags, options)
        self._keep(attachment)
        return attachment

    def attach(self, resource: Resource, kind: str, gateway_id: str) -> ResourceAttachment:
        attachment = ResourceAttachment(self._backend, resource, kind, self.get(gateway_id))
        self._keep(attachment)
        return attachment

    def attach_direct_connect(self, gateway_id: str) -> str:
        kind = "direct-connect-gateway"
        attachment = Attachment(self._backend, str(uuid.uuid4()), kind, self.get(gateway_id))
        self._keep(attachment)
        return attachment.id

    def _keep(self, attachment: Deletable) -> None:
        self._backend.transit_gateway_attachments[attachment.id] = attachment
        self.tables.join_defaults(attachment)

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
            for one in self._attachments_of(gateway_id)
            if one.resource_type == "vpc" and one.state == AVAILABLE
        ]

    def forget_deleted(self) -> None:
        """Drop what has been deleted for long enough that AWS no longer lists it."""
        backend = self._backend
        has_forgotten = False
        for kept in (
            backend.transit_gateways,
            backend.transit_gateway_attachments,
            backend.transit_gateways_route_tables,
        ):
            for one in list(kept.values()):
                if isinstance(one, Deletable) and one.lifecycle.is_forgotten:
                    has_forgotten = True
                    del kept[one.id]
                    backend.tags.pop(one.id, None)
        if has_forgotten:
            self.tables.forget_relations()

    def _attachments_of(self, gateway_id: str) -> list[Any]:
        return [one for one in self._attachments() if one.transit_gateway_id == gateway_id]

    def _attachments(self) -> list[Any]:
        """Of our kind, and moto's peerings."""
        return list(self._backend.transit_gateway_attachments.values())


def _check_blocks(blocks: Iterable[str]) -> None:
    for block in blocks:
        if not (is_network(block, 4) or is_network(block, 6)):
            raise errors.invalid_value("TransitGatewayCidrBlocks", block)


def attach_direct_connect(account_id: str, transit_gateway_id: str) -> str:
    """A Direct Connect gateway on a transit gateway, in whichever Region: the id of its attachment."""
    for backend_account, _region, backend in ec2_backends.iter_backends():
        if backend_account == account_id and transit_gateway_id in backend.transit_gateways:
            gateways: TransitGateways = backend.vpn.transit_gateways
            return gateways.attach_direct_connect(transit_gateway_id)
    raise KeyError(transit_gateway_id)
