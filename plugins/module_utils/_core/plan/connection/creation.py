# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan for a connection that is yet to be made."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ...model.resources import ConnectionWanted, TunnelWanted
from ...nouns import STATIC_ROUTE, VPN_CONNECTION
from ...options.rules import effective_problems
from ..plan import CREATE, Action, Part, Stage
from ..steps import CreateConnection, CreateRoute
from .ends import Ends, certificate_problems
from .shown import both, creation_options, new_connection_model


def creation_part(wanted: ConnectionWanted, ends: Ends, replaces: str | None = None) -> Part:
    """The plan for a new connection; C(replaces) is the outgoing one it takes the place of."""
    refusals = _refusals(wanted, ends)
    if refusals:
        return Part(wanted.name, VPN_CONNECTION, refusals=refusals)
    detail = f"{wanted.routing} to {ends.target_text}"
    create = Action(
        wanted.name, VPN_CONNECTION, CREATE, detail, Stage.CONNECTIONS, creation_step(wanted, ends, replaces)
    )
    routes = [
        Action(wanted.name, STATIC_ROUTE, CREATE, cidr, Stage.ROUTES, CreateRoute(wanted.ref, cidr))
        for cidr in sorted(wanted.static_routes or ())
    ]
    return Part(wanted.name, VPN_CONNECTION, (create, *routes), 0, None, new_connection_model(wanted, ends))


def creation_step(wanted: ConnectionWanted, ends: Ends, replaces: str | None = None) -> CreateConnection:
    """The call that makes it."""
    tunnels = both(wanted.tunnels)
    return CreateConnection(
        wanted.ref,
        ends.customer_gateway or "",
        ends.vpn_gateway,
        ends.transit_gateway_id,
        creation_options(wanted),
        # Both entries or none: with one only, AWS leaves the second tunnel to its defaults, but so does an empty entry.
        tunnels if any(want.options for want in tunnels) else (),
        dict(wanted.tags),
        ends.vpn_concentrator,
        wanted.pre_shared_key_storage,
        replaces,
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
