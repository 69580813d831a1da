# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is known of each tunnel: what its gateway reports, what AWS reports and what pings showed, joined."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.names import connection_of, gateway_of
from ..model.tunnel_states import Failure

UNKNOWN = "?"
NOT_APPLICABLE = "-"


@dataclass(frozen=True)
class Pings:
    """Pings along one path, as the module ping_probe counted them."""

    sent: int
    received: int
    source: str | None = None
    target: str | None = None
    error: str | None = None

    @property
    def ratio(self) -> str:
        return f"{self.received}/{self.sent}"

    @property
    def path(self) -> str:
        origin = f" from {self.source}" if self.source else ""
        return origin + (f" to {self.target}" if self.target else "")

    @property
    def are_lost(self) -> bool:
        """Fewer than half of them were answered. A single lost one says nothing about the tunnel."""
        return self.received * 2 < max(self.sent, 1)

    @property
    def are_some_lost(self) -> bool:
        return not self.are_lost and self.received < self.sent

    def __str__(self) -> str:
        return f"{self.ratio} answered{self.path}" + (f" ({self.error.strip()})" if self.error else "")


@dataclass(frozen=True)
class Observation:
    """What is known of one tunnel. What is not known is empty."""

    # The name of the connection.
    name: str
    site: str
    routing: str
    # The tunnel of the connection in AWS.
    tunnel: Mapping[str, Any]
    # What the gateway reports, and the part of it about this tunnel.
    status: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    telemetry: Mapping[str, Any] = field(default_factory=dict)
    forward: Pings | None = None
    back: Pings | None = None
    # Why there are none, where that is known.
    no_forward: str | None = None
    no_back: str | None = None

    @property
    def left_out(self) -> str:
        """Why nobody looked at the gateway: it could not be reached, and the run goes on without it."""
        return str(self.status.get("left_out") or "").strip()

    @property
    def gateway(self) -> str:
        return gateway_of(self.name)

    @property
    def connection(self) -> str:
        return connection_of(self.name)

    @property
    def outside(self) -> str:
        return str(self.tunnel.get("outside_address") or UNKNOWN)

    @property
    def customer(self) -> str:
        return str(self.tunnel.get("customer_address") or "the gateway")

    @property
    def failure(self) -> Failure | None:
        """Why there is no IPsec SA, as far as the gateway knows; of several reasons the one that tells most."""
        known = self.state.get("evidence") or []
        return next((failure for failure in Failure if failure in known), None)

    @property
    def bgp(self) -> Mapping[str, Any]:
        return self.state.get("bgp") or {}


def observations(
    *,
    connections: Mapping[str, Mapping[str, Any]],
    gateway_status: Mapping[str, Mapping[str, Any]],
    telemetry: Iterable[Mapping[str, Any]],
    forward: Mapping[str, Mapping[str, Any]],
    back: Mapping[str, Mapping[str, Any]],
) -> list[Observation]:
    """One for each tunnel of each connection; a connection without tunnels has one, of an empty tunnel."""
    in_aws = {
        tunnel.get("outside_address"): tunnel.get("telemetry") or {}
        for connection in telemetry
        for tunnel in connection.get("tunnels") or []
    }
    found = []
    for name, connection in connections.items():
        gateway = gateway_of(name)
        status = gateway_status.get(gateway) or {}
        states = {state.get("outside_address"): state for state in status.get("tunnels") or []}
        ways = [_of_connection(results.get(gateway) or {}, name) for results in (forward, back)]
        for tunnel in connection.get("tunnels") or [{}]:
            address = tunnel.get("outside_address")
            found.append(
                Observation(
                    name=name,
                    site=str(connection.get("site") or gateway),
                    routing=str(tunnel.get("routing") or connection.get("routing")),
                    tunnel=tunnel,
                    status=status,
                    state=states.get(address, {}),
                    telemetry=in_aws.get(address, {}),
                    forward=_pings(ways[0], address) if tunnel else None,
                    back=_pings(ways[1], None),
                    no_forward=_unreached(status) or _why_skipped(ways[0], "site_host"),
                    no_back=_unreached(status) or _why_skipped(ways[1], "host" if ways[0].get("source") else None),
                )
            )
    return found


def _of_connection(result: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The pings of one connection: of all of its gateway, or one of the items of a loop over several connections."""
    if "results" not in result:
        return result
    for each in result["results"]:
        if (each.get("item") or {}).get("connection") == name:
            found: Mapping[str, Any] = each
            return found
    return {}


def _unreached(status: Mapping[str, Any]) -> str | None:
    return "the gateway cannot be reached" if status.get("left_out") or status.get("unreachable") else None


def _why_skipped(result: Mapping[str, Any], host: str | None) -> str | None:
    """Why the pings of one connection were not sent, although the inventory asks for them."""
    asked = result.get("item") or {}
    if not result.get("skipped") or not asked.get("address"):
        return None
    if host is None:
        return "they need the source of pings into AWS" if asked.get("host") else None
    return f"{asked[host]} is not in the inventory of this run, and is no address" if asked.get(host) else None


def _pings(result: Mapping[str, Any], outside_address: str | None) -> Pings | None:
    """The pings of one path in what ping_probe returned: none where it was skipped, none answered where it failed."""
    if result.get("failed") or result.get("unreachable"):
        return Pings(0, 0, error=result.get("msg"))
    for probe in result.get("probes") or []:
        if probe.get("outside_address") == outside_address:
            return Pings(
                sent=probe["sent"],
                received=probe["received"],
                source=result.get("source"),
                target=result.get("address"),
                error=probe.get("error"),
            )
    return None
