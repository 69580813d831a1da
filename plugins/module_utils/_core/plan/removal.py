# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a removal: only what carries our identity tags, in the order AWS allows, and nothing others still use.

Static routes of transit gateways go first, because AWS would leave them behind as blackholes; then connections, and
when they are gone what they hung on. What an interrupted run left is found by the same tags and goes with the next.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..model.resources import (
    SITE_TAG,
    TRANSIT_TAG,
    VPC_TAG,
    Connection,
    CustomerGateway,
    Observed,
    VpnConcentrator,
    VpnGateway,
)
from . import identity
from .concentrators import CONCENTRATOR
from .connection.shown import CONNECTION, connection_model
from .customer_gateways import CUSTOMER_GATEWAY, customer_gateway_model
from .plan import DELETE, Action, Interruption, Part, Plan, Stage
from .steps import (
    DeleteConcentrator,
    DeleteConnection,
    DeleteCustomerGateway,
    DeleteTransitRoute,
    DeleteVpnGateway,
    DetachVpnGateway,
    DisablePropagation,
)
from .transit.static_routes import DEAD
from .transit.static_routes import ROUTE as TRANSIT_ROUTE
from .vpn_gateways import ATTACHMENT, PROPAGATION, VPN_GATEWAY, vpn_gateway_model


@dataclass(frozen=True)
class Removal:
    """What is to go: sites by name, with the gateways their entries name as targets; or everything of ours."""

    names: tuple[str, ...] = ()
    # By VPC, and by transit gateway, the site that names it.
    vpcs: Mapping[str, str] = field(default_factory=dict)
    concentrators: Mapping[str, str] = field(default_factory=dict)
    everything: bool = False

    def over(self, observed: Observed) -> Removal:
        """The same with everything spelled out, as far as it carries our identity."""
        if not self.everything:
            return self
        of_sites: list[identity.Tagged] = [*observed.connections, *observed.customer_gateways]
        return Removal(
            tuple(sorted(_values(SITE_TAG, of_sites))),
            {vpc_id: vpc_id for vpc_id in sorted(_values(VPC_TAG, observed.vpn_gateways))},
            {transit: transit for transit in sorted(_values(TRANSIT_TAG, observed.vpn_concentrators))},
            everything=True,
        )


def plan(removal: Removal, observed: Observed) -> Plan:
    """The one plan of a removal; pure."""
    removal = removal.over(observed)
    ids = {each.id for each in going(removal, observed)}
    users = _Users([each for each in observed.connections if each.id not in ids])
    parts: list[Part] = []
    for name in removal.names:
        parts += _site_parts(name, observed, users)
    for gateway in observed.vpn_gateways:
        if _is_of(gateway, VPC_TAG, removal.vpcs):
            parts.append(_vpn_gateway_part(removal.vpcs[gateway.tags[VPC_TAG]], gateway, observed, users))
    for concentrator in observed.vpn_concentrators:
        if _is_of(concentrator, TRANSIT_TAG, removal.concentrators):
            owner = removal.concentrators[concentrator.tags[TRANSIT_TAG]]
            parts.append(_concentrator_part(owner, concentrator, users))
    return Plan.of(parts)


def going(removal: Removal, observed: Observed) -> list[Connection]:
    """The connections that are to go."""
    names = frozenset(removal.over(observed).names)
    return [each for each in observed.connections if _is_of(each, SITE_TAG, names)]


class _Users:
    """Connections that stay, or are on their way out already, by what they hang on."""

    def __init__(self, connections: Sequence[Connection]) -> None:
        self._staying: dict[str, list[Connection]] = {}
        for each in connections:
            if each.state not in identity.GONE:
                for end in (each.customer_gateway_id, each.vpn_gateway_id, each.vpn_concentrator_id):
                    self._staying.setdefault(end or "", []).append(each)
        self._leaving = [each for each in connections if each.state == "deleting"]

    def staying(self, end: str) -> list[Connection]:
        return self._staying.get(end, [])

    def leaving(self, end: str) -> tuple[str, ...]:
        """What AWS still counts as a user, though not for long: it has to be gone first."""
        return tuple(
            sorted(
                each.id
                for each in self._leaving
                if end in (each.customer_gateway_id, each.vpn_gateway_id, each.vpn_concentrator_id)
            )
        )


def _values(tag: str, resources: Iterable[identity.Tagged]) -> set[str]:
    return {each.tags[tag] for each in resources if tag in each.tags and identity.is_ours(each) and _is_there(each)}


def _is_there(resource: identity.Tagged) -> bool:
    return resource.state not in identity.GONE


def _is_of(resource: identity.Tagged, tag: str, values: Container[str]) -> bool:
    return identity.is_ours(resource) and resource.tags.get(tag, "") in values and _is_there(resource)


# The parts.


def _site_parts(name: str, observed: Observed, users: _Users) -> Iterable[Part]:
    connections = [each for each in observed.connections if _is_of(each, SITE_TAG, (name,))]
    # The one in use first: it is the one a diff shows under the plain name.
    for position, connection in enumerate(sorted(connections, key=lambda each: (each.is_outgoing, each.id))):
        yield _connection_part(name, connection, observed, "" if position == 0 else f" {connection.id}")
    devices = [each for each in observed.customer_gateways if _is_of(each, SITE_TAG, (name,))]
    for position, device in enumerate(devices):
        yield _customer_gateway_part(name, device, users, "" if position == 0 else f" {device.id}")


