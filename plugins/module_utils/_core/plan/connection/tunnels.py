# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for changes of tunnels: what differs, in which order the tunnels change, and whether that is safe."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...model.resources import SECRETS_MANAGER, Connection, ConnectionWanted, Consent, Tunnel, TunnelWanted
from ...options import fields
from ...options.field import Field, Kind
from .. import ready
from ..plan import Action
from ..stages import Stage
from ..steps import ModifyTunnel
from .shown import CHANGED, SET, is_said, tunnel_model, tunnel_values

_KEY = "pre_shared_key"


@dataclass(frozen=True)
class TunnelChange:
    """What of one tunnel is not as wanted."""

    tunnel: Tunnel
    rows: tuple[Field, ...]
    values: Mapping[str, Any]
    # What the call carries: more than what differs where AWS takes options only together.
    sent: Mapping[str, Any]
    # Where the key goes, None when it stays where it is.
    storage: str | None = None

    @property
    def must_gateway_follow(self) -> bool:
        """Whether the gateway needs the new value. A key whose place changes is sent unseen, and may be the same."""
        return any(row.must_agree and not (row.is_secret and self.storage) for row in self.rows)

    @property
    def detail(self) -> str:
        """The change as a person reads it."""
        words = [
            f"{row.name}: {CHANGED}" if row.is_secret else f"{row.name}: {row.shown(self.values[row.name])}"
            for row in self.rows
        ]
        words += [f"pre_shared_key_storage: {self.storage}"] if self.storage else []
        return f"tunnel {self.tunnel.number} ({self.tunnel.outside_address}): {', '.join(words)}"

    @property
    def model(self) -> dict[str, Any]:
        """The tunnel afterwards."""
        sent = {name: fields.tunnel_field(name).shown(value) for name, value in self.sent.items()}
        changed = {row.name: CHANGED if row.is_secret else row.shown(self.values[row.name]) for row in self.rows}
        model = {**tunnel_model(self.tunnel), **sent, **changed}
        if self.storage:
            model[_KEY] = None if self.storage == SECRETS_MANAGER else SET
        return {name: value for name, value in model.items() if is_said(value) or name == _KEY}


def tunnel_changes(wanted: ConnectionWanted, actual: Connection) -> tuple[tuple[TunnelChange, ...], tuple[str, ...]]:
    """What differs, tunnel by tunnel, and warnings about what cannot be compared."""
    wants = {tunnel.number: want for want, tunnel in paired(wanted.tunnels, actual.tunnels)}
    changes, warnings = [], []
    for tunnel in actual.tunnels:
        change, warning = _change(wanted, actual, tunnel, wants.get(tunnel.number, TunnelWanted()))
        changes += [change] if change.rows or change.storage else []
        warnings += [warning] if warning else []
    return tuple(changes), tuple(dict.fromkeys(warnings))


def _change(
    wanted: ConnectionWanted, actual: Connection, tunnel: Tunnel, want: TunnelWanted
) -> tuple[TunnelChange, str]:
    options = dict(want.options)
    mode = actual.storage_of(tunnel)
    goal = wanted.pre_shared_key_storage or mode
    storage = goal if goal != mode else None
    warning = ""
    if options.get(_KEY) is not None and tunnel.pre_shared_key is None and storage is None:
        options.pop(_KEY)
        where = "are in Secrets Manager" if mode == SECRETS_MANAGER else f"of tunnel {tunnel.number} are not readable"
        warning = f"{wanted.name}: the pre-shared keys of {actual.id} {where}, so they are not compared"
    present = tunnel_values(tunnel)
    rows = fields.differences(fields.TUNNEL, options, present)
    shown = {row.name: options[row.name] for row in rows}
    sent = fields.complete(rows, options, present) or (_as_it_is(present) if storage else {})
    return TunnelChange(tunnel=tunnel, rows=rows, values=shown, sent=sent, storage=storage), warning


def _as_it_is(present: Mapping[str, Any]) -> dict[str, Any]:
    """An option as it is already: the call needs one, and an empty structure does not travel."""
    plain = (row.name for row in fields.settable(fields.TUNNEL) if row.kind is Kind.PLAIN and not row.path)
    return next(({name: present[name]} for name in plain if present.get(name) is not None), {})


def paired(wanted: Sequence[TunnelWanted], actual: Sequence[Tunnel]) -> list[tuple[TunnelWanted, Tunnel]]:
    """Which description is meant for which tunnel: by inside CIDR where that is unmistakable, else by position."""
    by_cidr = {tunnel.inside_cidr: tunnel for tunnel in actual if tunnel.inside_cidr}
    chosen: dict[int, Tunnel] = {}
    for position, want in enumerate(wanted):
        tunnel = by_cidr.get(want.options.get("inside_cidr") or "")
        if tunnel is not None:
            chosen[position] = tunnel
    taken = {tunnel.number for tunnel in chosen.values()}
    free = [tunnel for tunnel in actual if tunnel.number not in taken]
    pairs = []
    for position, want in enumerate(wanted):
        if position in chosen:
            pairs.append((want, chosen[position]))
            continue
        tunnel = next((each for each in free if each.number == position + 1), free[0] if free else None)
        if tunnel is not None:
            free.remove(tunnel)
            pairs.append((want, tunnel))
    return pairs


def tunnel_actions(
    wanted: ConnectionWanted, actual: Connection, changes: Sequence[TunnelChange], consent: Consent
) -> tuple[Action, ...]:
    """One tunnel after the other, each only while its twin is up or it is down, unless the user overrides that."""
    actions = []
    for stage, change in zip((Stage.FIRST_TUNNEL, Stage.SECOND_TUNNEL), changes):
        step = ModifyTunnel(
            connection_id=actual.id,
            outside_address=change.tunnel.outside_address or "",
            twin=twin_to_watch(actual, change.tunnel, consent),
            options=change.sent,
            pre_shared_key_storage=change.storage,
        )
        actions.append(replace(Action.of(step, wanted.name, change.detail, actual.id), stage=stage))
    return tuple(actions)


def tunnel_refusals(
    wanted: ConnectionWanted, actual: Connection, changes: Sequence[TunnelChange], consent: Consent
) -> tuple[str, ...]:
    """Changes that could leave no tunnel to carry traffic."""
    if consent.force_tunnel_change:
        return ()
    if (
        len(changes) > 1
        and any(change.must_gateway_follow for change in changes)
        and not all(ready.is_tunnel_down(change.tunnel) for change in changes)
    ):
        return (
            f"{wanted.name}: both tunnels of {actual.id} would change, and each one comes back only when the gateway is"
            " changed too: change one tunnel, bring it up, then change the other one, or set force_tunnel_change",
        )
    found = [ready.twin_problem(actual, change.tunnel) for change in changes]
    return tuple(f"{wanted.name}: {problem}" for problem in found if problem)


def twin_to_watch(connection: Connection, tunnel: Tunnel, consent: Consent) -> str | None:
    """The outside address of the other tunnel, which is looked at before the call too, not only for the plan."""
    twin = None if consent.force_tunnel_change else ready.twin(connection, tunnel)
    return twin.outside_address if twin else None
