# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan for a VPN connection that is to be made, with its static routes."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ...model.resources import ConnectionWanted, TunnelWanted
from ...nouns import VPN_CONNECTION
from ...options.rules import effective_problems
from ..plan import Action, Part
from ..steps import CreateConnection, CreateRoute
from .ends import Ends, certificate_problems
from .shown import both, creation_options, new_connection_model


def creation_part(wanted: ConnectionWanted, ends: Ends, replaces: str | None = None) -> Part:
    """The plan for a new connection; C(replaces) is the outgoing one it takes the place of."""
    refusals = _refusals(wanted, ends)
    if refusals:
        return Part(wanted.name, VPN_CONNECTION, refusals=refusals)
    step = _creation_step(wanted, ends, replaces)
    create = Action.of(step, wanted.name, f"{wanted.routing} to {ends.target_text}")
    cidrs = sorted(wanted.static_routes or ())
    routes = [Action.of(CreateRoute(wanted.ref, cidr), wanted.name, cidr) for cidr in cidrs]
    return Part(wanted.name, VPN_CONNECTION, (create, *routes), after=new_connection_model(wanted, ends))


def _creation_step(wanted: ConnectionWanted, ends: Ends, replaces: str | None = None) -> CreateConnection:
    """The call that makes it."""
    tunnels = both(wanted.tunnels)
    return CreateConnection(
        ref=wanted.ref,
        customer_gateway=ends.customer_gateway or "",
        vpn_gateway=ends.vpn_gateway,
        transit_gateway_id=ends.transit_gateway_id,
        vpn_concentrator=ends.vpn_concentrator,
        options=creation_options(wanted),
        # Both entries or none: with one only, AWS leaves the second tunnel to its defaults, but so does an empty entry.
        tunnels=tunnels if any(want.options for want in tunnels) else (),
        tags=dict(wanted.tags),
        pre_shared_key_storage=wanted.pre_shared_key_storage,
        replaces=replaces,
    )


def _refusals(wanted: ConnectionWanted, ends: Ends) -> tuple[str, ...]:
    if ends.customer_gateway is None:
        return (f"{wanted.name}: a connection needs a customer gateway, and none of that name exists",)
    if not ends.has_target:
        return (
            f"{wanted.name}: a new connection needs a target: a virtual private gateway, a transit gateway, a VPN"
            " concentrator, or unattached",
        )
    new: list[tuple[TunnelWanted, dict[str, Any], int]] = [
        (want, {}, number) for number, want in enumerate(wanted.tunnels, 1)
    ]
    problems = effective_problems(wanted, None, new, ends.setting(wanted.routing))
    return (*problems, *certificate_problems(wanted, ends))
