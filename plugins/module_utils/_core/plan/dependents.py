# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which connections depend on a customer gateway, a virtual private gateway or a VPN concentrator."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..model.resources import Connection, Observed
from . import identity
from .connection.ends import Ends
from .plan import Part
from .steps import CreateConnection, DeleteConnection, ModifyConnection, Step


@dataclass(frozen=True)
class Dependents:
    """Connections by the id of what they depend on: those that remain after the run, and those being deleted already.

    AWS counts the latter as users until they are gone.
    """

    remaining: Mapping[str, Sequence[str]]
    deleting: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, observed: Observed, parts: Iterable[Part]) -> Dependents:
        """The connections there will be when these plans for connections are carried out."""
        steps = [action.step for part in parts for action in part.actions]
        live = [each for each in observed.connections if each.state not in identity.GONE]
        deleting = {each.id: Ends.of(each) for each in observed.connections if each.state == "deleting"}
        return cls(_by_end(_ends_afterwards(live, steps)), _by_end(deleting))

    def remaining_on(self, resource_id: str) -> str:
        """The connections that remain, as a person reads them."""
        return ", ".join(self.remaining.get(resource_id, ()))

    def deleting_on(self, resource_id: str) -> tuple[str, ...]:
        """The connections that have to be gone before the resource is deleted."""
        return tuple(sorted(self.deleting.get(resource_id, ())))


def _ends_afterwards(live: Iterable[Connection], steps: Sequence[Step]) -> dict[str, Ends]:
    deleted = {step.connection_id for step in steps if isinstance(step, DeleteConnection)}
    ends = {each.id: Ends.of(each) for each in live if each.id not in deleted}
    for step in steps:
        if isinstance(step, ModifyConnection):
            ends[step.connection_id] = _moved(ends[step.connection_id], step)
        elif isinstance(step, CreateConnection):
            target = step.vpn_gateway, step.transit_gateway_id, step.vpn_concentrator
            ends[str(step.ref)] = Ends(step.customer_gateway, *target)
    return ends


def _moved(ends: Ends, step: ModifyConnection) -> Ends:
    if step.customer_gateway is not None:
        return dataclasses.replace(ends, customer_gateway=step.customer_gateway)
    return Ends(ends.customer_gateway, step.vpn_gateway, step.transit_gateway_id)


def _by_end(ends: Mapping[str, Ends]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for connection_id, each in ends.items():
        for end in (each.customer_gateway, each.vpn_gateway, each.vpn_concentrator):
            if isinstance(end, str) and end:
                found.setdefault(end, []).append(connection_id)
    return found
