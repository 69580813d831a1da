# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call of a run goes wrong once, in four ways; then a plain run: what is wanted is there, once, and no more.

An estate of two Regions, with two gateways of a site and several connections of a gateway, goes through the two faults
after which something may be there twice or left behind: a lost answer, and a process that dies. Calls that AWS did not
carry out are repeated in the same way for all inputs.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.removal import observe_removal
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.grouping import grouped
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Consent,
    Observed,
    TransitRouting,
    TunnelWanted,
    VpnGatewayWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region, removal, tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

if TYPE_CHECKING:
    from vpn_emulator import Emulator

CONSENT = Consent(allow_interruption=True, force_tunnel_change=True)
# Long enough that what is made is in motion when the process dies, short enough for few looks.
SETTLE = 2.0
GONE = ("deleting", "deleted")
# The other Region; None is the one of the task.
THERE = "eu-west-1"


class Killed(BaseException):
    """The process is gone: no further call leaves it."""


@dataclasses.dataclass(frozen=True)
class Work:
    """How one kind of run looks at one Region, and what it plans there."""

    client: Any
    look: Callable[[Ec2], Observed]
    draw: Callable[[Observed], Plan]


class World:
    """One Region with three sites; the call at one position goes wrong on its clients."""

    present_counts = (3, 1, 3)
    left_counts = (0, 0, 0)

    def __init__(self, emulator: Emulator, clients: dict[str | None, Any]) -> None:
        emulator.reset()
        self.emulator = emulator
        self.clients = clients
        self.client = clients[None]
        self.vpc = self.client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.tables = [self.client.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"] for _each in "ab"]
        self.tgw = self.client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        self.transit_tables = [
            self.client.create_transit_gateway_route_table(TransitGatewayId=self.tgw)["TransitGatewayRouteTable"][
                "TransitGatewayRouteTableId"
            ]
            for _each in "ab"
        ]
        emulator.settle = SETTLE

    def sites(self, is_changed: bool = False) -> list[ConnectionEntry]:
        """One site on the transit gateway, two that share the virtual private gateway of a VPC."""
        first, second = self.transit_tables
        routing = TransitRouting(first, (first,), (first,), ("10.20.0.0/16",))
        gateway = VpnGatewayWanted(
            vpc_id=self.vpc,
            amazon_side_asn=None,
            propagate_to=(self.tables[0],),
            tags=tags.vpc_tags(self.vpc, {}),
            named_by="lisbon",
        )
        berlin = ConnectionEntry(
            gateway="berlin",
            public_ip="198.51.100.10",
            bgp_asn=65010,
            transit_gateway_id=self.tgw,
            transit_routing=routing,
        )
        lisbon = ConnectionEntry("lisbon", "198.51.100.20", 65020, vpn_gateway=gateway)
        madrid = ConnectionEntry(
            gateway="madrid", public_ip="192.0.2.10", bgp_asn=None, vpn_gateway=gateway, routing="static"
        )
        madrid = dataclasses.replace(madrid, local_cidrs=("10.30.0.0/16",))
        if not is_changed:
            return [berlin, lisbon, madrid]
        gateway = dataclasses.replace(gateway, propagate_to=(self.tables[1],))
        return [
            dataclasses.replace(
                berlin,
                tunnels=(
                    TunnelWanted({"pre_shared_key": Secret("MARKER_one1")}),
                    TunnelWanted({"dpd_timeout_seconds": 60}),
                ),
                transit_routing=TransitRouting(second, (second,), (second,), ("10.20.0.0/16",)),
            ),
            dataclasses.replace(lisbon, public_ip="198.51.100.21", vpn_gateway=gateway),
            dataclasses.replace(madrid, vpn_gateway=gateway, local_cidrs=("10.31.0.0/16",), tags={"env": "lab"}),
        ]

    def run(self, works: Sequence[Work]) -> list[Plan]:
        """As the modules do it, but one Region after the other: all is planned before anything is changed."""
        seen = [self.look(work) for work in works]
        plans = [work.draw(observed) for work, (_ec2, observed) in zip(works, seen, strict=True)]
        assert [plan.refusals for plan in plans] == [()] * len(plans)
        for work, (ec2, observed), plan in zip(works, seen, plans, strict=True):
            moving = [each.id for each in observed.connections if each.state not in ("available", *GONE)]
            if plan.has_changes or moving:
                Applier(ec2, 2400).apply(plan, moving, observed=observed)
                work.look(ec2)
        return plans

    def look(self, work: Work) -> tuple[Ec2, Observed]:
        """One Region as it is, by the API that the run goes on with."""
        clock = self.emulator.clock
        ec2 = Ec2(work.client, Clock(clock.now, clock.advance, lambda: 1.0))
        return ec2, work.look(ec2)

    def present(self, is_changed: bool = False) -> list[Work]:
        """What brings the sites to what is wanted."""
        groups = grouped((site.access.region, site) for site in self.sites(is_changed))
        return [self._converging(self.clients[region], sites.wanted(own)) for region, own in groups.items()]

    @staticmethod
    def _converging(client: Any, wanted: Wanted) -> Work:
        return Work(client, lambda ec2: observe(ec2, wanted), lambda seen: region.plan(wanted, seen, CONSENT))

    def absent(self) -> list[Work]:
        """What removes everything."""
        return [self._removing(self.client, removal.Removal(everything=True))]

    @staticmethod
    def _removing(client: Any, asked: removal.Removal) -> Work:
        return Work(client, lambda ec2: observe_removal(ec2, asked), lambda seen: removal.plan(asked, seen))

    def live(self) -> tuple[int, ...]:
        """How many there are of what the collection makes, ours or not."""
        kinds = ("customer_gateways", "vpn_gateways", "vpn_connections")
        return tuple(sum(self._live(client, kind) for client in self.clients.values()) for kind in kinds)

    @staticmethod
    def _live(client: Any, kind: str) -> int:
        (found,) = (value for value in getattr(client, f"describe_{kind}")().values() if isinstance(value, list))
        return sum(each["State"] not in GONE for each in found)


class Estate(World):
    """Two Regions, two gateways of one site, and one of them has connections in both."""

    present_counts = (3, 1, 4)
    left_counts = (2, 0, 2)

    def __init__(self, emulator: Emulator, clients: dict[str | None, Any]) -> None:
        super().__init__(emulator, clients)
        self.vpc_there = clients[THERE].create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]

    def sites(self, is_changed: bool = False) -> list[ConnectionEntry]:
        """The second gateway moves to another address, with all of its connections."""
        first = ConnectionEntry(
            gateway="oslo-1",
            place="oslo",
            public_ip="198.51.100.10",
            bgp_asn=65010,
            transit_gateway_id=self.tgw,
            local_cidrs=("10.20.0.0/16",),
        )
        address = "198.51.100.21" if is_changed else "198.51.100.20"
        second = dataclasses.replace(first, gateway="oslo-2", public_ip=address, preference=2)
        gateway = VpnGatewayWanted(
            vpc_id=self.vpc_there, tags=tags.vpc_tags(self.vpc_there, {}), named_by="oslo-2/there"
        )
        there = dataclasses.replace(
            second, connection="there", access=Access(THERE), transit_gateway_id=None, vpn_gateway=gateway
        )
        return [first, second, dataclasses.replace(second, connection="spare"), there]

    def absent(self) -> list[Work]:
        """What removes single connections: one whose customer gateway is still used, and the last one of a Region."""
        spare = removal.Removal(names=("oslo-2/spare",))
        there = removal.Removal(names=("oslo-2/there",), vpcs={self.vpc_there: "oslo-2"})
        return [self._removing(self.client, spare), self._removing(self.clients[THERE], there)]


