# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waits for everything that AWS is still changing at once: one describe call per kind and round."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from ..._core import nouns
from ..._core.errors import TimedOut, VpnError
from ..._core.model.resources import Connection, VpnGateway
from ..._core.plan import ready
from ..api.ec2 import Ec2
from ..api.pace import Clock
from ..observe.region import connections_by_id, customer_gateways_by_id, vpn_gateways_by_id
from ..observe.single import concentrators_by_id, maintenance_by_tunnel
from ..observe.transit import attachments_by_connection

# A new connection takes AWS minutes; the first pauses are shorter for changes that take seconds.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0
PAUSE_GROWTH = 1.5

_DESCRIBE: Mapping[str, Callable[[Ec2, Sequence[str]], Mapping[str, Any]]] = {
    nouns.VPN_CONNECTION: connections_by_id,
    nouns.VPN_GATEWAY: vpn_gateways_by_id,
    nouns.CUSTOMER_GATEWAY: customer_gateways_by_id,
    # By the id of the connection.
    nouns.TRANSIT_ATTACHMENT: attachments_by_connection,
    nouns.VPN_CONCENTRATOR: concentrators_by_id,
    nouns.TUNNEL_MAINTENANCE: maintenance_by_tunnel,
}


@dataclass
class Condition:
    """What is waited for: whether a resource, as AWS describes it now, is as it is to be."""

    kind: str
    id: str
    text: str
    is_met: Callable[[Any, float], bool]
    began: float = 0.0
    vanishes: bool = False
    # Whether it is as well when somebody deletes it meanwhile.
    may_be_gone: bool = False
    # What is waited for in the sum over many; the text where it is the same for all.
    goal: str = ""
    last: str = field(default="not visible yet", compare=False)


@dataclass
class Check:
    """The conditions that are not met, by the identity of the condition objects."""

    unmet: set[int] = field(default_factory=set)
    # Conditions that can never be met any more, with the reason.
    broken: dict[int, str] = field(default_factory=dict)


class PollSchedule:
    """When to ask AWS next: at once, then after longer and longer pauses."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.begin()

    def begin(self) -> None:
        """A first wait begins."""
        self._pause = FIRST_PAUSE
        self._checked = self._due = self._clock.now()

    def checked(self) -> None:
        """AWS was asked just now."""
        self._checked = self._clock.now()
        self._due = self._checked + self._pause
        self._pause = min(LONGEST_PAUSE, self._pause * PAUSE_GROWTH)

    def seconds(self, deadline: float) -> float:
        """Until AWS is asked next, when there is nothing else to do."""
        return max(0.0, min(self._due, deadline) - self._clock.now())

    def seconds_while_busy(self) -> float:
        """Until AWS is asked next while calls are being made: sites that are ready go on, but it can wait."""
        return max(0.0, self._checked + LONGEST_PAUSE - self._clock.now())


def wait(ec2: Ec2, conditions: Sequence[Condition], deadline: float) -> None:
    """Returns when all conditions are met; raises with the last states seen at the deadline."""
    began = ec2.clock.now()
    pending = list(conditions)
    schedule = PollSchedule(ec2.clock)
    while pending:
        seen = check(ec2, pending)
        if seen.broken:
            raise VpnError("; ".join(seen.broken.values()))
        pending = [item for item in pending if id(item) in seen.unmet]
        if not pending:
            return
        if ec2.clock.now() >= deadline:
            raise timed_out(ec2.clock.now() - began, pending)
        schedule.checked()
        ec2.clock.sleep(schedule.seconds(deadline))


def timed_out(seconds: float, conditions: Sequence[Condition]) -> TimedOut:
    """The error for what is not met in time, with the last states seen."""
    return TimedOut(seconds, [f"{item.id} is {item.last}, waited for {item.text}" for item in conditions])


def check(ec2: Ec2, conditions: Sequence[Condition]) -> Check:
    """Reads everything that is waited for: one describe call per kind, whatever the number."""
    found = Check()
    for kind, describe in _DESCRIBE.items():
        group = [item for item in conditions if item.kind == kind]
        if not group:
            continue
        seen = describe(ec2, sorted({item.id for item in group}))
        for item in group:
            resource = seen.get(item.id)
            if _is_broken(item, resource):
                found.broken[id(item)] = f"{item.id} is {item.last} while it was waited for {item.text}"
            elif not _is_met(item, resource, ec2.clock.now()):
                found.unmet.add(id(item))
    return found


def _is_broken(item: Condition, resource: Any) -> bool:
    if resource is None:
        return False
    item.last = resource.state
    return resource.state in nouns.GONE and not (item.vanishes or item.may_be_gone)


def _is_met(item: Condition, resource: Any, now: float) -> bool:
    return item.vanishes if resource is None else item.is_met(resource, now - item.began)


def available(kind: str, resource_id: str) -> Condition:
    """A resource can be used."""
    return Condition(kind, resource_id, nouns.AVAILABLE, lambda found, _elapsed: found.state == nouns.AVAILABLE)


def made(kind: str, resource_id: str) -> Condition:
    """AWS lists a resource and is through with making it; another run may delete it as one too many."""
    return Condition(
        kind, resource_id, nouns.AVAILABLE, lambda found, _elapsed: found.state != nouns.PENDING, may_be_gone=True
    )


def gone(kind: str, resource_id: str) -> Condition:
    """A resource is deleted; AWS may list it for a while yet."""
    return Condition(
        kind, resource_id, nouns.DELETED, lambda found, _elapsed: found.state == nouns.DELETED, vanishes=True
    )


def connection_settled(connection_id: str) -> Condition:
    """AWS changes neither a connection nor its static routes."""
    return Condition(
        nouns.VPN_CONNECTION, connection_id, nouns.AVAILABLE, lambda found, _elapsed: ready.is_connection_settled(found)
    )


def connection_changed(connection_id: str, state: str, now: float) -> Condition:
    """A modification has begun and ended; C(state) is the one its answer carried."""
    seen = {"modifying": state == nouns.MODIFYING}

    def is_met(connection: Connection, elapsed: float) -> bool:
        seen["modifying"] = seen["modifying"] or connection.state == nouns.MODIFYING
        return ready.is_change_settled(connection, seen["modifying"], elapsed)

    return Condition(nouns.VPN_CONNECTION, connection_id, nouns.AVAILABLE, is_met, began=now)


def tunnel_may_go_down(connection_id: str, outside_address: str, twin: str) -> Condition:
    """The twin of a tunnel carries traffic, or the tunnel itself carries none."""

    def is_met(connection: Connection, _elapsed: float) -> bool:
        return any(
            tunnel.outside_address == outside_address and ready.may_go_down(connection, tunnel)
            for tunnel in connection.tunnels
        )

    return Condition(nouns.VPN_CONNECTION, connection_id, f"tunnel {twin} to be UP", is_met, goal="tunnel up")


def vpn_gateway_attached(gateway_id: str, vpc_id: str) -> Condition:
    """A virtual private gateway serves the VPC."""

    def is_met(gateway: VpnGateway, _elapsed: float) -> bool:
        return ready.is_attached(gateway, vpc_id)

    return Condition(nouns.VPN_GATEWAY, gateway_id, f"attached to {vpc_id}", is_met, goal="attached")


def vpn_gateway_detached(gateway_id: str) -> Condition:
    """A virtual private gateway serves no VPC."""
    return Condition(
        nouns.VPN_GATEWAY, gateway_id, nouns.DETACHED, lambda found, _elapsed: ready.is_detached(found), vanishes=True
    )
