# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is waited for, how often is looked, and what is said when it does not come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.wait import waiters
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import TimedOut, VpnError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Attachment,
    Connection,
    CustomerGateway,
    StaticRoute,
    Telemetry,
    Tunnel,
    VpnConcentrator,
    VpnGateway,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.nouns import (
    CUSTOMER_GATEWAY,
    VPN_CONCENTRATOR,
    VPN_CONNECTION,
    VPN_GATEWAY,
)

if TYPE_CHECKING:
    from vpn_emulator import Emulator

ADDRESS, TWIN = "203.0.113.2", "203.0.113.6"


def connection(state: str = "available", routes: dict[str, str] | None = None, **up: str) -> Connection:
    tunnels = [
        Tunnel(number, address, None, telemetry=Telemetry(up[name]) if name in up else None)
        for number, (name, address) in enumerate({"first": ADDRESS, "second": TWIN}.items(), 1)
    ]
    return Connection(
        id="vpn-1",
        state=state,
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="static",
        tunnels=tuple(tunnels),
        routes=tuple(StaticRoute(cidr, route_state) for cidr, route_state in (routes or {}).items()),
    )


def vpn_gateway(state: str = "available", **attachments: str) -> VpnGateway:
    bonds = tuple(Attachment(vpc.replace("_", "-"), bond) for vpc, bond in attachments.items())
    return VpnGateway(id="vgw-1", state=state, amazon_side_asn=64512, attachments=bonds)


def customer_gateway(state: str) -> CustomerGateway:
    return CustomerGateway(id="cgw-1", state=state, public_ip="198.51.100.10", bgp_asn=65010)


SETTLED = waiters.connection_settled("vpn-1")
MAY_GO_DOWN = waiters.tunnel_may_go_down("vpn-1", ADDRESS, TWIN)
GONE = waiters.gone(VPN_CONNECTION, "vpn-1")
DEVICE = waiters.available(CUSTOMER_GATEWAY, "cgw-1")
GATEWAY = waiters.available(VPN_GATEWAY, "vgw-1")
ATTACHED = waiters.vpn_gateway_attached("vgw-1", "vpc-1")
DETACHED = waiters.vpn_gateway_detached("vgw-1")


@pytest.mark.parametrize(
    ("condition", "resource", "is_met"),
    [
        (SETTLED, connection(), True),
        (SETTLED, connection("pending"), False),
        (SETTLED, connection("modifying"), False),
        (SETTLED, connection(routes={"10.1.0.0/16": "available", "10.2.0.0/16": "deleted"}), True),
        (SETTLED, connection(routes={"10.1.0.0/16": "pending"}), False),
        (SETTLED, connection(routes={"10.1.0.0/16": "deleting"}), False),
        (MAY_GO_DOWN, connection(first="UP", second="UP"), True),
        (MAY_GO_DOWN, connection(first="UP", second="DOWN"), False),
        (MAY_GO_DOWN, connection(first="DOWN", second="UP"), True),
        (MAY_GO_DOWN, connection(first="DOWN", second="DOWN"), True),
        (MAY_GO_DOWN, connection(), False),
        (GONE, connection("deleted"), True),
        (GONE, connection("deleting"), False),
        (DEVICE, customer_gateway("available"), True),
        (DEVICE, customer_gateway("pending"), False),
        (GATEWAY, vpn_gateway(), True),
        (GATEWAY, vpn_gateway("pending"), False),
        (ATTACHED, vpn_gateway(vpc_1="attached"), True),
        (ATTACHED, vpn_gateway(vpc_1="attaching"), False),
        (ATTACHED, vpn_gateway(vpc_2="attached"), False),
        (ATTACHED, vpn_gateway(), False),
        (DETACHED, vpn_gateway(), True),
        (DETACHED, vpn_gateway(vpc_1="detached"), True),
        (DETACHED, vpn_gateway(vpc_1="detaching"), False),
    ],
)
def test_conditions(condition: waiters.Condition, resource: Any, is_met: bool) -> None:
    assert condition.is_met(resource, 0.0) is is_met


@pytest.mark.parametrize(
    ("state", "is_available", "is_gone"),
    [("pending", False, False), ("available", True, False), ("deleting", False, False), ("deleted", False, True)],
)
def test_available_and_gone(state: str, is_available: bool, is_gone: bool) -> None:
    found = VpnConcentrator("vcn-1", state, "tgw-1")
    assert waiters.available(VPN_CONCENTRATOR, "vcn-1").is_met(found, 0.0) is is_available
    gone = waiters.gone(VPN_CONCENTRATOR, "vcn-1")
    assert gone.is_met(found, 0.0) is is_gone
    assert gone.vanishes


