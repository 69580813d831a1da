# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters are read as the SDK writes them, for every action of the EC2 service model."""

from __future__ import annotations

import datetime
import random
import re
from typing import Any

import botocore.session
import pytest
from botocore.model import Shape
from botocore.serialize import EC2Serializer
from moto.core.utils import get_service_model
from vpn_emulator.ec2 import parameters

MODEL = botocore.session.get_session().get_service_model("ec2")
CHOICE = random.Random(6)  # noqa: S311  # for examples
VALUES: dict[str, Any] = {
    "blob": b"\x00\xff",
    "boolean": True,
    "double": 1.5,
    "integer": -7,
    "long": 4294967294,
    "string": "a <b> & ü, 'c'",
    "timestamp": datetime.datetime(2026, 11, 27, 8, 30),  # as moto has them
}


def example(shape: Shape) -> Any:
    """A value with all that there can be: every member, and one or two entries in a list."""
    if shape.type_name == "structure":
        return {name: example(member) for name, member in shape.members.items()}
    if shape.type_name == "list":
        if shape.member.type_name == "string":
            return [f"value{number}" for number in range(CHOICE.choice((1, 12)))]
        return [example(shape.member) for _each in range(CHOICE.choice((1, 2)))]
    return VALUES[shape.type_name]


def read(action: str, request: dict[str, str]) -> dict[str, Any]:
    return parameters.read(get_service_model("ec2").operation_model(action).input_shape, request)


def test_all_that_an_sdk_can_send_is_read_back() -> None:
    serializer = EC2Serializer()
    for action in MODEL.operation_names:
        operation = MODEL.operation_model(action)
        if operation.input_shape is not None:
            sent = example(operation.input_shape)
            body = serializer.serialize_to_request(sent, operation)["body"]
            assert read(action, {name: str(value) for name, value in body.items()}) == sent, action


def test_an_empty_entry_keeps_its_tunnel() -> None:
    """An empty structure leaves nothing in the request."""
    request = {"Options.TunnelOptions.2.StartupAction": "start"}
    assert read("CreateVpnConnection", request) == {"Options": {"TunnelOptions": [{}, {"StartupAction": "start"}]}}


def test_entries_are_in_the_order_of_their_numbers() -> None:
    request = {f"VpnConnectionId.{number}": f"vpn-{number}" for number in (10, 9, 2)}
    assert read("DescribeVpnConnections", request) == {"VpnConnectionIds": ["vpn-2", "vpn-9", "vpn-10"]}


@pytest.mark.parametrize("character", ["\t", "\n", "\r", " ", "~", "\ud7ff", "\ue000", "\ufffd", "\U0010ffff"])
def test_what_xml_can_carry(character: str) -> None:
    assert not parameters.NOT_XML.search(character)


def test_what_xml_cannot_carry() -> None:
    forbidden = [*map(chr, range(9)), "\x0b", "\x0c", *map(chr, range(14, 32)), "\ud800", "\udfff", "\ufffe", "\uffff"]
    assert [one for one in forbidden if not re.fullmatch(parameters.NOT_XML, one)] == []
