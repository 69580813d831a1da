# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who holds on to a gateway: what has to be looked at before it may go."""

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
class Users:
    """Connections by the id of a gateway they hang on: once the run is over, and on their way out already.

    AWS counts the latter as users until they are gone.
    """

    staying: Mapping[str, Sequence[str]]
    leaving: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, observed: Observed, parts: Iterable[Part]) -> Users:
        """The users there will be when these plans for connections are carried out."""
        steps = [action.step for part in parts for action in part.actions]
        live = [each for each in observed.connections if each.state not in identity.GONE]
        leaving = {each.id: Ends.of(each) for each in observed.connections if each.state == "deleting"}
        return cls(_by_gateway(_ends_afterwards(live, steps)), _by_gateway(leaving))

    def of_gateway(self, gateway_id: str) -> str:
        """The connections that stay, as a person reads them."""
        return ", ".join(self.staying.get(gateway_id, ()))

    def after(self, gateway_id: str) -> tuple[str, ...]:
        """What has to be gone before the gateway goes."""
        return tuple(sorted(self.leaving.get(gateway_id, ())))


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


def _by_gateway(ends: Mapping[str, Ends]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for connection_id, end in ends.items():
        for gateway in (end.customer_gateway, end.vpn_gateway, end.vpn_concentrator):
            if isinstance(gateway, str) and gateway:
                found.setdefault(gateway, []).append(connection_id)
    return found
