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


@pytest.mark.parametrize("unseen", [0.0, 20.0])
def test_the_later_of_two_gateways_gives_way(quick_aws: Any, unseen: float) -> None:
    """Also while AWS does not know yet that it was made."""
    aws = quick_aws
    first = aws.madrid()
    second = dataclasses.replace(aws.madrid(), name="toledo", public_ip="192.0.2.11", local_cidrs=("10.31.0.0/16",))
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
