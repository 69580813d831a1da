# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Takes ids, addresses, networks and numbers out of AWS's answers, and refuses what is none.

They become names and lines of files on gateways. Other text, such as tags, stays what AWS sent, and is only shown.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.errors import BadAnswer
from ..._core.model import values
from ..._core.text import shown


def needed_id(raw: Mapping[str, Any], name: str, prefix: str | None = None) -> str:
    """The id under a name."""
    found = optional_id(raw, name, prefix)
    if found is None:
        raise BadAnswer(f"an answer of AWS has no {name}")
    return found


def optional_id(raw: Mapping[str, Any], name: str, prefix: str | None = None) -> str | None:
    """The id under a name; None where there is none."""
    value = raw.get(name)
    if not value:
        return None
    if not values.is_id(value, prefix):
        raise _bad(name, value, f"an id with the prefix {prefix}-" if prefix else "an id")
    return str(value)


def address(raw: Mapping[str, Any], name: str) -> str | None:
    """The address of either family under a name; None where there is none."""
    value = raw.get(name)
    if value and values.address(value) is None:
        raise _bad(name, value, "an IP address")
    return value or None


def network(raw: Mapping[str, Any], name: str) -> str | None:
    """The network of either family under a name; None where there is none."""
    value = raw.get(name)
    if value and values.network(value) is None:
        raise _bad(name, value, "an IP network")
    return value or None


def inside_cidr(raw: Mapping[str, Any], name: str) -> str | None:
    """The network inside of a tunnel under a name, which has room for two addresses; None where there is none."""
    value = raw.get(name)
    if value and not values.is_inside_cidr(value):
        raise _bad(name, value, "an IPv4 network with the prefix length 30")
    return value or None


def number(raw: Mapping[str, Any], name: str) -> int | None:
    """The number under a name; None where there is none, or zero, which AWS writes for none."""
    value = raw.get(name)
    found = values.number(value)
    if value and found is None:
        raise _bad(name, value, "a whole number of 32 bits")
    return found or None


def _bad(name: str, value: object, expected: str) -> BadAnswer:
    return BadAnswer(f"an answer of AWS has {name}={shown(value)}, which is not {expected}")
