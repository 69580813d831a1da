# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas, per account and Region, as AWS has them by default; settable, since AWS raises them on request too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

DEFAULTS: Mapping[str, int | None] = {
    "accelerated_connections": 10,
    # Announced by the device: over it the tunnel's endpoint ends the session.
    "bgp_routes_per_transit_gateway_connection": 1000,
    "bgp_routes_per_vpn_gateway_connection": 100,
    "customer_gateways": 50,
    "large_bandwidth_connections": 50,
    "static_routes_per_connection": 100,
    "unattached_connections": 10,
    "vpn_concentrators": 50,
    "vpn_concentrators_per_transit_gateway": 5,
    "vpn_connections": 50,
    "vpn_connections_per_vpn_concentrator": 100,
    "vpn_connections_per_vpn_gateway": 10,
    "vpn_gateways": 5,
}


class Quotas:
    def __init__(self, limits: Mapping[str, int | None] | None = None) -> None:
        self._limits = dict(DEFAULTS if limits is None else limits)

    def set(self, **limits: int | None) -> None:
        """`set(vpn_connections=1000)`; None is no limit."""
        unknown = set(limits) - set(DEFAULTS)
        if unknown:
            raise ValueError(f"no such quota: {', '.join(sorted(unknown))}")
        self._limits.update({name: None if limit is None else int(limit) for name, limit in limits.items()})

    def lift(self) -> None:
        """No limits at all."""
        self._limits = dict.fromkeys(DEFAULTS)

    def limit(self, name: str) -> int | None:
        return self._limits[name]

    def is_full(self, name: str, having: Iterable[bool]) -> bool:
        """Whether as many of these are true as there may be; not looked at where there is no limit."""
        limit = self._limits[name]
        return limit is not None and sum(having) >= limit

    def describe(self) -> dict[str, int | None]:
        return dict(self._limits)

    def copy(self) -> Quotas:
        return Quotas(self._limits)
