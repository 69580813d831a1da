# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan for removing gateways and connections: only what is ours, in the order AWS allows, nothing others use.

Static routes of transit gateways are deleted first, because AWS would leave them behind as blackholes; then
connections, and when they are gone what they depended on. What an interrupted run left is found by the same tags.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from ..grouping import grouped
from ..model.names import GATEWAY_TAG, gateway_of
from ..model.resources import TRANSIT_TAG, VPC_TAG, Connection, Consent, Observed
from ..nouns import GONE
from . import concentrators, customer_gateways, identity, vpn_gateways
from .connection.deletion import removal_parts
from .dependents import Dependents
from .plan import Part, Plan
from .transit import attachments, route_tables


@dataclass(frozen=True)
class Removal:
    """What is to be removed: whole gateways and single connections, with the targets they name; or all of ours."""

    gateways: tuple[str, ...] = ()
    # Connections by their names.
    names: tuple[str, ...] = ()
    # By VPC, and by transit gateway, the gateway that names it.
    vpcs: Mapping[str, str] = field(default_factory=dict)
    concentrators: Mapping[str, str] = field(default_factory=dict)
    everything: bool = False

    def over(self, observed: Observed) -> Removal:
        """The same with everything spelled out, as far as it carries our identity."""
        if not self.everything:
            return self
        of_gateways: list[identity.Tagged] = [*observed.connections, *observed.customer_gateways]
        return Removal(
            tuple(sorted(_values(GATEWAY_TAG, of_gateways))),
            (),
            {vpc_id: vpc_id for vpc_id in sorted(_values(VPC_TAG, observed.vpn_gateways))},
            {transit: transit for transit in sorted(_values(TRANSIT_TAG, observed.vpn_concentrators))},
            everything=True,
        )

    def connections(self, observed: Observed) -> list[Connection]:
        """The connections that are to be deleted."""
        asked = self.over(observed)
        gateways, names = frozenset(asked.gateways), frozenset(asked.names)
        return [each for each in observed.connections if _is_of(each, GATEWAY_TAG, gateways) or _is_named(each, names)]

    @property
    def touched(self) -> tuple[str, ...]:
        """The gateways that lose connections, each once."""
        return tuple(dict.fromkeys([*self.gateways, *map(gateway_of, self.names)]))


def plan(removal: Removal, observed: Observed) -> Plan:
    """The one plan of a removal."""
    removal = removal.over(observed)
    by_name = grouped((each.name or "", each) for each in removal.connections(observed))
    connections = [part for name, found in sorted(by_name.items()) for part in removal_parts(name, found)]
    removed_attachments = attachments.removed(connections, observed)
    parts = [
        *route_tables.parts((), removed_attachments, observed, Consent()),
        *connections,
        *_parts(removal, observed, Dependents(observed, connections)),
    ]
    return Plan.of(parts)


def _parts(removal: Removal, observed: Observed, dependents: Dependents) -> Iterable[Part]:
    """What the connections depended on, as far as nothing else does."""
    gateways = frozenset(removal.touched)
    found = [each for each in observed.customer_gateways if _is_of(each, GATEWAY_TAG, gateways)]
    by_gateway = grouped((each.gateway, each) for each in found)
    for name in removal.touched:
        for part in customer_gateways.removal_parts(name, by_gateway.get(name, ()), dependents):
            yield _unless_shared(part, part.actions[0].id or "", dependents)
    for gateway in observed.vpn_gateways:
        if _is_of(gateway, VPC_TAG, removal.vpcs):
            owner = removal.vpcs[gateway.tags[VPC_TAG]]
            part = vpn_gateways.removal_part(owner, gateway, observed.route_tables, dependents)
            yield _unless_shared(part, gateway.id, dependents)
    for concentrator in observed.vpn_concentrators:
        if _is_of(concentrator, TRANSIT_TAG, removal.concentrators):
            owner = removal.concentrators[concentrator.tags[TRANSIT_TAG]]
            part = concentrators.removal_part(owner, concentrator, dependents)
            yield _unless_shared(part, concentrator.id, dependents)


def _unless_shared(part: Part, resource_id: str, dependents: Dependents) -> Part:
    """Other connections of ours on the resource are the usual case and need no warning; one of others does."""
    users = dependents.remaining_on(resource_id)
    if users and all(identity.is_ours(each) for each in users):
        return Part(part.owner, part.resource, unchanged=1)
    return part.unless_refused()


def _values(tag: str, resources: Iterable[identity.Tagged]) -> set[str]:
    return {each.tags[tag] for each in resources if tag in each.tags and identity.is_ours(each) and _is_there(each)}


def _is_there(resource: identity.Tagged) -> bool:
    return resource.state not in GONE


def _is_named(connection: Connection, names: Container[str]) -> bool:
    return identity.is_ours(connection) and (connection.name or "") in names and _is_there(connection)


def _is_of(resource: identity.Tagged, tag: str, values: Container[str]) -> bool:
    return identity.is_ours(resource) and resource.tags.get(tag, "") in values and _is_there(resource)
