# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EC2 actions of transit gateways that moto lacks, or has without AWS's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult

from . import errors
from .answer import Answer
from .dispatch import Dispatch
from .filters import Listed, Look, select_listed
from .lifecycle import DELETED
from .pages import page
from .transit_tables import Relation, TransitTables

_LEAST = 5


def _looks(**names: str) -> dict[str, Look[Listed]]:
    return {filter_name.replace("_", "-"): _look(name) for filter_name, name in names.items()}


def _look(name: str) -> Look[Listed]:
    def look(one: Listed) -> str | None:
        value = one.answer.get(name)
        return str(value).lower() if isinstance(value, bool) else value

    return look


def _association(name: str) -> Look[Listed]:
    return lambda one: (one.answer["Association"] or {}).get(name)


_ATTACHMENT_LOOKS: dict[str, Look[Listed]] = {
    **_looks(
        resource_id="ResourceId",
        resource_owner_id="ResourceOwnerId",
        resource_type="ResourceType",
        state="State",
        transit_gateway_attachment_id="TransitGatewayAttachmentId",
        transit_gateway_id="TransitGatewayId",
        transit_gateway_owner_id="TransitGatewayOwnerId",
    ),
    "association.state": _association("State"),
    "association.transit-gateway-route-table-id": _association("TransitGatewayRouteTableId"),
}
_TABLE_LOOKS = _looks(
    default_association_route_table="DefaultAssociationRouteTable",
    default_propagation_route_table="DefaultPropagationRouteTable",
    state="State",
    transit_gateway_id="TransitGatewayId",
    transit_gateway_route_table_id="TransitGatewayRouteTableId",
)
_RELATION_LOOKS = _looks(
    resource_id="ResourceId",
    resource_type="ResourceType",
    transit_gateway_attachment_id="TransitGatewayAttachmentId",
    transit_gateway_route_table_id="TransitGatewayRouteTableId",
)


class TransitReads(Dispatch):
    def describe_transit_gateways(self) -> ActionResult:
        for gateway_id in self.params.get("TransitGatewayIds") or []:
            self.vpn.transit_gateways.get(gateway_id)
        return super().describe_transit_gateways()

    def describe_transit_gateway_attachments(self) -> ActionResult:
        self.vpn.connections.forget_deleted()
        attachments = self.ec2_backend.transit_gateway_attachments
        hidden = {one.id for one in self.vpn.transit_gateways.hidden_attachments()}
        ids = self.params.get("TransitGatewayAttachmentIds") or [one for one in attachments if one not in hidden]
        for attachment_id in ids:
            if attachment_id not in attachments or attachment_id in hidden:
                raise errors.transit_attachment_not_found(attachment_id)
        found = [self._attachment(attachments[attachment_id]) for attachment_id in ids]
        chosen = select_listed(found, self.filters(), _ATTACHMENT_LOOKS)
        return Answer(page("TransitGatewayAttachments", chosen, self.params, _LEAST))

    def describe_transit_gateway_vpc_attachments(self) -> ActionResult:
        for attachment_id in self.params.get("TransitGatewayAttachmentIds") or []:
            if attachment_id not in self.ec2_backend.transit_gateway_attachments:
                raise errors.transit_attachment_not_found(attachment_id)
        return super().describe_transit_gateway_vpc_attachments()

    def describe_transit_gateway_route_tables(self) -> ActionResult:
        ids = self.params.get("TransitGatewayRouteTableIds") or list(self.ec2_backend.transit_gateways_route_tables)
        found = [self._table(self._tables.table(table_id)) for table_id in ids]
        chosen = select_listed(found, self.filters(), _TABLE_LOOKS)
        return Answer(page("TransitGatewayRouteTables", chosen, self.params, _LEAST))

    def get_transit_gateway_route_table_associations(self) -> ActionResult:
        table_id = self.params["TransitGatewayRouteTableId"]
        self._tables.table(table_id)
        return self._relations("Associations", self._tables.associations(table_id))

    def get_transit_gateway_route_table_propagations(self) -> ActionResult:
        table_id = self.params["TransitGatewayRouteTableId"]
        self._tables.table(table_id)
        return self._relations("TransitGatewayRouteTablePropagations", list(self._tables.propagations(table_id)))

    def get_transit_gateway_attachment_propagations(self) -> ActionResult:
        attachment_id = self.params["TransitGatewayAttachmentId"]
        self._tables.attachment(attachment_id)
        found = list(self._tables.propagations(attachment_id=attachment_id))
        return self._relations("TransitGatewayAttachmentPropagations", found)

    def search_transit_gateway_routes(self) -> ActionResult:
        for connection in self.vpn.connections.all.values():
            connection.observe()
        found = self.vpn.transit_gateways.routes.search(self.params["TransitGatewayRouteTableId"], self.filters())
        answer = page("Routes", found, self.params, _LEAST)
        return Answer({**answer, "AdditionalRoutesAvailable": "NextToken" in answer})

    @property
    def _tables(self) -> TransitTables:
        return self.vpn.transit_gateways.tables

    def _relations(self, name: str, relations: list[Relation]) -> ActionResult:
        found = [Listed(relation.describe(), {}) for relation in relations]
        return Answer(page(name, select_listed(found, self.filters(), _RELATION_LOOKS), self.params, _LEAST))

    def _attachment(self, attachment: Any) -> Listed:
        association = self._tables.association(attachment.id)
        tags = self.account.seen_tags(attachment.id, self.ec2_backend.tags.get(attachment.id) or {})
        answer = {
            "TransitGatewayAttachmentId": attachment.id,
            "TransitGatewayId": attachment.transit_gateway_id,
            "TransitGatewayOwnerId": attachment.owner_id,
            "ResourceOwnerId": attachment.resource_owner_id,
            "ResourceType": attachment.resource_type,
            "ResourceId": attachment.resource_id,
            "State": attachment.state,
            "Association": association and _short(association),
            "CreationTime": attachment.create_time,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }
        return Listed(answer, tags)

    def _table(self, table: Any) -> Listed:
        gateway = self.vpn.transit_gateways.get(table.transit_gateway_id)
        tags = self.account.seen_tags(table.id, self.ec2_backend.tags.get(table.id) or {})
        answer = {
            "TransitGatewayRouteTableId": table.id,
            "TransitGatewayId": table.transit_gateway_id,
            "State": table.state,
            "DefaultAssociationRouteTable": gateway.options.get("AssociationDefaultRouteTableId") == table.id,
            "DefaultPropagationRouteTable": gateway.options.get("PropagationDefaultRouteTableId") == table.id,
            "CreationTime": table.create_time,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }
        return Listed(answer, tags)


