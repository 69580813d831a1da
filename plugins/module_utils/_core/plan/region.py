# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a whole run: every wanted resource of one Region laid beside what one look found there."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.resources import (
    BGP,
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
from ..options import value_rules
from . import concentrators, customer_gateways, identity, vpn_gateways
from .connection.connection import connection_part
from .connection.deletion import removal_parts
from .connection.ends import Ends
from .customer_gateways import CustomerGatewayMatch
from .dependents import Dependents
from .plan import Part, Plan
from .transit import attachments


class Matches:
    """What exists already of what is wanted; ambiguity is raised here, before anything is planned."""

    def __init__(self, wanted: Wanted, observed: Observed) -> None:
        devices = identity.customer_gateways(observed.customer_gateways)
        gateways = identity.vpn_gateways(observed.vpn_gateways)
        concentrators = identity.vpn_concentrators(observed.vpn_concentrators)
        connections = identity.connections(observed.connections)
        self.customer_gateways = {
            want.name: CustomerGatewayMatch(*identity.customer_gateway(want, devices.all(want.name)))
            for want in wanted.customer_gateways
        }
        self.vpn_gateways = {want.vpc_id: gateways.one(want.vpc_id) for want in wanted.vpn_gateways}
        self.vpn_concentrators = {
            want.transit_gateway_id: concentrators.one(want.transit_gateway_id) for want in wanted.vpn_concentrators
        }
        self.connections = {want.name: connections.one(want.name) for want in wanted.connections}
        # Connections whose successor is made, or was to be made when a run stopped.
        self.outgoing = {want.name: connections.outgoing(want.name) for want in wanted.connections}
        self._devices = devices
        self._wanted_devices = {want.name: want for want in wanted.customer_gateways}
        self._devices_by_id = {device.id: device for device in observed.customer_gateways}
        self._gateways = gateways
        self._concentrators = concentrators

    def address(self, device: Id | None) -> tuple[str | None, bool]:
        """The address of a customer gateway as far as it is known, and whether it is known to have a certificate."""
        if isinstance(device, Ref):
            want = self._wanted_devices.get(device.key)
            found: CustomerGatewayWanted | CustomerGateway | None = want or self._devices.one(device.key)
        else:
            found = self._devices_by_id.get(device or "")
        if found is None:
            return None, False
        return found.public_ip, found.certificate_arn is not None

    def resolve(self, end: Id | None) -> Id | None:
        """The id behind a reference, the reference itself when the resource is yet to be made."""
        if not isinstance(end, Ref):
            return end
        if end.kind == CUSTOMER_GATEWAY:
            if end.key in self.customer_gateways:
                current = self.customer_gateways[end.key].current
            else:
                current = self._devices.one(end.key)
                if current is None:
                    return None
            return current.id if current else end
        if end.kind == VPN_CONCENTRATOR:
            concentrator = self._concentrators.one(end.key)
            return concentrator.id if concentrator else end
        gateway = self.vpn_gateways[end.key] if end.key in self.vpn_gateways else self._gateways.one(end.key)
        return gateway.id if gateway else end


def plan(wanted: Wanted, observed: Observed, consent: Consent) -> Plan:
    """Desired and observed state to the one plan of a run; pure."""
    matches = Matches(wanted, observed)
    known = _Known.of(wanted, observed)
    connections = [part for want in wanted.connections for part in _connection_parts(want, matches, known, consent)]
    dependents = Dependents(observed, connections)
    foreign = observed.foreign_customer_gateways
    parts: list[Part] = []
    for device in wanted.customer_gateways:
        parts += customer_gateways.parts(device, matches.customer_gateways[device.name], dependents, foreign)
    for gateway in wanted.vpn_gateways:
        parts += vpn_gateways.parts(gateway, matches.vpn_gateways[gateway.vpc_id], observed, dependents)
    for each in wanted.vpn_concentrators:
        found = matches.vpn_concentrators[each.transit_gateway_id]
        parts += concentrators.parts(each, found, dependents, known.transit_gateways)
    beyond = attachments.parts(wanted, observed, consent, actuals=matches.connections, planned=connections)
    return Plan.of([*parts, *connections, *beyond])


@dataclass(frozen=True)
class _Known:
    """Targets that exist, with their ASNs, and the ASNs of the customer gateways of the run."""

    vpn_gateways: Mapping[str, int | None]
    transit_gateways: frozenset[str]
    vpn_concentrators: frozenset[str]
    new_concentrators: frozenset[str]
    new_gateways: Mapping[str, VpnGatewayWanted]
    customer_asns: Mapping[str, int | None]

    @classmethod
    def of(cls, wanted: Wanted, observed: Observed) -> _Known:
        return cls(
            vpn_gateways={each.id: each.amazon_side_asn for each in observed.vpn_gateways if each.state not in GONE},
            transit_gateways=frozenset(each.id for each in observed.transit_gateways if each.state not in GONE),
            vpn_concentrators=frozenset(each.id for each in observed.vpn_concentrators if each.state not in GONE),
            new_concentrators=frozenset(want.transit_gateway_id for want in wanted.vpn_concentrators),
            new_gateways={want.vpc_id: want for want in wanted.vpn_gateways},
            customer_asns={want.name: want.bgp_asn for want in wanted.customer_gateways},
        )

    def amazon_side_asn(self, gateway: Id | None) -> int | None:
        if isinstance(gateway, Ref):
            want = self.new_gateways.get(gateway.key)
            return (want.amazon_side_asn or value_rules.DEFAULT_AMAZON_SIDE_ASN) if want else None
        return self.vpn_gateways.get(gateway) if gateway else None


def _connection_parts(want: ConnectionWanted, matches: Matches, known: _Known, consent: Consent) -> list[Part]:
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
    refusals = _target_refusals(want, actual, ends, known)
    if refusals:
        return [Part(want.name, VPN_CONNECTION, refusals=tuple(refusals))]
    return [connection_part(want, actual, ends, consent, outgoing=outgoing)]


def _target_refusals(want: ConnectionWanted, actual: Connection | None, ends: Ends, known: _Known) -> list[str]:
    found = []
    missing = "does not exist in this Region, or this account may not see it"
    transit, gateway, concentrator = ends.transit_gateway_id, ends.vpn_gateway, ends.vpn_concentrator
    if transit and transit not in known.transit_gateways and (actual is None or actual.transit_gateway_id != transit):
        found.append(f"{want.name}: transit gateway {transit} {missing}")
    if isinstance(gateway, str) and gateway not in known.vpn_gateways:
        found.append(f"{want.name}: virtual private gateway {gateway} {missing}")
    if isinstance(gateway, Ref) and gateway.key not in known.new_gateways:
        found.append(f"{want.name}: no virtual private gateway of this collection serves {gateway.key}")
    if isinstance(concentrator, str) and concentrator not in known.vpn_concentrators:
        found.append(f"{want.name}: VPN concentrator {concentrator} {missing}")
    if isinstance(concentrator, Ref) and concentrator.key not in known.new_concentrators:
        found.append(f"{want.name}: no VPN concentrator of this collection is on {concentrator.key}")
    theirs = known.amazon_side_asn(gateway)
    ours = known.customer_asns.get(want.name)
    if want.routing == BGP and theirs is not None and ours is not None:
        problem = value_rules.asn_pair_problem(ours, theirs)
        if problem:
            found.append(f"{want.name}: bgp_asn={ours}: {problem}")
    return found
