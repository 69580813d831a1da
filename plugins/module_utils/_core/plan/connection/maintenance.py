# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for the endpoint of one tunnel: replacing it, and giving it a new certificate."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...errors import InvalidInput
from ...model.resources import (
    SITE_TAG,
    Connection,
    Consent,
    CustomerGateway,
    Telemetry,
    Tunnel,
)
from ...model.tunnel_status import Maintenance
from ...nouns import GONE, VPN_TUNNEL
from .. import ready
from ..plan import CHANGE, REPLACE, Action, Interruption, Part, Plan, Stage
from ..steps import ReplaceTunnel, RotateCertificate
from .ends import NEW

# AWS renews telemetry at least this often, so what is older than a change by more is not from before it.
TELEMETRY_SECONDS = 60.0


@dataclass(frozen=True)
class Subject:
    """One tunnel of one connection."""

    connection: Connection
    tunnel: Tunnel

    @property
    def owner(self) -> str:
        """The site, or the id of a connection that is of none."""
        return self.connection.tags.get(SITE_TAG) or self.connection.id

    @property
    def address(self) -> str:
        return self.tunnel.outside_address or ""

    @property
    def name(self) -> str:
        return f"tunnel {self.tunnel.number} ({self.tunnel.outside_address})"

    @property
    def is_up(self) -> bool:
        return ready.is_tunnel_up(self.tunnel)


def subject(connection: Connection, number: int | None, outside_address: str | None) -> Subject:
    """The tunnel that is meant, by its number or by its outside address."""
    for tunnel in connection.tunnels:
        if tunnel.number == number or (outside_address is not None and tunnel.outside_address == outside_address):
            return Subject(connection, tunnel)
    has = ", ".join(f"{tunnel.number} ({tunnel.outside_address})" for tunnel in connection.tunnels) or "none"
    meant = f"tunnel={number}" if outside_address is None else f"outside_address={outside_address}"
    raise InvalidInput([f"{meant}: {connection.id} has no such tunnel; it has {has}"])


def replacement_plan(on: Subject, maintenance: Maintenance, always: bool, consent: Consent) -> Plan:
    """The plan for replacing the endpoint of a tunnel: when AWS has maintenance in store for it, or always."""
    if not (always or maintenance.is_pending):
        return Plan.of([Part(on.owner, VPN_TUNNEL, unchanged=1, refusals=_gone(on))])
    before = {
        **_identity(on),
        "endpoint": on.address,
        "pending_maintenance": maintenance.pending,
        "last_maintenance_applied": maintenance.last_applied,
    }
    after = {**before, "endpoint": f"{on.address} {NEW}"}
    if maintenance.is_pending:
        after.update(pending_maintenance=None, last_maintenance_applied=NEW)
    why = f"apply pending maintenance ({maintenance.pending})" if maintenance.is_pending else "no maintenance pending"
    step = ReplaceTunnel(
        on.connection.id, on.address, _twin_to_watch(on, consent), apply_pending=maintenance.is_pending
    )
    action = Action(
        on.owner,
        VPN_TUNNEL,
        REPLACE,
        f"{on.name}: {why}",
        Stage.FIRST_TUNNEL,
        step,
        on.connection.id,
        Interruption.ONE_TUNNEL,
    )
    return _plan(on, action, before, after, _obstacles(on, consent))


def certificate_plan(on: Subject, device: CustomerGateway | None, consent: Consent) -> Plan:
    """The plan for a new certificate of the AWS side of a tunnel; whoever asks for one gets one."""
    refusals = list(_obstacles(on, consent))
    if device is None or device.certificate_arn is None:
        refusals.append(
            f"{on.owner}: {on.connection.id} authenticates with pre-shared keys, as its customer gateway"
            f" {on.connection.customer_gateway_id} has no certificate_arn, so there is no certificate to rotate"
        )
    before = {**_identity(on), "certificate": on.tunnel.telemetry.certificate_arn if on.tunnel.telemetry else None}
    action = Action(
        on.owner,
        VPN_TUNNEL,
        CHANGE,
        f"{on.name}: rotate certificate",
        Stage.FIRST_TUNNEL,
        RotateCertificate(on.connection.id, on.address, _twin_to_watch(on, consent)),
        on.connection.id,
        Interruption.ONE_TUNNEL,
    )
    return _plan(on, action, before, {**before, "certificate": NEW}, tuple(refusals))


def is_back(tunnel: Tunnel, before: Telemetry | None, elapsed: float) -> bool:
    """Whether the tunnel is up again, and not still: it changed since, or has had the time to be reported as down."""
    if not ready.is_tunnel_up(tunnel):
        return False
    changed = before is None or tunnel.telemetry is None or before.last_status_change != _since(tunnel)
    return changed or elapsed >= TELEMETRY_SECONDS


def _since(tunnel: Tunnel) -> str | None:
    return tunnel.telemetry.last_status_change if tunnel.telemetry else None


def _identity(on: Subject) -> dict[str, Any]:
    return {"vpn_connection_id": on.connection.id, "tunnel": on.tunnel.number}


def _twin_to_watch(on: Subject, consent: Consent) -> str | None:
    """The tunnel that has to be up at the moment of the call too, not only when the plan is made."""
    twin = ready.twin(on.connection, on.tunnel)
    return None if consent.force_tunnel_change or twin is None else twin.outside_address


def _gone(on: Subject) -> tuple[str, ...]:
    is_gone = on.connection.state in GONE
    return (f"{on.owner}: {on.connection.id} is {on.connection.state}",) if is_gone else ()


def _obstacles(on: Subject, consent: Consent) -> tuple[str, ...]:
    if _gone(on):
        return _gone(on)
    if consent.force_tunnel_change or ready.is_safe_to_touch(on.connection, on.tunnel):
        return ()
    twin = ready.twin(on.connection, on.tunnel)
    status = f"tunnel {twin.number} is {twin.telemetry.status}" if twin and twin.telemetry else "nothing is known of it"
    return (
        f"{on.owner}: {on.name} of {on.connection.id} would go down while its twin is not up ({status}): bring the"
        " twin up first, or set force_tunnel_change",
    )


def _plan(
    on: Subject, action: Action, before: dict[str, Any], after: dict[str, Any], refusals: tuple[str, ...]
) -> Plan:
    return Plan.of([Part(on.owner, VPN_TUNNEL, (action,), 0, before, after, refusals=refusals)])
