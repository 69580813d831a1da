# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The connections of an inventory as they were found in AWS, for runs that only look."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def site_connections(inventory: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By name, what vpn_connection_info found of each connection of the inventory; a missing one has no tunnels.

    As vpn_sites returns them: with the site, and each tunnel with what only the inventory knows.
    """
    seen = {each["name"]: each for each in found if not each["is_outgoing"]}
    connections = {}
    for gateway, own in inventory["hosts"].items():
        for name, wanted in own["connections"].items():
            described = {
                "local_cidrs": own["local_cidrs"],
                "remote_cidrs": wanted["remote_cidrs"],
                "preference": wanted["preference"],
            }
            there = seen.get(name) or {"vpn_connection_id": None, "routing": wanted["routing"]}
            tunnels = [{**tunnel, **described} for tunnel in there.get("tunnels") or ()]
            connections[name] = {**there, "site": own["site"], "gateway": gateway, **described, "tunnels": tunnels}
    return connections