def _short(relation: Relation) -> Mapping[str, str]:
    return {"TransitGatewayRouteTableId": relation.table_id, "State": relation.state}


class TransitWrites(TransitReads):
    def create_transit_gateway(self) -> ActionResult:
        """moto gives every gateway a default route table, also one that was asked to have none."""
        result = super().create_transit_gateway()
        gateway = result.result["TransitGateway"]
        uses_default = False
        for kind, name in (("Association", "Association"), ("Propagation", "Propagation")):
            if gateway.options[f"DefaultRouteTable{kind}"] == "enable":
                uses_default = True
            else:
                del gateway.options[f"{name}DefaultRouteTableId"]
        if not uses_default:
            del self.ec2_backend.transit_gateways_route_tables[gateway.default_route_table.id]
        return result

    def delete_transit_gateway(self) -> ActionResult:
        gateway_id = self.params["TransitGatewayId"]
        self.vpn.transit_gateways.get(gateway_id)
        attachments = self.ec2_backend.transit_gateway_attachments.values()
        if any(one.transit_gateway_id == gateway_id and one.state != DELETED for one in attachments):
            raise errors.in_use("transit gateway")
        tables = self.ec2_backend.transit_gateways_route_tables
        for table_id in [one.id for one in tables.values() if one.transit_gateway_id == gateway_id]:
            self._forget_table(table_id)
        return super().delete_transit_gateway()

    def create_transit_gateway_vpc_attachment(self) -> ActionResult:
        result = super().create_transit_gateway_vpc_attachment()
        attachment = result.result["TransitGatewayVpcAttachment"]
        tags = self.tags_for("transit-gateway-attachment")
        if tags:
            self.ec2_backend.create_tags([attachment.id], tags)
        self._tables.join_defaults(attachment)
        return result

    def delete_transit_gateway_vpc_attachment(self) -> ActionResult:
        self._tables.attachment(self.params["TransitGatewayAttachmentId"])
        return super().delete_transit_gateway_vpc_attachment()

    def create_transit_gateway_route_table(self) -> ActionResult:
        self.vpn.transit_gateways.get(self.params["TransitGatewayId"])
        table = self.ec2_backend.create_transit_gateway_route_table(
            transit_gateway_id=self.params["TransitGatewayId"], tags=self.tags_for("transit-gateway-route-table")
        )
        return Answer({"TransitGatewayRouteTable": self._table(table).answer})

    def delete_transit_gateway_route_table(self) -> ActionResult:
        table_id = self.params["TransitGatewayRouteTableId"]
        self._tables.require_deletable(table_id)
        answer = {**self._table(self._tables.table(table_id)).answer, "State": "deleting"}
        self._forget_table(table_id)
        return Answer({"TransitGatewayRouteTable": answer})

    def associate_transit_gateway_route_table(self) -> ActionResult:
        return Answer({"Association": self._tables.associate(*self._pair()).describe()})

    def disassociate_transit_gateway_route_table(self) -> ActionResult:
        return Answer({"Association": self._tables.disassociate(*self._pair()).describe()})

    def enable_transit_gateway_route_table_propagation(self) -> ActionResult:
        return Answer({"Propagation": self._tables.enable(*self._pair()).describe()})

    def disable_transit_gateway_route_table_propagation(self) -> ActionResult:
        return Answer({"Propagation": self._tables.disable(*self._pair()).describe()})

    def create_transit_gateway_route(self) -> ActionResult:
        return Answer({"Route": self.vpn.transit_gateways.routes.create(self.params)})

    def replace_transit_gateway_route(self) -> ActionResult:
        return Answer({"Route": self.vpn.transit_gateways.routes.create(self.params, is_replacing=True)})

    def delete_transit_gateway_route(self) -> ActionResult:
        table_id, cidr = self.params["TransitGatewayRouteTableId"], self.params["DestinationCidrBlock"]
        return Answer({"Route": self.vpn.transit_gateways.routes.delete(table_id, cidr)})

    def _pair(self) -> tuple[str, str]:
        attachment_id = self.params.get("TransitGatewayAttachmentId")
        if attachment_id is None:
            raise errors.missing(["TransitGatewayAttachmentId"])
        return attachment_id, self.params["TransitGatewayRouteTableId"]

    def _forget_table(self, table_id: str) -> None:
        self.vpn.transit_gateways.routes.forget_table(table_id)
        self._tables.forget_table(table_id)
