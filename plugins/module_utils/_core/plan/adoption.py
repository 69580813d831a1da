# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Taking over connections made elsewhere: finds the one that is meant, and plans the tags that make it ours."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..errors import InvalidInput
from ..grouping import grouped
from ..model.access import Access
from ..model.names import connection_of, gateway_of, part_problem
from ..model.resources import (
    COLLECTION,
    COLLECTION_TAG,
    IDENTITY_PREFIX,
    Connection,
    CustomerGateway,
    Observed,
)
from ..nouns import CUSTOMER_GATEWAY, GONE, TRANSIT_ATTACHMENT, VPN_CONNECTION
from ..options import value_rules
from . import identity, tags
from .identity import Tagged
from .plan import Part, Plan
from .transit import route_tables

# So many candidates a refusal lists, so that it stays readable in a Region with hundreds.
LISTED = 20


@dataclass(frozen=True)
class Claim:
    """One connection to take over under a name: by its id, or by the address of its customer gateway."""

    name: str
    connection_id: str | None = None
    public_ip: str | None = None
    access: Access = field(default_factory=Access)

    def __str__(self) -> str:
        return self.connection_id or f"a customer gateway at {self.public_ip}"


@dataclass(frozen=True)
class ClaimedConnection:
    """The connection a claim means, with its customer gateway and its new name."""

    name: str
    connection: Connection
    customer_gateway: CustomerGateway
    # Where the claim says that it is.
    access: Access = field(default_factory=Access)

    @property
    def tags(self) -> dict[str, str]:
        """The tags that both resources have, because the tags of a gateway are set on both."""
        theirs = self.customer_gateway.tags
        return {
            key: value
            for key, value in sorted(self.connection.tags.items())
            if theirs.get(key) == value and not key.startswith((IDENTITY_PREFIX, "aws:"))
        }


def problems(claims: Sequence[Claim]) -> list[str]:
    """What is wrong with the claims themselves."""
    found = []
    for claim in claims:
        rules = (part_problem(gateway_of(claim.name)), part_problem(connection_of(claim.name)))
        found += [f"connections: name={claim.name}: {rule}" for rule in rules if rule]
        if claim.connection_id is not None:
            problem = value_rules.resource_id_problem(claim.connection_id, "vpn")
            found += [f"{claim.name}: vpn_connection_id={claim.connection_id}: {problem}"] if problem else []
    for noun, values in (
        ("name", [claim.name for claim in claims]),
        ("vpn_connection_id", [claim.connection_id for claim in claims if claim.connection_id]),
    ):
        twice = sorted(value for value, times in Counter(values).items() if times > 1)
        found += [f"connections: {noun}={value} is given more than once" for value in twice]
    # A gateway has one address in all Regions and accounts.
    addresses = Counter((claim.access, claim.public_ip) for claim in claims if claim.public_ip)
    twice = sorted({str(address) for (_access, address), times in addresses.items() if times > 1})
    return found + [f"connections: public_ip={value} is given more than once" for value in twice]


def find(claims: Sequence[Claim], observed: Observed) -> tuple[ClaimedConnection, ...]:
    """What each claim means; every claim that means none, several or somebody else's is refused with the others."""
    refused = problems(claims)
    region = _Region(observed)
    found: list[ClaimedConnection] = []
    for claim in claims:
        connections = region.claimed(claim)
        if len(connections) != 1:
            refused.append(_none_or_several(claim, connections, region))
            continue
        connection = connections[0]
        customer_gateway = region.customer_gateways.get(connection.customer_gateway_id)
        if customer_gateway is None:
            refused.append(f"{claim.name}: the customer gateway of {connection.id} is not in this account")
            continue
        refused += _taken(claim.name, connection, customer_gateway, region)
        found.append(ClaimedConnection(claim.name, connection, customer_gateway, claim.access))
    refused += _shared(found)
    if refused:
        raise InvalidInput(list(dict.fromkeys(refused)))
    return tuple(found)


