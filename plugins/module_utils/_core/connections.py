# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""Plans for VPN connections: target, tunnels, static routes, tags; in place or refused, never by surprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import fields, ready, tags
from .model import STATIC, Connection, ConnectionWanted, Consent, Id, Ref, Tunnel, TunnelWanted
from .plan import CHANGE, CREATE, DELETE, Action, Interruption, Part, Stage
from .steps import (
    CreateConnection,
    CreateRoute,
    DeleteConnection,
    DeleteRoute,
    ModifyConnection,
    ModifyTunnel,
)

CONNECTION = "vpn_connection"
TUNNEL = "vpn_tunnel"
ROUTE = "static_route"
NEW = "(new)"
AWS_CHOICE = "(chosen by AWS)"


@dataclass(frozen=True)
class Ends:
    """Where the two ends of a connection shall be, as far as these resources exist already."""

    customer_gateway: Id | None
    vpn_gateway: Id | None = None
    transit_gateway_id: str | None = None


def connection_part(wanted: ConnectionWanted, actual: Connection | None, ends: Ends, consent: Consent) -> Part:
    """The plan for one connection."""
    if not wanted.present:
        return _removal(wanted, actual)
    if actual is None:
        return _creation(wanted, ends)
    return _alteration(wanted, actual, ends, consent)


def connection_model(actual: Connection) -> dict[str, Any]:
    """What of a connection a plan compares and shows; keys only as being there."""
    return {
        "customer_gateway_id": actual.customer_gateway_id,
        "target": _target(actual.vpn_gateway_id, actual.transit_gateway_id),
        "routing": actual.routing,
        "tunnels": [_tunnel_model(tunnel) for tunnel in actual.tunnels],
        "static_routes": sorted(ready.live_routes(actual)),
        "tags": dict(actual.tags),
    }


def tunnel_values(actual: Tunnel) -> dict[str, Any]:
    """The options of a tunnel by our names, as the field table compares them."""
    return {"inside_cidr": actual.inside_cidr, "pre_shared_key": actual.pre_shared_key, **actual.options}


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


def _target(vpn_gateway: Id | None, transit_gateway_id: str | None) -> dict[str, str]:
    if transit_gateway_id:
        return {"transit_gateway_id": transit_gateway_id}
    if vpn_gateway:
        return {"vpn_gateway_id": NEW if isinstance(vpn_gateway, Ref) else vpn_gateway}
    return {}


def _target_text(vpn_gateway: Id | None, transit_gateway_id: str | None) -> str:
    target: Any = transit_gateway_id or vpn_gateway or "no target"
    return f"the {target}" if isinstance(target, Ref) else str(target)


def _tunnel_model(actual: Tunnel) -> dict[str, Any]:
    values = tunnel_values(actual)
    return {row.name: row.shown(values.get(row.name)) for row in fields.settable(fields.TUNNEL)}


def _new_tunnel_model(want: TunnelWanted) -> dict[str, Any]:
    model = {}
    for row in fields.settable(fields.TUNNEL):
        value = want.options.get(row.name)
        model[row.name] = "(set)" if row.is_secret else AWS_CHOICE if value is None else row.shown(value)
    return model


# Creation and removal.


def _creation(wanted: ConnectionWanted, ends: Ends) -> Part:
    routes = tuple(wanted.static_routes or ())
    if ends.customer_gateway is None:
        refusal = f"{wanted.name}: a connection needs a customer gateway, and none of that name exists"
        return Part(wanted.name, CONNECTION, refusals=(refusal,))
    if not ends.vpn_gateway and not ends.transit_gateway_id:
        refusal = f"{wanted.name}: a new connection needs a target: a virtual private gateway or a transit gateway"
        return Part(wanted.name, CONNECTION, refusals=(refusal,))
    both = (*wanted.tunnels, TunnelWanted(), TunnelWanted())[:2]
    create = CreateConnection(
        wanted.ref,
        ends.customer_gateway,
        ends.vpn_gateway,
        ends.transit_gateway_id,
        {"static_routes_only": wanted.routing == STATIC},
        tuple(both) if any(want.options for want in both) else (),
        dict(wanted.tags),
    )
    detail = f"{wanted.routing} to {_target_text(ends.vpn_gateway, ends.transit_gateway_id)}"
    actions = [Action(wanted.name, CONNECTION, CREATE, detail, Stage.CONNECTIONS, create)]
    actions += [_route(wanted, CREATE, cidr, CreateRoute(wanted.ref, cidr)) for cidr in sorted(routes)]
    device = NEW if isinstance(ends.customer_gateway, Ref) else ends.customer_gateway
    after = {
        "customer_gateway_id": device,
        "target": _target(ends.vpn_gateway, ends.transit_gateway_id),
        "routing": wanted.routing,
        "tunnels": [_new_tunnel_model(want) for want in both],
        "static_routes": sorted(routes),
        "tags": dict(wanted.tags),
    }
    return Part(wanted.name, CONNECTION, tuple(actions), 0, None, after)


