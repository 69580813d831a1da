# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tunnels as AWS, their gateways and pings see them when all is well, and the verdict on them."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.checks import USUAL
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.observation import observations
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.table import judge

PEER = "vpn-0123456789abcdef0"


def tunnel(number: int = 1, routing: str = "bgp") -> dict[str, Any]:
    return {
        "vpn_connection_id": PEER,
        "number": number,
        "outside_address": f"203.0.113.{4 * number - 2}",
        "customer_address": "198.51.100.10",
        "aws_inside_address": "169.254.20.1",
        "amazon_side_asn": 64512,
        "customer_asn": 65010,
        "routing": routing,
        "local_cidrs": ["10.20.0.0/16"],
    }


def seen(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A tunnel as its gateway sees it when all is well."""
    return {
        "outside_address": tunnel(number)["outside_address"],
        "interface": "vpn2280",
        "ike": "ESTABLISHED",
        "esp": "INSTALLED",
        "bgp": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 1},
        "routes": ["10.0.0.0/16"],
        "routes_missing": [],
        "evidence": [],
        **changes,
    }


def telemetry(number: int = 1, **changes: Any) -> dict[str, Any]:
    state = {"status": "UP", "status_message": "1 BGP ROUTES", "accepted_route_count": 1, **changes}
    return {"tunnels": [{"outside_address": f"203.0.113.{4 * number - 2}", "telemetry": state}]}


def pings(*received: int, **changes: Any) -> dict[str, Any]:
    """What ping_probe returned, with as many of five pings answered through tunnel 1, 2 and so on."""
    probes = [
        {"outside_address": tunnel(number)["outside_address"], "sent": 5, "received": answered, **changes}
        for number, answered in enumerate(received, start=1)
    ]
    return {"source": "10.20.0.10", "address": "10.0.0.100", "probes": probes}


def pings_back(received: int = 5) -> dict[str, Any]:
    probe = {"outside_address": None, "sent": 5, "received": received}
    return {"source": "10.0.0.100", "address": "10.20.0.10", "probes": [probe]}


def judged(
    sites: dict[str, Any],
    gateway_status: dict[str, Any] | None = None,
    telemetry_of_all: list[dict[str, Any]] | None = None,
    forward: dict[str, Any] | None = None,
    back: dict[str, Any] | None = None,
    checks: tuple[str, ...] = USUAL,
    **more: dict[str, Any],
) -> dict[str, Any]:
    found = observations(
        connections=sites,
        gateway_status=gateway_status or {},
        telemetry=telemetry_of_all or [],
        forward=forward or {},
        back=back or {},
        **more,
    )
    return judge(list(found), checks)
