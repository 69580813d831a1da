# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection: made, changed in place, replaced or refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    Consent,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.connection import connection_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
    DeleteConnection,
    ModifyConnection,
    ModifyConnectionOptions,
    RemoveTags,
    SetTags,
)

from .builders import OURS, existing, outgoing

TGW, VGW = Ends("cgw-1", transit_gateway_id="tgw-1"), Ends("cgw-1", vpn_gateway="vgw-1")
ALL = Consent(allow_interruption=True, force_tunnel_change=True, allow_replacement=True)
FAST = {"enable_acceleration": True}
WANTED = ConnectionWanted("berlin", "cgw-1", transit_gateway_id="tgw-1", tags=OURS)


@pytest.mark.parametrize(
    ("changes", "actual", "others", "ends", "steps"),
    [
        ({}, None, (), TGW, [CreateConnection]),
        ({}, existing(), (), TGW, []),
        ({}, existing(), (), VGW, [ModifyConnection]),
        ({"options": {"tunnel_bandwidth": "large"}}, existing(), (), TGW, [ModifyConnectionOptions]),
        ({"options": FAST}, existing(), (), TGW, [SetTags, CreateConnection]),
        ({"routing": "static"}, existing(), (), TGW, [SetTags, CreateConnection]),
        # The successor of an outgoing one is not there yet, or is not wanted any more, or is up.
        ({"options": FAST}, None, (outgoing(),), TGW, [CreateConnection]),
        ({}, None, (outgoing(),), TGW, [RemoveTags]),
        ({}, None, (outgoing(),), VGW, [RemoveTags, ModifyConnection]),
        ({}, existing(2), (outgoing(),), TGW, []),
        ({}, existing(2, ("UP", "DOWN")), (outgoing(),), TGW, [DeleteConnection]),
        # With two that could be kept, none is chosen for being the first.
        ({}, None, (outgoing(1), outgoing(2)), TGW, [CreateConnection]),
    ],
)
def test_what_becomes_of_a_connection(
    changes: dict[str, Any], actual: Connection | None, others: tuple[Connection, ...], ends: Ends, steps: list[type]
) -> None:
    part = connection_part(dataclasses.replace(WANTED, **changes), actual, ends, ALL, outgoing=others)
    assert [type(action.step) for action in part.actions] == steps
    assert part.refusals == ()


def test_another_routing_would_be_a_replacement_and_is_refused() -> None:
    consent = Consent(allow_interruption=True, force_tunnel_change=True)
    part = connection_part(dataclasses.replace(WANTED, routing="static"), existing(), TGW, consent)
    assert any("new connection" in text for text in part.refusals)


def test_the_successor_of_an_outgoing_connection_takes_its_place() -> None:
    old = dataclasses.replace(outgoing(), options={"local_ipv4_network_cidr": "128.0.0.0/1"})
    part = connection_part(dataclasses.replace(WANTED, options=FAST), None, TGW, ALL, outgoing=[old])
    (create,) = part.actions
    assert isinstance(create.step, CreateConnection)
    assert create.step.replaces == "vpn-1"
    assert create.step.options == {"static_routes_only": False, "local_ipv4_network_cidr": "128.0.0.0/1", **FAST}
    assert part.after is not None
    assert part.after["outgoing"] == ["vpn-1"]


def test_a_successor_whose_target_is_not_named_is_on_that_of_the_outgoing_connection() -> None:
    want = dataclasses.replace(WANTED, transit_gateway_id=None, options=FAST)
    part = connection_part(want, None, Ends("cgw-1"), ALL, outgoing=[outgoing()])
    (create,) = part.actions
    assert isinstance(create.step, CreateConnection)
    assert (create.step.transit_gateway_id, part.refusals) == ("tgw-1", ())
