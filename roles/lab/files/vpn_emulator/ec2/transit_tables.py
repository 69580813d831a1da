# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transit gateway route tables: which attachments are associated with them, and which propagate into them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment

from ..environment import current
from . import errors
from .lifecycle import AVAILABLE, DELETED, DELETING, PENDING, Lifecycle
from .transit_objects import TransitRouteTable


class RelationStates(NamedTuple):
    """Of an association or a propagation, in their order."""

    starting: str
    active: str
    stopping: str
    stopped: str


ASSOCIATION = RelationStates("associating", "associated", "disassociating", "disassociated")
PROPAGATION = RelationStates("enabling", "enabled", "disabling", "disabled")


class Relation:
    """Between one attachment and one route table."""

    def __init__(
        self, backend: Any, attachment: TransitGatewayAttachment, table_id: str, states: RelationStates
    ) -> None:
        self._account = current().account(backend.account_id)
        self.attachment = attachment
        self.table_id = table_id
        self._states = states
        self._lifecycle = Lifecycle(self._account.clock, states.active)

    def start(self) -> None:
        self._pass_through(self._states.starting, self._states.active)

    def stop(self) -> None:
        self._pass_through(self._states.stopping, self._states.stopped)

    def _pass_through(self, state: str, then: str) -> None:
        self._lifecycle.pass_through(state, then, self._account.delays.of("transit"))

    @property
    def state(self) -> str:
        return self._lifecycle.state

    @property
    def is_listed(self) -> bool:
        """It begins when the attachment is there, and ends with it."""
        return self.state != self._states.stopped and self.attachment.state not in (PENDING, DELETED)

    def describe(self) -> dict[str, str]:
        return {
            "TransitGatewayRouteTableId": self.table_id,
            "TransitGatewayAttachmentId": self.attachment.id,
            "ResourceId": self.attachment.resource_id,
            "ResourceType": self.attachment.resource_type,
            "State": self.state,
        }


