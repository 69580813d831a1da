# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls on the transit gateway side one by one: what AWS refuses, and what is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply import transit
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.run import Run
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApiError, InvalidState, VpnError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    TransitAttachment,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import steps
from botocore.config import Config
from botocore.stub import Stubber

TABLE, ATTACHMENT, CONNECTION, CIDR = "tgw-rtb-1", "tgw-attach-1", "vpn-1", "10.20.0.0/16"
PAIR = {"TransitGatewayRouteTableId": TABLE, "TransitGatewayAttachmentId": ATTACHMENT}


class Edge:
    """A run against stubbed answers, with a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        client = boto3.client("ec2", region_name="eu-central-1", **keys, config=Config(**client_config()))
        self.stub = Stubber(client)
        self.ec2 = Ec2(client, Clock(lambda: self.now, self._sleep, lambda: 1.0))
        self.run = Run(self.ec2, 100.0)
        self.run.attachments[CONNECTION] = TransitAttachment(ATTACHMENT, "available", "tgw-1", CONNECTION)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def do(self, step: Any) -> Any:
        return transit.HANDLERS[type(step)](self.run, step)

    def attached_to(self, table: str) -> None:
        association = {"TransitGatewayRouteTableId": table, "State": "associated"}
        entry = {"TransitGatewayAttachmentId": ATTACHMENT, "ResourceId": CONNECTION, "State": "available"}
        found = [{**entry, "TransitGatewayId": "tgw-1", "Association": association}]
        self.stub.add_response("describe_transit_gateway_attachments", {"TransitGatewayAttachments": found})

    def routed_to(self, attachment: str) -> None:
        target = [{"TransitGatewayAttachmentId": attachment, "ResourceId": "vpn-x"}]
        found = [{"DestinationCidrBlock": CIDR, "State": "active", "TransitGatewayAttachments": target}]
        self.stub.add_response("search_transit_gateway_routes", {"Routes": found})


@pytest.fixture
def edge() -> Iterator[Edge]:
    edge = Edge()
    with edge.stub:
        yield edge
        edge.stub.assert_no_pending_responses()


Step = Callable[..., Any]
ASSOCIATE, ROUTE = steps.AssociateTransit(CONNECTION, TABLE), steps.CreateTransitRoute(CONNECTION, TABLE, CIDR)


def test_an_association_that_an_earlier_attempt_made(edge: Edge) -> None:
    edge.stub.add_client_error("associate_transit_gateway_route_table", "Resource.AlreadyAssociated")
    edge.attached_to(TABLE)
    (condition,) = edge.do(ASSOCIATE)
    assert condition.text == f"its attachment to be associated with {TABLE}"


def test_an_association_of_somebody_else(edge: Edge) -> None:
    edge.stub.add_client_error("associate_transit_gateway_route_table", "Resource.AlreadyAssociated")
    edge.attached_to("tgw-rtb-2")
    with pytest.raises(ApiError, match="AlreadyAssociated"):
        edge.do(ASSOCIATE)


def test_a_route_that_an_earlier_attempt_made(edge: Edge) -> None:
    edge.stub.add_client_error("create_transit_gateway_route", "RouteAlreadyExists")
    edge.routed_to(ATTACHMENT)
    assert edge.do(ROUTE) == []


def test_a_route_of_somebody_else(edge: Edge) -> None:
    edge.stub.add_client_error("create_transit_gateway_route", "RouteAlreadyExists")
    edge.routed_to("tgw-attach-2")
    with pytest.raises(ApiError, match="RouteAlreadyExists"):
        edge.do(ROUTE)


def test_a_route_that_went_with_its_attachment_is_made_anew(edge: Edge) -> None:
    edge.stub.add_client_error("replace_transit_gateway_route", "InvalidRoute.NotFound")
    edge.stub.add_response("create_transit_gateway_route", {}, {"DestinationCidrBlock": CIDR, **PAIR})
    assert edge.do(steps.ReplaceTransitRoute(CONNECTION, TABLE, CIDR)) == []


def test_propagation_that_is_there_already(edge: Edge) -> None:
    call = "enable_transit_gateway_route_table_propagation"
    edge.stub.add_client_error(call, "TransitGatewayRouteTablePropagation.Duplicate")
    assert edge.do(steps.EnableTransitPropagation(CONNECTION, TABLE)) == []


@pytest.mark.parametrize(
    ("step", "call", "code"),
    [
        (
            steps.DisableTransitPropagation,
            "disable_transit_gateway_route_table_propagation",
            "TransitGatewayRouteTablePropagation.NotFound",
        ),
        (steps.DisassociateTransit, "disassociate_transit_gateway_route_table", "InvalidAssociation.NotFound"),
    ],
)
def test_what_is_not_there_needs_no_end(edge: Edge, step: Step, call: str, code: str) -> None:
    edge.stub.add_client_error(call, code)
    edge.do(step(CONNECTION, TABLE))


def test_a_route_that_is_not_there_needs_no_end(edge: Edge) -> None:
    edge.stub.add_client_error("delete_transit_gateway_route", "InvalidRoute.NotFound")
    assert edge.do(steps.DeleteTransitRoute(CONNECTION, TABLE, CIDR)) == []


@pytest.mark.parametrize(
    ("step", "call", "code"),
    [
        (ASSOCIATE, "associate_transit_gateway_route_table", "InvalidRouteTableID.NotFound"),
        (
            steps.EnableTransitPropagation(CONNECTION, TABLE),
            "enable_transit_gateway_route_table_propagation",
            "InvalidTransitGatewayAttachmentID.NotFound",
        ),
        (ROUTE, "create_transit_gateway_route", "InvalidRouteTableID.NotFound"),
    ],
)
def test_what_does_not_exist_is_told(edge: Edge, step: Any, call: str, code: str) -> None:
    edge.stub.add_client_error(call, code)
    if step is ASSOCIATE:
        edge.attached_to("tgw-rtb-2")
    with pytest.raises(ApiError, match=code):
        edge.do(step)


def test_a_change_waits_for_the_one_before_it_and_no_longer_than_allowed(edge: Edge) -> None:
    call = "enable_transit_gateway_route_table_propagation"
    edge.stub.add_client_error(call, "IncorrectState")
    edge.stub.add_response(call, {}, PAIR)
    edge.do(steps.EnableTransitPropagation(CONNECTION, TABLE))
    edge.now = edge.run.deadline
    edge.stub.add_client_error(call, "IncorrectState")
    with pytest.raises(InvalidState):
        edge.do(steps.EnableTransitPropagation(CONNECTION, TABLE))


def test_a_connection_without_an_attachment(edge: Edge) -> None:
    with pytest.raises(VpnError, match="vpn-2 has no attachment"):
        edge.do(steps.AssociateTransit("vpn-2", TABLE))
