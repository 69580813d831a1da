# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ping_probe: what iputils prints, and where the host would send from. Real pings are sent in the lab."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.modules import ping_probe

ALL_BACK = """PING 10.0.0.100 (10.0.0.100) 56(84) bytes of data.

--- 10.0.0.100 ping statistics ---
5 packets transmitted, 5 received, 0% packet loss, time 804ms
rtt min/avg/max/mdev = 2.101/3.250/4.870/0.911 ms
"""
SOME_BACK = """--- 10.0.0.100 ping statistics ---
5 packets transmitted, 2 received, +3 errors, 60% packet loss, time 4004ms
rtt min/avg/max/mdev = 2.101/2.4/2.9/0.9 ms, pipe 3
"""
NONE_BACK = """--- 10.0.0.100 ping statistics ---
5 packets transmitted, 0 received, 100% packet loss, time 4081ms

"""


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        (ALL_BACK, (5, 5, 3.25)),
        (SOME_BACK, (5, 2, 2.4)),
        (NONE_BACK, (5, 0, None)),
        ("ping: connect: Network is unreachable\n", None),
    ],
)
def test_parse(output: str, seen: tuple[int, int, float | None] | None) -> None:
    assert ping_probe.parse(output) == seen


def test_source_is_the_address_the_route_gives() -> None:
    assert ping_probe.source_of("127.0.0.53") == "127.0.0.1"


def test_source_is_none_without_a_route() -> None:
    assert ping_probe.source_of("255.255.255.255") is None
