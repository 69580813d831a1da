# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token buckets: a burst at once, then a steady rate, for each action on its own."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock, Pace, TokenBucket


class World:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 0.0

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.time, self.sleep, lambda: 0.0)


def test_a_burst_costs_no_time_and_then_the_rate_holds() -> None:
    world = World()
    bucket = TokenBucket(world.clock(), burst=50, per_second=5)
    for _call in range(50):
        bucket.take()
    assert world.time == 0
    for _call in range(10):
        bucket.take()
    assert world.time == 2


def test_tokens_come_back_but_never_more_than_the_burst() -> None:
    world = World()
    bucket = TokenBucket(world.clock(), burst=2, per_second=1)
    for _call in range(2):
        bucket.take()
    world.time += 100
    for _call in range(3):
        bucket.take()
    assert world.time == 101


def test_each_action_has_its_own_bucket_and_reads_have_larger_ones() -> None:
    world = World()
    pace = Pace(world.clock())
    for action, burst in (("create_vpn_connection", 50), ("create_customer_gateway", 50), ("describe_vpcs", 100)):
        for _call in range(burst):
            pace.take(action)
    assert world.time == 0
    pace.take("create_vpn_connection")
    assert world.time == 0.2
    pace.take("describe_vpcs")
    assert world.time == 0.2
