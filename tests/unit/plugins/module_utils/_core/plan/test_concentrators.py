# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for one VPN concentrator."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    Observed,
    VpnConcentrator,
    VpnConcentratorWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.concentrators import (
    concentrator_result,
    parts,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.dependents import Dependents
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConcentrator,
    DeleteConcentrator,
    RemoveTags,
    SetTags,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.tags import transit_tags

TAGS = transit_tags("tgw-1", {})
ACTUAL = VpnConcentrator(
    id="vcn-1", state="available", transit_gateway_id="tgw-1", transit_gateway_attachment_id="tgw-attach-1", tags=TAGS
)


def wanted(**more: Any) -> VpnConcentratorWanted:
    return VpnConcentratorWanted("tgw-1", **{"tags": TAGS, **more})


def connection(connection_id: str, state: str = "available") -> Connection:
    return Connection(
        id=connection_id,
        state=state,
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id=None,
        routing="bgp",
        vpn_concentrator_id="vcn-1",
    )


NOBODY = Dependents(Observed(), ())


def plan(
    want: VpnConcentratorWanted,
    have: VpnConcentrator | None,
    *connections: Connection,
    transit_gateways: Collection[str] = ("tgw-1",),
) -> Part:
    (part,) = parts(want, have, Dependents(Observed(connections=connections), ()), transit_gateways)
    return part


def test_creation() -> None:
    part = plan(wanted(named_by="berlin"), None)
    (action,) = part.actions
    assert action.step == CreateConcentrator(wanted().ref, "tgw-1", TAGS)
    assert action.line == "berlin  create vpn concentrator for tgw-1"
    assert (part.before, part.after, part.refusals) == (None, {"transit_gateway_id": "tgw-1", "tags": TAGS}, ())


def test_creation_needs_the_transit_gateway() -> None:
    (text,) = plan(wanted(), None, transit_gateways=()).refusals
    assert text.startswith("tgw-1: transit gateway tgw-1 does not exist in this Region")


def test_nothing_to_do() -> None:
    part = plan(wanted(), ACTUAL)
    assert (part.actions, part.unchanged, part.refusals) == ((), 1, ())


def test_tags_change_in_place() -> None:
    actual = VpnConcentrator(
        id="vcn-1",
        state="available",
        transit_gateway_id="tgw-1",
        transit_gateway_attachment_id=None,
        tags={**TAGS, "old": "x"},
    )
    part = plan(wanted(tags={**TAGS, "env": "lab"}, purge_tags=True), actual)
    assert [action.step for action in part.actions] == [SetTags("vcn-1", {"env": "lab"}), RemoveTags("vcn-1", ("old",))]
    assert part.after is not None
    assert part.after["tags"] == {**TAGS, "env": "lab"}


def test_removal() -> None:
    part = plan(wanted(present=False), ACTUAL)
    assert [action.step for action in part.actions] == [DeleteConcentrator("vcn-1")]
    assert (part.after, part.refusals) == ({}, ())
    assert parts(wanted(present=False), None, NOBODY, ()) == []


def test_removal_waits_for_a_connection_that_is_being_deleted() -> None:
    part = plan(wanted(present=False), ACTUAL, connection("vpn-1", "deleting"))
    assert [action.step for action in part.actions] == [DeleteConcentrator("vcn-1", ("vpn-1",))]
    assert part.refusals == ()


def test_removal_is_refused_while_it_is_used() -> None:
    part = plan(wanted(present=False), ACTUAL, connection("vpn-2"), connection("vpn-1"))
    assert part.refusals == ("tgw-1: vcn-1 is used by vpn-1 (not of this collection), vpn-2 (not of this collection)",)


def test_result() -> None:
    assert concentrator_result(ACTUAL) == {
        "vpn_concentrator_id": "vcn-1",
        "state": "available",
        "transit_gateway_id": "tgw-1",
        "transit_gateway_attachment_id": "tgw-attach-1",
        "tags": TAGS,
    }