def plan(found: Sequence[ClaimedConnection], observed: Observed, adopt: bool) -> Plan:
    """The identity tags that are missing, and a Name where there is none; nothing without consent.

    An attachment to a transit gateway gets the tags of the connection too, as the next plan wants them there.
    """
    parts: list[Part] = []
    region, attachments = _Region(observed), route_tables.live_attachments(observed)
    for name, own in grouped((gateway_of(each.name), each) for each in found).items():
        for each in own:
            identity_tags, own_tags = tags.connection_tags(each.name, {}), tags.connection_tags(each.name, each.tags)
            attachment = attachments.get((each.connection.id, each.connection.transit_gateway_id))
            parts.append(_retagging(each.name, VPN_CONNECTION, each.connection, identity_tags, adopt))
            if attachment and tags.has_own(each.name, own_tags):
                parts.append(_retagging(each.name, TRANSIT_ATTACHMENT, attachment, own_tags, adopt))
        customer_gateway = own[0].customer_gateway
        parts.append(_retagging(name, CUSTOMER_GATEWAY, customer_gateway, tags.gateway_tags(name, {}), adopt))
        parts += _other_users(name, customer_gateway, found, region)
    return Plan.of(parts)


def _other_users(
    gateway: str, customer_gateway: CustomerGateway, found: Sequence[ClaimedConnection], region: _Region
) -> list[Part]:
    """A word on connections that use the customer gateway of a gateway, and are none of its own."""
    adopted = {each.connection.id for each in found}
    others = [
        each.id
        for each in region.users(customer_gateway.id)
        if each.id not in adopted and not (identity.is_ours(each) and gateway_of(each.name or "") == gateway)
    ]
    text = (
        f"{gateway}: customer gateway {customer_gateway.id} is also used by {', '.join(others)}, which is not adopted:"
        " it is not removed while it is used"
    )
    return [Part(gateway, CUSTOMER_GATEWAY, warnings=(text,))] if others else []


def _retagging(owner: str, resource: str, one: Tagged, wanted: Mapping[str, str], adopt: bool) -> Part:
    retag = tags.actions(owner, resource, one, wanted=wanted) if adopt else ()
    return Part(
        owner=owner,
        resource=resource,
        actions=retag,
        unchanged=0 if retag else 1,
        before={"id": one.id, "tags": dict(one.tags)},
        after={"id": one.id, "tags": tags.merged(wanted, one.tags, False)},
    )


def is_adopted(found: ClaimedConnection) -> bool:
    """Whether both resources have the names already."""
    connection, customer_gateway = found.connection, found.customer_gateway
    is_ours = identity.is_ours(connection) and identity.is_ours(customer_gateway)
    return is_ours and connection.name == found.name and customer_gateway.gateway == gateway_of(found.name)