def _connection_part(name: str, connection: Connection, observed: Observed, suffix: str) -> Part:
    routes = _transit_routes(name, connection, observed)
    remove = Action(
        name,
        CONNECTION,
        DELETE,
        "outgoing" if connection.is_outgoing else "",
        Stage.REMOVE_CONNECTIONS,
        DeleteConnection(connection.id),
        connection.id,
        Interruption.BOTH_TUNNELS,
    )
    return Part(name, CONNECTION + suffix, (*routes, remove), before=connection_model(connection), after={})


def _transit_routes(name: str, connection: Connection, observed: Observed) -> tuple[Action, ...]:
    """Static routes to the connection's attachment, in every route table of its transit gateway we may see."""
    ours = {each.id for each in observed.transit_attachments if each.connection_id == connection.id}
    return tuple(
        Action(
            name,
            TRANSIT_ROUTE,
            DELETE,
            f"{route.cidr} in {table.id}",
            Stage.TRANSIT,
            DeleteTransitRoute(connection.id, table.id, route.cidr),
        )
        for table in observed.transit_route_tables
        for route in table.static_routes
        if route.state not in DEAD and (route.attachment_id in ours or route.connection_id == connection.id)
    )


def _customer_gateway_part(name: str, device: CustomerGateway, users: _Users, suffix: str) -> Part:
    staying = users.staying(device.id)
    if staying:
        text = f"{name}: customer gateway {device.id} stays: {_named(staying)} uses it"
        return Part(name, CUSTOMER_GATEWAY, unchanged=1, warnings=(text,))
    step = DeleteCustomerGateway(device.id, users.leaving(device.id))
    detail = f"{device.public_ip or 'without address'} ASN {device.bgp_asn}"
    action = Action(name, CUSTOMER_GATEWAY, DELETE, detail, Stage.REMOVE_GATEWAYS, step, device.id)
    return Part(name, CUSTOMER_GATEWAY + suffix, (action,), before=customer_gateway_model(device), after={})


def _vpn_gateway_part(owner: str, gateway: VpnGateway, observed: Observed, users: _Users) -> Part:
    vpc_id = gateway.tags[VPC_TAG]
    staying = users.staying(gateway.id)
    if staying:
        return Part(owner, VPN_GATEWAY, unchanged=1, warnings=_shared(owner, gateway.id, staying))
    bonds = [bond for bond in gateway.attachments if bond.state != "detached"]
    elsewhere = [bond.vpc_id for bond in bonds if bond.vpc_id != vpc_id]
    if elsewhere:
        text = f"{owner}: {gateway.id} stays: it is attached to {elsewhere[0]}, and was made for {vpc_id}"
        return Part(owner, VPN_GATEWAY, unchanged=1, warnings=(text,))
    tables = [table for table in observed.route_tables if table.vpc_id == vpc_id]
    leaving = users.leaving(gateway.id)
    actions = [
        Action(owner, PROPAGATION, DELETE, f"into {table.id}", Stage.ROUTES, DisablePropagation(gateway.id, table.id))
        for table in tables
        if gateway.id in table.propagating
    ]
    actions += [
        Action(
            owner,
            ATTACHMENT,
            DELETE,
            f"from {bond.vpc_id}",
            Stage.DETACH,
            DetachVpnGateway(gateway.id, bond.vpc_id, leaving),
            gateway.id,
        )
        for bond in bonds
        if bond.state != "detaching"
    ]
    step = DeleteVpnGateway(gateway.id, leaving, is_detaching=any(bond.state == "detaching" for bond in bonds))
    actions.append(Action(owner, VPN_GATEWAY, DELETE, f"of {vpc_id}", Stage.REMOVE_GATEWAYS, step, gateway.id))
    return Part(owner, VPN_GATEWAY, tuple(actions), before=vpn_gateway_model(gateway, vpc_id, tables), after={})


def _concentrator_part(owner: str, concentrator: VpnConcentrator, users: _Users) -> Part:
    staying = users.staying(concentrator.id)
    if staying:
        return Part(owner, CONCENTRATOR, unchanged=1, warnings=_shared(owner, concentrator.id, staying))
    step = DeleteConcentrator(concentrator.id, users.leaving(concentrator.id))
    detail = f"of {concentrator.transit_gateway_id}"
    action = Action(owner, CONCENTRATOR, DELETE, detail, Stage.REMOVE_GATEWAYS, step, concentrator.id)
    before = {"transit_gateway_id": concentrator.transit_gateway_id, "tags": dict(concentrator.tags)}
    return Part(owner, CONCENTRATOR, (action,), before=before, after={})


def _shared(owner: str, gateway_id: str, staying: Sequence[Connection]) -> tuple[str, ...]:
    """Other sites on it are the usual case; a connection of others is worth a word."""
    foreign = [each for each in staying if not identity.is_ours(each)]
    return (f"{owner}: {gateway_id} stays: {_named(foreign)} uses it",) if foreign else ()


def _named(connections: Sequence[Connection]) -> str:
    words = []
    for each in sorted(connections, key=lambda one: one.id):
        site = each.tags.get(SITE_TAG) if identity.is_ours(each) else None
        words.append(f"{each.id} ({f'site {site}' if site else 'not of this collection'})")
    return ", ".join(words)
