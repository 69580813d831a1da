# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As many routes as AWS takes, and one more."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import route_limits, rules


@pytest.mark.parametrize(
    ("target", "routing", "most"),
    [
        (rules.VPN_GATEWAY, "bgp", 100),
        (rules.VPN_GATEWAY, "static", 100),
        (rules.VPN_GATEWAY, None, 100),
        (rules.TRANSIT_GATEWAY, "bgp", 1000),
        (rules.TRANSIT_GATEWAY, None, 1000),
    ],
)
def test_the_last_network_that_fits_and_the_first_that_does_not(target: str, routing: str | None, most: int) -> None:
    assert route_limits.networks_problem(most, target, routing) is None
    problem = route_limits.networks_problem(most + 1, target, routing)
    assert problem and problem.startswith(f"{most + 1} ") and f"takes {most}" in problem
    assert ("use a transit gateway" in problem) == (target == rules.VPN_GATEWAY and routing != "static")


@pytest.mark.parametrize("target", [rules.VPN_CONCENTRATOR, rules.UNATTACHED, None])
def test_what_is_not_documented_is_not_refused(target: str | None) -> None:
    assert route_limits.networks_problem(1001, target, "bgp") is None


def test_static_routes_of_a_transit_gateway_are_in_its_tables() -> None:
    assert route_limits.networks_problem(1001, rules.TRANSIT_GATEWAY, "static") is None
