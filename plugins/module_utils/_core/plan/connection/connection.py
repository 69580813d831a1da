# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plans for VPN connections: target, options, tunnels, static routes, tags; in place, replaced, or refused."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...model.resources import SECRETS_MANAGER, Connection, ConnectionWanted, Consent, Ref
from ...nouns import ASSOCIATED, STATIC_ROUTE, VPN_CONNECTION
from ...options import fields
from ...options.rules import effective_problems
from .. import ready, tags
from ..plan import CHANGE, CREATE, DELETE, Action, Interruption, Part, Stage
from ..steps import (
    CreateRoute,
    DeleteRoute,
    ModifyConnection,
    ModifyConnectionOptions,
)
from .creation import creation_part
from .ends import (
    Ends,
    certificate_problems,
    final_ends,
    is_retargeted,
    must_device_follow,
    new_device,
)
from .inheritance import inherited
from .outgoing import returning, unmarked, with_outgoing, with_return
from .replacement import reasons, replacement_part
from .shown import OPTIONS, SET, connection_model, tunnel_values
from .tunnels import (
    TunnelChange,
    paired,
    tunnel_actions,
    tunnel_changes,
    tunnel_refusals,
)

# The gateway has the networks of a connection in its own configuration, its bandwidth not.
_DEVICE_IGNORES = ("tunnel_bandwidth",)


def connection_part(
    wanted: ConnectionWanted,
    actual: Connection | None,
    ends: Ends,
    consent: Consent,
    outgoing: Sequence[Connection] = (),
) -> Part:
    """The plan for one connection that is to exist; C(outgoing) are those of its name whose successor is made."""
    back = returning(wanted, outgoing, ends) if actual is None else None
    if back is not None:
        kept, rest = unmarked(back), [each for each in outgoing if each is not back]
        part = with_return(_alteration(wanted, kept, ends, consent), wanted, back)
        return with_outgoing(part, wanted, kept, rest, ends, consent)
    if actual is None:
        part, ends = _creation(wanted, ends, outgoing)
    else:
        part = _alteration(wanted, actual, ends, consent)
    return with_outgoing(part, wanted, actual, outgoing, ends, consent)


def _creation(wanted: ConnectionWanted, ends: Ends, outgoing: Sequence[Connection]) -> tuple[Part, Ends]:
    """A new connection; where a run stopped before it made the successor of another, that successor."""
    if len(outgoing) != 1:
        return creation_part(wanted, ends), ends
    (old,) = outgoing
    ends = final_ends(old, ends)
    return creation_part(inherited(wanted, old, ends), ends, replaces=old.id), ends


def _alteration(wanted: ConnectionWanted, actual: Connection, ends: Ends, consent: Consent) -> Part:
    """What changes of an existing connection."""
    why = reasons(wanted, actual, ends)
    if why:
        return replacement_part(wanted, actual, ends, consent, why)
    both = (*_moves(wanted, actual, ends), *_options(wanted, actual))
    changes, warnings = tunnel_changes(wanted, actual)
    routes = _routes(wanted, actual, ends)
    retag = tags.actions(wanted.name, VPN_CONNECTION, actual.id, wanted.tags, actual.tags, wanted.purge_tags)
    actions = (*retag, *both, *tunnel_actions(wanted, actual, changes, consent), *routes)
    before = connection_model(actual)
    after = _after(wanted, actual, ends, changes, before)
    is_same = len(actions) == len(routes)
    unchanged = (1 if is_same else 0) + len(set(before["static_routes"]) & set(after["static_routes"]))
    refusals = (
        *_rule_refusals(wanted, actual, ends),
        *_move_refusals(wanted, actual, ends),
        *_consent_refusals(wanted, actual, both, consent),
        *_order_refusals(wanted, actual, ends, changes, consent),
        *tunnel_refusals(wanted, actual, changes, consent),
    )
    return Part(wanted.name, VPN_CONNECTION, actions, unchanged, before, after, warnings, refusals)


def _after(
    wanted: ConnectionWanted,
    actual: Connection,
    ends: Ends,
    changes: Sequence[TunnelChange],
    before: Mapping[str, Any],
) -> dict[str, Any]:
    models = {tunnel.number: model for tunnel, model in zip(actual.tunnels, before["tunnels"])}
    models.update({change.tunnel.number: change.model for change in changes})
    storage = wanted.pre_shared_key_storage or actual.pre_shared_key_storage
    if new_device(actual, ends) is not None and storage != SECRETS_MANAGER:
        # With a device that shows a certificate the keys go, and with another one AWS makes some.
        models = {number: _with_key(model, ends) for number, model in models.items()}
    asked = {row.name: row.shown(wanted.options[row.name]) for row in _option_rows(wanted, actual)}
    return {
        **before,
        "customer_gateway_id": ends.device or actual.customer_gateway_id,
        "target": ends.target if ends.has_target else before["target"],
        "options": {**before["options"], **asked},
        "pre_shared_key_storage": storage,
        "tunnels": [models[number] for number in sorted(models)],
        "static_routes": _cidrs(wanted, actual, ends),
        "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags),
    }


def _with_key(model: Mapping[str, Any], ends: Ends) -> dict[str, Any]:
    return {**model, "pre_shared_key": None if ends.has_certificate else model.get("pre_shared_key") or SET}


# Both tunnels: another customer gateway, another target, other options.


