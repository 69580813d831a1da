# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VgwTelemetry: the status of a tunnel as the data plane reports it, in AWS's terms. Nothing here is UP by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..clock import Clock

UP = "UP"
DOWN = "DOWN"


class Telemetry:
    """The last seen status of one tunnel, and since when it is so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.status = DOWN
        self.message = "IPSEC IS DOWN"
        self.accepted_routes = 0
        # What was learned by BGP, where the endpoint says so much.
        self.prefixes: tuple[str, ...] = ()
        self.last_change: datetime = clock.timestamp()

    def observe(self, endpoint: Mapping[str, Any] | None, is_static: bool) -> None:
        """`endpoint` is the status document's entry of this tunnel, if it has one."""
        status, message, routes = _judge(endpoint or {}, is_static)
        if status != self.status:
            self.last_change = self._clock.timestamp()
        self.status, self.message, self.accepted_routes = status, message, routes
        self.prefixes = tuple((endpoint or {}).get("prefixes") or ()) if status == UP and not is_static else ()

    def describe(self, outside_address: str) -> dict[str, Any]:
        return {
            "OutsideIpAddress": outside_address,
            "Status": self.status,
            "StatusMessage": self.message,
            "AcceptedRouteCount": self.accepted_routes,
            "LastStatusChange": self.last_change,
        }


def _judge(endpoint: Mapping[str, Any], is_static: bool) -> tuple[str, str, int]:
    has_ipsec = endpoint.get("ike") == "ESTABLISHED" and endpoint.get("esp") == "INSTALLED"
    if not has_ipsec:
        return DOWN, "IPSEC IS DOWN", 0
    routes = int(endpoint.get("accepted_routes") or 0)
    if is_static:
        return UP, "IPSEC IS UP", routes
    if endpoint.get("bgp") == "Established":
        return UP, f"{routes} BGP ROUTES", routes
    # Seen on AWS: IPsec alone is not enough for a BGP tunnel.
    return DOWN, "IPSEC IS UP", 0
