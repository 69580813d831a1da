# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The names of connections: that of the gateway for its main connection, GATEWAY/CONNECTION for any other."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping

GATEWAY_TAG = "hybridnet:gateway"
CONNECTION_TAG = "hybridnet:connection"

# The connection of a gateway that has only one.
MAIN = "main"
_SEPARATOR = "/"
# Two of them and the separator are the value of the tag Name, of which AWS takes 256 characters.
_LONGEST = 127


def connection_name(gateway: str, connection: str = MAIN) -> str:
    """The name of a connection of a gateway."""
    return gateway if connection == MAIN else f"{gateway}{_SEPARATOR}{connection}"


def gateway_of(name: str) -> str:
    """The gateway of the connection with this name."""
    return name.partition(_SEPARATOR)[0]


def connection_of(name: str) -> str:
    """What the connection with this name is called on its gateway."""
    return name.partition(_SEPARATOR)[2] or MAIN


def identity_tags(name: str) -> dict[str, str]:
    """The tags by which the connection with this name is found."""
    return {GATEWAY_TAG: gateway_of(name), CONNECTION_TAG: connection_of(name)}


def tagged_name(tags: Mapping[str, str]) -> str | None:
    """The name of the connection with these tags, None when they name none."""
    gateway = tags.get(GATEWAY_TAG)
    return connection_name(gateway, tags.get(CONNECTION_TAG) or MAIN) if gateway else None


def part_problem(part: str) -> str | None:
    """What is wrong with the name of a gateway, or with what a connection is called on it."""
    if not 1 <= len(part) <= _LONGEST or _SEPARATOR in part or not part.isprintable():
        return f"a name of 1 to {_LONGEST} printable characters without {_SEPARATOR} is expected"
    return None
