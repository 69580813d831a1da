# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read to know whether the account has room for a plan."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe import quotas


def problems(aws: Any, *given: Any) -> list[str]:
    plan = aws.plan(*given)
    aws.emulator.calls.clear()
    client = boto3.client("service-quotas", **aws.emulator.client_options())
    return quotas.problems(aws.ec2(), lambda: client, plan)


def test_a_plan_without_changes_costs_no_call(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin())
    assert problems(aws, aws.berlin()) == []
    assert not aws.emulator.calls


def test_only_what_the_plan_makes_is_counted(quick_aws: Any) -> None:
    aws = quick_aws
    assert problems(aws, aws.berlin()) == []
    assert aws.emulator.calls == {"GetServiceQuota": 2, "DescribeCustomerGateways": 1, "DescribeVpnConnections": 1}
    assert problems(aws, aws.madrid()) == []
    assert aws.emulator.calls["GetServiceQuota"] == 4
    assert aws.emulator.calls["DescribeVpnGateways"] == 1


@pytest.mark.parametrize("denied", [True, False])
def test_what_others_made_is_counted_too(quick_aws: Any, denied: bool) -> None:
    """Without the permission nothing is counted."""
    aws = quick_aws
    aws.client.create_customer_gateway(Type="ipsec.1", IpAddress="192.0.2.99", BgpAsn=65099)
    aws.emulator.quotas.set(customer_gateways=1)
    if denied:
        aws.emulator.faults.add("refuse", "GetServiceQuota", times=0, code="AccessDeniedException")
        assert problems(aws, aws.berlin()) == []
        assert aws.emulator.calls == {"GetServiceQuota": 1}
    else:
        (found,) = problems(aws, aws.berlin())
        assert "is 1, of which 1 are used and 0 free" in found
