# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for customer gateways and for virtual private gateways with their VPC and their route tables."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..model.resources import (
    SITE_TAG,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    RouteTable,
    VpnGateway,
    VpnGatewayWanted,
)
from ..options import value_rules
from . import identity, tags
from .holders import Users
from .plan import CREATE, DELETE, Action, Part, Stage
from .steps import (
    AttachVpnGateway,
    CreateCustomerGateway,
    CreateVpnGateway,
    DeleteCustomerGateway,
    DeleteVpnGateway,
    DetachVpnGateway,
    DisablePropagation,
    EnablePropagation,
)

CUSTOMER_GATEWAY = "customer_gateway"
VPN_GATEWAY = "vpn_gateway"
ATTACHMENT = "vpn_gateway_attachment"
PROPAGATION = "route_propagation"


@dataclass(frozen=True)
class CustomerGatewayMatch:
    """What exists under one name."""

    current: CustomerGateway | None
    outdated: tuple[CustomerGateway, ...] = ()

    @property
    def all(self) -> tuple[CustomerGateway, ...]:
        return (self.current, *self.outdated) if self.current else self.outdated


# Customer gateways.


def customer_gateway_part(
    wanted: CustomerGatewayWanted,
    found: CustomerGatewayMatch,
    users: Users,
    foreign: Sequence[CustomerGateway],
) -> Part:
    """The plan for one customer gateway; C(users) are the connections that will hold on to one, by its id."""
    if not wanted.present:
        return _customer_gateway_removal(wanted, found, users)
    stale, warnings = _outdated(wanted, found.outdated, users)
    before = customer_gateway_model(found.all[0]) if found.all else None
    if found.current is None:
        creation = _customer_gateway_creation(wanted)
        after: dict[str, Any] = {
            "public_ip": wanted.public_ip,
            "bgp_asn": wanted.bgp_asn,
            "device_name": wanted.device_name,
            "certificate_arn": wanted.certificate_arn,
            "tags": dict(wanted.tags),
        }
        refusals = (*_taken(wanted, foreign), *_same_but_certificate(wanted, found.outdated))
        return Part(wanted.name, CUSTOMER_GATEWAY, (creation, *stale), 0, before, after, warnings, refusals)
    actual = found.current
    retag = tags.actions(wanted.name, CUSTOMER_GATEWAY, actual.id, wanted.tags, actual.tags, wanted.purge_tags)
    before = customer_gateway_model(actual)
    after = {**before, "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags)}
    unchanged = 0 if retag else 1
    return Part(wanted.name, CUSTOMER_GATEWAY, (*retag, *stale), unchanged, before, after, warnings)


def _customer_gateway_creation(wanted: CustomerGatewayWanted) -> Action:
    step = CreateCustomerGateway(
        wanted.ref,
        wanted.public_ip,
        wanted.bgp_asn or 0,
        wanted.device_name,
        dict(wanted.tags),
        wanted.certificate_arn,
    )
    detail = _device(wanted.public_ip, wanted.bgp_asn)
    return Action(wanted.name, CUSTOMER_GATEWAY, CREATE, detail, Stage.GATEWAYS, step)


def customer_gateway_model(actual: CustomerGateway) -> dict[str, Any]:
    """What of a customer gateway a plan compares and shows."""
    return {
        "public_ip": actual.public_ip,
        "bgp_asn": actual.bgp_asn,
        "device_name": actual.device_name,
        "certificate_arn": actual.certificate_arn,
        "tags": dict(actual.tags),
    }


def _device(public_ip: str | None, bgp_asn: int | None) -> str:
    return f"{public_ip or 'without address'} ASN {bgp_asn}"


def _taken(wanted: CustomerGatewayWanted, foreign: Sequence[CustomerGateway]) -> tuple[str, ...]:
    """AWS keeps one customer gateway per address, ASN and device name: a creation would answer with another's."""
    for gateway in foreign:
        if gateway.state in identity.GONE or not identity.is_same_customer_gateway(wanted, gateway):
            continue
        owner = gateway.tags.get(SITE_TAG) if identity.is_ours(gateway) else None
        if owner == wanted.name:
            continue
        whose = f"of site {owner}" if owner else "not made by this collection"
        own_tags = {**tags.site_tags(wanted.name, {})}
        own_tags.pop("Name")
        return (
            f"{wanted.name}: customer gateway {gateway.id} ({whose}) already stands for"
            f" {_device(wanted.public_ip, wanted.bgp_asn)}, and AWS keeps only one. To use it here, set its tags"
            f" {', '.join(f'{key}={value}' for key, value in own_tags.items())}",
        )
    return ()


def _same_but_certificate(wanted: CustomerGatewayWanted, outdated: Sequence[CustomerGateway]) -> tuple[str, ...]:
    """AWS would answer with the one that has the old certificate, so a new one needs another identity."""
    return tuple(
        f"{wanted.name}: certificate_arn: {gateway.id} stands for {_device(wanted.public_ip, wanted.bgp_asn)} with"
        " another certificate, and AWS keeps one customer gateway per address, ASN and device name: give another"
        " device_name together with the certificate"
        for gateway in outdated
        if identity.is_same_customer_gateway(wanted, gateway)
    )


def _outdated(
    wanted: CustomerGatewayWanted, outdated: Sequence[CustomerGateway], users: Users
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    actions, warnings = [], []
    for gateway in outdated:
        used_by = users.of_gateway(gateway.id)
        if used_by:
            warnings.append(f"{wanted.name}: outdated customer gateway {gateway.id} stays: {used_by} uses it")
        else:
            actions.append(_delete(wanted.name, gateway, users, "outdated "))
    return tuple(actions), tuple(warnings)


def _delete(name: str, gateway: CustomerGateway, users: Users, why: str = "") -> Action:
    detail = f"{why}{_device(gateway.public_ip, gateway.bgp_asn)}"
    step = DeleteCustomerGateway(gateway.id, users.after(gateway.id))
    return Action(name, CUSTOMER_GATEWAY, DELETE, detail, Stage.REMOVE_GATEWAYS, step, id=gateway.id)


def _customer_gateway_removal(wanted: CustomerGatewayWanted, found: CustomerGatewayMatch, users: Users) -> Part:
    used = [
        f"{wanted.name}: {gateway.id} is used by {users.of_gateway(gateway.id)}"
        for gateway in found.all
        if users.of_gateway(gateway.id)
    ]
    return Part(
        wanted.name,
        CUSTOMER_GATEWAY,
        tuple(_delete(wanted.name, gateway, users) for gateway in found.all),
        before=customer_gateway_model(found.all[0]) if found.all else None,
        after={} if found.all else None,
        refusals=tuple(used),
    )


# Virtual private gateways.


def vpn_gateway_part(wanted: VpnGatewayWanted, actual: VpnGateway | None, observed: Observed, users: Users) -> Part:
    """The plan for the virtual private gateway of one VPC."""
    owner = wanted.site or wanted.vpc_id
    if not wanted.present:
        return _vpn_gateway_removal(owner, wanted, actual, users)
    tables = [table for table in observed.route_tables if table.vpc_id == wanted.vpc_id]
    propagation = _propagation(owner, wanted, actual, tables)
    refusals = _vpn_gateway_refusals(owner, wanted, actual, observed, tables)
    bind = AttachVpnGateway(actual.id if actual else wanted.ref, wanted.vpc_id)
    attach = Action(owner, ATTACHMENT, CREATE, f"to {wanted.vpc_id}", Stage.CONNECTIONS, bind)
    wish: dict[str, Any] = {
        "vpc_id": wanted.vpc_id,
        "amazon_side_asn": wanted.amazon_side_asn or value_rules.DEFAULT_AMAZON_SIDE_ASN,
        "propagate_to": sorted(wanted.propagate_to or ()),
        "tags": dict(wanted.tags),
    }
    if actual is None:
        creation = _vpn_gateway_creation(owner, wanted, wish["amazon_side_asn"])
        return Part(owner, VPN_GATEWAY, (creation, attach, *propagation), 0, None, wish, refusals=refusals)
    before = vpn_gateway_model(actual, wanted.vpc_id, tables)
    retag = tags.actions(owner, VPN_GATEWAY, actual.id, wanted.tags, actual.tags, wanted.purge_tags)
    attachment = actual.attachment(wanted.vpc_id)
    bond = () if attachment and attachment.state != "detaching" else (attach,)
    after = {
        **wish,
        "amazon_side_asn": actual.amazon_side_asn,
        "propagate_to": before["propagate_to"] if wanted.propagate_to is None else wish["propagate_to"],
        "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags),
    }
    unchanged = (not retag) + (not bond) + len(set(before["propagate_to"]) & set(after["propagate_to"]))
    return Part(owner, VPN_GATEWAY, (*retag, *bond, *propagation), unchanged, before, after, refusals=refusals)


def _vpn_gateway_creation(owner: str, wanted: VpnGatewayWanted, asn: int) -> Action:
    step = CreateVpnGateway(wanted.ref, wanted.amazon_side_asn, dict(wanted.tags))
    return Action(owner, VPN_GATEWAY, CREATE, f"for {wanted.vpc_id} ASN {asn}", Stage.GATEWAYS, step)


def vpn_gateway_model(actual: VpnGateway, vpc_id: str, tables: Sequence[RouteTable]) -> dict[str, Any]:
    """What of a virtual private gateway a plan compares and shows."""
    return {
        "vpc_id": vpc_id if actual.attachment(vpc_id) else None,
        "amazon_side_asn": actual.amazon_side_asn,
        "propagate_to": sorted(table.id for table in tables if actual.id in table.propagating),
        "tags": dict(actual.tags),
    }


def _propagation(
    owner: str, wanted: VpnGatewayWanted, actual: VpnGateway | None, tables: Sequence[RouteTable]
) -> tuple[Action, ...]:
    if wanted.propagate_to is None:
        return ()
    gateway = actual.id if actual else wanted.ref
    now = {table.id for table in tables if actual and actual.id in table.propagating}
    actions = [
        Action(owner, PROPAGATION, CREATE, f"into {table}", Stage.ROUTES, EnablePropagation(gateway, table))
        for table in sorted(set(wanted.propagate_to) - now)
    ]
    actions += [
        Action(owner, PROPAGATION, DELETE, f"into {table}", Stage.ROUTES, DisablePropagation(gateway, table))
        for table in sorted(now - set(wanted.propagate_to))
    ]
    return tuple(actions)


def _vpn_gateway_refusals(
    owner: str,
    wanted: VpnGatewayWanted,
    actual: VpnGateway | None,
    observed: Observed,
    tables: Sequence[RouteTable],
) -> tuple[str, ...]:
    found = []
    known = {table.id for table in tables}
    for table in sorted(set(wanted.propagate_to or ()) - known):
        found.append(f"{owner}: propagate_to: route table {table} does not exist in {wanted.vpc_id}")
    if actual is None:
        if wanted.vpc_id not in observed.vpc_ids:
            found.append(f"{owner}: {wanted.vpc_id} does not exist in this Region")
        for other in observed.foreign_vpn_gateways:
            if other.state not in identity.GONE and other.attachment(wanted.vpc_id):
                found.append(
                    f"{owner}: {wanted.vpc_id} already has virtual private gateway {other.id}, not made by this"
                    f" collection, and a VPC takes only one: name it as vpn_gateway_id: {other.id}"
                )
        return tuple(found)
    elsewhere = [a.vpc_id for a in actual.attachments if a.vpc_id != wanted.vpc_id and a.state != "detached"]
    if elsewhere:
        found.append(f"{owner}: {actual.id} is attached to {elsewhere[0]}, not to {wanted.vpc_id}")
    if wanted.amazon_side_asn is not None and wanted.amazon_side_asn != actual.amazon_side_asn:
        found.append(
            f"{owner}: {actual.id} has ASN {actual.amazon_side_asn}; AWS fixes it at creation, so"
            f" {wanted.amazon_side_asn} would need a new gateway, which this module does not make"
        )
    return tuple(found)


def _vpn_gateway_removal(owner: str, wanted: VpnGatewayWanted, actual: VpnGateway | None, users: Users) -> Part:
    if actual is None:
        return Part(owner, VPN_GATEWAY)
    actions = [
        Action(
            owner,
            ATTACHMENT,
            DELETE,
            f"from {attachment.vpc_id}",
            Stage.DETACH,
            DetachVpnGateway(actual.id, attachment.vpc_id, users.after(actual.id)),
            id=actual.id,
        )
        for attachment in actual.attachments
        if attachment.state not in ("detached", "detaching")
    ]
    is_detaching = any(attachment.state == "detaching" for attachment in actual.attachments)
    removal = DeleteVpnGateway(actual.id, users.after(actual.id), is_detaching)
    actions.append(
        Action(owner, VPN_GATEWAY, DELETE, f"of {wanted.vpc_id}", Stage.REMOVE_GATEWAYS, removal, id=actual.id)
    )
    used_by = users.of_gateway(actual.id)
    used = (f"{owner}: {actual.id} is used by {used_by}",) if used_by else ()
    before = vpn_gateway_model(actual, wanted.vpc_id, ())
    return Part(owner, VPN_GATEWAY, tuple(actions), before=before, after={}, refusals=used)
