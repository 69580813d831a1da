# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outgoing connections: when they go, when they stay, and when one is kept after all."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Consent,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.connection import connection_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
    DeleteConnection,
    RemoveTags,
)

from .builders import existing, outgoing, wanted

TGW = Ends("cgw-1", transit_gateway_id="tgw-1")
DELETE_FIRST = Consent(allow_replacement=True, delete_first=True)
FAST = {"enable_acceleration": True}


def steps(part: Part) -> list[type]:
    return [type(action.step) for action in part.actions]


def test_the_old_one_stays_until_the_new_one_is_up() -> None:
    part = connection_part(wanted(), existing(2), TGW, Consent(), outgoing=[outgoing()])
    assert part.actions == ()
    (warning,) = part.warnings
    assert "vpn-1" in warning
    assert "vpn-2" in warning

    part = connection_part(wanted(), existing(2, ("UP", "UP")), TGW, Consent(), outgoing=[outgoing()])
    (farewell,) = part.actions
    assert farewell.line == "berlin  delete vpn connection vpn-1 outgoing, vpn-2 is up in its place"
    assert part.refusals == part.warnings == ()


def test_a_run_that_stopped_after_the_mark_is_resumed() -> None:
    part = connection_part(wanted(options=FAST), None, TGW, Consent(), outgoing=[outgoing()])
    assert part.refusals == ()
    assert steps(part) == [CreateConnection]


def test_a_run_that_found_no_room_is_resumed_the_other_way() -> None:
    part = connection_part(wanted(options=FAST), None, TGW, DELETE_FIRST, outgoing=[outgoing()])
    assert part.refusals == ()
    assert set(steps(part)) == {DeleteConnection, CreateConnection}
    refused = connection_part(wanted(options=FAST), None, TGW, Consent(delete_first=True), outgoing=[outgoing()])
    assert "allow_replacement" in refused.refusals[0]


def test_nothing_made_and_nothing_wanted_any_more_takes_the_mark_off() -> None:
    part = connection_part(wanted(), None, TGW, Consent(), outgoing=[outgoing()])
    assert steps(part) == [RemoveTags]
    assert part.before is not None
    assert part.after is not None
    assert OUTGOING_TAG in part.before["tags"]
    assert OUTGOING_TAG not in part.after["tags"]
