# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a new connection takes over from the one it replaces: everything that is not asked for differently."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ...model.resources import OUTGOING_TAG, STANDARD, STATIC, Connection, ConnectionWanted, Tunnel, TunnelWanted
from ...options import fields
from .. import ready, tags
from .ends import Ends, supported_options
from .shown import OPTIONS, both
from .tunnels import paired

# Made anew: two connections on one gateway cannot share these, and a key cannot be read back.
_OWN = ("inside_cidr", "inside_ipv6_cidr", "pre_shared_key")
_OTHER_FAMILY = {
    "ipv4": ("local_ipv6_network_cidr", "remote_ipv6_network_cidr"),
    "ipv6": ("local_ipv4_network_cidr", "remote_ipv4_network_cidr"),
}


def inherited(wanted: ConnectionWanted, actual: Connection, ends: Ends) -> ConnectionWanted:
    """The description of the new connection; C(ends) are its own."""
    routes = wanted.static_routes
    if routes is None and wanted.routing == STATIC and ends.is_on_vpn_gateway:
        routes = tuple(ready.live_routes(actual))
    return dataclasses.replace(
        wanted,
        options=_options(wanted.options, actual.options, ends),
        tunnels=_tunnels(wanted, actual),
        static_routes=routes,
        pre_shared_key_storage=wanted.pre_shared_key_storage or _storage(actual, ends),
        tags=tags.merged(wanted.tags, _tags(actual), wanted.purge_tags),
    )


def _options(wanted: Mapping[str, Any], actual: Mapping[str, Any], ends: Ends) -> dict[str, Any]:
    asked = {name: value for name, value in wanted.items() if value is not None}
    names = {row.name for row in OPTIONS}
    kept = supported_options(
        ends, {name: value for name, value in actual.items() if name in names and value is not None}
    )
    merged = {**kept, **asked}
    dropped = [*_OTHER_FAMILY.get(merged.get("tunnel_inside_ip_version", "ipv4"), ())]
    if merged.get("outside_ip_address_type") != "PrivateIpv4":
        dropped.append("transport_transit_gateway_attachment_id")
    if merged.get("enable_acceleration") or (ends.has_certificate and ends.public_ip is None):
        # AWS has large bandwidth neither with acceleration nor without an address at the site.
        dropped.append("tunnel_bandwidth")
    return {name: value for name, value in merged.items() if name in asked or name not in dropped}


def _tunnels(wanted: ConnectionWanted, actual: Connection) -> tuple[TunnelWanted, ...]:
    pairs = paired(both(wanted.tunnels), actual.tunnels)
    return tuple(TunnelWanted(_tunnel_options(want.options, tunnel)) for want, tunnel in pairs) or wanted.tunnels


def _tunnel_options(asked: Mapping[str, Any], tunnel: Tunnel) -> dict[str, Any]:
    settable = {row.name for row in fields.settable(fields.TUNNEL)}
    kept = {
        name: value
        for name, value in tunnel.options.items()
        if name in settable and name not in _OWN and value not in (None, [], ())
    }
    for log in ("log", "bgp_log"):
        # AWS refuses, or ignores, the destination of a log that is off.
        if not {**kept, **asked}.get(f"{log}_enabled"):
            kept.pop(f"{log}_group_arn", None)
            kept.pop(f"{log}_output_format", None)
    return {**kept, **asked}


def _storage(actual: Connection, ends: Ends) -> str | None:
    """Where the keys lie, unless there are none, or where AWS puts them by itself."""
    mode = actual.pre_shared_key_storage
    return None if ends.has_certificate or mode == STANDARD else mode


def _tags(actual: Connection) -> dict[str, str]:
    """Its tags without the mark; those of AWS itself cannot be copied."""
    return {key: value for key, value in actual.tags.items() if key != OUTGOING_TAG and not key.startswith("aws:")}
