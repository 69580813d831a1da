# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that AWS has and that the list does not have: which are named, and in which words."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Connection,
    Observed,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.unlisted import warnings

DUBLIN = Access("eu-west-1")
ELSEWHERE = Access("eu-central-1")
HUB = tags.connection_tags("hub/backup", {})


def given(connection: str, access: Access = DUBLIN) -> ConnectionEntry:
    return ConnectionEntry("hub", "198.51.100.10", 65010, connection=connection, access=access)


def found(own: dict[str, str], state: str = "available") -> Observed:
    there = Connection(
        id="vpn-1",
        state=state,
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tags=own,
    )
    return Observed(connections=(there,))


@pytest.mark.parametrize(
    ("entries", "observed", "is_named"),
    [
        ([given("main")], found(HUB), True),
        ([given("backup")], found(HUB), False),
        # It is in one Region, and given for another.
        ([given("main"), given("backup", ELSEWHERE)], found(HUB), True),
        # Two ways can lead into one account.
        ([given("main"), given("backup", Access("eu-west-1", "other"))], found(HUB), False),
        # All that the gateway has here is given no more.
        ([given("main", ELSEWHERE)], found(HUB), True),
        ([given("backup")], found(tags.connection_tags("hub", {})), True),
        ([given("backup")], found({**HUB, OUTGOING_TAG: "true"}), False),
        ([given("main")], found({**HUB, OUTGOING_TAG: "true"}), True),
        ([given("main")], found(HUB, "deleting"), False),
        # Of another gateway, and of nobody we know.
        ([given("main")], found(tags.connection_tags("oslo/backup", {})), False),
        ([given("main")], found({"hybridnet:gateway": "hub", "hybridnet:connection": "backup"}), False),
        ([], found(HUB), False),
    ],
)
def test_which_are_named(entries: list[ConnectionEntry], observed: Observed, is_named: bool) -> None:
    assert bool(warnings(entries, DUBLIN, observed)) is is_named


def test_a_name_that_others_wrote_is_one_short_line() -> None:
    """Many people can tag a connection."""
    (text,) = warnings([given("main")], DUBLIN, found({**HUB, "hybridnet:connection": "a\nb" * 99}))
    assert text.isprintable()
    assert len(text) < 600
    assert r"hub/a\nba\nb" in text
