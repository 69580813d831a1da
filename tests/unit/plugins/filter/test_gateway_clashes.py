# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter gateway_clashes: from what gateway_status returns to lines of text."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.filter.gateway_clashes import FilterModule
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import frr

gateway_clashes = FilterModule().filters()["gateway_clashes"]


def test_the_lines_that_exclude_the_tunnels() -> None:
    owner = {"bgp": {**frr.owner("router bgp 65001\n"), "separate": []}, "sysctls": {}, "firewall": {"closed": []}}
    (line,) = gateway_clashes(owner, routing="bgp", asn=65010)
    assert "router bgp 65001" in line
    assert gateway_clashes(owner, routing="static", asn=65010) == []