class Fault:
    """What happens to the call at one position, counted from one; with position 0 calls are only counted."""

    def __init__(self, clients: Iterable[Any], kind: str, position: int) -> None:
        self.calls = 0
        self._events = [client.meta.events for client in clients]
        self._kind = kind
        self._position = position
        self._is_dead = False
        self._lock = threading.Lock()
        self._mine = threading.local()

    def __enter__(self) -> Fault:
        for events in self._events:
            events.register("before-call.ec2", self._before)
            events.register("after-call.ec2", self._after)
        return self

    def __exit__(self, *_unused: object) -> None:
        for events in self._events:
            events.unregister("before-call.ec2", self._before)
            events.unregister("after-call.ec2", self._after)

    def _before(self, **_event: Any) -> tuple[Any, dict[str, Any]] | None:
        with self._lock:
            if self._is_dead:
                raise Killed
            self.calls += 1
            self._mine.is_hit = self.calls == self._position
        if not self._mine.is_hit or self._kind in ("lost", "killed"):
            return None
        code, status = ("RequestLimitExceeded", 503) if self._kind == "throttled" else ("InternalError", 500)
        refusal = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return type("Answer", (), {"status_code": status})(), refusal

    def _after(self, **_event: Any) -> None:
        if not self._mine.is_hit:
            return
        self._mine.is_hit = False
        if self._kind == "lost":
            raise ReadTimeoutError(endpoint_url="http://emulator")
        if self._kind == "killed":
            self._is_dead = True
            raise Killed


