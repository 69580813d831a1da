# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One VPN concentrator for each transit gateway, whatever fails and whoever makes one at the same moment.

AWS has no client token for them and would make a second one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.concentrators import RIVAL_SECONDS
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Consent,
    VpnConcentratorWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region, tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry
from botocore.config import Config

if TYPE_CHECKING:
    from vpn_emulator import Emulator


class Hub:
    """A transit gateway, in an AWS that takes its time."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = boto3.client("ec2", **emulator.client_options(), config=Config(**client_config()))
        self.sleep: Callable[[float], None] = emulator.clock.advance
        self.tgw = self.client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        emulator.settle = 30.0
        emulator.calls.clear()

    def ec2(self) -> Ec2:
        return Ec2(self.client, Clock(self.emulator.clock.now, self.sleep, lambda: 1.0))

    def apply(self, plan: Plan) -> None:
        assert plan.refusals == ()
        Applier(self.ec2(), 2400.0).apply(plan)


@pytest.fixture
def hub(emulator: Emulator) -> Hub:
    return Hub(emulator)


def concentrator(hub: Hub, present: bool = True) -> Wanted:
    own = VpnConcentratorWanted(hub.tgw, tags.transit_tags(hub.tgw, {}), present=present)
    return Wanted(vpn_concentrators=(own,))


def converge(hub: Hub, wanted: Wanted) -> Plan:
    ec2 = hub.ec2()
    plan = region.plan(wanted, observe(ec2, wanted), Consent())
    hub.apply(plan)
    return plan


def live(hub: Hub) -> list[str]:
    found = hub.client.describe_vpn_concentrators()["VpnConcentrators"]
    return [each["VpnConcentratorId"] for each in found if each["State"] != "deleted"]


@pytest.mark.parametrize("kind", ["throttle", "server_error", "lost_answer"])
@pytest.mark.parametrize("action", ["CreateVpnConcentrator", "DescribeVpnConcentrators", "DeleteVpnConcentrator"])
def test_one_concentrator_whatever_fails(hub: Hub, kind: str, action: str) -> None:
    hub.emulator.faults.add(kind, action)
    converge(hub, concentrator(hub))
    assert len(live(hub)) == 1
    assert not converge(hub, concentrator(hub)).has_changes
    converge(hub, concentrator(hub, present=False))
    assert live(hub) == []
    assert not converge(hub, concentrator(hub, present=False)).has_changes


def make_rival(hub: Hub) -> str:
    """What a run on another host makes at the same moment."""
    names = tags.transit_tags(hub.tgw, {})
    request = [{"Key": key, "Value": value} for key, value in names.items()]
    made: dict[str, Any] = hub.client.create_vpn_concentrator(
        Type="ipsec.1",
        TransitGatewayId=hub.tgw,
        TagSpecifications=[{"ResourceType": "vpn-concentrator", "Tags": request}],
    )
    return str(made["VpnConcentrator"]["VpnConcentratorId"])


def test_one_that_was_made_since_the_plan_is_used(hub: Hub) -> None:
    wanted = concentrator(hub)
    plan = region.plan(wanted, observe(hub.ec2(), wanted), Consent())
    rival = make_rival(hub)
    hub.apply(plan)
    assert live(hub) == [rival]


def test_two_runs_at_the_same_moment_settle_on_one(hub: Hub) -> None:
    """Each sees both once it has made its own: the lower id stays, its maker keeps it, the other takes its own back."""
    seen: list[str] = []

    def sleep(seconds: float) -> None:
        if seconds == RIVAL_SECONDS and not seen:
            seen.append(make_rival(hub))
        hub.emulator.clock.advance(seconds)

    hub.sleep = sleep
    converge(hub, concentrator(hub))
    (rival,) = seen
    remaining = live(hub)
    assert hub.emulator.calls["CreateVpnConcentrator"] == 2
    # With the lower id it is ours that stays, and the rival's part to take its own back.
    assert remaining == [rival] or (rival in remaining and min(remaining) != rival)


def test_one_that_gives_way_is_removed_although_aws_does_not_list_it_at_once(hub: Hub) -> None:
    hub.emulator.faults.add("invisible", "CreateVpnConcentrator", call=1, seconds=60)
    seen: list[str] = []

    def sleep(seconds: float) -> None:
        if seconds == RIVAL_SECONDS and not seen:
            seen.append(make_rival(hub))
        hub.emulator.clock.advance(seconds)

    hub.sleep = sleep
    converge(hub, concentrator(hub))
    hub.emulator.clock.advance(120)
    assert live(hub) == seen


def test_the_one_that_every_run_settles_on_may_be_listed_late(hub: Hub) -> None:
    """By the first connection at the latest all are listed: AWS takes minutes to make one."""
    own = VpnConcentratorWanted(hub.tgw, tags.transit_tags(hub.tgw, {}), named_by="berlin")
    wanted = sites.wanted([ConnectionEntry("berlin", "198.51.100.10", 65010, vpn_concentrator=own)])
    seen: list[str] = []

    def sleep(seconds: float) -> None:
        if seconds == RIVAL_SECONDS and not seen:
            hub.emulator.faults.add("invisible", "CreateVpnConcentrator", seconds=25)
            seen.append(make_rival(hub))
        hub.emulator.clock.advance(seconds)

    hub.sleep = sleep
    converge(hub, wanted)
    (used,) = {each["VpnConcentratorId"] for each in hub.client.describe_vpn_connections()["VpnConnections"]}
    assert used == min(live(hub) + seen)
    assert live(hub) == [used] or used not in seen
