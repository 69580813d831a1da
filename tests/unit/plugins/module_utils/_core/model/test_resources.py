# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the model knows of itself: where keys lie, what is attached, what is outgoing, what is asked of route tables."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    SECRETS_MANAGER,
    STANDARD,
    Attachment,
    Connection,
    Ref,
    TransitRouting,
    Tunnel,
    VpnGateway,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret

CONNECTION = Connection(
    id="vpn-1",
    state="available",
    customer_gateway_id="cgw-1",
    vpn_gateway_id=None,
    transit_gateway_id="tgw-1",
    routing="bgp",
)
KEY = Secret("some_key_1")


@pytest.mark.parametrize(
    ("arn", "keys", "tunnels", "whole"),
    [
        (None, (KEY, KEY), (STANDARD, STANDARD), STANDARD),
        # Keys that may not be read are no sign of Secrets Manager.
        (None, (None, None), (STANDARD, STANDARD), STANDARD),
        ("arn", (None, None), (SECRETS_MANAGER, SECRETS_MANAGER), SECRETS_MANAGER),
        # On the way there or back one tunnel is in each place; the ARN stays set after switching back.
        ("arn", (None, KEY), (SECRETS_MANAGER, STANDARD), STANDARD),
        ("arn", (KEY, KEY), (STANDARD, STANDARD), STANDARD),
        ("arn", (), (), STANDARD),
    ],
)
def test_where_the_keys_lie(
    arn: str | None, keys: tuple[Secret | None, ...], tunnels: tuple[str, ...], whole: str
) -> None:
    found = tuple(Tunnel(number, None, None, key) for number, key in enumerate(keys, 1))
    connection = dataclasses.replace(CONNECTION, pre_shared_key_arn=arn, tunnels=found)
    assert tuple(map(connection.storage_of, found)) == tunnels
    assert connection.pre_shared_key_storage == whole


def test_a_detached_gateway_is_attached_to_nothing() -> None:
    bonds = (Attachment("vpc-1", "detached"), Attachment("vpc-2", "attaching"), Attachment("vpc-1", "detaching"))
    gateway = VpnGateway("vgw-1", "available", 64512, bonds)
    assert gateway.live_attachments == [bonds[1], bonds[2]]
    assert gateway.attachment("vpc-1") is bonds[2]
    assert dataclasses.replace(gateway, attachments=bonds[:2]).attachment("vpc-1") is None


@pytest.mark.parametrize(("tags", "is_outgoing"), [({}, False), ({OUTGOING_TAG: "true"}, True)])
def test_outgoing(tags: dict[str, str], is_outgoing: bool) -> None:
    assert dataclasses.replace(CONNECTION, tags=tags).is_outgoing is is_outgoing


def test_a_resource_that_does_not_exist_yet_is_named_by_what_it_is_for() -> None:
    assert str(Ref("vpn_gateway", "vpc-1")) == "vpn gateway of vpc-1"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        ({}, None),
        ({"associate_with": None, "propagate_to": None}, None),
        # An empty list is asked for: no route table.
        ({"propagate_to": []}, TransitRouting(propagate_to=(), cidrs=("10.20.0.0/16",))),
        (
            {"associate_with": "a", "propagate_to": ["c", "b", "c"], "static_routes_to": ["b"]},
            TransitRouting("a", ("b", "c"), ("b",), ("10.20.0.0/16",)),
        ),
    ],
)
def test_what_is_asked_of_route_tables(given: dict[str, Any] | None, expected: TransitRouting | None) -> None:
    assert TransitRouting.of(given, ["10.20.0.0/16"]) == expected
