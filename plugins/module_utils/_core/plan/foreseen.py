# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What will be in a Region after a plan, as far as AWS chooses nothing: options that change in place."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..model.resources import Connection, Observed, Tunnel
from .plan import Plan
from .steps import ModifyConnectionOptions, ModifyTunnel, Step

# Of a tunnel itself, and not among its options.
_FIELDS = ("inside_cidr", "pre_shared_key")


def foreseen(observed: Observed, plan: Plan) -> Observed:
    """The connections with their new options; whatever is new, replaced or moved is as it was."""
    steps = [action.step for action in plan.actions]
    return replace(observed, connections=tuple(_connection(each, steps) for each in observed.connections))


def _connection(connection: Connection, steps: Iterable[Step]) -> Connection:
    for step in steps:
        if isinstance(step, ModifyConnectionOptions) and step.connection_id == connection.id:
            connection = replace(connection, options={**connection.options, **step.options})
        if isinstance(step, ModifyTunnel) and step.connection_id == connection.id:
            tunnels = (_tunnel(each, step) for each in connection.tunnels)
            connection = replace(connection, tunnels=tuple(tunnels))
    return connection


def _tunnel(tunnel: Tunnel, step: ModifyTunnel) -> Tunnel:
    if tunnel.outside_address != step.outside_address:
        return tunnel
    options = {name: value for name, value in step.options.items() if name not in _FIELDS}
    own = {name: step.options[name] for name in _FIELDS if name in step.options}
    return replace(tunnel, options={**tunnel.options, **options}, **own)
