# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a run: what is asked for in one Region, compared with what exists there."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.names import gateway_of
from ..model.resources import (
    BGP,
    STATIC,
    Connection,
    ConnectionWanted,
    Consent,
    CustomerGateway,
    CustomerGatewayWanted,
    Id,
    Observed,
    Ref,
    VpnGatewayWanted,
    Wanted,
)
from ..nouns import CUSTOMER_GATEWAY, GONE, VPN_CONCENTRATOR, VPN_CONNECTION
from ..options import route_limits, rules, value_rules
from . import concentrators, customer_gateways, identity, vpn_gateways
from .completion import completed
from .connection.connection import connection_part
from .connection.deletion import removal_parts
from .connection.ends import Ends
from .customer_gateways import CustomerGatewayMatch
from .dependents import Dependents
from .plan import Part, Plan
from .transit import attachments


class Matches:
    """The existing resources that are meant by what is wanted; several of one identity are an error."""

    def __init__(self, wanted: Wanted, observed: Observed) -> None:
        self._customer_gateways = identity.customer_gateways(observed.customer_gateways)
        # The gateways whose customer gateways are to be made without a word about their ASN.
        self.without_asn = {
            want.name
            for want in wanted.customer_gateways
            if want.bgp_asn is None and not self._customer_gateways.all(want.name)
        }
        self.wanted = wanted = completed(wanted, observed)
        self._customer_gateways_by_id = {each.id: each for each in observed.customer_gateways}
        self._wanted_customer_gateways = {want.name: want for want in wanted.customer_gateways}
        self._vpn_gateways = identity.vpn_gateways(observed.vpn_gateways)
        self._vpn_concentrators = identity.vpn_concentrators(observed.vpn_concentrators)
        connections = identity.connections(observed.connections)
        self.customer_gateways = {
            want.name: CustomerGatewayMatch(*identity.customer_gateway(want, self._customer_gateways.all(want.name)))
            for want in wanted.customer_gateways
        }
        self.vpn_gateways = {want.vpc_id: self._vpn_gateways.one(want.vpc_id) for want in wanted.vpn_gateways}
        # What runs on different sites made beside them at the same time, and did not take away again.
        self.spare_vpn_gateways = {want.vpc_id: self._vpn_gateways.all(want.vpc_id)[1:] for want in wanted.vpn_gateways}
        self.spare_concentrators = {
            want.transit_gateway_id: self._vpn_concentrators.all(want.transit_gateway_id)[1:]
            for want in wanted.vpn_concentrators
        }
        self.vpn_concentrators = {
            want.transit_gateway_id: self._vpn_concentrators.one(want.transit_gateway_id)
            for want in wanted.vpn_concentrators
        }
        self.connections = {want.name: connections.one(want.name) for want in wanted.connections}
        # Connections whose successor is made, or was to be made when a run stopped.
        self.outgoing = {want.name: connections.outgoing(want.name) for want in wanted.connections}

    def address(self, end: Id | None) -> tuple[str | None, bool]:
        """The address of a customer gateway as far as it is known, and whether it is known to have a certificate."""
        if isinstance(end, Ref):
            want = self._wanted_customer_gateways.get(end.key)
            found: CustomerGatewayWanted | CustomerGateway | None = want or self._customer_gateways.one(end.key)
        else:
            found = self._customer_gateways_by_id.get(end or "")
        if found is None:
            return None, False
        return found.public_ip, found.certificate_arn is not None

    def resolve(self, end: Id | None) -> Id | None:
        """The id behind a reference, the reference itself when the resource is yet to be made."""
        if not isinstance(end, Ref):
            return end
        if end.kind == CUSTOMER_GATEWAY:
            match = self.customer_gateways.get(end.key)
            current = match.current if match else self._customer_gateways.one(end.key)
            return current.id if current else end if match else None
        if end.kind == VPN_CONCENTRATOR:
            concentrator = self._vpn_concentrators.one(end.key)
            return concentrator.id if concentrator else end
        vpn_gateway = self._vpn_gateways.one(end.key)
        return vpn_gateway.id if vpn_gateway else end


def plan(wanted: Wanted, observed: Observed, consent: Consent) -> Plan:
    """The one plan of a run."""
    matches = Matches(wanted, observed)
    wanted = matches.wanted
    targets = _Targets.of(wanted, observed)
    connections = [part for want in wanted.connections for part in _connection_parts(want, matches, targets, consent)]
    dependents = Dependents(observed, connections)
    foreign = observed.foreign_customer_gateways
    parts: list[Part] = []
    for customer in wanted.customer_gateways:
        parts += customer_gateways.parts(customer, matches.customer_gateways[customer.name], dependents, foreign)
    for vpn_gateway in wanted.vpn_gateways:
        actual, spare = matches.vpn_gateways[vpn_gateway.vpc_id], matches.spare_vpn_gateways[vpn_gateway.vpc_id]
        parts += vpn_gateways.parts(vpn_gateway, actual, observed, dependents, spare)
    for concentrator in wanted.vpn_concentrators:
        transit_id = concentrator.transit_gateway_id
        existing, more = matches.vpn_concentrators[transit_id], matches.spare_concentrators[transit_id]
        parts += concentrators.parts(concentrator, existing, dependents, targets.transit_gateways, more)
    transit = attachments.parts(wanted, observed, consent, actuals=matches.connections, planned=connections)
    return Plan.of([*parts, *connections, *transit])


