# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters gateway_obstacles and gateway_needs: from what gateway_status returns to lines of text and names."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_needs import FilterModule as Needs
from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_obstacles import FilterModule as Obstacles

gateway_obstacles = Obstacles().filters()["gateway_obstacles"]
gateway_needs = Needs().filters()["gateway_needs"]
HOST = {"id": "debian", "version": "13", "addresses": [], "packages_missing": ["frr"], "packages_unavailable": []}
STATUS = {
    "ipsec_capable": True,
    "missing": [],
    "host": HOST,
    "units": {},
    "daemon": {"name": "strongswan", "version": None},
}


def test_a_host_that_can_be_a_gateway_and_what_it_needs() -> None:
    assert gateway_obstacles(STATUS, ike_daemon="strongswan") == []
    assert gateway_needs(STATUS, ike_daemon="strongswan", routing="bgp")["packages_missing"] == ["frr"]


@pytest.mark.parametrize("options", [{"lan_address": "10.20.0.1"}, {"lan_address": "10.20.0.1", "apply": "staged"}])
def test_a_host_that_cannot(options: dict[str, Any]) -> None:
    (line,) = gateway_obstacles(STATUS, ike_daemon="strongswan", **options)
    assert line.startswith("gateway_lan_address 10.20.0.1 is not")