@pytest.fixture(scope="module")
def clients(_emulator_server: Emulator) -> dict[str | None, Any]:
    """By Region; one for all cases: making one costs as much as a run."""
    options, config = _emulator_server.client_options(), Config(**client_config())
    there = {**options, "region_name": THERE}
    return {None: boto3.client("ec2", **options, config=config), THERE: boto3.client("ec2", **there, config=config)}


WORLDS: dict[str, Callable[[Emulator, dict[str | None, Any]], World]] = {
    "sites": lambda emulator, clients: World(emulator, {None: clients[None]}),
    "estate": Estate,
}
KINDS = ("throttled", "server error", "lost", "killed")
CASES = [
    *(("sites", run, kind) for run in ("change", "create", "remove") for kind in KINDS),
    *(("estate", run, kind) for run in ("change", "create", "remove") for kind in ("lost", "killed")),
]


def prepare(world: World, run: str) -> tuple[list[Work], tuple[int, ...]]:
    """Brings a Region to where a run begins; the run, and what is to be there after it."""
    if run == "create":
        return world.present(), world.present_counts
    world.run(world.present())
    if run == "change":
        return world.present(is_changed=True), world.present_counts
    return world.absent(), world.left_counts


@pytest.mark.parametrize(("inputs", "run", "kind"), CASES)
def test_every_call_goes_wrong_once(
    _emulator_server: Emulator,
    clients: dict[str | None, Any],
    inputs: str,
    run: str,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Any,
) -> None:
    # One call at a time, so that a position means the same call in every case.
    monkeypatch.setattr(f"{Applier.__module__}.WORKERS", 1)
    world = WORLDS[inputs](_emulator_server, clients)
    works, _expected = prepare(world, run)
    with Fault(world.clients.values(), kind, 0) as count:
        assert any(plan.has_changes for plan in world.run(works))
    cases = 0
    for position in range(1, count.calls + 1):
        world = WORLDS[inputs](_emulator_server, clients)
        works, expected = prepare(world, run)
        with Fault(world.clients.values(), kind, position) as fault:
            try:
                world.run(works)
            except Killed:
                assert kind == "killed"
            assert fault.calls >= position
        world.run(works)
        assert [work.draw(world.look(work)[1]).lines[1:] for work in works] == [[]] * len(works), position
        assert world.live() == expected, position
        cases += 1
    assert cases == count.calls > 15
    record_property("fault_cases", cases)
