# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A VPN connection as plans compare and show it; a key only as set or not set."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...model.resources import SECRETS_MANAGER, STANDARD, STATIC, Connection, ConnectionWanted, Tunnel, TunnelWanted
from ...options import fields
from ...options.field import Field
from ...options.value_rules import TUNNELS_PER_CONNECTION
from .. import ready
from .ends import Ends

AWS_CHOICE = "(chosen by AWS)"
CHANGED = "(changed)"
SET = "(set)"
# AWS says of every tunnel whether it has an activity log, also where nobody asked for one.
NO_LOG = {"log_enabled": False}

OPTIONS: tuple[Field, ...] = fields.settable(fields.CONNECTION)


def connection_model(actual: Connection, outgoing: Sequence[Connection] = ()) -> dict[str, Any]:
    """What of a connection a plan compares and shows."""
    return {
        "customer_gateway_id": actual.customer_gateway_id,
        "target": Ends.of(actual).target,
        "routing": actual.routing,
        "options": options_model(actual.options),
        "pre_shared_key_storage": actual.pre_shared_key_storage,
        "tunnels": [tunnel_model(tunnel) for tunnel in actual.tunnels],
        "static_routes": sorted(ready.live_routes(actual)),
        "tags": dict(actual.tags),
        "outgoing": sorted(each.id for each in outgoing),
    }


def new_connection_model(wanted: ConnectionWanted, ends: Ends) -> dict[str, Any]:
    """What a connection will be that is yet to be made."""
    storage = wanted.pre_shared_key_storage or STANDARD
    key = None if ends.has_certificate or storage == SECRETS_MANAGER else SET
    return {
        "customer_gateway_id": ends.customer_gateway_text,
        "target": ends.target,
        "routing": wanted.routing,
        "options": options_model(wanted.options),
        "pre_shared_key_storage": storage,
        "tunnels": [_new_tunnel_model(want, wanted.options, key) for want in both(wanted.tunnels)],
        "static_routes": sorted(wanted.static_routes or ()),
        "tags": dict(wanted.tags),
        "outgoing": [],
    }


def options_model(values: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a connection; what AWS does not say is at its default."""
    shown = {row.name: row.shown(row.default if values.get(row.name) is None else values[row.name]) for row in OPTIONS}
    return {name: value for name, value in shown.items() if value is not None}


def tunnel_model(actual: Tunnel) -> dict[str, Any]:
    """Options of a tunnel as far as AWS says them."""
    values = tunnel_values(actual)
    shown = {row.name: row.shown(values.get(row.name)) for row in fields.settable(fields.TUNNEL)}
    return {**NO_LOG, **{name: value for name, value in shown.items() if is_said(value) or name == "pre_shared_key"}}


def is_said(value: Any) -> bool:
    """Whether AWS says a value of an option: no rounds of key exchange are the same as none ever set."""
    return value is not None and value != []


def tunnel_values(actual: Tunnel) -> dict[str, Any]:
    """The options of a tunnel by our names, as the field table compares them."""
    return {"inside_cidr": actual.inside_cidr, "pre_shared_key": actual.pre_shared_key, **actual.options}


def both(tunnels: Sequence[TunnelWanted]) -> tuple[TunnelWanted, ...]:
    """Descriptions of both tunnels: what is not described is left to AWS."""
    return (*tunnels, *(TunnelWanted() for _each in range(TUNNELS_PER_CONNECTION)))[:TUNNELS_PER_CONNECTION]


def creation_options(wanted: ConnectionWanted) -> dict[str, Any]:
    """The options to create with. AWS's defaults are not sent: some Regions refuse even those of newer options."""
    named = {row.name: row.default for row in OPTIONS if wanted.options.get(row.name) is not None}
    sent = {name: wanted.options[name] for name, default in named.items() if wanted.options[name] != default}
    return {"static_routes_only": wanted.routing == STATIC, **sent}


def _new_tunnel_model(want: TunnelWanted, options: Mapping[str, Any], key: str | None) -> dict[str, Any]:
    inside = "inside_ipv6_cidr" if options.get("tunnel_inside_ip_version") == "ipv6" else "inside_cidr"
    model: dict[str, Any] = {inside: AWS_CHOICE, **NO_LOG}
    for row in fields.settable(fields.TUNNEL):
        value = row.shown(want.options.get(row.name))
        if is_said(value):
            model[row.name] = value
    return {**model, "pre_shared_key": key}
