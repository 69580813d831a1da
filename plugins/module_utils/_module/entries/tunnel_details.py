# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Adds to results what AWS tells of one tunnel at a time: two calls for each tunnel, made only when asked for."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

from ..._aws.api.ec2 import Ec2
from ..._core.errors import NotFound
from ..._core.model.resources import Connection
from ..._core.nouns import GONE

WORKERS = 10

Call = Callable[[str, str], Any]


def add_details(
    ec2: Ec2, found: Sequence[Connection], shown: Sequence[dict[str, Any]], params: Mapping[str, Any]
) -> None:
    """Adds to the tunnels of the results what the options ask for; null where there is no endpoint to ask about."""
    asked: dict[str, Call] = {}
    if params["include_active_status"]:
        asked["active_status"] = ec2.active_status
    if params["include_maintenance"]:
        asked["maintenance"] = ec2.maintenance
    tunnels = [
        (connection, tunnel) for connection, result in zip(found, shown) for tunnel in result["tunnels"] if asked
    ]

    def look(of: tuple[Connection, dict[str, Any]]) -> None:
        connection, tunnel = of
        for name, call in asked.items():
            tunnel[name] = _shown(call, connection, tunnel["outside_address"])

    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        list(pool.map(look, tunnels))


def _shown(call: Call, connection: Connection, outside_address: str | None) -> dict[str, Any] | None:
    if connection.state in GONE or outside_address is None:
        return None
    try:
        result: dict[str, Any] = call(connection.id, outside_address).as_result()
    except NotFound:
        # Deleted since the look at the connections.
        return None
    return result
