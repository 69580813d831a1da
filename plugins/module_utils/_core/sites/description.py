# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A gateway with its connections as users describe it, read into the model; keys become secrets here."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..model import access
from ..model.access import Access
from ..model.names import MAIN, connection_name
from ..model.resources import TransitRouting, TunnelWanted, VpnConcentratorWanted, VpnGatewayWanted, unique
from ..model.secret import Secret
from ..options import fields
from ..options.field import Field
from ..options.formats import normal_address, normal_network
from ..plan import tags as tag_rules
from .entry import ConnectionEntry

# What a connection can say itself; the rest belongs to its gateway.
OF_A_CONNECTION = (
    "target",
    "routing",
    "remote_cidrs",
    "tags",
    "options",
    "pre_shared_key_storage",
    "tunnels",
    "preference",
    *access.OPTIONS,
)


def entries(gateway: Mapping[str, Any], own: Access | None = None) -> tuple[ConnectionEntry, ...]:
    """The connections of a gateway; what one does not say, its gateway says for all of them.

    C(own) are the Region and the account of the task, for what says neither.
    """
    return tuple(_entry(each, own) for each in expanded(gateway))


def expanded(gateway: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A description for each connection, complete, with what it is called as C(connection)."""
    flat = {name: value for name, value in gateway.items() if name != "connections"}
    return [
        {
            **flat,
            **{name: value for name, value in own.items() if name in OF_A_CONNECTION and value is not None},
            "connection": own["name"],
        }
        for own in gateway.get("connections") or ({"name": MAIN},)
    ]


def _entry(entry: Mapping[str, Any], own: Access | None) -> ConnectionEntry:
    """One connection; what is left out is not wanted."""
    name, target = connection_name(entry["name"], entry["connection"]), entry.get("target") or {}
    gateway, concentrator = target.get("vpn_gateway"), target.get("vpn_concentrator")
    local = tuple(map(normal_network, entry.get("local_cidrs") or ()))
    return ConnectionEntry(
        gateway=entry["name"],
        connection=entry["connection"],
        place=entry.get("site"),
        preference=1 if entry.get("preference") is None else entry["preference"],
        public_ip=normal_address(entry.get("public_ip")),
        bgp_asn=entry.get("bgp_asn"),
        transit_gateway_id=target.get("transit_gateway_id"),
        vpn_gateway_id=target.get("vpn_gateway_id"),
        vpn_gateway=None if gateway is None else vpn_gateway(gateway, named_by=name),
        routing=entry.get("routing"),
        local_cidrs=local,
        remote_cidrs=tuple(map(normal_network, entry.get("remote_cidrs") or ())),
        tunnels=tunnels(entry.get("tunnels")),
        tags=tags(entry),
        vpn_concentrator_id=target.get("vpn_concentrator_id"),
        vpn_concentrator=None if concentrator is None else _concentrator(concentrator, name),
        unattached=bool(target.get("unattached")),
        options=given_options(fields.CONNECTION, entry.get("options")),
        pre_shared_key_storage=entry.get("pre_shared_key_storage"),
        transit_routing=TransitRouting.of(target, local),
        certificate_arn=entry.get("certificate_arn"),
        device_name=entry.get("device_name"),
        shared_networks=bool(entry.get("shared_networks")),
        access=Access.of(entry, own),
    )


def vpn_gateway(given: Mapping[str, Any], named_by: str = "") -> VpnGatewayWanted:
    """The virtual private gateway of a VPC."""
    return VpnGatewayWanted(
        given["vpc_id"],
        given.get("amazon_side_asn"),
        unique(given.get("propagate_to")),
        tag_rules.vpc_tags(given["vpc_id"], tags(given)),
        bool(given.get("purge_tags")),
        given.get("state", "present") == "present",
        named_by,
    )


def tunnels(entries: Sequence[Mapping[str, Any]] | None) -> tuple[TunnelWanted, ...]:
    """Descriptions of tunnels; options that were not given are left out."""
    return tuple(TunnelWanted(given_options(fields.TUNNEL, entry)) for entry in entries or ())


def given_options(table: Sequence[Field], entry: Mapping[str, Any] | None) -> dict[str, Any]:
    """The options of a table that were given, each in its one spelling."""
    found: dict[str, Any] = {}
    for row in fields.settable(tuple(table)):
        value = (entry or {}).get(row.name)
        if value is not None:
            found[row.name] = Secret(value) if row.is_secret else row.normal(value) if row.normal else value
    return found


def tags(given: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a description, as AWS takes them: text."""
    return {str(key): "" if value is None else str(value) for key, value in (given.get("tags") or {}).items()}


def _concentrator(given: Mapping[str, Any], named_by: str) -> VpnConcentratorWanted:
    transit_gateway_id = given["transit_gateway_id"]
    return VpnConcentratorWanted(transit_gateway_id, tag_rules.transit_tags(transit_gateway_id, {}), named_by=named_by)
