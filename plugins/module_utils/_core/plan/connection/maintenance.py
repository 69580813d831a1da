# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for the endpoint of one tunnel: its replacement, and a new certificate."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...errors import InvalidInput
from ...model.resources import Connection, Consent, CustomerGateway, Telemetry, Tunnel
from ...model.tunnel_status import Maintenance
from ...nouns import GONE, VPN_TUNNEL
from .. import ready
from ..plan import Action, Part, Plan
from ..steps import ReplaceTunnel, RotateCertificate
from .ends import NEW
from .tunnels import twin_to_watch

# AWS renews telemetry at least this often, so what is older than a change by more is not from before it.
TELEMETRY_SECONDS = 60.0


@dataclass(frozen=True)
class SelectedTunnel:
    """One tunnel of one connection."""

    connection: Connection
    tunnel: Tunnel

    @property
    def owner(self) -> str:
        """The name of the connection, or its id when it has none."""
        return self.connection.name or self.connection.id

    @property
    def address(self) -> str:
        return self.tunnel.outside_address or ""

    @property
    def name(self) -> str:
        return f"tunnel {self.tunnel.number} ({self.tunnel.outside_address})"

    @property
    def is_up(self) -> bool:
        return ready.is_tunnel_up(self.tunnel)


def select_tunnel(connection: Connection, number: int | None, outside_address: str | None) -> SelectedTunnel:
    """The tunnel that is meant, by its number or by its outside address."""
    for tunnel in connection.tunnels:
        if tunnel.number == number or (outside_address is not None and tunnel.outside_address == outside_address):
            return SelectedTunnel(connection, tunnel)
    has = ", ".join(f"{tunnel.number} ({tunnel.outside_address})" for tunnel in connection.tunnels) or "none"
    meant = f"tunnel={number}" if outside_address is None else f"outside_address={outside_address}"
    raise InvalidInput([f"{meant}: {connection.id} has no such tunnel; it has {has}"])


def replacement_plan(selected: SelectedTunnel, maintenance: Maintenance, always: bool, consent: Consent) -> Plan:
    """The plan for the replacement of a tunnel's endpoint: when maintenance is pending, or always."""
    if not (always or maintenance.is_pending):
        return Plan.of([Part(selected.owner, VPN_TUNNEL, unchanged=1, refusals=_gone(selected))])
    before = {
        **_identity(selected),
        "endpoint": selected.address,
        "pending_maintenance": maintenance.pending,
        "last_maintenance_applied": maintenance.last_applied,
    }
    after = {**before, "endpoint": f"{selected.address} {NEW}"}
    if maintenance.is_pending:
        after.update(pending_maintenance=None, last_maintenance_applied=NEW)
    why = f"apply pending maintenance ({maintenance.pending})" if maintenance.is_pending else "no maintenance pending"
    twin = twin_to_watch(selected.connection, selected.tunnel, consent)
    step = ReplaceTunnel(selected.connection.id, selected.address, twin, apply_pending=maintenance.is_pending)
    return _plan(selected, step, detail=why, before=before, after=after, refusals=_refusals(selected, consent))


def certificate_plan(selected: SelectedTunnel, customer_gateway: CustomerGateway | None, consent: Consent) -> Plan:
    """The plan for a new certificate of the AWS side of a tunnel; whoever asks for one gets one."""
    refusals = _refusals(selected, consent)
    if customer_gateway is None or customer_gateway.certificate_arn is None:
        text = (
            f"{selected.owner}: {selected.connection.id} authenticates with pre-shared keys. Its customer gateway"
            f" {selected.connection.customer_gateway_id} has no certificate_arn"
        )
        refusals = (*refusals, text)
    before = {
        **_identity(selected),
        "certificate": selected.tunnel.telemetry.certificate_arn if selected.tunnel.telemetry else None,
    }
    twin = twin_to_watch(selected.connection, selected.tunnel, consent)
    step = RotateCertificate(selected.connection.id, selected.address, twin)
    after = {**before, "certificate": NEW}
    return _plan(selected, step, detail="rotate certificate", before=before, after=after, refusals=refusals)


def is_back(tunnel: Tunnel, before: Telemetry | None, elapsed: float) -> bool:
    """Whether the tunnel is up again: its status changed since, or AWS has had the time to report it as down."""
    if not ready.is_tunnel_up(tunnel):
        return False
    changed = before is None or tunnel.telemetry is None or before.last_status_change != _since(tunnel)
    return changed or elapsed >= TELEMETRY_SECONDS


def _since(tunnel: Tunnel) -> str | None:
    return tunnel.telemetry.last_status_change if tunnel.telemetry else None


def _identity(selected: SelectedTunnel) -> dict[str, Any]:
    return {"vpn_connection_id": selected.connection.id, "tunnel": selected.tunnel.number}


def _gone(selected: SelectedTunnel) -> tuple[str, ...]:
    is_gone = selected.connection.state in GONE
    return (f"{selected.owner}: {selected.connection.id} is {selected.connection.state}",) if is_gone else ()


def _refusals(selected: SelectedTunnel, consent: Consent) -> tuple[str, ...]:
    if _gone(selected) or consent.force_tunnel_change:
        return _gone(selected)
    problem = ready.twin_problem(selected.connection, selected.tunnel)
    return (f"{selected.owner}: {problem}",) if problem else ()


def _plan(
    selected: SelectedTunnel,
    step: ReplaceTunnel | RotateCertificate,
    *,
    detail: str,
    before: dict[str, Any],
    after: dict[str, Any],
    refusals: tuple[str, ...],
) -> Plan:
    action = Action.of(step, selected.owner, f"{selected.name}: {detail}", selected.connection.id)
    part = Part(
        owner=selected.owner, resource=VPN_TUNNEL, actions=(action,), before=before, after=after, refusals=refusals
    )
    return Plan.of([part])
