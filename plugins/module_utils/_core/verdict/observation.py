# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is known of each tunnel: what its gateway reports, what AWS reports and what pings showed, joined."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..model.names import connection_of, gateway_of
from ..model.tunnel_log import TUNNEL
from ..model.tunnel_states import Esp, Failure
from . import aws_log

UNKNOWN = "?"
_COUNTERS = ("bytes_out", "bytes_in")
NOT_APPLICABLE = "-"


@dataclass(frozen=True)
class Pings:
    """Pings along one path, as the module ping_probe counted them."""

    sent: int
    received: int
    source: str | None = None
    target: str | None = None
    error: str | None = None
    # Pings as large as the MTU of the tunnel, their size, and the size of the largest packet that was answered.
    large: Pings | None = None
    size: int | None = None
    passes: int | None = None

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

    # The name of the connection, and of the host that is its gateway.
    name: str
    gateway: str
    site: str
    routing: str
    # The tunnel of the connection in AWS.
    tunnel: Mapping[str, Any]
    # What the gateway reports, and the part of it about this tunnel.
    status: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    telemetry: Mapping[str, Any] = field(default_factory=dict)
    # The newest lines that AWS logged about it, and why they could not be read.
    log: Mapping[str, Any] = field(default_factory=dict)
    forward: Pings | None = None
    back: Pings | None = None
    # The tunnel as its gateway saw it before the pings, and pings of the gateway itself where another host sent those.
    earlier: Mapping[str, Any] = field(default_factory=dict)
    from_gateway: Pings | None = None
    # By check, what was tried with the tunnel.
    drills: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # Whether a host behind the gateway sends the pings, and not the gateway itself.
    is_from_host: bool = False
    # Why there are none, where that is known.
    no_forward: str | None = None
    no_back: str | None = None

    @property
    def left_out(self) -> str:
        """Why nobody looked at the gateway: it could not be reached, and the run goes on without it."""
        return str(self.status.get("left_out") or "").strip()

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
        """Why there is no IPsec SA: what the gateway knows, else AWS; of several reasons the one that tells most."""
        known = self.state.get("evidence") or []
        own = next((failure for failure in Failure if failure in known), None)
        if own not in (None, Failure.NO_ANSWER) or self.state.get("esp") == Esp.INSTALLED:
            return own
        return aws_log.failure_of(self.logged(TUNNEL)) or own

    def logged(self, log: str) -> aws_log.Line | None:
        """What AWS logged about the newest failure of the tunnel, or of its BGP session."""
        return aws_log.telling(self.log.get("lines") or [], log)

    @property
    def unanswered(self) -> int:
        """Bytes that went out over the IPsec SA while none came in: since it is there, or since the earlier look."""
        sent, received = (int(self.state.get(key) or 0) for key in _COUNTERS)
        before = [int(self.earlier.get(key) or 0) for key in _COUNTERS]
        if sent and not received:
            return sent
        # The counters of a new SA begin again.
        return sent - before[0] if received == before[1] and sent > before[0] else 0

    def chains(self, *hooks: str) -> str:
        """The chains on these hooks of the gateway that drop what no rule accepts, in words."""
        found = [chain for chain in self.status.get("dropping_chains") or [] if chain["hook"] in hooks]
        return ", ".join(f"chain {chain['chain']} ({chain['ending']})" for chain in found)

    def drift(self, parts: Collection[str]) -> list[str]:
        """What of these parts of the gateway does not run as configured, without what is about another tunnel only."""
        found = self.status.get("drift") or []
        lines = [str(each["line"]) for part in parts for each in found if each["activates"] == part]
        others = [state["interface"] for state in self.status["tunnels"] if state is not self.state] if lines else []
        return [line for line in lines if not any(re.search(rf"\b{name}\b", line) for name in others)]

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
    earlier: Mapping[str, Mapping[str, Any]] | None = None,
    from_gateway: Mapping[str, Mapping[str, Any]] | None = None,
    drills: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> Iterator[Observation]:
    """One for each tunnel of each connection; a connection without tunnels has one, of an empty tunnel."""
    in_aws = _in_aws(telemetry)
    for name, connection in connections.items():
        gateway = _gateway(name, connection, gateway_status)
        status, first = ((looked or {}).get(gateway) or {} for looked in (gateway_status, earlier))
        states, before = _by_address(status), _by_address(first)
        out, home, own = (_of_connection((way or {}).get(gateway) or {}, name) for way in (forward, back, from_gateway))
        for tunnel in connection.get("tunnels") or [{}]:
            address = tunnel.get("outside_address")
            yield Observation(
                name=name,
                gateway=gateway,
                site=str(connection.get("site") or gateway_of(name)),
                routing=str(tunnel.get("routing") or connection.get("routing")),
                tunnel=tunnel,
                status=status,
                state=states.get(address, {}),
                **in_aws.get(address, {}),
                forward=_pings(out, address) if tunnel else None,
                back=_pings(home, None),
                earlier=before.get(address, {}),
                from_gateway=_pings(own, address) if tunnel else None,
                drills=_drills((drills or {}).get(gateway) or [], address),
                is_from_host=bool((out.get("item") or {}).get("site_host")),
                no_forward=_unreached(status) or _why_skipped(out, "site_host"),
                no_back=_unreached(status) or _why_skipped(home, "host" if out.get("source") else None),
            )


def _gateway(name: str, connection: Mapping[str, Any], statuses: Mapping[str, Mapping[str, Any]]) -> str:
    """The host that the connection is named after, or else the one that has its tunnels."""
    named = gateway_of(name)
    addresses = {tunnel.get("outside_address") for tunnel in connection.get("tunnels") or []}
    having = (host for host, status in statuses.items() if addresses & set(_by_address(status or {})))
    return named if named in statuses else next(having, named)


def _in_aws(connections: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What AWS reports and logged of each tunnel, by outside address."""
    return {
        tunnel.get("outside_address"): {name: tunnel.get(name) or {} for name in ("telemetry", "log")}
        for connection in connections
        for tunnel in connection.get("tunnels") or []
    }


def _by_address(status: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {state.get("outside_address"): state for state in status.get("tunnels") or []}


def _drills(tried: Iterable[Mapping[str, Any]], address: str | None) -> dict[str, Mapping[str, Any]]:
    """By check, what was tried with the tunnel of this address."""
    return {each["check"]: each for each in tried if each["outside_address"] == address}


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
                large=_large(probe.get("large") or {}),
            )
    return None


def _large(seen: Mapping[str, Any]) -> Pings | None:
    if not seen:
        return None
    return Pings(seen["sent"], seen["received"], error=seen.get("error"), size=seen["size"], passes=seen.get("passes"))
