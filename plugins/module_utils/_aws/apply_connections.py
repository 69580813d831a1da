# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""The steps on VPN connections and their tunnels."""

from __future__ import annotations

from collections.abc import Mapping

from .._core import steps
from .._core.model import Id
from . import observe, waiters
from .run import Handler, Run
from .waiters import Condition


def _create_connection(run: Run, step: steps.CreateConnection) -> list[Condition]:
    made_meanwhile = run.found.get(step.ref)
    if made_meanwhile is None:
        ends = run.ends(_ends(step))
        connection = run.create_once(
            lambda: run.ec2.create_connection(str(step.ref), ends, step.options, step.tunnels, step.tags),
            lambda: observe.find_connections(run.ec2, [step.ref.key]).get(step.ref.key),
        )
        made_meanwhile = connection.id
    run.ids[step.ref] = made_meanwhile
    return [waiters.connection_settled(made_meanwhile)]


def _modify_connection(run: Run, step: steps.ModifyConnection) -> list[Condition]:
    ends = run.ends(_ends(step))
    return run.modify(step.connection_id, lambda: run.ec2.modify_connection(step.connection_id, ends))


def _modify_tunnel(run: Run, step: steps.ModifyTunnel) -> list[Condition]:
    return run.modify(
        step.connection_id,
        lambda: run.ec2.modify_tunnel(step.connection_id, step.outside_address, step.options),
    )


def _delete_connection(run: Run, step: steps.DeleteConnection) -> list[Condition]:
    run.ec2.delete_connection(step.connection_id)
    return [waiters.connection_gone(step.connection_id)]


def _ends(step: steps.CreateConnection | steps.ModifyConnection) -> dict[str, Id | None]:
    """The ends of a connection as the API names them."""
    return {
        "CustomerGatewayId": step.customer_gateway,
        "VpnGatewayId": None if step.transit_gateway_id else step.vpn_gateway,
        "TransitGatewayId": step.transit_gateway_id,
    }


HANDLERS: Mapping[type, Handler] = {
    steps.CreateConnection: _create_connection,
    steps.ModifyConnection: _modify_connection,
    steps.ModifyTunnel: _modify_tunnel,
    steps.DeleteConnection: _delete_connection,
}
