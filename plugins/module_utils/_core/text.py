# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values as they stand in messages: one short line that can be printed, whatever somebody wrote there."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

_LENGTH = 100


def shown(value: object) -> str:
    """A value as it stands in a message: one short line."""
    if isinstance(value, (dict, list)):
        return "(a dictionary)" if isinstance(value, dict) else "(a list)"
    text = value if isinstance(value, str) and value.isprintable() else repr(value)
    return shortened(text, _LENGTH)


def shortened(text: str, length: int) -> str:
    """So much of a text."""
    return text if len(text) <= length else f"{text[: length - 3]}..."
