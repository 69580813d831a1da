# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacement of connections: what forces it, what it needs, and in which order it happens."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Consent,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.connection import connection_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.replacement import reasons
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Interruption, Part, Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
    DeleteConnection,
    SetTags,
)

from .builders import existing, wanted

TGW = Ends("cgw-1", transit_gateway_id="tgw-1")
VGW = Ends("cgw-1", vpn_gateway="vgw-1")
VCN = Ends("cgw-1", vpn_concentrator="vcn-1")
NONE = Ends("cgw-1", unattached=True)
REPLACE = Consent(allow_replacement=True)
DELETE_FIRST = Consent(allow_replacement=True, delete_first=True)
FAST = {"enable_acceleration": True}


def steps(part: Part) -> list[type]:
    return [type(action.step) for action in part.actions]


@pytest.mark.parametrize(
    ("changes", "have", "ends", "expected"),
    [
        ({}, {}, TGW, ()),
        ({}, {}, Ends("cgw-2", transit_gateway_id="tgw-2"), ()),
        ({}, {}, VGW, ()),
        ({}, {}, Ends("cgw-1"), ()),
        ({}, {"transit_gateway_id": None}, TGW, ()),
        ({}, {"transit_gateway_id": None}, NONE, ()),
        ({"options": {"tunnel_bandwidth": "large"}}, {}, TGW, ()),
        ({"options": {"enable_acceleration": False}}, {}, TGW, ()),
        ({"options": FAST}, {"options": FAST}, TGW, ()),
        ({"options": FAST}, {}, TGW, ("enable_acceleration: True",)),
        ({"routing": "static"}, {}, TGW, ("routing: static",)),
        ({"options": {"outside_ip_address_type": "Ipv6"}}, {}, TGW, ("outside_ip_address_type: Ipv6",)),
        (
            {"options": {"transport_transit_gateway_attachment_id": "tgw-attach-2"}},
            {"options": {"transport_transit_gateway_attachment_id": "tgw-attach-1"}},
            TGW,
            ("transport_transit_gateway_attachment_id: tgw-attach-2",),
        ),
        ({}, {}, VCN, ("target: vcn-1",)),
        ({}, {}, NONE, ("target: no target",)),
        ({}, {"transit_gateway_id": None, "vpn_concentrator_id": "vcn-1"}, VCN, ()),
        ({}, {"transit_gateway_id": None, "vpn_concentrator_id": "vcn-1"}, TGW, ("target: tgw-1",)),
    ],
)
def test_what_only_a_new_connection_can_have(
    changes: dict[str, Any], have: dict[str, Any], ends: Ends, expected: tuple[str, ...]
) -> None:
    assert reasons(wanted(**changes), existing(**have), ends) == expected


def test_beside_the_old_one() -> None:
    part = connection_part(wanted(options=FAST), existing(), TGW, REPLACE)
    assert part.refusals == ()
    mark, replace = part.actions
    assert isinstance(mark.step, SetTags)
    assert (mark.stage, mark.interruption) == (Stage.MARK, Interruption.NONE)
    assert isinstance(replace.step, CreateConnection)
    assert replace.step.replaces == "vpn-1"
    assert OUTGOING_TAG not in replace.step.tags
    assert replace.line == (
        "berlin  replace vpn connection vpn-1 by a new one, bgp to tgw-1 (enable_acceleration: True)"
        "  [replaces the connection: new outside addresses]"
    )
    assert part.after is not None
    assert part.after["outgoing"] == ["vpn-1"]


def test_after_the_old_one() -> None:
    part = connection_part(wanted(options=FAST), existing(), TGW, DELETE_FIRST)
    assert steps(part) == [DeleteConnection, CreateConnection]
    assert [action.stage for action in part.actions] == [Stage.REMOVE_OLD, Stage.CONNECTIONS]


@pytest.mark.parametrize("consent", [Consent(), Consent(allow_interruption=True, force_tunnel_change=True)])
def test_it_needs_a_consent_of_its_own(consent: Consent) -> None:
    (refusal,) = connection_part(wanted(options=FAST), existing(), TGW, consent).refusals
    assert "allow_replacement" in refusal
    assert "vpn-1" in refusal


def test_inside_networks_are_not_shared_on_one_virtual_private_gateway() -> None:
    have = existing(vpn_gateway_id="vgw-1", transit_gateway_id=None)
    pinned = (TunnelWanted({"inside_cidr": "169.254.20.4/30"}),)
    want = wanted(routing="static", tunnels=pinned)
    (refusal,) = connection_part(want, have, VGW, REPLACE).refusals
    assert "replacement_order=delete_first" in refusal
    assert connection_part(want, have, VGW, DELETE_FIRST).refusals == ()
    assert connection_part(want, have, TGW, REPLACE).refusals == ()
