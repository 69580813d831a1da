# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values in messages: one short line, whatever somebody wrote there."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.text import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        (7224, "7224"),
        (None, "None"),
        ({"psk": "MARKER_psk.1"}, "(a dictionary)"),
        (["MARKER_psk.1"], "(a list)"),
        # One line, whatever is in it.
        ("a\nb: 1\x1b[2J", r"'a\nb: 1\x1b[2J'"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 97 + "..."),
    ],
)
def test_a_value_is_shown_in_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text
