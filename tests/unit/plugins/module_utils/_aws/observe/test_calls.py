# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many calls a run costs, as the emulator counts them; times are for the benchmark."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import connections_by_id, observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Consent
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

NO_OP = 8


def create(n: int) -> int:
    """A customer gateway, a connection and a route for each gateway, a dozen for all, and looks while they settle."""
    return 3 * n + 12


def static(aws: Any, n: int) -> list[ConnectionEntry]:
    """Gateways with static routes on the gateway of one VPC."""
    gateway = dataclasses.replace(aws.madrid().vpn_gateway, propagate_to=None)
    return [
        dataclasses.replace(
            aws.madrid(),
            gateway=f"s{number}",
            public_ip=f"198.51.100.{number + 1}",
            local_cidrs=(f"10.30.{number}.0/24",),
            vpn_gateway=gateway,
        )
        for number in range(n)
    ]


def on_transit_gateway(aws: Any, n: int) -> list[ConnectionEntry]:
    """Gateways with BGP on a transit gateway."""
    return [aws.berlin(gateway=f"s{number}", public_ip=f"198.51.100.{number + 1}") for number in range(n)]


def calls(aws: Any) -> int:
    total = sum(aws.emulator.calls.values())
    aws.emulator.calls.clear()
    return total


@pytest.mark.parametrize("n", [1, 12, 60])
@pytest.mark.parametrize("kind", [static, on_transit_gateway])
def test_calls(quick_aws: Any, kind: Any, n: int) -> None:
    aws = quick_aws
    aws.emulator.quotas.lift()
    given = kind(aws, n)
    assert aws.plan(*given, consent=Consent()).counts["create"] >= 2 * n
    assert aws.writes == {}
    assert calls(aws) <= NO_OP
    ec2, wanted = aws.ec2(), sites.wanted(given)
    observed = observe(ec2, wanted)
    Applier(ec2, 2400).apply(region.plan(wanted, observed, Consent()), observed=observed)
    observe(ec2, wanted, before_writing=False)
    assert calls(aws) <= create(n)
    assert not aws.plan(*given, consent=Consent()).has_changes
    assert calls(aws) <= NO_OP


def test_many_are_waited_for_with_one_call(quick_aws: Any) -> None:
    aws = quick_aws
    found = connections_by_id(aws.ec2(), [f"vpn-{number:017x}" for number in range(1000)])
    assert (found, calls(aws)) == ({}, 1)


def test_many_gateways_are_looked_at_in_few_calls(quick_aws: Any) -> None:
    aws = quick_aws
    wanted = sites.wanted(static(aws, 250))
    assert region.plan(wanted, observe(aws.ec2(), wanted), Consent()).has_changes
    assert calls(aws) <= NO_OP