@dataclass(frozen=True)
class _Targets:
    """Targets that exist, with their ASNs, and the ASNs of the run by gateway."""

    vpn_gateways: Mapping[str, int | None]
    transit_gateways: frozenset[str]
    vpn_concentrators: frozenset[str]
    new_concentrators: frozenset[str]
    new_vpn_gateways: Mapping[str, VpnGatewayWanted]
    customer_asns: Mapping[str, int | None]

    @classmethod
    def of(cls, wanted: Wanted, observed: Observed) -> _Targets:
        return cls(
            vpn_gateways={each.id: each.amazon_side_asn for each in observed.vpn_gateways if each.state not in GONE},
            transit_gateways=frozenset(each.id for each in observed.transit_gateways if each.state not in GONE),
            vpn_concentrators=frozenset(each.id for each in observed.vpn_concentrators if each.state not in GONE),
            new_concentrators=frozenset(want.transit_gateway_id for want in wanted.vpn_concentrators),
            new_vpn_gateways={want.vpc_id: want for want in wanted.vpn_gateways},
            customer_asns={want.name: want.bgp_asn for want in wanted.customer_gateways},
        )

    def amazon_side_asn(self, vpn_gateway: Id | None) -> int | None:
        if isinstance(vpn_gateway, Ref):
            want = self.new_vpn_gateways.get(vpn_gateway.key)
            return (want.amazon_side_asn or value_rules.DEFAULT_AMAZON_SIDE_ASN) if want else None
        return self.vpn_gateways.get(vpn_gateway) if vpn_gateway else None


def _connection_parts(want: ConnectionWanted, matches: Matches, targets: _Targets, consent: Consent) -> list[Part]:
    actual, outgoing = matches.connections[want.name], matches.outgoing[want.name]
    if not want.present:
        return removal_parts(want.name, [*([actual] if actual else []), *outgoing])
    public_ip, has_certificate = matches.address(want.customer_gateway)
    ends = Ends(
        customer_gateway=matches.resolve(want.customer_gateway),
        vpn_gateway=matches.resolve(want.vpn_gateway),
        transit_gateway_id=want.transit_gateway_id,
        vpn_concentrator=matches.resolve(want.vpn_concentrator),
        unattached=want.unattached,
        public_ip=public_ip,
        has_certificate=has_certificate,
    )
    refusals = [*_target_refusals(want, actual, ends, targets), *_routing_refusals(want, ends, actual, matches)]
    if refusals:
        return [Part(want.name, VPN_CONNECTION, refusals=tuple(refusals))]
    return [connection_part(want, actual, ends, consent, outgoing=outgoing)]


def _routing_refusals(want: ConnectionWanted, ends: Ends, actual: Connection | None, matches: Matches) -> list[str]:
    """What is only known to be wrong once the routing of the connection is known."""
    found = []
    if want.routing == BGP and gateway_of(want.name) in matches.without_asn:
        found.append(f"{want.name}: bgp_asn: {value_rules.ASN_MISSING}")
    target = (ends if actual is None or ends.has_target else Ends.of(actual)).setting(want.routing).target
    if want.static_routes and (want.routing != STATIC or target != rules.VPN_GATEWAY):
        found.append(f"{want.name}: static_routes: {value_rules.STATIC_ROUTES}")
    too_many = route_limits.static_problem(len(set(want.static_routes or ())))
    if too_many:
        found.append(f"{want.name}: static_routes: {too_many}")
    return found


def _target_refusals(want: ConnectionWanted, actual: Connection | None, ends: Ends, targets: _Targets) -> list[str]:
    found = []
    missing = "does not exist in this Region, or this account cannot see it"
    transit, vpn_gateway, concentrator = ends.transit_gateway_id, ends.vpn_gateway, ends.vpn_concentrator
    if transit and transit not in targets.transit_gateways and (actual is None or actual.transit_gateway_id != transit):
        found.append(f"{want.name}: transit gateway {transit} {missing}")
    if isinstance(vpn_gateway, str) and vpn_gateway not in targets.vpn_gateways:
        found.append(f"{want.name}: virtual private gateway {vpn_gateway} {missing}")
    if isinstance(vpn_gateway, Ref) and vpn_gateway.key not in targets.new_vpn_gateways:
        found.append(f"{want.name}: this collection has made no virtual private gateway for {vpn_gateway.key}")
    if isinstance(concentrator, str) and concentrator not in targets.vpn_concentrators:
        found.append(f"{want.name}: VPN concentrator {concentrator} {missing}")
    if isinstance(concentrator, Ref) and concentrator.key not in targets.new_concentrators:
        found.append(f"{want.name}: this collection has made no VPN concentrator for {concentrator.key}")
    theirs = targets.amazon_side_asn(vpn_gateway)
    ours = targets.customer_asns.get(gateway_of(want.name))
    if want.routing == BGP and theirs is not None and ours is not None:
        problem = value_rules.asn_pair_problem(ours, theirs)
        if problem:
            found.append(f"{want.name}: bgp_asn={ours}: {problem}")
    return found
