# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a connection and of its tunnels, read by the field tables into their types."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..options import fields
from ..options.field import Field
from .reader import Host, truth, whole

_ADDRESS_LIKE = re.compile(r"[0-9a-fA-F.:/]{1,45}\Z")


def read_options(host: Host) -> dict[str, Any]:
    """The options of the connection itself; what breaks the rule of its row is left out."""
    return _read(host, fields.CONNECTION, host.mapping("options"), "options.", _shown)


def read_tunnels(host: Host) -> list[dict[str, Any]]:
    """The tunnels by the names of the table; what breaks the rule of its row is left out."""
    value = host.value("tunnels")
    if value is not None and not isinstance(value, list):
        host.refuse("tunnels", "a list of at most two dictionaries is expected")
        return []
    return [_tunnel(host, f"tunnels[{number}]", entry) for number, entry in enumerate(value or (), 1)]


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
        names = [name for name in (row.name, *row.aliases) if given.get(name) not in (None, "")]
        if len(names) > 1:
            host.refuse(f"{where}{names[1]}", f"the same option as {names[0]}, give one of them")
        for name in names[:1]:
            host.aliases[f"{where}{row.name}"] = f"{where}{name}"
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
        return whole(value)
    if row.type == "bool":
        return truth(value)
    if row.elements == "int" and isinstance(value, list):
        return [whole(entry) for entry in value]
    return value


def _shown(row: Field, value: object) -> object:
    return None if row.is_secret else value


def _shown_in_tunnel(row: Field, value: object) -> object:
    """A text that is no address may be a key on the wrong line."""
    if row.is_secret or not isinstance(value, (str, int)):
        return None
    return value if not isinstance(value, str) or _ADDRESS_LIKE.match(value) else None
