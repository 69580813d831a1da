# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers are written by code of our own: they must be what moto's serializer would have written, only quicker."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest
from botocore.parsers import EC2QueryParser
from moto.core.responses import ActionContext
from moto.core.serialize import EC2Serializer
from moto.core.utils import get_service_model
from vpn_emulator.ec2 import answer
from vpn_emulator.ec2.answer import Answer, Shown

SITES = 300


def parse(operation: str, body: str) -> Any:
    shape = get_service_model("ec2").operation_model(operation).output_shape
    response = {"status_code": 200, "headers": {}, "body": body.encode()}
    parsed = EC2QueryParser().parse(response, shape)
    return {name: value for name, value in parsed.items() if name != "ResponseMetadata"}


def plain(value: Any) -> Any:
    if isinstance(value, Shown):
        return plain(value.answer)
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def test_they_read_as_those_of_moto(region: Any, ec2: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs: list[tuple[str, Any, Any]] = []
    write = Answer.execute_result

    def write_both(self: Answer, context: ActionContext) -> Any:
        ours = write(self, context)
        operation = context.operation_model
        theirs = EC2Serializer(operation_model=operation, value_picker=lambda one: one.obj.get(one.key))
        expected = theirs.serialize(plain(self.result))
        status, headers, body = ours
        theirs_answered = (expected["status_code"], expected["headers"], expected["body"])
        pairs.append((operation.name, (status, dict(headers), body), theirs_answered))
        return ours

    monkeypatch.setattr(Answer, "execute_result", write_both)
    gateway_id = region.transit_gateway()
    tags = [{"ResourceType": "vpn-connection", "Tags": [{"Key": "Name", "Value": "a <b> & \"c\" 'd' \u00fc"}]}]
    sent = {
        "Phase1DHGroupNumbers": [{"Value": 20}],
        "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": False}},
        "EnableTunnelLifecycleControl": True,
        "Phase1AdditionalKeyExchanges": [
            {"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": [{"Value": 35}], "Requirement": "optional"}
        ],
    }
    for _again in range(2):
        region.connection([sent], TransitGatewayId=gateway_id, TagSpecifications=tags)
        ec2.describe_vpn_connections()
    ec2.describe_customer_gateways()
    region.vpn_gateway(AmazonSideAsn=4200000000)
    ec2.describe_vpn_gateways()
    ec2.describe_transit_gateways()
    ec2.describe_transit_gateway_attachments()
    ec2.describe_transit_gateway_route_tables()
    assert len(pairs) == 13
    for operation, ours, expected in pairs:
        assert ours[:2] == expected[:2]
        assert parse(operation, ours[2]) == parse(operation, expected[2])


def test_what_changed_is_written_anew(region: Any, ec2: Any) -> None:
    connection_id = region.connection()["VpnConnectionId"]
    region.show(connection_id)
    ec2.create_tags(Resources=[connection_id], Tags=[{"Key": "Name", "Value": "berlin"}])
    assert region.show(connection_id)["Tags"] == [{"Key": "Name", "Value": "berlin"}]


def test_many_connections_are_described_quickly(emulator: Any, region: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds of this process, not of the wall, and with room: it is about orders of magnitude."""
    emulator.quotas.lift()
    gateway_id, device = region.transit_gateway(), region.customer_gateway()
    for _each in range(SITES):
        region.connection(CustomerGatewayId=device, TransitGatewayId=gateway_id)
    spent: list[float] = []
    write = Answer.execute_result

    def timed(self: Answer, context: ActionContext) -> Any:
        began = time.thread_time()
        written = write(self, context)
        spent.append(time.thread_time() - began)
        return written

    monkeypatch.setattr(answer.Answer, "execute_result", timed)
    client = boto3.client("ec2", **emulator.client_options())
    for _again in range(2):
        assert len(client.describe_vpn_connections()["VpnConnections"]) == SITES
    assert spent[1] < 0.05