class TransitTables:
    """The relations of all transit gateway route tables of one account and Region."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._associations: dict[str, Relation] = {}
        self._propagations: dict[tuple[str, str], Relation] = {}

    def join_defaults(self, attachment: TransitGatewayAttachment) -> None:
        """A new attachment is in the gateway's default tables, as far as it has some."""
        options = self._backend.transit_gateways[attachment.transit_gateway_id].options
        table_id = options.get("AssociationDefaultRouteTableId")
        if options["DefaultRouteTableAssociation"] == "enable" and table_id is not None:
            self._associations[attachment.id] = Relation(self._backend, attachment, table_id, ASSOCIATION)
        table_id = options.get("PropagationDefaultRouteTableId")
        if options["DefaultRouteTablePropagation"] == "enable" and table_id is not None:
            key = (table_id, attachment.id)
            self._propagations[key] = Relation(self._backend, attachment, table_id, PROPAGATION)

    def associate(self, attachment_id: str, table_id: str) -> Relation:
        attachment = self._pair(attachment_id, table_id)
        present = self.association(attachment_id)
        if present is not None and present.state != ASSOCIATION.active:
            raise errors.relation_state(attachment_id, present.state)
        if present is not None:
            raise errors.already_associated(attachment_id)
        relation = Relation(self._backend, attachment, table_id, ASSOCIATION)
        relation.start()
        self._associations[attachment_id] = relation
        return relation

    def disassociate(self, attachment_id: str, table_id: str) -> Relation:
        self.table(table_id)
        self.attachment(attachment_id)
        relation = self.association(attachment_id)
        if relation is None or relation.table_id != table_id:
            raise errors.association_not_found(attachment_id, table_id)
        if relation.state != ASSOCIATION.active:
            raise errors.relation_state(attachment_id, relation.state)
        relation.stop()
        return relation

    def enable(self, attachment_id: str, table_id: str) -> Relation:
        attachment = self._pair(attachment_id, table_id)
        key = (table_id, attachment_id)
        if key in self._propagations and self._propagations[key].is_listed:
            raise errors.propagation_exists(attachment_id, table_id)
        relation = self._propagations[key] = Relation(self._backend, attachment, table_id, PROPAGATION)
        relation.start()
        return relation

    def disable(self, attachment_id: str, table_id: str) -> Relation:
        self.table(table_id)
        self.attachment(attachment_id)
        relation = self._propagations.get((table_id, attachment_id))
        if relation is None or not relation.is_listed or relation.state == PROPAGATION.stopping:
            raise errors.propagation_not_found(attachment_id, table_id)
        relation.stop()
        return relation

    def association(self, attachment_id: str) -> Relation | None:
        relation = self._associations.get(attachment_id)
        return relation if relation is not None and relation.is_listed else None

    def associations(self, table_id: str) -> list[Relation]:
        return [one for one in self._associations.values() if one.table_id == table_id and one.is_listed]

    def propagations(self, table_id: str | None = None, attachment_id: str | None = None) -> Iterator[Relation]:
        for one in self._propagations.values():
            if table_id in (None, one.table_id) and attachment_id in (None, one.attachment.id) and one.is_listed:
                yield one

    def require_deletable(self, table_id: str) -> None:
        table = self.table(table_id)
        options = self._backend.transit_gateways[table.transit_gateway_id].options
        defaults = (options.get("AssociationDefaultRouteTableId"), options.get("PropagationDefaultRouteTableId"))
        if table_id in defaults or self.associations(table_id):
            raise errors.in_use("transit gateway route table")

    def create(self, transit_gateway_id: str, **more: Any) -> TransitRouteTable:
        table = TransitRouteTable(self._backend, transit_gateway_id, **more)
        self._backend.transit_gateways_route_tables[table.id] = table
        return table

    def delete(self, table_id: str) -> None:
        self._propagations = {key: one for key, one in self._propagations.items() if one.table_id != table_id}
        self.table(table_id).delete()

    def forget_relations(self) -> None:
        """Those of attachments that are no longer listed."""
        listed = self._backend.transit_gateway_attachments
        self._associations = {key: one for key, one in self._associations.items() if one.attachment.id in listed}
        self._propagations = {key: one for key, one in self._propagations.items() if one.attachment.id in listed}

    def of_gateway(self, transit_gateway_id: str) -> list[TransitRouteTable]:
        """Those that are not being deleted."""
        tables = self._backend.transit_gateways_route_tables.values()
        return [one for one in tables if one.transit_gateway_id == transit_gateway_id and one.state == AVAILABLE]

    def listed_table(self, table_id: str) -> TransitRouteTable:
        """Also one that is deleted and still listed."""
        table: TransitRouteTable | None = self._backend.transit_gateways_route_tables.get(table_id)
        if table is None or table.lifecycle.is_forgotten:
            raise errors.transit_table_not_found(table_id)
        return table

    def table(self, table_id: str) -> TransitRouteTable:
        table = self.listed_table(table_id)
        if table.state == DELETED:
            raise errors.transit_table_not_found(table_id)
        if table.state == DELETING:
            raise errors.relation_state(table_id, table.state)
        return table

    def attachment(self, attachment_id: str) -> TransitGatewayAttachment:
        attachment: TransitGatewayAttachment | None = self._backend.transit_gateway_attachments.get(attachment_id)
        if attachment is None or attachment.state in (DELETING, DELETED):
            raise errors.transit_attachment_not_found(attachment_id)
        return attachment

    def available_attachment(self, attachment_id: str) -> TransitGatewayAttachment:
        attachment = self.attachment(attachment_id)
        if attachment.state != AVAILABLE:
            raise errors.relation_state(attachment_id, attachment.state)
        return attachment

    def _pair(self, attachment_id: str, table_id: str) -> TransitGatewayAttachment:
        """The attachment, if it is one of the same transit gateway as the table, and usable."""
        table, attachment = self.table(table_id), self.available_attachment(attachment_id)
        if table.transit_gateway_id != attachment.transit_gateway_id:
            raise errors.invalid_value("transitGatewayAttachmentId", attachment_id, "Another transit gateway has it.")
        return attachment
