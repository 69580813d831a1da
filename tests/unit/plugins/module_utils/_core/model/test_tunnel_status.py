# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS says of one tunnel at a time."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_status import Maintenance


@pytest.mark.parametrize(
    ("text", "pending"),
    [
        (None, False),
        ("", False),
        ("  ", False),
        ("None", False),
        ("none", False),
        ("NONE ", False),
        ("Available", True),
        ("available", True),
        ("something AWS has not told us of", True),
    ],
)
def test_what_counts_as_pending(text: str | None, pending: bool) -> None:
    found = Maintenance(text)
    assert found.is_pending is pending
    assert found.as_result()["is_pending"] is pending
    assert ("with pending" in found.state) is pending
