# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""The plan of a whole run: every wanted resource of one Region laid beside what one look found there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import match, validate
from .connections import Ends, connection_part
from .gateways import CustomerGatewayMatch, customer_gateway_part, vpn_gateway_part
from .model import (
    BGP,
    SITE_TAG,
    VPC_TAG,
    Connection,
    ConnectionWanted,
    Consent,
    CustomerGateway,
    Id,
    Observed,
    Ref,
    VpnGateway,
    VpnGatewayWanted,
    Wanted,
)
from .plan import Part, Plan


class Matches:
    """What exists already of what is wanted; ambiguity is raised here, before anything is planned."""

    def __init__(self, wanted: Wanted, observed: Observed) -> None:
        devices: match.Index[CustomerGateway] = match.Index("customer gateway", SITE_TAG, observed.customer_gateways)
        gateways: match.Index[VpnGateway] = match.Index("virtual private gateway", VPC_TAG, observed.vpn_gateways)
        connections: match.Index[Connection] = match.Index("VPN connection", SITE_TAG, observed.connections)
        self.customer_gateways = {
            want.name: CustomerGatewayMatch(*match.customer_gateway(want, devices.all(want.name)))
            for want in wanted.customer_gateways
        }
        self.vpn_gateways = {want.vpc_id: gateways.one(want.vpc_id) for want in wanted.vpn_gateways}
        self.connections = {want.name: connections.one(want.name) for want in wanted.connections}
        self._devices = devices
        self._gateways = gateways

    def resolve(self, end: Id | None) -> Id | None:
        """The id behind a reference, the reference itself when the resource is yet to be made."""
        if not isinstance(end, Ref):
            return end
        if end.kind == "customer_gateway":
            if end.key in self.customer_gateways:
                current = self.customer_gateways[end.key].current
            else:
                current = self._devices.one(end.key)
                if current is None:
                    return None
            return current.id if current else end
        gateway = self.vpn_gateways[end.key] if end.key in self.vpn_gateways else self._gateways.one(end.key)
        return gateway.id if gateway else end


def plan(wanted: Wanted, observed: Observed, consent: Consent) -> Plan:
    """Desired and observed state to the one plan of a run; pure."""
    matches = Matches(wanted, observed)
    holders = _holders(wanted, observed, matches)
    parts: list[Part] = []
    for device in wanted.customer_gateways:
        parts.append(
            customer_gateway_part(
                device, matches.customer_gateways[device.name], holders.devices, observed.foreign_customer_gateways
            )
        )
    for gateway in wanted.vpn_gateways:
        parts.append(vpn_gateway_part(gateway, matches.vpn_gateways[gateway.vpc_id], observed, holders.gateways))
    known = _Known.of(wanted, observed)
    for connection in wanted.connections:
        parts.extend(_connection_parts(connection, matches, known, consent))
    return Plan.of(parts)


@dataclass(frozen=True)
class _Holders:
    """Connections that hold on to a gateway once the run is over, by the gateway's id."""

    devices: Mapping[str, Sequence[str]]
    gateways: Mapping[str, Sequence[str]]


def _holders(wanted: Wanted, observed: Observed, matches: Matches) -> _Holders:
    plans = {actual.id: want for want in wanted.connections if (actual := matches.connections[want.name]) is not None}
    devices: dict[str, list[str]] = {}
    gateways: dict[str, list[str]] = {}
    for actual in observed.connections:
        want = plans.get(actual.id)
        if actual.state in match.GONE or (want is not None and not want.present):
            continue
        device: Id | None = matches.resolve(want.customer_gateway) if want else None
        devices.setdefault(str(device or actual.customer_gateway_id), []).append(actual.id)
        if actual.vpn_gateway_id:
            gateways.setdefault(actual.vpn_gateway_id, []).append(actual.id)
    return _Holders(devices, gateways)


@dataclass(frozen=True)
class _Known:
    """Targets that exist, with their ASNs, and the ASNs of the customer gateways of the run."""

    vpn_gateways: Mapping[str, int | None]
    transit_gateways: frozenset[str]
    new_gateways: Mapping[str, VpnGatewayWanted]
    customer_asns: Mapping[str, int | None]

    @classmethod
    def of(cls, wanted: Wanted, observed: Observed) -> _Known:
        return cls(
            {
                gateway.id: gateway.amazon_side_asn
                for gateway in observed.vpn_gateways
                if gateway.state not in match.GONE
            },
            frozenset(gateway.id for gateway in observed.transit_gateways if gateway.state not in match.GONE),
            {gateway.vpc_id: gateway for gateway in wanted.vpn_gateways},
            {device.name: device.bgp_asn for device in wanted.customer_gateways},
        )

    def amazon_side_asn(self, gateway: Id | None) -> int | None:
        if isinstance(gateway, Ref):
            want = self.new_gateways.get(gateway.key)
            return (want.amazon_side_asn or validate.DEFAULT_AMAZON_SIDE_ASN) if want else None
        return self.vpn_gateways.get(gateway) if gateway else None


def _connection_parts(want: ConnectionWanted, matches: Matches, known: _Known, consent: Consent) -> Iterable[Part]:
    actual = matches.connections[want.name]
    ends = Ends(matches.resolve(want.customer_gateway), matches.resolve(want.vpn_gateway), want.transit_gateway_id)
    refusals = _target_refusals(want, actual, ends, known) if want.present else []
    if refusals:
        yield Part(want.name, "vpn_connection", refusals=tuple(refusals))
    else:
        yield connection_part(want, actual, ends, consent)


def _target_refusals(want: ConnectionWanted, actual: Connection | None, ends: Ends, known: _Known) -> list[str]:
    found = []
    missing = "does not exist in this Region, or this account may not see it"
    transit, gateway = ends.transit_gateway_id, ends.vpn_gateway
    if transit and transit not in known.transit_gateways and (actual is None or actual.transit_gateway_id != transit):
        found.append(f"{want.name}: transit gateway {transit} {missing}")
    if isinstance(gateway, str) and gateway not in known.vpn_gateways:
        found.append(f"{want.name}: virtual private gateway {gateway} {missing}")
    if isinstance(gateway, Ref) and gateway.key not in known.new_gateways:
        found.append(f"{want.name}: no virtual private gateway of this collection serves {gateway.key}")
    theirs = known.amazon_side_asn(gateway)
    ours = known.customer_asns.get(want.name)
    if want.routing == BGP and theirs is not None and ours is not None:
        problem = validate.asn_pair_problem(ours, theirs)
        if problem:
            found.append(f"{want.name}: bgp_asn={ours}: {problem}")
    return found
