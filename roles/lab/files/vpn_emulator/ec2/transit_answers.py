# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers about transit gateways, their attachments and route tables, and the filters of their describe calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .filters import FilterValue, Listed
from .transit_objects import TransitGateway, TransitRouteTable, VpcAttachment
from .transit_tables import Relation, TransitTables


def _values(**names: str) -> dict[str, FilterValue[Listed]]:
    return {filter_name.replace("_", "-"): _value(name) for filter_name, name in names.items()}


def _value(name: str) -> FilterValue[Listed]:
    def read(one: Listed) -> str | None:
        value = one.answer.get(name)
        return str(value).lower() if isinstance(value, bool) else value

    return read


def _association(name: str) -> FilterValue[Listed]:
    return lambda one: (one.answer["Association"] or {}).get(name)


def _option(name: str) -> FilterValue[Listed]:
    return lambda one: str(one.answer["Options"].get(name))


GATEWAY_FILTERS: dict[str, FilterValue[Listed]] = {
    **_values(owner_id="OwnerId", state="State", transit_gateway_id="TransitGatewayId"),
    "options.amazon-side-asn": _option("AmazonSideAsn"),
    "options.association-default-route-table-id": _option("AssociationDefaultRouteTableId"),
    "options.auto-accept-shared-attachments": _option("AutoAcceptSharedAttachments"),
    "options.default-route-table-association": _option("DefaultRouteTableAssociation"),
    "options.default-route-table-propagation": _option("DefaultRouteTablePropagation"),
    "options.dns-support": _option("DnsSupport"),
    "options.propagation-default-route-table-id": _option("PropagationDefaultRouteTableId"),
    "options.vpn-ecmp-support": _option("VpnEcmpSupport"),
}
ATTACHMENT_FILTERS: dict[str, FilterValue[Listed]] = {
    **_values(
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
VPC_ATTACHMENT_FILTERS = _values(
    state="State",
    transit_gateway_attachment_id="TransitGatewayAttachmentId",
    transit_gateway_id="TransitGatewayId",
    vpc_id="VpcId",
)
TABLE_FILTERS = _values(
    default_association_route_table="DefaultAssociationRouteTable",
    default_propagation_route_table="DefaultPropagationRouteTable",
    state="State",
    transit_gateway_id="TransitGatewayId",
    transit_gateway_route_table_id="TransitGatewayRouteTableId",
)
RELATION_FILTERS = _values(
    resource_id="ResourceId",
    resource_type="ResourceType",
    transit_gateway_attachment_id="TransitGatewayAttachmentId",
    transit_gateway_route_table_id="TransitGatewayRouteTableId",
)


class TransitAnswers:
    """Of one account and Region; `tags_of` tells the tags of a resource as a client sees them."""

    def __init__(self, backend: Any, tables: TransitTables, tags_of: Callable[[str], Mapping[str, str]]) -> None:
        self._backend = backend
        self._tables = tables
        self._tags_of = tags_of

    def gateway(self, gateway: TransitGateway) -> Listed:
        return self._listed(
            gateway.id,
            {
                "TransitGatewayId": gateway.id,
                "TransitGatewayArn": gateway.arn,
                "State": gateway.state,
                "OwnerId": gateway.owner_id,
                "Description": gateway.description,
                "CreationTime": gateway.creation_time,
                "Options": gateway.options,
            },
        )

    def attachment(self, attachment: Any) -> Listed:
        """Of anything: connections, concentrators, VPCs, peerings."""
        association = self._tables.association(attachment.id)
        return self._listed(
            attachment.id,
            {
                "TransitGatewayAttachmentId": attachment.id,
                "TransitGatewayId": attachment.transit_gateway_id,
                "TransitGatewayOwnerId": attachment.owner_id,
                "ResourceOwnerId": attachment.resource_owner_id,
                "ResourceType": attachment.resource_type,
                "ResourceId": attachment.resource_id,
                "State": attachment.state,
                "Association": association and _short(association),
                "CreationTime": attachment.create_time,
            },
        )

    def vpc_attachment(self, attachment: VpcAttachment) -> Listed:
        return self._listed(
            attachment.id,
            {
                "TransitGatewayAttachmentId": attachment.id,
                "TransitGatewayId": attachment.transit_gateway_id,
                "VpcId": attachment.vpc_id,
                "VpcOwnerId": attachment.vpc_owner_id,
                "State": attachment.state,
                "SubnetIds": attachment.subnet_ids,
                "CreationTime": attachment.create_time,
                "Options": attachment.options,
            },
        )

    def table(self, table: TransitRouteTable) -> Listed:
        options = self._backend.transit_gateways[table.transit_gateway_id].options
        return self._listed(
            table.id,
            {
                "TransitGatewayRouteTableId": table.id,
                "TransitGatewayId": table.transit_gateway_id,
                "State": table.state,
                "DefaultAssociationRouteTable": options.get("AssociationDefaultRouteTableId") == table.id,
                "DefaultPropagationRouteTable": options.get("PropagationDefaultRouteTableId") == table.id,
                "CreationTime": table.create_time,
            },
        )

    def _listed(self, resource_id: str, answer: Mapping[str, Any]) -> Listed:
        tags = self._tags_of(resource_id)
        return Listed({**answer, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}, tags)


def _short(relation: Relation) -> Mapping[str, str]:
    return {"TransitGatewayRouteTableId": relation.table_id, "State": relation.state}
