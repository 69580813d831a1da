# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on attachments to transit gateways, and on the route tables there."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping

from ..._core.errors import ApiError, NotFound, VpnError
from ..._core.model.resources import Id
from ..._core.plan import steps
from ..api.filters import where
from ..observe import transit
from ..wait.waiters import Condition
from . import transit_waits
from .run import Handler, Run

# What AWS says when there is already what is asked for, or something in its place.
ALREADY_ASSOCIATED = "Resource.AlreadyAssociated"
ALREADY_PROPAGATING = "TransitGatewayRouteTablePropagation.Duplicate"
ALREADY_ROUTED = "RouteAlreadyExists"


def _tag(run: Run, step: steps.TagAttachment) -> list[Condition]:
    run.ec2.set_tags(_attachment(run, step.connection), step.tags)
    return []


def _associate(run: Run, step: steps.AssociateTransit) -> list[Condition]:
    connection_id, table = run.id_of(step.connection), step.route_table_id
    attachment = _attachment(run, step.connection)
    try:
        run.when_free(lambda: run.ec2.associate_transit(table, attachment))
    except ApiError as error:
        # A repetition after a lost answer is refused because the first one did it.
        now = transit.attachments_by_connection(run.ec2, [connection_id]).get(connection_id)
        if error.code != ALREADY_ASSOCIATED or now is None or now.association_table != table:
            raise
    return [transit_waits.associated(run, connection_id, table)]


def _disassociate(run: Run, step: steps.DisassociateTransit) -> list[Condition]:
    run.when_free(lambda: run.ec2.disassociate_transit(step.route_table_id, _attachment(run, step.connection)))
    return [transit_waits.disassociated(run, run.id_of(step.connection))]


def _enable(run: Run, step: steps.EnableTransitPropagation) -> list[Condition]:
    attachment = _attachment(run, step.connection)
    try:
        run.when_free(lambda: run.ec2.enable_transit_propagation(step.route_table_id, attachment))
    except ApiError as error:
        if error.code != ALREADY_PROPAGATING:
            raise
    return []


def _disable(run: Run, step: steps.DisableTransitPropagation) -> list[Condition]:
    run.when_free(lambda: run.ec2.disable_transit_propagation(step.route_table_id, _attachment(run, step.connection)))
    return []


def _create_route(run: Run, step: steps.CreateTransitRoute) -> list[Condition]:
    attachment, table = _attachment(run, step.connection), step.route_table_id
    try:
        run.when_free(lambda: run.ec2.create_transit_route(table, step.cidr, attachment))
    except ApiError as error:
        if error.code != ALREADY_ROUTED:
            raise
        found, _all = run.ec2.static_transit_routes(table, [where("route-search.exact-match", step.cidr)])
        if attachment not in {route.attachment_id for route in found}:
            raise
    return []


def _replace_route(run: Run, step: steps.ReplaceTransitRoute) -> list[Condition]:
    attachment = _attachment(run, step.connection)
    try:
        run.when_free(lambda: run.ec2.replace_transit_route(step.route_table_id, step.cidr, attachment))
    except NotFound:
        # The route went together with the attachment it led to.
        return _create_route(run, steps.CreateTransitRoute(step.connection, step.route_table_id, step.cidr))
    return []


def _delete_route(run: Run, step: steps.DeleteTransitRoute) -> list[Condition]:
    run.when_free(lambda: run.ec2.delete_transit_route(step.route_table_id, step.cidr))
    return []


def _attachment(run: Run, connection: Id) -> str:
    """The id of a connection's attachment, which the wait before the stage has found."""
    connection_id = run.id_of(connection)
    if connection_id not in run.attachments:
        raise VpnError(f"{connection_id} has no attachment to a transit gateway")
    return run.attachments[connection_id].id


HANDLERS: Mapping[type, Handler] = {
    steps.TagAttachment: _tag,
    steps.AssociateTransit: _associate,
    steps.DisassociateTransit: _disassociate,
    steps.EnableTransitPropagation: _enable,
    steps.DisableTransitPropagation: _disable,
    steps.CreateTransitRoute: _create_route,
    steps.ReplaceTransitRoute: _replace_route,
    steps.DeleteTransitRoute: _delete_route,
}
