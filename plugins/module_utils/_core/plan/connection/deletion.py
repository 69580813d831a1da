# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for the deletion of a VPN connection, whatever the reason: asked for, or replaced by another one."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable

from ...model.resources import Connection
from ...nouns import VPN_CONNECTION
from ..plan import Action, Part
from ..steps import DeleteConnection
from .shown import connection_model


def removal_parts(name: str, connections: Iterable[Connection]) -> list[Part]:
    """The plan for the removal of all connections of one name, the outgoing ones too."""
    parts: list[Part] = []
    # The one in use first: it is the one a diff shows under the plain name.
    for each in sorted(connections, key=lambda one: (one.is_outgoing, one.id)):
        action = deletion(name, each, "outgoing" if each.is_outgoing else "")
        resource = f"{VPN_CONNECTION} {each.id}" if parts else VPN_CONNECTION
        parts.append(Part(owner=name, resource=resource, actions=(action,), before=connection_model(each), after={}))
    return parts


def deletion(name: str, connection: Connection, detail: str) -> Action:
    """The deletion of one connection."""
    return Action.of(DeleteConnection(connection.id), name, detail, connection.id)
