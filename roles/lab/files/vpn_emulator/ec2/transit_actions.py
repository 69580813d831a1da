# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EC2 actions of transit gateways that moto lacks, or has without AWS's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult

from . import errors
from .answer import Answer
from .dispatch import Dispatch
from .filters import Listed, select_listed
from .pages import page
from .transit_answers import (
    ATTACHMENT_FILTERS,
    GATEWAY_FILTERS,
    RELATION_FILTERS,
    TABLE_FILTERS,
    VPC_ATTACHMENT_FILTERS,
    TransitAnswers,
)
from .transit_objects import VpcAttachment
from .transit_tables import Relation, TransitTables

_LEAST = 5


class TransitReadActions(Dispatch):
    def describe_transit_gateways(self) -> ActionResult:
        gateways = self.vpn.transit_gateways
        gateways.forget_deleted()
        ids = self.params.get("TransitGatewayIds") or list(self.ec2_backend.transit_gateways)
        found = [self._answers.gateway(gateways.get(gateway_id)) for gateway_id in ids]
        return self._page("TransitGateways", select_listed(found, self.filters(), GATEWAY_FILTERS))

    def describe_transit_gateway_attachments(self) -> ActionResult:
        found = [self._answers.attachment(one) for one in self._attachments()]
        return self._page("TransitGatewayAttachments", select_listed(found, self.filters(), ATTACHMENT_FILTERS))

    def describe_transit_gateway_vpc_attachments(self) -> ActionResult:
        found = [self._answers.vpc_attachment(one) for one in self._attachments() if isinstance(one, VpcAttachment)]
        return self._page("TransitGatewayVpcAttachments", select_listed(found, self.filters(), VPC_ATTACHMENT_FILTERS))

    def describe_transit_gateway_route_tables(self) -> ActionResult:
        self.vpn.transit_gateways.forget_deleted()
        ids = self.params.get("TransitGatewayRouteTableIds") or list(self.ec2_backend.transit_gateways_route_tables)
        found = [self._answers.table(self._tables.listed_table(table_id)) for table_id in ids]
        return self._page("TransitGatewayRouteTables", select_listed(found, self.filters(), TABLE_FILTERS))

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

    @property
    def _answers(self) -> TransitAnswers:
        return TransitAnswers(self.ec2_backend, self._tables, self._tags_of)

    def _tags_of(self, resource_id: str) -> Mapping[str, str]:
        return self.account.seen_tags(resource_id, self.ec2_backend.tags.get(resource_id) or {})

    def _attachments(self) -> list[Any]:
        """Those the request names, or all."""
        self.vpn.transit_gateways.forget_deleted()
        attachments = self.ec2_backend.transit_gateway_attachments
        hidden = {one.id for one in self.vpn.transit_gateways.hidden_attachments()}
        ids = self.params.get("TransitGatewayAttachmentIds") or [one for one in attachments if one not in hidden]
        for attachment_id in ids:
            if attachment_id not in attachments or attachment_id in hidden:
                raise errors.transit_attachment_not_found(attachment_id)
        return [attachments[attachment_id] for attachment_id in ids]

    def _relations(self, name: str, relations: list[Relation]) -> ActionResult:
        found = [Listed(relation.describe(), {}) for relation in relations]
        return self._page(name, select_listed(found, self.filters(), RELATION_FILTERS))

    def _page(self, name: str, items: Sequence[Any]) -> ActionResult:
        return Answer(page(name, items, self.params, _LEAST))


class TransitActions(TransitReadActions):
    def create_transit_gateway(self) -> ActionResult:
        """moto gives every gateway a default route table, also one that was asked to have none."""
        tags = [{"Key": key, "Value": value} for key, value in self.tags_for("transit-gateway").items()]
        gateway = self.vpn.transit_gateways.create(self.params.get("Description"), self.params.get("Options"), tags)
        uses_default = False
        for kind in ("Association", "Propagation"):
            if gateway.options[f"DefaultRouteTable{kind}"] == "enable":
                uses_default = True
            else:
                del gateway.options[f"{kind}DefaultRouteTableId"]
        if not uses_default:
            del self.ec2_backend.transit_gateways_route_tables[gateway.default_route_table.id]
        return Answer({"TransitGateway": self._answers.gateway(gateway).answer})

    def modify_transit_gateway(self) -> ActionResult:
        gateway = self.vpn.transit_gateways.modify(self.params)
        return Answer({"TransitGateway": self._answers.gateway(gateway).answer})

    def delete_transit_gateway(self) -> ActionResult:
        gateway = self.vpn.transit_gateways.delete(self.params["TransitGatewayId"])
        return Answer({"TransitGateway": self._answers.gateway(gateway).answer})

    def create_transit_gateway_vpc_attachment(self) -> ActionResult:
        attachment = self.vpn.transit_gateways.attach_vpc(
            self.params["TransitGatewayId"],
            self.params["VpcId"],
            self.params["SubnetIds"],
            tags=self.tags_for("transit-gateway-attachment"),
            options=self.params.get("Options"),
        )
        return Answer({"TransitGatewayVpcAttachment": self._answers.vpc_attachment(attachment).answer})

    def modify_transit_gateway_vpc_attachment(self) -> ActionResult:
        attachment = self._vpc_attachment()
        super().modify_transit_gateway_vpc_attachment()
        return Answer({"TransitGatewayVpcAttachment": self._answers.vpc_attachment(attachment).answer})

    def delete_transit_gateway_vpc_attachment(self) -> ActionResult:
        attachment = self._vpc_attachment()
        attachment.delete()
        return Answer({"TransitGatewayVpcAttachment": self._answers.vpc_attachment(attachment).answer})

    def _vpc_attachment(self) -> VpcAttachment:
        attachment = self._tables.attachment(self.params["TransitGatewayAttachmentId"])
        if not isinstance(attachment, VpcAttachment):
            raise errors.transit_attachment_not_found(attachment.id)
        return attachment

    def create_transit_gateway_route_table(self) -> ActionResult:
        self.vpn.transit_gateways.get_usable(self.params["TransitGatewayId"])
        table = self.ec2_backend.create_transit_gateway_route_table(
            transit_gateway_id=self.params["TransitGatewayId"], tags=self.tags_for("transit-gateway-route-table")
        )
        return Answer({"TransitGatewayRouteTable": self._answers.table(table).answer})

    def delete_transit_gateway_route_table(self) -> ActionResult:
        table_id = self.params["TransitGatewayRouteTableId"]
        self._tables.require_deletable(table_id)
        self.vpn.transit_gateways.delete_table(table_id)
        return Answer({"TransitGatewayRouteTable": self._answers.table(self._tables.listed_table(table_id)).answer})

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
