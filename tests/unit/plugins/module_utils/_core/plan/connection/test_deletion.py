# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for the removal of all connections of one name."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.deletion import removal_parts

from .builders import existing, outgoing


def test_removal_takes_all() -> None:
    parts = removal_parts("berlin", [outgoing(), existing(2)])
    assert [(part.resource, part.after) for part in parts] == [("vpn_connection", {}), ("vpn_connection vpn-1", {})]
    assert [action.id for part in parts for action in part.actions] == ["vpn-2", "vpn-1"]
    (alone,) = removal_parts("berlin", [outgoing()])
    assert alone.resource == "vpn_connection"
