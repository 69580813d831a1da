# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a connection of the inventory ends on in AWS, read into the shape that vpn_sites takes."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..options import value_rules
from .reader import Host, whole

_VPN_GATEWAY_OPTIONS = ("vpc_id", "amazon_side_asn", "propagate_to")
_ROUTING_OPTIONS = ("associate_with", "propagate_to", "static_routes_to")


def read_target(host: Host) -> dict[str, Any]:
    """The target as vpn_sites takes it, empty when it cannot be read."""
    value = host.mapping("target")
    if not value:
        return {}
    host.only("target.", value, (*value_rules.TARGET_KEYS, *_ROUTING_OPTIONS))
    given = {str(key): each for key, each in value.items()}
    problem = value_rules.target_problem(given)
    if problem:
        host.refuse("target", problem)
        return {}
    key = next(key for key in value_rules.TARGET_KEYS if given.get(key) not in (None, False))
    return {**_one(host, key, given[key]), **_routing(host, given)}


def _one(host: Host, key: str, value: object) -> dict[str, Any]:
    option = f"target.{key}"
    if key == "vpn_gateway":
        return _below(key, _vpn_gateway(host, option, value))
    if key == "vpn_concentrator":
        return _below(key, _described(host, option, value, "transit_gateway_id", ("transit_gateway_id",)))
    if key == "unattached":
        return {key: True} if value is True else _refused(host, option, "true is expected", value)
    return {key: value} if isinstance(value, str) else _refused(host, option, "an id is expected", value)


def _below(key: str, value: dict[str, Any]) -> dict[str, Any]:
    return {key: value} if value else {}


def _refused(host: Host, option: str, rule: str, value: object) -> dict[str, Any]:
    host.refuse(option, rule, value)
    return {}


def _described(host: Host, option: str, value: object, needed: str, known: tuple[str, ...]) -> dict[str, Any]:
    """The description of a resource by the id of what it belongs to."""
    if not isinstance(value, dict):
        return _refused(host, option, f"a dictionary with at least {needed} is expected", value)
    host.only(f"{option}.", value, known)
    if not isinstance(value.get(needed), str):
        return _refused(host, f"{option}.{needed}", "missing, or not a string", value.get(needed))
    return dict(value)


def _vpn_gateway(host: Host, option: str, value: object) -> dict[str, Any]:
    given = _described(host, option, value, "vpc_id", _VPN_GATEWAY_OPTIONS)
    tables = host.strings(f"{option}.propagate_to", given.get("propagate_to"))
    found = {**given, "amazon_side_asn": whole(given.get("amazon_side_asn")), "propagate_to": tables}
    return {name: each for name, each in found.items() if each is not None} if given else {}


def _routing(host: Host, given: Mapping[str, object]) -> dict[str, object]:
    """What route tables of the transit gateway are to know of the site. An empty list is meant: no route table."""
    table = given.get("associate_with")
    if table is not None and not isinstance(table, str):
        host.refuse("target.associate_with", "a string is expected", table)
        table = None
    lists = {key: host.strings(f"target.{key}", given.get(key)) for key in ("propagate_to", "static_routes_to")}
    return {key: value for key, value in {"associate_with": table, **lists}.items() if value is not None}
