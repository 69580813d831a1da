# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs on different sites that meet at what they share, step for step."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Consent
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from moto.ec2.models import ec2_backends


@pytest.mark.parametrize("unseen", [0.0, 20.0])
def test_the_later_of_two_gateways_gives_way(quick_aws: Any, unseen: float) -> None:
    """Also while AWS does not know yet that it was made."""
    aws = quick_aws
    first = aws.madrid()
    second = dataclasses.replace(aws.madrid(), gateway="toledo", public_ip="192.0.2.11", local_cidrs=("10.31.0.0/16",))
    ec2, wanted = aws.ec2(), sites.wanted([second])
    observed = observe(ec2, wanted)
    plan = region.plan(wanted, observed, Consent())
    aws.run(first)
    aws.emulator.faults.add("invisible", "CreateVpnGateway", seconds=unseen)
    Applier(ec2, 2400).apply(plan, observed=observed)
    aws.emulator.clock.advance(unseen)
    live = [each for each in aws.client.describe_vpn_gateways()["VpnGateways"] if each["State"] == "available"]
    assert len(live) == 1
    assert {each["VpnGatewayId"] for each in aws.connections.values()} == {live[0]["VpnGatewayId"]}
    assert not aws.run(first, second).has_changes


@pytest.mark.parametrize("settle", [0.0, 60.0])
def test_a_gateway_that_is_still_being_attached_is_waited_for(quick_aws: Any, settle: float) -> None:
    aws = quick_aws
    aws.emulator.settle = settle
    site = aws.madrid()
    assert site.vpn_gateway
    made = aws.client.create_vpn_gateway(
        Type="ipsec.1",
        TagSpecifications=[
            {
                "ResourceType": "vpn-gateway",
                "Tags": [{"Key": key, "Value": value} for key, value in site.vpn_gateway.tags.items()],
            }
        ],
    )["VpnGateway"]["VpnGatewayId"]
    aws.emulator.clock.advance(settle)
    aws.client.attach_vpn_gateway(VpnGatewayId=made, VpcId=aws.vpc)
    aws.run(site)
    assert {each["VpnGatewayId"] for each in aws.connections.values()} == {made}


def make_gateway(aws: Any, attach: bool = False) -> str:
    """What a run on other sites makes, which has come to an end there or goes on."""
    names = aws.madrid().vpn_gateway.tags
    made = aws.client.create_vpn_gateway(
        Type="ipsec.1",
        TagSpecifications=[
            {"ResourceType": "vpn-gateway", "Tags": [{"Key": key, "Value": value} for key, value in names.items()]}
        ],
    )
    gateway_id = str(made["VpnGateway"]["VpnGatewayId"])
    if attach:
        aws.client.attach_vpn_gateway(VpnGatewayId=gateway_id, VpcId=aws.vpc)
    return gateway_id


def live_gateways(aws: Any) -> list[str]:
    found = aws.client.describe_vpn_gateways()["VpnGateways"]
    return [each["VpnGatewayId"] for each in found if each["State"] == "available"]


def test_a_gateway_that_another_run_left_beside_the_attached_one_is_removed(quick_aws: Any) -> None:
    aws = quick_aws
    spare, used = make_gateway(aws), make_gateway(aws, attach=True)
    plan = aws.run(aws.madrid())
    assert [action.id for action in plan.actions if action.verb == "delete"] == [spare]
    assert live_gateways(aws) == [used]
    assert {each["VpnGatewayId"] for each in aws.connections.values()} == {used}


def test_of_two_gateways_without_attachment_one_is_attached_and_the_next_run_removes_the_other(quick_aws: Any) -> None:
    aws = quick_aws
    ec2, wanted = aws.ec2(), sites.wanted([aws.madrid()])
    first, second = sorted([make_gateway(aws), make_gateway(aws)])
    observed = observe(ec2, wanted)
    Applier(ec2, 2400).apply(region.plan(wanted, observed, Consent()), observed=observed)
    assert sorted(live_gateways(aws)) == [first, second]
    assert {each["VpnGatewayId"] for each in aws.connections.values()} == {first}
    aws.run(aws.madrid())
    assert live_gateways(aws) == [first]


def test_the_gateway_of_the_plan_gives_way_to_the_one_that_is_attached_since(quick_aws: Any) -> None:
    aws = quick_aws
    ec2, wanted = aws.ec2(), sites.wanted([aws.madrid()])
    make_gateway(aws)
    observed = observe(ec2, wanted)
    plan = region.plan(wanted, observed, Consent())
    used = make_gateway(aws, attach=True)
    Applier(ec2, 2400).apply(plan, observed=observed)
    assert {each["VpnGatewayId"] for each in aws.connections.values()} == {used}
    aws.run(aws.madrid())
    assert live_gateways(aws) == [used]


def test_the_gateway_of_another_run_that_is_not_listed_yet_is_waited_for(quick_aws: Any) -> None:
    aws = quick_aws
    ec2, wanted = aws.ec2(), sites.wanted([aws.madrid()])
    observed = observe(ec2, wanted)
    plan = region.plan(wanted, observed, Consent())
    used = make_gateway(aws, attach=True)
    gateways = ec2_backends[aws.emulator.account_id]["eu-central-1"].vpn.vpn_gateways
    gateways.all[used].visible_from = aws.emulator.clock.now() + 20
    Applier(ec2, 2400).apply(plan, observed=observed)
    assert live_gateways(aws) == [used]
    assert not aws.run(aws.madrid()).has_changes
