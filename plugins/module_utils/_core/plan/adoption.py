# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Taking over connections made elsewhere: finds the one that is meant, and plans the tags that make it ours."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..errors import InvalidInput
from ..model.resources import (
    COLLECTION,
    COLLECTION_TAG,
    IDENTITY_PREFIX,
    SITE_TAG,
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
    """One connection a site is to take over: by its id, or by the address of its customer gateway."""

    site: str
    connection_id: str | None = None
    public_ip: str | None = None

    def __str__(self) -> str:
        return self.connection_id or f"a customer gateway at {self.public_ip}"


@dataclass(frozen=True)
class ClaimedConnection:
    """The connection a claim means, with its customer gateway."""

    site: str
    connection: Connection
    customer_gateway: CustomerGateway

    @property
    def tags(self) -> dict[str, str]:
        """The tags of the site: those both resources have, as a site's tags are set on both."""
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
        if not claim.site or len(claim.site) > 256:
            found.append(f"connections: site={claim.site}: a name of 1 to 256 characters is expected")
        if claim.connection_id is not None:
            problem = value_rules.resource_id_problem(claim.connection_id, "vpn")
            found += [f"{claim.site}: vpn_connection_id={claim.connection_id}: {problem}"] if problem else []
    for noun, values in (
        ("site", [claim.site for claim in claims]),
        ("vpn_connection_id", [claim.connection_id for claim in claims if claim.connection_id]),
        ("public_ip", [claim.public_ip for claim in claims if claim.public_ip]),
    ):
        twice = sorted(value for value, times in Counter(values).items() if times > 1)
        found += [f"connections: {noun}={value} is given more than once" for value in twice]
    return found


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
            refused.append(f"{claim.site}: the customer gateway of {connection.id} is not in this account")
            continue
        refused += _taken(claim.site, connection, customer_gateway, region)
        found.append(ClaimedConnection(claim.site, connection, customer_gateway))
    refused += _shared(found)
    if refused:
        raise InvalidInput(list(dict.fromkeys(refused)))
    return tuple(found)


def plan(found: Sequence[ClaimedConnection], observed: Observed, adopt: bool) -> Plan:
    """The identity tags that are missing, and a Name where there is none; nothing without consent.

    An attachment to a transit gateway gets the tags of the site too, as the next plan wants them there.
    """
    parts: list[Part] = []
    region, attachments = _Region(observed), route_tables.live_attachments(observed)
    for each in found:
        identity_tags, site_tags = tags.site_tags(each.site, {}), tags.site_tags(each.site, each.tags)
        attachment = attachments.get((each.connection.id, each.connection.transit_gateway_id))
        parts.append(_retagging(each.site, VPN_CONNECTION, each.connection, identity_tags, adopt))
        parts.append(_retagging(each.site, CUSTOMER_GATEWAY, each.customer_gateway, identity_tags, adopt))
        if attachment and tags.has_own(each.site, site_tags):
            parts.append(_retagging(each.site, TRANSIT_ATTACHMENT, attachment, site_tags, adopt))
        others = [one for one in region.users(each.customer_gateway.id) if one.id != each.connection.id]
        if others:
            text = (
                f"{each.site}: customer gateway {each.customer_gateway.id} is also used by"
                f" {', '.join(one.id for one in others)}, which is not adopted: it is not removed while it is used"
            )
            parts.append(Part(each.site, CUSTOMER_GATEWAY, warnings=(text,)))
    return Plan.of(parts)


def _retagging(site: str, resource: str, one: Tagged, wanted: Mapping[str, str], adopt: bool) -> Part:
    retag = tags.actions(site, resource, one, wanted=wanted) if adopt else ()
    return Part(
        owner=site,
        resource=resource,
        actions=retag,
        unchanged=0 if retag else 1,
        before={"id": one.id, "tags": dict(one.tags)},
        after={"id": one.id, "tags": tags.merged(wanted, one.tags, False)},
    )


def is_adopted(found: ClaimedConnection) -> bool:
    """Whether the site has both resources already."""
    wanted = {COLLECTION_TAG: COLLECTION, SITE_TAG: found.site}
    return all(wanted.items() <= dict(one.tags).items() for one in (found.connection, found.customer_gateway))


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
        # What each site has already.
        self._owned: dict[str, list[tuple[str, str]]] = {}
        for noun, resources in (("connection", self.connections), ("customer gateway", self.customer_gateways)):
            for one in resources.values():
                if identity.is_ours(one) and SITE_TAG in one.tags:
                    self._owned.setdefault(one.tags[SITE_TAG], []).append((noun, one.id))

    def claimed(self, claim: Claim) -> Sequence[Connection]:
        if claim.connection_id:
            return [self.connections[claim.connection_id]] if claim.connection_id in self.connections else []
        return self._by_address.get(_address(claim.public_ip), [])

    def users(self, customer_gateway_id: str) -> Sequence[Connection]:
        return self._by_customer_gateway.get(customer_gateway_id, [])

    def owned(self, site: str) -> Sequence[tuple[str, str]]:
        """What a site has already: the kind and the id of each."""
        return self._owned.get(site, [])

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
            f"{claim.site}: {len(found)} VPN connections have {claim}: {region.listing(found)}."
            " Set vpn_connection_id to the right one"
        )
    which = claim.connection_id or f"with {claim}"
    return f"{claim.site}: this Region has no VPN connection {which}; it has {region.everything}"


def _taken(site: str, connection: Connection, customer_gateway: CustomerGateway, region: _Region) -> list[str]:
    """Who has it already, and what the site has already."""
    found = []
    for one in (connection, customer_gateway):
        collection, owner = one.tags.get(COLLECTION_TAG), one.tags.get(SITE_TAG)
        if collection not in (None, COLLECTION):
            found.append(f"{site}: {one.id} has the tag {COLLECTION_TAG}={collection} of another collection")
        if owner not in (None, site):
            found.append(f"{site}: {one.id} already belongs to site {owner}")
    if connection.is_outgoing:
        found.append(f"{site}: {connection.id} is outgoing: site {site} has a newer connection")
    for noun, resource_id in region.owned(site):
        if resource_id not in (connection.id, customer_gateway.id):
            found.append(f"{site}: the site already has {noun} {resource_id}, and can have only one")
    return found


def _shared(found: Sequence[ClaimedConnection]) -> list[str]:
    """A connection, and a customer gateway, belongs to one site."""
    owners: dict[str, list[str]] = {}
    for each in found:
        owners.setdefault(each.connection.id, []).append(each.site)
        owners.setdefault(each.customer_gateway.id, []).append(each.site)
    return [f"{', '.join(sites)}: {one} can belong to one site only" for one, sites in owners.items() if len(sites) > 1]
