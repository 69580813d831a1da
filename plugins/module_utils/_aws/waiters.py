# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""One wait for everything that is in motion: a batched look per round, not a waiter per resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from .._core import ready
from .._core.errors import TimedOut, VpnError
from .._core.match import GONE
from .._core.model import Connection, CustomerGateway, VpnGateway
from .ec2 import Ec2
from .observe import connections_by_id, customer_gateways_by_id, vpn_gateways_by_id

# A new connection takes AWS minutes; the first looks are closer together for changes that take seconds.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0
PAUSE_GROWTH = 1.5

CONNECTION = "vpn_connection"
VPN_GATEWAY = "vpn_gateway"
CUSTOMER_GATEWAY = "customer_gateway"

_LOOK: Mapping[str, Callable[[Ec2, Sequence[str]], Mapping[str, Any]]] = {
    CONNECTION: connections_by_id,
    VPN_GATEWAY: vpn_gateways_by_id,
    CUSTOMER_GATEWAY: customer_gateways_by_id,
}


@dataclass
class Condition:
    """What is waited for: a predicate over a fresh look at one resource."""

    kind: str
    id: str
    text: str
    is_met: Callable[[Any, float], bool]
    began: float = 0.0
    vanishes: bool = False
    last: str = field(default="not visible yet", compare=False)


def wait(ec2: Ec2, conditions: Sequence[Condition], deadline: float) -> None:
    """Returns when all conditions are met; raises with the last states seen at the deadline."""
    began = ec2.clock.now()
    pending = list(conditions)
    pause = FIRST_PAUSE
    while pending:
        pending = _unmet(ec2, pending)
        if not pending:
            return
        now = ec2.clock.now()
        if now >= deadline:
            raise TimedOut(now - began, [f"{item.id} is {item.last}, waited for {item.text}" for item in pending])
        ec2.clock.sleep(min(pause, max(0.0, deadline - now)))
        pause = min(LONGEST_PAUSE, pause * PAUSE_GROWTH)


def _unmet(ec2: Ec2, pending: Sequence[Condition]) -> list[Condition]:
    unmet: list[Condition] = []
    for kind, look in _LOOK.items():
        group = [item for item in pending if item.kind == kind]
        if not group:
            continue
        seen = look(ec2, sorted({item.id for item in group}))
        unmet += [item for item in group if not _is_met(item, seen.get(item.id), ec2.clock.now())]
    return unmet


def _is_met(item: Condition, resource: Any, now: float) -> bool:
    if resource is None:
        return item.vanishes
    item.last = resource.state
    if resource.state in GONE and not item.vanishes:
        raise VpnError(f"{item.id} is {resource.state} while it was waited for {item.text}")
    return item.is_met(resource, now - item.began)


def connection_settled(connection_id: str) -> Condition:
    """A connection and its static routes are at rest."""

    def is_met(connection: Connection, _elapsed: float) -> bool:
        return ready.is_connection_settled(connection)

    return Condition(CONNECTION, connection_id, "available", is_met)


def connection_changed(connection_id: str, state: str, now: float) -> Condition:
    """A modification has begun and ended; C(state) is the one its answer carried."""
    seen = {"moving": state == "modifying"}

    def is_met(connection: Connection, elapsed: float) -> bool:
        seen["moving"] = seen["moving"] or connection.state == "modifying"
        return ready.is_change_settled(connection, seen["moving"], elapsed)

    return Condition(CONNECTION, connection_id, "available", is_met, began=now)


def tunnel_up(connection_id: str, outside_address: str) -> Condition:
    """A tunnel carries traffic, so its twin may go down."""

    def is_met(connection: Connection, _elapsed: float) -> bool:
        return any(
            tunnel.outside_address == outside_address and ready.is_tunnel_up(tunnel) for tunnel in connection.tunnels
        )

    return Condition(CONNECTION, connection_id, f"tunnel {outside_address} to be UP", is_met)


def connection_gone(connection_id: str) -> Condition:
    """A connection is deleted; the entry stays listed for a while."""

    def is_met(connection: Connection, _elapsed: float) -> bool:
        return connection.state == "deleted"

    return Condition(CONNECTION, connection_id, "deleted", is_met, vanishes=True)


def customer_gateway_available(gateway_id: str) -> Condition:
    """A customer gateway can be used."""

    def is_met(gateway: CustomerGateway, _elapsed: float) -> bool:
        return gateway.state == "available"

    return Condition(CUSTOMER_GATEWAY, gateway_id, "available", is_met)


def vpn_gateway_available(gateway_id: str) -> Condition:
    """A virtual private gateway can be used."""

    def is_met(gateway: VpnGateway, _elapsed: float) -> bool:
        return gateway.state == "available"

    return Condition(VPN_GATEWAY, gateway_id, "available", is_met)


def vpn_gateway_attached(gateway_id: str, vpc_id: str) -> Condition:
    """A virtual private gateway serves the VPC."""

    def is_met(gateway: VpnGateway, _elapsed: float) -> bool:
        return ready.is_attached(gateway, vpc_id)

    return Condition(VPN_GATEWAY, gateway_id, f"attached to {vpc_id}", is_met)


def vpn_gateway_detached(gateway_id: str) -> Condition:
    """A virtual private gateway serves no VPC."""

    def is_met(gateway: VpnGateway, _elapsed: float) -> bool:
        return ready.is_detached(gateway)

    return Condition(VPN_GATEWAY, gateway_id, "detached", is_met, vanishes=True)
