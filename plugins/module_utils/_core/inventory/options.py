# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a site's connection and of its tunnels, read by the field tables.

What one value may be is said by its row of the table, what several may be together by rules.py.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..model.resources import (
    SECRETS_MANAGER,
    STANDARD,
    ConnectionWanted,
    Ref,
    TransitRouting,
    TunnelWanted,
)
from ..options import fields, rules
from ..options.field import Field
from ..plan.transit import route_tables
from .reader import Host

STORAGES = (STANDARD, SECRETS_MANAGER)

_WHOLE = re.compile(r"-?[0-9]+\Z")
_ADDRESS_LIKE = re.compile(r"[0-9a-fA-F.:/]{1,45}\Z")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def read_options(host: Host) -> dict[str, Any]:
    """The options of the connection itself; what breaks the rule of its row is left out."""
    value = host.value("options")
    if value is None:
        return {}
    if not isinstance(value, dict):
        host.refuse("options", "a dictionary is expected", value)
        return {}
    return _read(host, fields.CONNECTION, value, "options.", _shown)


def read_tunnels(host: Host) -> list[dict[str, Any]]:
    """The tunnels by the names of the table; what breaks the rule of its row is left out."""
    value = host.value("tunnels")
    if value is None:
        return []
    if not isinstance(value, list):
        host.refuse("tunnels", "a list of at most two dictionaries is expected")
        return []
    return [_tunnel(host, f"tunnels[{number}]", entry) for number, entry in enumerate(value, 1)]


def read_storage(host: Host) -> str | None:
    """Where AWS keeps the keys; None leaves it as it is."""
    return host.text("pre_shared_key_storage", lambda value: _not_one_of(value, STORAGES))


def connection(site: Mapping[str, Any]) -> ConnectionWanted:
    """What a site asks of AWS, as far as rules look at it."""
    target = site["target"]
    gateway = target.get("vpn_gateway", {}).get("vpc_id")
    concentrator = target.get("vpn_concentrator", {}).get("transit_gateway_id")
    return ConnectionWanted(
        site["name"],
        vpn_gateway=Ref("vpn_gateway", gateway) if gateway else target.get("vpn_gateway_id"),
        transit_gateway_id=target.get("transit_gateway_id"),
        routing=site["routing"],
        tunnels=tuple(TunnelWanted(tunnel) for tunnel in site["tunnels"]),
        vpn_concentrator=Ref("vpn_concentrator", concentrator) if concentrator else target.get("vpn_concentrator_id"),
        unattached=bool(target.get("unattached")),
        options=site["options"],
        pre_shared_key_storage=site["pre_shared_key_storage"],
        transit_routing=_routing(target, site["local_cidrs"]),
    )


def refuse_combinations(host: Host) -> None:
    """Rules among the options, the target, the routing and the address."""
    site = host.site
    wanted = connection(site)
    certified = site["certificate_arn"] is not None and site["public_ip"] is None
    setting = rules.Setting(rules.target_of(wanted), site["routing"], site["public_ip"], certified)
    host.problems += rules.given_problems(wanted, setting, host.prefix)
    host.problems += route_tables.problems(wanted.transit_routing, wanted.transit_gateway_id, f"{host.prefix}target.")


def _tunnel(host: Host, option: str, entry: object) -> dict[str, Any]:
    if entry is None:
        return {}
    if not isinstance(entry, dict):
        host.refuse(option, "a dictionary is expected, such as {inside_cidr: 169.254.20.0/30}")
        return {}
    return _read(host, fields.TUNNEL, entry, f"{option}.", _shown_in_tunnel)


def _read(
    host: Host, table: tuple[Field, ...], given: Mapping[object, object], where: str, shown: Any
) -> dict[str, Any]:
    rows = fields.settable(table)
    host.only(where, given, tuple(name for row in rows for name in (row.name, *row.aliases)))
    found: dict[str, Any] = {}
    for row in rows:
        names = [name for name in (row.name, *row.aliases) if given.get(name) is not None]
        if len(names) > 1:
            host.refuse(f"{where}{names[1]}", f"the same option as {names[0]}, give one of them")
        for name in names[:1]:
            value = _typed(row, given[name])
            problem = row.problem(value)
            if problem:
                host.refuse(f"{where}{name}", problem, shown(row, value))
            else:
                found[row.name] = value
    return found


def _typed(row: Field, value: object) -> object:
    """The value in the type of its row: templates and INI inventories have nothing but strings."""
    if row.type == "int":
        return _number(value)
    if row.type == "bool" and isinstance(value, str):
        return _TRUTH.get(value.lower(), value)
    if row.elements == "int" and isinstance(value, list):
        return [_number(entry) for entry in value]
    return value


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and _WHOLE.match(value) else value


def _shown(row: Field, value: object) -> object:
    return None if row.is_secret else value


def _shown_in_tunnel(row: Field, value: object) -> object:
    """A text that is no address may be a key on the wrong line."""
    if row.is_secret or not isinstance(value, (str, int)):
        return None
    return value if not isinstance(value, str) or _ADDRESS_LIKE.match(value) else None


def _routing(target: Mapping[str, Any], cidrs: Sequence[str]) -> TransitRouting | None:
    propagate, static = (
        None if target.get(key) is None else tuple(map(str, target[key]))
        for key in ("propagate_to", "static_routes_to")
    )
    if target.get("associate_with") is None and propagate is None and static is None:
        return None
    return TransitRouting(target.get("associate_with"), propagate, static, tuple(cidrs))


def _not_one_of(value: object, choices: tuple[str, ...]) -> str | None:
    return None if value in choices else f"must be {' or '.join(choices)}"
