# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags: what is set, what is removed, and the Name others gave."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import VpnConcentrator
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.nouns import VPN_CONCENTRATOR
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags

OURS = tags.connection_tags("berlin", {})


def details(wanted: dict[str, str], actual: dict[str, str], purge: bool = False) -> list[str]:
    found = VpnConcentrator("vcn-1", "available", "tgw-1", tags=actual)
    return [action.detail for action in tags.actions("berlin", VPN_CONCENTRATOR, found, wanted=wanted, purge=purge)]


@pytest.mark.parametrize(
    ("user", "actual", "purge", "expected", "after"),
    [
        ({}, {}, False, ["set tags Name, hybridnet:collection, hybridnet:connection, hybridnet:gateway"], OURS),
        ({}, {**OURS, "Name": "vpn-42"}, False, [], {**OURS, "Name": "vpn-42"}),
        ({}, {**OURS, "Name": "vpn-42"}, True, [], {**OURS, "Name": "vpn-42"}),
        ({"Name": "b"}, {**OURS, "Name": "vpn-42"}, False, ["set tags Name"], {**OURS, "Name": "b"}),
        ({}, {**OURS, "env": "lab"}, False, [], {**OURS, "env": "lab"}),
        ({}, {**OURS, "env": "lab", "aws:x": "y"}, True, ["remove tags env"], {**OURS, "aws:x": "y"}),
    ],
)
def test_a_name_that_is_there_gives_way_to_a_chosen_one_only(
    user: dict[str, str], actual: dict[str, str], purge: bool, expected: list[str], after: dict[str, str]
) -> None:
    wanted = tags.connection_tags("berlin", user)
    assert details(wanted, actual, purge) == expected
    assert tags.merged(wanted, actual, purge) == after