def _moves(wanted: ConnectionWanted, actual: Connection, ends: Ends) -> tuple[Action, ...]:
    """One call for each end.

    A virtual private gateway takes no device of its own ASN: a connection leaves it before its device changes.
    """
    actions = []
    leaves = Ends.of(actual).is_on_vpn_gateway and not ends.is_on_vpn_gateway
    device_stage, target_stage = (Stage.TARGETS, Stage.CONNECTIONS) if leaves else (Stage.CONNECTIONS, Stage.TARGETS)
    device = new_device(actual, ends)
    if device is not None:
        detail = f"to {'a new customer gateway' if isinstance(device, Ref) else device}"
        step = ModifyConnection(actual.id, customer_gateway=device)
        actions.append(_both(wanted, actual, detail, device_stage, step))
    if is_retargeted(actual, ends):
        step = ModifyConnection(actual.id, vpn_gateway=ends.vpn_gateway, transit_gateway_id=ends.transit_gateway_id)
        actions.append(_both(wanted, actual, f"to {ends.target_text}", target_stage, step))
    return tuple(actions)


def _option_rows(wanted: ConnectionWanted, actual: Connection) -> tuple[fields.Field, ...]:
    return fields.differences(OPTIONS, wanted.options, actual.options)


def _options(wanted: ConnectionWanted, actual: Connection) -> tuple[Action, ...]:
    rows = _option_rows(wanted, actual)
    if not rows:
        return ()
    detail = "set " + ", ".join(f"{row.name}: {row.shown(wanted.options[row.name])}" for row in rows)
    step = ModifyConnectionOptions(actual.id, {row.name: wanted.options[row.name] for row in rows})
    return (_both(wanted, actual, detail, Stage.OPTIONS, step),)


def _both(
    wanted: ConnectionWanted,
    actual: Connection,
    detail: str,
    stage: Stage,
    step: ModifyConnection | ModifyConnectionOptions,
) -> Action:
    cost = Interruption.BOTH_TUNNELS
    return Action(wanted.name, VPN_CONNECTION, CHANGE, detail, stage, step, actual.id, cost)


def _consent_refusals(
    wanted: ConnectionWanted, actual: Connection, actions: Sequence[Action], consent: Consent
) -> tuple[str, ...]:
    if not actions or consent.allow_interruption:
        return ()
    what = " and ".join(action.detail for action in actions)
    return (
        f"{wanted.name}: changing {actual.id} {what} interrupts both tunnels for several minutes:"
        " set allow_interruption to consent",
    )


def _move_refusals(wanted: ConnectionWanted, actual: Connection, ends: Ends) -> tuple[str, ...]:
    if not is_retargeted(actual, ends):
        return ()
    if not Ends.of(actual).target and actual.gateway_association_state == ASSOCIATED:
        return (
            f"{wanted.name}: {actual.id} is attached to a core network: delete that attachment before it is moved to"
            f" {ends.target_text}",
        )
    return ()


def _rule_refusals(wanted: ConnectionWanted, actual: Connection, ends: Ends) -> tuple[str, ...]:
    pairs = [(want, tunnel_values(tunnel), tunnel.number) for want, tunnel in paired(wanted.tunnels, actual.tunnels)]
    setting = final_ends(actual, ends).setting(wanted.routing)
    return (*effective_problems(wanted, actual, pairs, setting), *certificate_problems(wanted, ends))


def _order_refusals(
    wanted: ConnectionWanted, actual: Connection, ends: Ends, changes: Sequence[TunnelChange], consent: Consent
) -> tuple[str, ...]:
    """Tunnels wait for their twin, which does not come back before the gateway has followed the first change."""
    follows = must_device_follow(actual, ends) or any(
        row.name not in _DEVICE_IGNORES for row in _option_rows(wanted, actual)
    )
    if not changes or not follows or consent.force_tunnel_change:
        return ()
    return (
        f"{wanted.name}: after this change of {actual.id} the gateway has to follow before its tunnels come back, so"
        " changing tunnels in the same run leaves none to carry traffic: do one after the other, or set"
        " force_tunnel_change",
    )


# Static routes.


def _is_bound_for_transit(actual: Connection, ends: Ends) -> bool:
    return is_retargeted(actual, ends) and not ends.is_on_vpn_gateway


def _cidrs(wanted: ConnectionWanted, actual: Connection, ends: Ends) -> list[str]:
    """The static routes afterwards."""
    if _is_bound_for_transit(actual, ends):
        return []
    return sorted(ready.live_routes(actual) if wanted.static_routes is None else set(wanted.static_routes))


def _routes(wanted: ConnectionWanted, actual: Connection, ends: Ends) -> tuple[Action, ...]:
    """Static routes to add and to remove.

    AWS refuses to move a connection with static routes to a transit gateway, so then they go before the move.
    """
    now, then = set(ready.live_routes(actual)), set(_cidrs(wanted, actual, ends))
    stage = Stage.GATEWAYS if _is_bound_for_transit(actual, ends) else Stage.ROUTES
    create = [
        Action(wanted.name, STATIC_ROUTE, CREATE, cidr, Stage.ROUTES, CreateRoute(actual.id, cidr))
        for cidr in sorted(then - now)
    ]
    delete = [
        Action(wanted.name, STATIC_ROUTE, DELETE, cidr, stage, DeleteRoute(actual.id, cidr))
        for cidr in sorted(now - then)
    ]
    return (*create, *delete)
