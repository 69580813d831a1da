# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for one VPN concentrator."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    VpnConcentrator,
    VpnConcentratorWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.concentrators import (
    concentrator_part,
    concentrator_result,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConcentrator,
    DeleteConcentrator,
    RemoveTags,
    SetTags,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.tags import transit_tags

TAGS = transit_tags("tgw-1", {})
ACTUAL = VpnConcentrator("vcn-1", "available", "tgw-1", "tgw-attach-1", TAGS)


def wanted(**more: Any) -> VpnConcentratorWanted:
    return VpnConcentratorWanted("tgw-1", **{"tags": TAGS, **more})


def test_creation() -> None:
    part = concentrator_part(wanted(site="berlin"), None, (), {"tgw-1"})
    (action,) = part.actions
    assert action.step == CreateConcentrator(wanted().ref, "tgw-1", TAGS)
    assert action.line == "berlin  create vpn concentrator for tgw-1"
    assert (part.before, part.after, part.refusals) == (None, {"transit_gateway_id": "tgw-1", "tags": TAGS}, ())


def test_creation_needs_the_transit_gateway() -> None:
    (text,) = concentrator_part(wanted(), None, (), ()).refusals
    assert text.startswith("tgw-1: transit gateway tgw-1 does not exist in this Region")


def test_nothing_to_do() -> None:
    part = concentrator_part(wanted(), ACTUAL, (), ())
    assert (part.actions, part.unchanged, part.refusals) == ((), 1, ())


def test_tags_change_in_place() -> None:
    actual = VpnConcentrator("vcn-1", "available", "tgw-1", None, {**TAGS, "old": "x"})
    part = concentrator_part(wanted(tags={**TAGS, "env": "lab"}, purge_tags=True), actual, (), ())
    assert [action.step for action in part.actions] == [SetTags("vcn-1", {"env": "lab"}), RemoveTags("vcn-1", ("old",))]
    assert part.after is not None
    assert part.after["tags"] == {**TAGS, "env": "lab"}


def test_removal() -> None:
    part = concentrator_part(wanted(present=False), ACTUAL, (), ())
    assert [action.step for action in part.actions] == [DeleteConcentrator("vcn-1")]
    assert (part.after, part.refusals) == ({}, ())
    used = concentrator_part(wanted(present=False), ACTUAL, ("vpn-2", "vpn-1"), ())
    assert used.refusals == ("tgw-1: vcn-1 is used by vpn-1, vpn-2",)
    assert concentrator_part(wanted(present=False), None, (), ()).actions == ()


def test_result() -> None:
    assert concentrator_result(ACTUAL) == {
        "vpn_concentrator_id": "vcn-1",
        "state": "available",
        "transit_gateway_id": "tgw-1",
        "transit_gateway_attachment_id": "tgw-attach-1",
        "tags": TAGS,
    }
