# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a site of the inventory ends on in AWS, read and checked."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..options import value_rules
from .reader import Host

_VPN_GATEWAY_OPTIONS = ("vpc_id", "amazon_side_asn", "propagate_to")
_ROUTING_OPTIONS = ("associate_with", "propagate_to", "static_routes_to")
_PREFIXES = {"transit_gateway_id": "tgw", "vpn_gateway_id": "vgw"}
_ANY_ID = re.compile(r"[a-z]+(-[a-z]+)*-[0-9a-f]{8,17}\Z")


def read_target(host: Host) -> dict[str, Any]:
    """The target as vpn_sites takes it, empty when it cannot be read."""
    value = host.value("target", required=True)
    if value is None:
        return {}
    if not isinstance(value, dict):
        host.refuse("target", "a dictionary with one key is expected", value)
        return {}
    host.only("target.", value, (*value_rules.TARGET_KEYS, *_ROUTING_OPTIONS))
    problem = value_rules.target_problem(value)
    if problem:
        host.refuse("target", problem)
        return {}
    key = next(key for key in value_rules.TARGET_KEYS if value.get(key) not in (None, False))
    return {**_one(host, key, value[key]), **_routing(host, value)}


def _one(host: Host, key: str, value: object) -> dict[str, Any]:
    if key == "vpn_gateway":
        return {key: _vpn_gateway(host, value)}
    if key == "vpn_concentrator":
        return {key: _concentrator(host, value)}
    if key == "unattached":
        if value is not True:
            host.refuse("target.unattached", "true is expected", value)
    elif key in _PREFIXES:
        _resource_id(host, f"target.{key}", value, _PREFIXES[key])
    elif not isinstance(value, str) or not _ANY_ID.match(value):
        host.refuse(f"target.{key}", "not an id", value)
    return {key: value}


def _vpn_gateway(host: Host, value: object) -> dict[str, object]:
    option = "target.vpn_gateway"
    if not isinstance(value, dict):
        host.refuse(option, "a dictionary with at least vpc_id is expected", value)
        return {}
    host.only(f"{option}.", value, _VPN_GATEWAY_OPTIONS)
    if value.get("vpc_id") is None:
        host.refuse(f"{option}.vpc_id", "missing: the VPC the virtual private gateway is attached to")
    else:
        _resource_id(host, f"{option}.vpc_id", value["vpc_id"], "vpc")
    given_asn = value.get("amazon_side_asn")
    asn = value_rules.DEFAULT_AMAZON_SIDE_ASN if given_asn is None else given_asn
    gateway: dict[str, object] = {
        "vpc_id": value.get("vpc_id"),
        "amazon_side_asn": host.whole(f"{option}.amazon_side_asn", asn, value_rules.amazon_side_asn_problem),
    }
    tables = _tables(host, f"{option}.propagate_to", value.get("propagate_to"), "rtb")
    return gateway if tables is None else {**gateway, "propagate_to": tables}


def _concentrator(host: Host, value: object) -> dict[str, object]:
    option = "target.vpn_concentrator"
    if not isinstance(value, dict):
        host.refuse(option, "a dictionary with transit_gateway_id is expected", value)
        return {}
    host.only(f"{option}.", value, ("transit_gateway_id",))
    if value.get("transit_gateway_id") is None:
        host.refuse(f"{option}.transit_gateway_id", "missing: the transit gateway the VPN concentrator belongs to")
    else:
        _resource_id(host, f"{option}.transit_gateway_id", value["transit_gateway_id"], "tgw")
    return {"transit_gateway_id": value.get("transit_gateway_id")}


def _routing(host: Host, value: Mapping[str, object]) -> dict[str, object]:
    """What route tables of the transit gateway are to know of the site; their ids are checked with the other rules."""
    found: dict[str, object] = {}
    table = value.get("associate_with")
    if table is not None and not isinstance(table, str):
        host.refuse("target.associate_with", "a string is expected", table)
    elif table is not None:
        found["associate_with"] = table
    for key in ("propagate_to", "static_routes_to"):
        tables = _tables(host, f"target.{key}", value.get(key), None)
        if tables is not None:
            found[key] = tables
    return found


def _tables(host: Host, option: str, tables: object, prefix: str | None) -> list[object] | None:
    if tables is None:
        return None
    # An empty list is meant: no route table.
    kept = host.entries(option, tables) if tables != [] else []
    for table in kept if prefix else ():
        _resource_id(host, option, table, str(prefix))
    return kept


def _resource_id(host: Host, option: str, value: object, prefix: str) -> None:
    problem = value_rules.resource_id_problem(value, prefix)
    if problem:
        host.refuse(option, problem, value)
