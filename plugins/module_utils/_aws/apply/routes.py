# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carries out the steps on static routes of connections, and on route propagation in VPCs."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping

from ..._core.plan import steps
from ..wait import waiters
from ..wait.waiters import Condition
from .run import Handler, Run


def _create_route(run: Run, step: steps.CreateRoute) -> list[Condition]:
    connection_id = run.id_of(step.connection)
    run.ec2.create_route(connection_id, step.cidr)
    return [waiters.connection_settled(connection_id)]


def _delete_route(run: Run, step: steps.DeleteRoute) -> list[Condition]:
    connection_id = run.id_of(step.connection)
    run.ec2.delete_route(connection_id, step.cidr)
    return [waiters.connection_settled(connection_id)]


def _enable_propagation(run: Run, step: steps.EnablePropagation) -> list[Condition]:
    run.ec2.enable_propagation(run.id_of(step.vpn_gateway), step.route_table_id)
    return []


def _disable_propagation(run: Run, step: steps.DisablePropagation) -> list[Condition]:
    run.ec2.disable_propagation(run.id_of(step.vpn_gateway), step.route_table_id)
    return []


HANDLERS: Mapping[type, Handler] = {
    steps.CreateRoute: _create_route,
    steps.DeleteRoute: _delete_route,
    steps.EnablePropagation: _enable_propagation,
    steps.DisablePropagation: _disable_propagation,
}
