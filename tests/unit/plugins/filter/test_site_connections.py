# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter site_connections: what was found in AWS, as vpn_sites would return it."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.filter.site_connections import FilterModule

site_connections = FilterModule().filters()["site_connections"]

WANTED = {"routing": "bgp", "remote_cidrs": ["10.0.0.0/16"], "preference": 2}
INVENTORY = {
    "hosts": {
        "hub": {"site": "oslo", "local_cidrs": ["10.20.0.0/16"], "connections": {"hub": WANTED, "hub/dublin": WANTED}}
    }
}


def found(**changes: Any) -> dict[str, Any]:
    return {
        "name": "hub/dublin",
        "vpn_connection_id": "vpn-1",
        "routing": "bgp",
        "is_outgoing": False,
        "tunnels": [{"number": 1, "outside_address": "203.0.113.2"}],
        **changes,
    }


def test_a_connection_gets_what_only_the_inventory_knows() -> None:
    result = site_connections(INVENTORY, [found(), found(name="others", vpn_connection_id="vpn-9")])
    assert sorted(result) == ["hub", "hub/dublin"]
    dublin = result["hub/dublin"]
    assert (dublin["vpn_connection_id"], dublin["site"], dublin["gateway"]) == ("vpn-1", "oslo", "hub")
    (tunnel,) = dublin["tunnels"]
    assert (tunnel["local_cidrs"], tunnel["remote_cidrs"], tunnel["preference"]) == (
        ["10.20.0.0/16"],
        ["10.0.0.0/16"],
        2,
    )


def test_what_is_missing_or_on_its_way_out_has_no_tunnels() -> None:
    for connections in ([], [found(name="hub", is_outgoing=True)]):
        hub = site_connections(INVENTORY, connections)["hub"]
        assert (hub["vpn_connection_id"], hub["routing"], hub["tunnels"]) == (None, "bgp", [])
