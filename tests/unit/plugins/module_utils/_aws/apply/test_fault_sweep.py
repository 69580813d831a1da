# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call of a run goes wrong once, in four ways; then a plain run: what is wanted is there, once, and no more."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.removal import observe_removal
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Consent,
    Observed,
    TransitRouting,
    TunnelWanted,
    VpnGatewayWanted,
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


class Killed(BaseException):
    """The process is gone: no further call leaves it."""


@dataclasses.dataclass(frozen=True)
class Work:
    """How one kind of run looks at a Region, and what it plans."""

    look: Callable[[Ec2], Observed]
    draw: Callable[[Observed], Plan]


class World:
    """One Region, reached by a client on which the call at one position goes wrong."""

    def __init__(self, emulator: Emulator, client: Any) -> None:
        emulator.reset()
        self.emulator = emulator
        self.client = client
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

    def ec2(self) -> Ec2:
        clock = self.emulator.clock
        return Ec2(self.client, Clock(clock.now, clock.advance, lambda: 1.0))

    def run(self, work: Work) -> Plan:
        """As the modules do it."""
        ec2 = self.ec2()
        observed = work.look(ec2)
        plan = work.draw(observed)
        assert plan.refusals == ()
        moving = [each.id for each in observed.connections if each.state not in ("available", *GONE)]
        if plan.has_changes or moving:
            Applier(ec2, 2400).apply(plan, moving, observed=observed)
            work.look(ec2)
        return plan

    def present(self, is_changed: bool = False) -> Work:
        """What brings the sites to what is wanted."""
        wanted = sites.wanted(self.sites(is_changed))
        return Work(lambda ec2: observe(ec2, wanted), lambda seen: region.plan(wanted, seen, CONSENT))

    def absent(self) -> Work:
        """What removes everything."""
        everything = removal.Removal(everything=True)
        return Work(lambda ec2: observe_removal(ec2, everything), lambda seen: removal.plan(everything, seen))

    def live(self) -> dict[str, int]:
        """How many there are of what the collection makes, ours or not."""
        client = self.client
        found = {
            "customer gateways": client.describe_customer_gateways()["CustomerGateways"],
            "gateways": client.describe_vpn_gateways()["VpnGateways"],
            "connections": client.describe_vpn_connections()["VpnConnections"],
        }
        return {kind: sum(each["State"] not in GONE for each in entries) for kind, entries in found.items()}


class Fault:
    """What happens to the call at one position, counted from one; with position 0 calls are only counted."""

    def __init__(self, client: Any, kind: str, position: int) -> None:
        self.calls = 0
        self._client = client
        self._kind = kind
        self._position = position
        self._is_dead = False
        self._lock = threading.Lock()
        self._mine = threading.local()

    def __enter__(self) -> Fault:
        self._client.meta.events.register("before-call.ec2", self._before)
        self._client.meta.events.register("after-call.ec2", self._after)
        return self

    def __exit__(self, *_unused: object) -> None:
        self._client.meta.events.unregister("before-call.ec2", self._before)
        self._client.meta.events.unregister("after-call.ec2", self._after)

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
def client(_emulator_server: Emulator) -> Any:
    """One for all cases: making one costs as much as a run."""
    return boto3.client("ec2", **_emulator_server.client_options(), config=Config(**client_config()))


PRESENT = {"customer gateways": 3, "gateways": 1, "connections": 3}


def prepare(emulator: Emulator, client: Any, run: str) -> tuple[World, Work, dict[str, int]]:
    """A Region before a run, the run, and what is to be there after it."""
    world = World(emulator, client)
    if run == "create":
        return world, world.present(), PRESENT
    world.run(world.present())
    if run == "change":
        return world, world.present(is_changed=True), PRESENT
    return world, world.absent(), dict.fromkeys(PRESENT, 0)


@pytest.mark.parametrize("kind", ["throttled", "server error", "lost", "killed"])
@pytest.mark.parametrize("run", ["change", "create", "remove"])
def test_every_call_goes_wrong_once(
    _emulator_server: Emulator, client: Any, run: str, kind: str, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    # One call at a time, so that a position means the same call in every case.
    monkeypatch.setattr(f"{Applier.__module__}.WORKERS", 1)
    world, work, _expected = prepare(_emulator_server, client, run)
    with Fault(client, kind, 0) as count:
        assert world.run(work).has_changes
    cases = 0
    for position in range(1, count.calls + 1):
        world, work, expected = prepare(_emulator_server, client, run)
        with Fault(client, kind, position) as fault:
            try:
                world.run(work)
            except Killed:
                assert kind == "killed"
            assert fault.calls >= position
        world.run(work)
        assert work.draw(work.look(world.ec2())).lines[1:] == [], position
        assert world.live() == expected, position
        cases += 1
    assert cases == count.calls > 15
    record_property("fault_cases", cases)
