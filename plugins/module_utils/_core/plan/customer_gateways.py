# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for customer gateways."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..model.resources import (
    SITE_TAG,
    CustomerGateway,
    CustomerGatewayWanted,
)
from . import identity, tags
from .dependents import Dependents
from .plan import CREATE, DELETE, Action, Part, Stage
from .steps import CreateCustomerGateway, DeleteCustomerGateway

CUSTOMER_GATEWAY = "customer_gateway"


@dataclass(frozen=True)
class CustomerGatewayMatch:
    """What exists under one name."""

    current: CustomerGateway | None
    outdated: tuple[CustomerGateway, ...] = ()

    @property
    def all(self) -> tuple[CustomerGateway, ...]:
        return (self.current, *self.outdated) if self.current else self.outdated


def customer_gateway_part(
    wanted: CustomerGatewayWanted,
    found: CustomerGatewayMatch,
    dependents: Dependents,
    foreign: Sequence[CustomerGateway],
) -> Part:
    """The plan for one customer gateway; C(dependents) are the connections that will hold on to one, by its id."""
    if not wanted.present:
        return _customer_gateway_removal(wanted, found, dependents)
    stale, warnings = _outdated(wanted, found.outdated, dependents)
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
    wanted: CustomerGatewayWanted, outdated: Sequence[CustomerGateway], dependents: Dependents
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    actions, warnings = [], []
    for gateway in outdated:
        used_by = dependents.remaining_on(gateway.id)
        if used_by:
            warnings.append(f"{wanted.name}: outdated customer gateway {gateway.id} stays: {used_by} uses it")
        else:
            actions.append(_delete(wanted.name, gateway, dependents, "outdated "))
    return tuple(actions), tuple(warnings)


def _delete(name: str, gateway: CustomerGateway, dependents: Dependents, why: str = "") -> Action:
    detail = f"{why}{_device(gateway.public_ip, gateway.bgp_asn)}"
    step = DeleteCustomerGateway(gateway.id, dependents.deleting_on(gateway.id))
    return Action(name, CUSTOMER_GATEWAY, DELETE, detail, Stage.REMOVE_GATEWAYS, step, id=gateway.id)


def _customer_gateway_removal(
    wanted: CustomerGatewayWanted, found: CustomerGatewayMatch, dependents: Dependents
) -> Part:
    used = [
        f"{wanted.name}: {gateway.id} is used by {dependents.remaining_on(gateway.id)}"
        for gateway in found.all
        if dependents.remaining_on(gateway.id)
    ]
    return Part(
        wanted.name,
        CUSTOMER_GATEWAY,
        tuple(_delete(wanted.name, gateway, dependents) for gateway in found.all),
        before=customer_gateway_model(found.all[0]) if found.all else None,
        after={} if found.all else None,
        refusals=tuple(used),
    )
