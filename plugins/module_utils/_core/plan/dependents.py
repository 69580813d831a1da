# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which connections depend on a customer gateway, a virtual private gateway or a VPN concentrator."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable

from ..grouping import grouped
from ..model.resources import Connection, Observed
from ..nouns import DELETING, GONE
from . import identity
from .plan import Part
from .steps import DeleteConnection, ModifyConnection

# So many connections a message names.
LISTED = 10


class Dependents:
    """The connections that remain after a run, and those that are being deleted already, by what they depend on.

    AWS counts the latter as users until they are gone. A new connection is not among them: it is never made on what
    the same run deletes.
    """

    def __init__(self, observed: Observed, parts: Iterable[Part]) -> None:
        """What depends on what when C(parts), the plans for connections, are carried out."""
        steps = [action.step for part in parts for action in part.actions]
        deleted = {step.connection_id for step in steps if isinstance(step, DeleteConnection)}
        moves = grouped((step.connection_id, step) for step in steps if isinstance(step, ModifyConnection))
        self._remaining = grouped(
            (end, each)
            for each in observed.connections
            if each.state not in GONE and each.id not in deleted
            for end in _ends_afterwards(each, moves.get(each.id, ()))
        )
        going = (each for each in observed.connections if each.state == DELETING)
        self._deleting = grouped((end, each.id) for each in going for end in _ends_afterwards(each, ()))

    def remaining_on(self, resource_id: str) -> list[Connection]:
        """The connections that still use the resource after the run."""
        return self._remaining.get(resource_id, [])

    def deleting_on(self, resource_id: str) -> tuple[str, ...]:
        """The connections that have to be gone before the resource can be deleted."""
        return tuple(sorted(self._deleting.get(resource_id, ())))

    def refusals(self, owner: str, resource_id: str) -> tuple[str, ...]:
        """Why the resource is not deleted: the connections that still use it, those of others first."""
        users = sorted(self.remaining_on(resource_id), key=lambda each: (identity.is_ours(each), each.id))
        if not users:
            return ()
        names = [f"{each.id} ({_owner(each)})" for each in users]
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        return (f"{owner}: {resource_id} is used by {', '.join(names[:LISTED])}{more}",)


def _ends_afterwards(connection: Connection, moves: Iterable[ModifyConnection]) -> set[object]:
    customer_gateway: object = connection.customer_gateway_id
    target: object = connection.vpn_gateway_id or connection.vpn_concentrator_id
    for move in moves:
        if move.customer_gateway is not None:
            customer_gateway = move.customer_gateway
        else:
            target = move.vpn_gateway
    return {customer_gateway, target}


def _owner(connection: Connection) -> str:
    name = connection.name if identity.is_ours(connection) else None
    return f"connection {name}" if name else "not of this collection"