def _removal(wanted: ConnectionWanted, actual: Connection | None) -> Part:
    if actual is None:
        return Part(wanted.name, CONNECTION)
    step = DeleteConnection(actual.id)
    cost = Interruption.BOTH_TUNNELS
    action = Action(wanted.name, CONNECTION, DELETE, "", Stage.REMOVE_CONNECTIONS, step, actual.id, cost)
    return Part(wanted.name, CONNECTION, (action,), before=connection_model(actual), after={})


# Alteration.


def _alteration(wanted: ConnectionWanted, actual: Connection, ends: Ends, consent: Consent) -> Part:
    move, move_refusals = _move(wanted, actual, ends, consent)
    tunnels, models, warnings, tunnel_refusals = _tunnels(wanted, actual, consent)
    if move and tunnels and not consent.force_tunnel_change:
        tunnel_refusals = (
            *tunnel_refusals,
            f"{wanted.name}: moving {actual.id} and changing its tunnels in one run leaves neither tunnel to carry"
            " traffic: do one after the other, or set force_tunnel_change",
        )
    routes, cidrs = _routes(wanted, actual, leaves_vgw=bool(move and ends.transit_gateway_id))
    retag = tags.actions(wanted.name, CONNECTION, actual.id, wanted.tags, actual.tags, wanted.purge_tags)
    before = connection_model(actual)
    moved = {
        "customer_gateway_id": NEW if isinstance(ends.customer_gateway, Ref) else ends.customer_gateway,
        "target": _target(ends.vpn_gateway, ends.transit_gateway_id),
    }
    after = {
        **before,
        **(moved if move else {}),
        "tunnels": models,
        "static_routes": cidrs,
        "tags": tags.merged(wanted.tags, actual.tags, wanted.purge_tags),
    }
    actions = (*retag, *move, *tunnels, *routes)
    unchanged = (0 if retag or move or tunnels else 1) + len(set(before["static_routes"]) & set(cidrs))
    return Part(
        wanted.name, CONNECTION, actions, unchanged, before, after, warnings, (*move_refusals, *tunnel_refusals)
    )


