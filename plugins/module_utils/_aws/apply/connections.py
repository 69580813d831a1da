# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on VPN connections and on options of their tunnels."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable

from ..._core.errors import ApiError, InvalidState, VpnError
from ..._core.model.resources import Connection, Id, Ref
from ..._core.nouns import GONE, VPN_CONNECTION
from ..._core.plan import steps
from ..observe import region
from ..wait import waiters
from ..wait.waiters import Condition
from . import concentrators
from .run import Handler, Run

# What AWS answers when the quota of connections, or of those of one customer gateway address, is used up.
NO_ROOM = ("VpnConnectionLimitExceeded", "InvalidCustomerGateway.DuplicateIpAddress")
# And for what a Region does not have.
UNSUPPORTED = "UnsupportedOperation"


def _create_connection(run: Run, step: steps.CreateConnection) -> list[Condition]:
    made_meanwhile = run.found.get(step.ref)
    if made_meanwhile is None:
        ends = _ends(run, step)
        connection = _replacing(
            step,
            lambda: run.create_once(
                lambda: run.ec2.create_connection(
                    str(step.ref),
                    ends=ends,
                    options=step.options,
                    tunnels=step.tunnels,
                    tags=step.tags,
                    pre_shared_key_storage=step.pre_shared_key_storage,
                ),
                lambda: region.find_connections(run.ec2, [step.ref.key], [step.replaces]).get(step.ref.key),
            ),
        )
        made_meanwhile = connection.id
    run.ids[step.ref] = made_meanwhile
    return [waiters.connection_settled(made_meanwhile)]


def _replacing(step: steps.CreateConnection, create: Callable[[], Connection]) -> Connection:
    """A creation beside the connection it replaces, for which AWS may have no room."""
    hint = "set replacement_order=delete_first to remove the old connection before the new one is made"
    try:
        made = create()
    except ApiError as error:
        if not step.replaces or error.code not in NO_ROOM:
            raise
        raise VpnError(f"{error} ({step.replaces} and a new connection cannot exist together: {hint})") from error
    if made.id == step.replaces:
        raise VpnError(f"AWS answered with {made.id}, the very connection that is to be replaced: {hint}")
    return made


def _modify_connection(run: Run, step: steps.ModifyConnection) -> list[Condition]:
    ends = _ends(run, step)
    return run.modify(step.connection_id, lambda: run.ec2.modify_connection(step.connection_id, ends))


def _modify_connection_options(run: Run, step: steps.ModifyConnectionOptions) -> list[Condition]:
    try:
        return run.modify(
            step.connection_id, lambda: run.ec2.modify_connection_options(step.connection_id, step.options)
        )
    except ApiError as error:
        if error.code != UNSUPPORTED or "tunnel_bandwidth" not in step.options:
            raise
        hint = "some Regions cannot change tunnel_bandwidth: remove the connection and create it again"
        raise VpnError(f"{error} ({hint})") from error


def _modify_tunnel(run: Run, step: steps.ModifyTunnel) -> list[Condition]:
    return run.modify(
        step.connection_id,
        lambda: run.ec2.modify_tunnel(
            step.connection_id,
            step.outside_address,
            options=step.options,
            pre_shared_key_storage=step.pre_shared_key_storage,
        ),
    )


def _delete_connection(run: Run, step: steps.DeleteConnection) -> list[Condition]:
    try:
        run.ec2.delete_connection(step.connection_id)
    except InvalidState:
        # AWS is still changing it, or deleting it already because only the answer of the first attempt got lost.
        found = region.connections_by_id(run.ec2, [step.connection_id]).get(step.connection_id)
        if found is not None and found.state not in GONE:
            waiters.wait(run.ec2, [waiters.connection_settled(step.connection_id)], run.deadline)
            run.ec2.delete_connection(step.connection_id)
    return [waiters.gone(VPN_CONNECTION, step.connection_id)]


def _ends(run: Run, step: steps.CreateConnection | steps.ModifyConnection) -> dict[str, str]:
    """The ends of a connection as the API names them: a customer gateway, and one target."""
    ends: dict[str, Id | None] = {"CustomerGatewayId": step.customer_gateway}
    if isinstance(step, steps.CreateConnection) and step.vpn_concentrator:
        if isinstance(step.vpn_concentrator, Ref):
            concentrators.settle(run, step.vpn_concentrator)
        ends["VpnConcentratorId"] = step.vpn_concentrator
    elif step.transit_gateway_id:
        ends["TransitGatewayId"] = step.transit_gateway_id
    else:
        ends["VpnGatewayId"] = step.vpn_gateway
    return {name: run.id_of(end) for name, end in ends.items() if end is not None}


HANDLERS: Mapping[type, Handler] = {
    steps.CreateConnection: _create_connection,
    steps.ModifyConnection: _modify_connection,
    steps.ModifyConnectionOptions: _modify_connection_options,
    steps.ModifyTunnel: _modify_tunnel,
    steps.DeleteConnection: _delete_connection,
}
