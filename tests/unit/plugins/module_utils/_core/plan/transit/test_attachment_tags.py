# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for the tags of an attachment: when there is one, what it takes over, and in which order."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    ConnectionWanted,
    Ref,
    TransitAttachment,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit.attachment_tags import part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit.route_tables import TransitConnection

NET = {"team": "net"}
OURS = tags.connection_tags("berlin", {})
FOREIGN = {"owner": "x"}


def on(
    user: Mapping[str, str],
    *,
    attachment: Mapping[str, str] | None = None,
    former: Mapping[str, str] | None = None,
    purge: bool = False,
) -> TransitConnection:
    """A connection with the tags of its site, and those of the attachments it has or had."""

    def bond(number: int, found: Mapping[str, str] | None) -> TransitAttachment | None:
        if found is None:
            return None
        return TransitAttachment(f"tgw-attach-{number}", "available", "tgw-1", "vpn-1", tags=found)

    want = ConnectionWanted("berlin", tags=tags.connection_tags("berlin", user), purge_tags=purge)
    return TransitConnection(want, want.ref, "tgw-1", bond(1, attachment), bond(2, former))


@pytest.mark.parametrize(
    "found",
    [
        on({}),
        on({}, attachment={}),
        on({}, attachment=FOREIGN, purge=True),
        on({}, former=FOREIGN),
    ],
)
def test_an_attachment_nobody_gave_tags_is_left_alone(found: TransitConnection) -> None:
    assert part(found) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (on(NET), {**OURS, **NET}),
        (on(NET, former=FOREIGN), {**OURS, **FOREIGN, **NET}),
        (on({}, former={**OURS, **NET, "aws:cloudformation:stack-id": "x"}), {**OURS, **NET}),
        (on({}, former={**OURS, **NET}, purge=True), OURS),
        (on({}, former={**OURS, "Name": "Berlin office"}), {**OURS, "Name": "Berlin office"}),
    ],
)
def test_the_first_tags_of_an_attachment(found: TransitConnection, expected: Mapping[str, str]) -> None:
    drawn = part(found)
    assert drawn is not None
    (action,) = drawn.actions
    assert (action.step.connection, action.step.tags) == (Ref("vpn_connection", "berlin"), expected)
    assert drawn.after == {"tags": expected}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (on(NET, attachment={**OURS, **NET}), []),
        (on({}, attachment={**OURS, **NET}), []),
        (
            on(NET, attachment={}),
            [(Stage.ENDS, "set tags Name, hybridnet:collection, hybridnet:connection, hybridnet:gateway, team")],
        ),
        (
            on(NET, attachment=FOREIGN, purge=True),
            [
                (Stage.ENDS, "set tags Name, hybridnet:collection, hybridnet:connection, hybridnet:gateway, team"),
                (Stage.TRANSIT_LEAVE, "remove tags owner"),
            ],
        ),
        (on({}, attachment={**OURS, **NET}, purge=True), [(Stage.TRANSIT_LEAVE, "remove tags team")]),
    ],
)
def test_changes_of_an_attachment_that_is_there(found: TransitConnection, expected: list[tuple[Stage, str]]) -> None:
    drawn = part(found)
    assert drawn is not None
    assert [(action.stage, action.detail) for action in drawn.actions] == expected
    assert {action.resource for action in drawn.actions} <= {"transit_gateway_attachment"}