def _move(
    wanted: ConnectionWanted, actual: Connection, ends: Ends, consent: Consent
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """Another customer gateway or another target: in place, at the price of both tunnels."""
    refusals = []
    if wanted.routing != actual.routing:
        refusals.append(
            f"{wanted.name}: {actual.id} has routing {actual.routing}; AWS fixes it at creation, so {wanted.routing}"
            " would need a new connection with new outside addresses, which this module does not make"
        )
    device = ends.customer_gateway if ends.customer_gateway not in (None, actual.customer_gateway_id) else None
    retarget = _target(ends.vpn_gateway, ends.transit_gateway_id) != _target(
        actual.vpn_gateway_id, actual.transit_gateway_id
    ) and bool(ends.vpn_gateway or ends.transit_gateway_id)
    if not device and not retarget:
        return (), tuple(refusals)
    words = []
    if device:
        words.append(f"to {'a new customer gateway' if isinstance(device, Ref) else device}")
    if retarget:
        words.append(f"to {_target_text(ends.vpn_gateway, ends.transit_gateway_id)}")
    detail = " and ".join(words)
    if device and retarget:
        refusals.append(f"{wanted.name}: change the customer gateway and the target of {actual.id} in two runs")
    if not consent.allow_interruption:
        refusals.append(
            f"{wanted.name}: moving {actual.id} {detail} interrupts both tunnels for several minutes:"
            " set allow_interruption to consent"
        )
    step = ModifyConnection(
        actual.id,
        customer_gateway=device,
        vpn_gateway=ends.vpn_gateway if retarget else None,
        transit_gateway_id=ends.transit_gateway_id if retarget else None,
    )
    cost = Interruption.BOTH_TUNNELS
    action = Action(wanted.name, CONNECTION, CHANGE, detail, Stage.CONNECTIONS, step, actual.id, cost)
    return (action,), tuple(refusals)


def _tunnels(
    wanted: ConnectionWanted, actual: Connection, consent: Consent
) -> tuple[tuple[Action, ...], list[dict[str, Any]], tuple[str, ...], tuple[str, ...]]:
    """Changes of tunnel options: actions, the tunnels afterwards, warnings, refusals."""
    models = {tunnel.number: _tunnel_model(tunnel) for tunnel in actual.tunnels}
    changes: list[tuple[Tunnel, Mapping[str, Any], tuple[fields.Field, ...]]] = []
    warnings: list[str] = []
    for want, tunnel in paired(wanted.tunnels, actual.tunnels):
        options = dict(want.options)
        if options.get("pre_shared_key") is not None and tunnel.pre_shared_key is None:
            options.pop("pre_shared_key")
            warnings.append(f"{wanted.name}: the key of tunnel {tunnel.number} is not readable, so it is not compared")
        rows = fields.differences(fields.TUNNEL, options, tunnel_values(tunnel))
        if rows:
            changes.append((tunnel, {row.name: options[row.name] for row in rows}, rows))
            for row in rows:
                models[tunnel.number][row.name] = "(changed)" if row.is_secret else row.shown(options[row.name])
    refusals = _tunnel_refusals(wanted, actual, changes, consent)
    actions = []
    for stage, (tunnel, values, rows) in zip((Stage.FIRST_TUNNEL, Stage.SECOND_TUNNEL), changes):
        twin = ready.twin(actual, tunnel)
        step = ModifyTunnel(
            actual.id,
            tunnel.outside_address or "",
            values,
            None if consent.force_tunnel_change or twin is None else twin.outside_address,
        )
        detail = f"tunnel {tunnel.number} ({tunnel.outside_address}): " + ", ".join(
            f"{row.name}: (changed)" if row.is_secret else f"{row.name}: {row.shown(values[row.name])}" for row in rows
        )
        actions.append(Action(wanted.name, TUNNEL, CHANGE, detail, stage, step, actual.id, Interruption.ONE_TUNNEL))
    return tuple(actions), [models[number] for number in sorted(models)], tuple(warnings), refusals


def _tunnel_refusals(
    wanted: ConnectionWanted,
    actual: Connection,
    changes: Sequence[tuple[Tunnel, Mapping[str, Any], tuple[fields.Field, ...]]],
    consent: Consent,
) -> tuple[str, ...]:
    if consent.force_tunnel_change:
        return ()
    if len(changes) > 1 and any(row.peer_follows for _tunnel, _values, rows in changes for row in rows):
        return (
            f"{wanted.name}: both tunnels of {actual.id} would change, and the gateway has to follow each change"
            " before its twin may go: change one tunnel, bring it up, then the other; or set force_tunnel_change",
        )
    return tuple(
        f"{wanted.name}: tunnel {tunnel.number} of {actual.id} would go down while its twin is not up"
        f" ({_twin_status(actual, tunnel)}): bring the twin up first, or set force_tunnel_change"
        for tunnel, _values, _rows in changes
        if not ready.is_safe_to_touch(actual, tunnel)
    )


def _twin_status(actual: Connection, tunnel: Tunnel) -> str:
    twin = ready.twin(actual, tunnel)
    if twin is None:
        return "it has none"
    telemetry = twin.telemetry
    return f"tunnel {twin.number}: {telemetry.status} {telemetry.status_message}".strip() if telemetry else "unknown"


def _route(
    wanted: ConnectionWanted, verb: str, cidr: str, step: CreateRoute | DeleteRoute, early: bool = False
) -> Action:
    return Action(wanted.name, ROUTE, verb, cidr, Stage.GATEWAYS if early else Stage.ROUTES, step)


def _routes(wanted: ConnectionWanted, actual: Connection, leaves_vgw: bool) -> tuple[tuple[Action, ...], list[str]]:
    """Static routes to add and to remove, and the ones that are there afterwards.

    AWS refuses to move a connection with static routes to a transit gateway, so then they go before the move.
    """
    now = set(ready.live_routes(actual))
    if wanted.static_routes is None:
        return (), sorted(now)
    want = set(wanted.static_routes)
    actions = [_route(wanted, CREATE, cidr, CreateRoute(actual.id, cidr)) for cidr in sorted(want - now)]
    actions += [
        _route(wanted, DELETE, cidr, DeleteRoute(actual.id, cidr), early=leaves_vgw) for cidr in sorted(now - want)
    ]
    return tuple(actions), sorted(want)