class _Region:
    """What there is to choose from, and where it is found; what is deleted does not count."""

    def __init__(self, observed: Observed) -> None:
        self.connections = {each.id: each for each in observed.connections if each.state not in GONE}
        self.customer_gateways = {each.id: each for each in observed.customer_gateways if each.state not in GONE}
        self._by_customer_gateway: dict[str, list[Connection]] = {}
        self._by_address: dict[object, list[Connection]] = {}
        for each in self.connections.values():
            self._by_customer_gateway.setdefault(each.customer_gateway_id, []).append(each)
            customer_gateway = self.customer_gateways.get(each.customer_gateway_id)
            if customer_gateway is not None:
                self._by_address.setdefault(_address(customer_gateway.public_ip), []).append(each)
        # What has each name already.
        named: list[tuple[str, Tagged, str | None]] = [
            *(("connection", one, one.name) for one in self.connections.values()),
            *(("customer gateway", one, one.gateway) for one in self.customer_gateways.values()),
        ]
        self._owned = grouped(((noun, name), one.id) for noun, one, name in named if name and identity.is_ours(one))

    def claimed(self, claim: Claim) -> Sequence[Connection]:
        if claim.connection_id:
            return [self.connections[claim.connection_id]] if claim.connection_id in self.connections else []
        return self._by_address.get(_address(claim.public_ip), [])

    def users(self, customer_gateway_id: str) -> Sequence[Connection]:
        return self._by_customer_gateway.get(customer_gateway_id, [])

    def owned(self, noun: str, name: str) -> Sequence[str]:
        """The ids of what has a name already."""
        return self._owned.get((noun, name), [])

    @cached_property
    def everything(self) -> str:
        """All connections, as a person tells them apart."""
        return self.listing(self.connections.values()) if self.connections else "none at all"

    def listing(self, connections: Iterable[Connection]) -> str:
        """Connections as a person tells them apart."""
        words = []
        for each in sorted(connections, key=lambda one: one.id):
            customer_gateway = self.customer_gateways.get(each.customer_gateway_id)
            end = each.vpn_concentrator_id or each.transit_gateway_id or each.vpn_gateway_id or "no target"
            name = each.tags.get("Name")
            called = f"{name}, " if name else ""
            words.append(f"{each.id} ({called}{customer_gateway.public_ip if customer_gateway else None} to {end})")
        more = f" and {len(words) - LISTED} more" if len(words) > LISTED else ""
        return ", ".join(words[:LISTED]) + more


def _address(text: str | None) -> object:
    """Two spellings of one IPv6 address are the same."""
    try:
        return ipaddress.ip_address(text or "")
    except ValueError:
        return text


def _none_or_several(claim: Claim, found: Sequence[Connection], region: _Region) -> str:
    if found:
        return (
            f"{claim.name}: {len(found)} VPN connections have {claim}: {region.listing(found)}."
            " Set vpn_connection_id to the right one"
        )
    which = claim.connection_id or f"with {claim}"
    return f"{claim.name}: this Region has no VPN connection {which}; it has {region.everything}"


def _taken(name: str, connection: Connection, customer_gateway: CustomerGateway, region: _Region) -> list[str]:
    """Who has it already, and what has the name already."""
    found = []
    gateway = gateway_of(name)
    for one, owner, wanted in (
        (connection, connection.name, name),
        (customer_gateway, customer_gateway.gateway, gateway),
    ):
        collection = one.tags.get(COLLECTION_TAG)
        if collection not in (None, COLLECTION):
            found.append(f"{name}: {one.id} has the tag {COLLECTION_TAG}={collection} of another collection")
        if owner not in (None, wanted):
            found.append(f"{name}: {one.id} already belongs to {owner}")
    if connection.is_outgoing:
        found.append(f"{name}: {connection.id} is outgoing: {name} has a newer connection")
    for noun, one_id, wanted in (
        ("connection", connection.id, name),
        ("customer gateway", customer_gateway.id, gateway),
    ):
        for resource_id in region.owned(noun, wanted):
            if resource_id != one_id:
                found.append(f"{name}: {wanted} already has {noun} {resource_id}, and can have only one")
    return found


def _shared(found: Sequence[ClaimedConnection]) -> list[str]:
    """A connection has one name, and a customer gateway belongs to one gateway, which has one."""
    names = grouped((each.connection.id, each.name) for each in found)
    gateways = grouped((each.customer_gateway.id, gateway_of(each.name)) for each in found)
    ids = grouped((gateway_of(each.name), each.customer_gateway.id) for each in found)
    claims = [(one, list(dict.fromkeys(owners))) for one, owners in (*names.items(), *gateways.items())]
    several = [(gateway, list(dict.fromkeys(own))) for gateway, own in ids.items()]
    return [
        *(f"{', '.join(owners)}: {one} can belong to one of them only" for one, owners in claims if len(owners) > 1),
        *(
            f"{gateway}: a gateway has one customer gateway, and its connections have {', '.join(own)}"
            for gateway, own in several
            if len(own) > 1
        ),
    ]
