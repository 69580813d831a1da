# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds by its tags the existing resource that is meant: one, none, or an error, never the first of several."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from ..errors import Ambiguous
from ..model.resources import (
    COLLECTION,
    COLLECTION_TAG,
    OUTGOING_TAG,
    TRANSIT_TAG,
    VPC_TAG,
    Connection,
    CustomerGateway,
    CustomerGatewayWanted,
    Observed,
    VpnConcentrator,
    VpnGateway,
)
from ..nouns import DETACHING, GONE


class Tagged(Protocol):
    """Anything with an id, a state and tags."""

    @property
    def id(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def tags(self) -> Mapping[str, str]: ...


T = TypeVar("T", bound=Tagged)


def is_ours(resource: Tagged) -> bool:
    """Whether the resource carries the tag of this collection."""
    return resource.tags.get(COLLECTION_TAG) == COLLECTION


def our_ids(observed: Observed) -> set[str]:
    """Everything observed that carries the tag of this collection."""
    found: tuple[Tagged, ...] = (
        *observed.customer_gateways,
        *observed.vpn_gateways,
        *observed.vpn_concentrators,
        *observed.connections,
    )
    return {each.id for each in found if is_ours(each)}


class Index(Generic[T]):
    """Existing resources of one kind by what their identity tags say.

    What is deleted does not count, and what is outgoing only where it is asked for: its successor has its identity.
    Runs on different sites may each make what their sites share. Then C(order), of identity and resource, tells which
    one is meant: every run comes to the same.
    """

    def __init__(
        self,
        noun: str,
        identity: Callable[[T], str | None],
        resources: Iterable[T],
        order: Callable[[str, T], tuple[int, str]] | None = None,
    ) -> None:
        self._noun = noun
        self._order = order
        self._by_value: dict[str, list[T]] = {}
        self._outgoing: dict[str, list[T]] = {}
        for resource in resources:
            value = identity(resource)
            if value is not None and resource.state not in GONE and is_ours(resource):
                found = self._outgoing if OUTGOING_TAG in resource.tags else self._by_value
                found.setdefault(value, []).append(resource)

    def all(self, value: str) -> Sequence[T]:
        """Every resource of that identity; where there is an order, the one that is meant first."""
        found, order = self._by_value.get(value, []), self._order
        return sorted(found, key=lambda each: order(value, each)) if order else found

    def outgoing(self, value: str) -> Sequence[T]:
        """Every resource of that identity whose successor is made, or was to be made."""
        return self._outgoing.get(value, [])

    def one(self, value: str) -> T | None:
        """The resource of that identity; several without an order are an error that names them."""
        found = self.all(value)
        if len(found) > 1 and not self._order:
            raise Ambiguous(self._noun, value, [resource.id for resource in found])
        return found[0] if found else None


def customer_gateways(found: Iterable[CustomerGateway]) -> Index[CustomerGateway]:
    """Customer gateways by the gateway that they stand for."""
    return Index("customer gateway", lambda each: each.gateway, found)


def vpn_gateways(found: Iterable[VpnGateway]) -> Index[VpnGateway]:
    """Virtual private gateways by the VPC they were made for."""
    return Index("virtual private gateway", lambda each: each.tags.get(VPC_TAG), found, _attached_first)


def vpn_concentrators(found: Iterable[VpnConcentrator]) -> Index[VpnConcentrator]:
    """VPN concentrators by their transit gateway."""
    return Index("VPN concentrator", lambda each: each.tags.get(TRANSIT_TAG), found, _lowest_first)


def connections(found: Iterable[Connection]) -> Index[Connection]:
    """VPN connections by their names."""
    return Index("VPN connection", lambda each: each.name, found)


def _attached_first(vpc_id: str, gateway: VpnGateway) -> tuple[int, str]:
    """A VPC takes one virtual private gateway, so AWS decides between several; one on another VPC comes last."""
    here = gateway.attachment(vpc_id)
    if here and here.state != DETACHING:
        return (0, gateway.id)
    return (1 if here or not gateway.live_attachments else 2, gateway.id)


def _lowest_first(_transit_gateway_id: str, concentrator: VpnConcentrator) -> tuple[int, str]:
    return (0, concentrator.id)


def is_current_customer_gateway(wanted: CustomerGatewayWanted, actual: CustomerGateway) -> bool:
    """Whether this one is as wanted in all that is fixed at creation."""
    return is_same_customer_gateway(wanted, actual) and (wanted.certificate_arn or None) == (
        actual.certificate_arn or None
    )


def is_same_customer_gateway(wanted: CustomerGatewayWanted, actual: CustomerGateway) -> bool:
    """Whether AWS would answer a creation of the wanted one with this one: same address, ASN and device name."""
    return (
        (wanted.public_ip or None) == (actual.public_ip or None)
        and wanted.bgp_asn == actual.bgp_asn
        and (wanted.device_name or None) == (actual.device_name or None)
    )


def customer_gateway(
    wanted: CustomerGatewayWanted, found: Sequence[CustomerGateway]
) -> tuple[CustomerGateway | None, tuple[CustomerGateway, ...]]:
    """The customer gateway that is wanted, and the outdated ones of the same name.

    Everything about a customer gateway but its tags is fixed at creation, so a change makes a second one under the
    same name; a run that was interrupted between making it and removing the first leaves both behind.
    """
    if not wanted.present or (wanted.public_ip is None and wanted.certificate_arn is None):
        if len(found) > 1 and wanted.present:
            raise Ambiguous("customer gateway", wanted.name, [gateway.id for gateway in found])
        return (found[0] if found else None), tuple(found[1:])
    current = [gateway for gateway in found if is_current_customer_gateway(wanted, gateway)]
    if len(current) > 1:
        raise Ambiguous("customer gateway", wanted.name, [gateway.id for gateway in current])
    outdated = tuple(gateway for gateway in found if gateway not in current)
    return (current[0] if current else None), outdated