@pytest.mark.parametrize(
    ("answered", "seen", "elapsed", "is_met"),
    [
        # The call may answer "available" before the change has begun, so that word says nothing at first.
        ("available", ["available"], 1.0, False),
        ("available", ["available"], 10.0, True),
        ("available", ["modifying", "available"], 1.0, True),
        ("modifying", ["available"], 1.0, True),
        ("modifying", ["modifying"], 60.0, False),
    ],
)
def test_a_change_is_over_when_it_was_seen_or_has_had_its_time(
    answered: str, seen: list[str], elapsed: float, is_met: bool
) -> None:
    condition = waiters.connection_changed("vpn-1", answered, now=0.0)
    *before, last = seen
    for state in before:
        assert not condition.is_met(connection(state), 0.0)
    assert condition.is_met(connection(last), elapsed) is is_met


class World:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 0.0

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.time, self.sleep, lambda: 1.0)


def test_looks_get_rarer_and_begin_anew() -> None:
    world = World()
    schedule = waiters.PollSchedule(world.clock())
    pauses = [schedule.seconds(deadline=1000)]
    for _look in range(8):
        schedule.checked()
        pauses.append(schedule.seconds(deadline=1000))
        world.sleep(pauses[-1])
    assert pauses == [0, 1, 1.5, 2.25, 3.375, 5.0625, 7.59375, 11.390625, 15]
    schedule.begin()
    assert schedule.seconds(deadline=1000) == 0


def test_a_pause_ends_with_the_deadline() -> None:
    world = World()
    schedule = waiters.PollSchedule(world.clock())
    schedule.checked()
    assert schedule.seconds(deadline=0.25) == 0.25
    world.sleep(5)
    assert schedule.seconds(deadline=0.25) == 0


def test_there_is_no_hurry_while_calls_are_made() -> None:
    world = World()
    schedule = waiters.PollSchedule(world.clock())
    schedule.checked()
    assert schedule.seconds_while_busy() == 15
    world.sleep(20)
    assert schedule.seconds_while_busy() == 0


# Against the emulated API.


class Aws:
    """An AWS that takes 20 seconds for everything; sleeping moves its clock."""

    def __init__(self, emulator: Emulator, client: Any) -> None:
        self.emulator = emulator
        self.client = client
        clock = emulator.clock
        self.clock = Clock(clock.now, clock.advance, lambda: 1.0)
        self.ec2 = Ec2(client, self.clock)
        self.transit_gateway = client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        emulator.settle = 20.0

    def connect(self, number: int) -> str:
        device = self.client.create_customer_gateway(Type="ipsec.1", PublicIp=f"198.51.100.{number}", BgpAsn=65000)
        created = self.client.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=device["CustomerGateway"]["CustomerGatewayId"],
            TransitGatewayId=self.transit_gateway,
        )
        return str(created["VpnConnection"]["VpnConnectionId"])

    def wait(self, *conditions: waiters.Condition, seconds: float = 600) -> float:
        """How long the wait took."""
        began = self.clock.now()
        waiters.wait(self.ec2, conditions, began + seconds)
        return self.clock.now() - began


@pytest.fixture
def slow(emulator: Emulator, law_client: Any) -> Iterator[Aws]:
    yield Aws(emulator, law_client)
    emulator.settle = 0.0


def test_one_look_serves_all_that_is_waited_for(slow: Aws) -> None:
    conditions = [waiters.connection_settled(slow.connect(number)) for number in range(1, 6)]
    assert 20 <= slow.wait(*conditions) <= 40
    assert slow.ec2.calls["describe_vpn_connections"] < 10


def test_nothing_to_wait_for_costs_nothing(slow: Aws) -> None:
    assert slow.wait() < 1
    assert slow.ec2.calls == {}


def test_in_the_end_it_is_said_what_was_seen_last(slow: Aws) -> None:
    connection_id = slow.connect(1)
    with pytest.raises(TimedOut) as error:
        slow.wait(waiters.connection_settled(connection_id), seconds=5)
    assert error.value.last == [f"{connection_id} is pending, waited for available"]
    assert str(error.value).startswith("Not ready after ")


def test_what_is_not_visible_yet_is_waited_for(slow: Aws) -> None:
    with pytest.raises(TimedOut, match="vpn-0 is not visible yet, waited for available"):
        slow.wait(waiters.connection_settled("vpn-0"), seconds=5)


def test_what_is_deleted_meanwhile_never_comes(slow: Aws) -> None:
    connection_id = slow.connect(1)
    slow.client.delete_vpn_connection(VpnConnectionId=connection_id)
    with pytest.raises(VpnError, match=f"^{connection_id} is deleting while it was waited for available$"):
        slow.wait(waiters.connection_settled(connection_id))


def test_a_deletion_is_over_when_it_is_listed_as_deleted_or_not_at_all(slow: Aws) -> None:
    connection_id = slow.connect(1)
    slow.client.delete_vpn_connection(VpnConnectionId=connection_id)
    assert slow.wait(waiters.gone(VPN_CONNECTION, connection_id)) >= 20
    assert slow.wait(waiters.gone(VPN_CONNECTION, "vpn-0")) < 1
