# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for customer gateways: creation, tags, a new one in place of an outdated one, removal."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..model.resources import CustomerGateway, CustomerGatewayWanted
from ..nouns import CUSTOMER_GATEWAY, GONE
from . import identity, tags
from .dependents import Dependents
from .plan import Action, Part
from .steps import CreateCustomerGateway, DeleteCustomerGateway


@dataclass(frozen=True)
class CustomerGatewayMatch:
    """What exists under one name."""

    current: CustomerGateway | None
    outdated: tuple[CustomerGateway, ...] = ()

    @property
    def all(self) -> tuple[CustomerGateway, ...]:
        return (self.current, *self.outdated) if self.current else self.outdated


def parts(
    wanted: CustomerGatewayWanted,
    found: CustomerGatewayMatch,
    dependents: Dependents,
    foreign: Sequence[CustomerGateway],
) -> list[Part]:
    """The plan for the customer gateway of one name, or for its removal; C(foreign) are those of others."""
    if wanted.present:
        return [_part(wanted, found, dependents, foreign)]
    return removal_parts(wanted.name, found.all, dependents)


def _part(
    wanted: CustomerGatewayWanted,
    found: CustomerGatewayMatch,
    dependents: Dependents,
    foreign: Sequence[CustomerGateway],
) -> Part:
    outdated = [_removal_part(wanted.name, each, dependents, "outdated ") for each in found.outdated]
    before = customer_gateway_model(found.all[0]) if found.all else None
    if found.current is None:
        new = Part(
            owner=wanted.name,
            resource=CUSTOMER_GATEWAY,
            actions=(_creation(wanted),),
            before=before,
            after=customer_gateway_model(wanted),
            refusals=(*_taken(wanted, foreign), *_same_but_certificate(wanted, found.outdated)),
        )
        return new.along_with(outdated)
    current = tags.retagging(
        wanted.name,
        CUSTOMER_GATEWAY,
        found.current,
        before=customer_gateway_model(found.current),
        wanted=wanted.tags,
        purge=wanted.purge_tags,
    )
    return current.along_with(outdated)


def _creation(wanted: CustomerGatewayWanted) -> Action:
    step = CreateCustomerGateway(
        ref=wanted.ref,
        public_ip=wanted.public_ip,
        bgp_asn=wanted.bgp_asn or 0,
        device_name=wanted.device_name,
        certificate_arn=wanted.certificate_arn,
        tags=dict(wanted.tags),
    )
    return Action.of(step, wanted.name, _text(wanted.public_ip, wanted.bgp_asn))


def customer_gateway_model(described: CustomerGateway | CustomerGatewayWanted) -> dict[str, Any]:
    """What of a customer gateway a plan compares and shows."""
    return {
        "public_ip": described.public_ip,
        "bgp_asn": described.bgp_asn,
        "device_name": described.device_name,
        "certificate_arn": described.certificate_arn,
        "tags": dict(described.tags),
    }


def _text(public_ip: str | None, bgp_asn: int | None) -> str:
    return f"{public_ip or 'without address'} ASN {bgp_asn}"


def _taken(wanted: CustomerGatewayWanted, foreign: Sequence[CustomerGateway]) -> tuple[str, ...]:
    """AWS keeps one customer gateway per address, ASN and device name: a creation would answer with another's."""
    for gateway in foreign:
        if gateway.state in GONE or not identity.is_same_customer_gateway(wanted, gateway):
            continue
        if not identity.is_ours(gateway) or gateway.gateway != wanted.name:
            return (f"{wanted.name}: {taken_text(wanted.name, gateway)}",)
    return ()


def taken_text(name: str, gateway: CustomerGateway) -> str:
    """Why there is no customer gateway for this name, and what to do about it."""
    owner = gateway.gateway if identity.is_ours(gateway) else None
    whose = f"of gateway {owner}" if owner else "not made by this collection"
    return (
        f"customer gateway {gateway.id} ({whose}) already has"
        f" {_text(gateway.public_ip, gateway.bgp_asn)}, and AWS keeps only one. {_instead(name, owner)}"
    )


def _instead(name: str, owner: str | None) -> str:
    """Other tags would take a customer gateway away from the gateway it belongs to."""
    if owner:
        return (
            "Check public_ip of both gateways (site_vpn_public_ip in an inventory), give this one its own"
            f" device_name, or remove gateway {owner} first"
        )
    own_tags = ", ".join(f"{key}={value}" for key, value in tags.gateway_tags(name, {}).items() if key != "Name")
    return f"To use it for this gateway, set its tags {own_tags}"


def _same_but_certificate(wanted: CustomerGatewayWanted, outdated: Sequence[CustomerGateway]) -> tuple[str, ...]:
    """AWS would answer with the one that has the old certificate, so a new one needs another identity."""
    return tuple(
        f"{wanted.name}: certificate_arn: {gateway.id} has {_text(wanted.public_ip, wanted.bgp_asn)} and another"
        " certificate. AWS keeps one customer gateway per address, ASN and device name: set another device_name"
        " together with the certificate"
        for gateway in outdated
        if identity.is_same_customer_gateway(wanted, gateway)
    )


def removal_parts(name: str, found: Sequence[CustomerGateway], dependents: Dependents) -> list[Part]:
    """The plan for the removal of all customer gateways of one name; refused for one that is still used."""
    parts = [_removal_part(name, each, dependents) for each in found]
    # The first one is what a diff shows under the plain name.
    return parts[:1] + [replace(part, resource=f"{part.resource} {part.actions[0].id}") for part in parts[1:]]


def _removal_part(name: str, actual: CustomerGateway, dependents: Dependents, why: str = "") -> Part:
    step = DeleteCustomerGateway(actual.id, dependents.deleting_on(actual.id))
    action = Action.of(step, name, f"{why}{_text(actual.public_ip, actual.bgp_asn)}", actual.id)
    return Part(
        owner=name,
        resource=CUSTOMER_GATEWAY,
        actions=(action,),
        before=customer_gateway_model(actual),
        after={},
        refusals=dependents.refusals(name, actual.id),
    )
