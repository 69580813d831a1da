# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The inventory's words for an existing connection, so that the next plan finds nothing to do. Never a key."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..model.resources import IDENTITY_PREFIX, SECRETS_MANAGER, STATIC, Connection
from ..options import fields
from ..options.field import Field
from ..plan.adoption import ClaimedConnection
from ..plan.connection.ends import Ends
from ..plan.connection.shown import tunnel_values
from ..plan.ready import live_routes
from .reader import PREFIX


def host_vars(found: ClaimedConnection, region: str | None) -> dict[str, Any]:
    """The variables of one host, as far as AWS knows them."""
    connection, customer_gateway = found.connection, found.customer_gateway
    secrets = connection.pre_shared_key_storage == SECRETS_MANAGER
    options = {
        "region": region,
        "target": target(connection),
        "routing": connection.routing,
        "public_ip": customer_gateway.public_ip,
        "bgp_asn": customer_gateway.bgp_asn,
        "certificate_arn": customer_gateway.certificate_arn,
        "device_name": customer_gateway.device_name,
        "local_cidrs": sorted(live_routes(connection)) if connection.routing == STATIC else None,
        "options": _options(connection),
        "pre_shared_key_storage": SECRETS_MANAGER if secrets else None,
        "tunnels": [_tunnel(tunnel_values(tunnel)) for tunnel in connection.tunnels],
        "tags": _common_tags(connection.tags, customer_gateway.tags),
    }
    return {f"{PREFIX}{name}": value for name, value in options.items() if value not in (None, {}, [])}


def unknown(variables: Mapping[str, Any]) -> list[str]:
    """Variables a site needs and AWS cannot know."""
    return [name for name in (f"{PREFIX}local_cidrs", f"{PREFIX}remote_cidrs") if name not in variables]


def target(connection: Connection) -> dict[str, Any]:
    """What the connection ends on, in the words of a site's target."""
    return Ends.of(connection).target or {"unattached": True}


def _options(connection: Connection) -> dict[str, Any]:
    """What differs from AWS's own choice; what does not is left to it, some Regions refuse to be told."""
    return {
        row.name: row.shown(connection.options[row.name])
        for row in fields.settable(fields.CONNECTION)
        if _says_something(row, connection.options.get(row.name)) and not row.same(connection.options[row.name], None)
    }


def _tunnel(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        row.name: row.shown(values[row.name])
        for row in fields.settable(fields.TUNNEL)
        if not row.is_secret and _says_something(row, values.get(row.name)) and _is_of_a_log_that_is_on(row, values)
    }


def _is_of_a_log_that_is_on(row: Field, values: Mapping[str, Any]) -> bool:
    """A log that is off has no group and no format to ask for, whatever AWS still answers. True for all other rows."""
    for prefix in ("bgp_log_", "log_"):
        if row.name.startswith(prefix):
            return row.name == f"{prefix}enabled" or bool(values.get(f"{prefix}enabled"))
    return True


def _says_something(row: Field, value: Any) -> bool:
    """A value that can be asked for; what AWS answers beyond its own rules is left alone."""
    return value not in (None, [], "") and row.problem(value) is None


def _common_tags(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Tags both resources have: a site's tags are set on both."""
    return {
        key: value
        for key, value in sorted(first.items())
        if second.get(key) == value and not key.startswith((IDENTITY_PREFIX, "aws:"))
    }
