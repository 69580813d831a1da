# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The inventory's words for an existing connection, so that the next plan finds nothing to do. Never a key.

Ansible evaluates text of an inventory as templates, and anybody who may tag a connection writes some of this text. So
nothing that could be a template becomes a variable.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Callable

from ..model.names import MAIN, connection_of
from ..model.resources import SECRETS_MANAGER, STATIC, Connection
from ..options import fields
from ..options.field import Field
from ..plan.adoption import ClaimedConnection
from ..plan.connection.ends import Ends
from ..plan.connection.shown import tunnel_values
from ..plan.ready import live_routes
from ..text import shown
from .variables import PREFIX

TEMPLATE = "AWS has template syntax there ({{, {%, {# or #jinja2:), which Ansible would evaluate"
_TEMPLATE_MARKS = ("{{", "{%", "{#", "#jinja2:")
_LOGS = ("bgp_log_", "log_")

# Why a value is left out, None for one that stays.
Rule = Callable[[object], "str | None"]


@dataclass(frozen=True)
class HostVars:
    """The variables of one host, and what AWS has and they do not say: the place of each value, with the reason."""

    variables: Mapping[str, Any]
    left_out: Mapping[str, str]

    def without(self, rule: Rule) -> HostVars:
        """The same without the values that the rule objects to."""
        left_out = dict(self.left_out)
        kept = {name: _kept(value, name, rule, left_out) for name, value in self.variables.items()}
        return HostVars({name: value for name, value in kept.items() if value not in (None, {}, [])}, left_out)


def host_vars(found: Sequence[ClaimedConnection]) -> HostVars:
    """The variables of one host, as far as AWS knows them; C(found) are the connections of its gateway."""
    left_out: dict[str, str] = {}
    customer_gateway = found[0].customer_gateway
    static = [each.connection for each in found if each.connection.routing == STATIC]
    accesses = [asdict(each.access) for each in found]
    shared = {name: value for name, value in accesses[0].items() if all(each[name] == value for each in accesses)}
    options: dict[str, Any] = {
        **shared,
        "public_ip": customer_gateway.public_ip,
        "bgp_asn": customer_gateway.bgp_asn,
        "certificate_arn": customer_gateway.certificate_arn,
        "device_name": customer_gateway.device_name,
        "local_cidrs": sorted({cidr for each in static for cidr in live_routes(each)}) or None,
    }
    names = [connection_of(each.name) for each in found]
    if names == [MAIN]:
        options.update(_connection(found[0], PREFIX, left_out))
    else:
        options["connections"] = [
            {
                "name": name,
                **{option: value for option, value in asdict(each.access).items() if option not in shared and value},
                **_connection(each, f"{PREFIX}connections[{position}].", left_out),
            }
            for position, (name, each) in enumerate(zip(names, found), 1)
        ]
    return HostVars({f"{PREFIX}{name}": value for name, value in options.items()}, left_out).without(template_problem)


def _connection(found: ClaimedConnection, place: str, left_out: dict[str, str]) -> dict[str, Any]:
    """What one connection says."""
    connection = found.connection
    secrets = connection.pre_shared_key_storage == SECRETS_MANAGER
    options = {
        "target": target(connection),
        "routing": connection.routing,
        "options": _options(connection, place, left_out),
        "pre_shared_key_storage": SECRETS_MANAGER if secrets else None,
        "tunnels": [_tunnel(tunnel.number, tunnel_values(tunnel), place, left_out) for tunnel in connection.tunnels],
        "tags": found.tags,
    }
    return {name: value for name, value in options.items() if value not in (None, {}, [])}


def unknown(variables: Mapping[str, Any]) -> list[str]:
    """Variables a gateway needs and AWS cannot know."""
    return [name for name in (f"{PREFIX}local_cidrs", f"{PREFIX}remote_cidrs") if name not in variables]


def target(connection: Connection) -> dict[str, Any]:
    """What the connection ends on, in the words of a target."""
    return Ends.of(connection).target or {"unattached": True}


def template_problem(value: object) -> str | None:
    """Text that Ansible would evaluate."""
    return TEMPLATE if isinstance(value, str) and any(mark in value for mark in _TEMPLATE_MARKS) else None


def _kept(value: Any, place: str, rule: Rule, left_out: dict[str, str]) -> Any:
    """What stays of a value, None for nothing. Of a list stays all or nothing: a part of it would ask for a change."""
    if isinstance(value, dict):
        found = {}
        for key, each in value.items():
            below = f"{place}.{shown(key)}"
            reason = rule(key)
            kept = None if reason else _kept(each, below, rule, left_out)
            if reason:
                left_out[below] = reason
            elif kept is not None:
                found[key] = kept
        return found
    if isinstance(value, list):
        entries = [_kept(each, f"{place}[{number}]", rule, left_out) for number, each in enumerate(value, 1)]
        return None if None in entries else entries
    reason = rule(value)
    if reason:
        left_out[place] = reason
    return None if reason else value


def _options(connection: Connection, place: str, left_out: dict[str, str]) -> dict[str, Any]:
    """What differs from AWS's own choice; what does not is left to it, some Regions refuse to be told."""
    given = connection.options
    rows = [
        row
        for row in fields.settable(fields.CONNECTION)
        if given.get(row.name) is not None and not row.same(given[row.name], None)
    ]
    return _possible(rows, given, f"{place}options", left_out)


def _tunnel(number: int, values: Mapping[str, Any], where: str, left_out: dict[str, str]) -> dict[str, Any]:
    rows = [row for row in fields.settable(fields.TUNNEL) if not row.is_secret and _is_of_a_log_that_is_on(row, values)]
    place = f"{where}tunnels[{number}]"
    found = _possible(rows, values, place, left_out)
    # A log cannot be asked for without its group.
    lost = tuple(prefix for prefix in _LOGS if f"{place}.{prefix}group_arn" in left_out)
    return {name: value for name, value in found.items() if not name.startswith(lost)}


def _is_of_a_log_that_is_on(row: Field, values: Mapping[str, Any]) -> bool:
    """A log that is off has no group and no format to ask for, whatever AWS still answers. True for all other rows."""
    for prefix in _LOGS:
        if row.name.startswith(prefix):
            return row.name == f"{prefix}enabled" or bool(values.get(f"{prefix}enabled"))
    return True


def _possible(rows: Sequence[Field], values: Mapping[str, Any], place: str, left_out: dict[str, str]) -> dict[str, Any]:
    """The values that can be asked for; what AWS answers beyond its own rules is left alone."""
    found = {}
    for row in rows:
        value = values.get(row.name)
        problem = None if value in (None, [], "") else row.problem(value)
        if problem:
            left_out[f"{place}.{row.name}"] = f"AWS has a value that cannot be asked for: {problem}"
        elif value not in (None, [], ""):
            found[row.name] = row.shown(value)
    return found
