# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""A plan carried out: stage by stage, calls of a stage side by side, one shared wait after each."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, TypeVar

from .._core import steps
from .._core.errors import ApplyFailed, InvalidState, LostAnswer, Throttled, VpnError
from .._core.model import Id, Ref
from .._core.plan import Action, Plan, Stage
from . import observe, waiters
from .caller import ATTEMPTS
from .ec2 import Ec2
from .waiters import Condition

WORKERS = 10

T = TypeVar("T")


@dataclass
class _Progress:
    applied: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Applier:
    """Carries out one plan."""

    def __init__(self, ec2: Ec2, wait_timeout: float) -> None:
        self._ec2 = ec2
        self._deadline = ec2.clock.now() + wait_timeout
        self._ids: dict[Ref, str] = {}
        self._found: dict[Ref, str] = {}
        self._steps: dict[type, Callable[[Any], list[Condition]]] = {
            steps.CreateCustomerGateway: self._create_customer_gateway,
            steps.CreateVpnGateway: self._create_vpn_gateway,
            steps.AttachVpnGateway: self._attach_vpn_gateway,
            steps.CreateConnection: self._create_connection,
            steps.ModifyConnection: self._modify_connection,
            steps.ModifyTunnel: self._modify_tunnel,
            steps.CreateRoute: self._create_route,
            steps.DeleteRoute: self._delete_route,
            steps.EnablePropagation: self._enable_propagation,
            steps.DisablePropagation: self._disable_propagation,
            steps.SetTags: self._set_tags,
            steps.RemoveTags: self._remove_tags,
            steps.DeleteConnection: self._delete_connection,
            steps.DetachVpnGateway: self._detach_vpn_gateway,
            steps.DeleteVpnGateway: self._delete_vpn_gateway,
            steps.DeleteCustomerGateway: self._delete_customer_gateway,
        }

    def apply(self, plan: Plan, in_motion: Sequence[str] = (), wait: bool = True) -> None:
        """Everything in the plan, or an error that says how far it came.

        C(in_motion) are connections an earlier run left unfinished. Without C(wait) the last stage is not waited for;
        the stages between depend on each other, so they are.
        """
        stages = plan.stages()
        progress = _Progress()
        moving = set(in_motion)
        pending: list[Condition] = []
        for position, (stage, actions) in enumerate(stages):
            rest = [action.line for _stage, later in stages[position:] for action in later]
            touched = moving & {_connection_id(action) for action in actions}
            moving -= touched
            pending += [waiters.connection_settled(connection_id) for connection_id in sorted(touched)]
            try:
                waiters.wait(self._ec2, [*pending, *_twins(stage, actions)], self._deadline)
            except VpnError as error:
                raise ApplyFailed([str(error)], progress.applied, rest) from error
            pending = self._run_stage(actions, progress)
            if progress.failed:
                done = set(progress.applied)
                skipped = [line for line in rest if line not in done and not _names(progress.failed, line)]
                raise ApplyFailed(progress.failed, progress.applied, skipped)
        if not wait:
            return
        pending += [waiters.connection_settled(connection_id) for connection_id in sorted(moving)]
        try:
            waiters.wait(self._ec2, pending, self._deadline)
        except VpnError as error:
            raise ApplyFailed([str(error)], progress.applied, []) from error

    def _run_stage(self, actions: Sequence[Action], progress: _Progress) -> list[Condition]:
        """One stage; after the first failure nothing more is begun, what is under way is finished."""
        self._look_before_creating(actions)
        conditions: list[Condition] = []

        def run(action: Action) -> None:
            if progress.failed:
                return
            try:
                conditions.extend(self._steps[type(action.step)](action.step))
            except VpnError as error:
                progress.failed.append(f"{action.line}: {error}")
            else:
                progress.applied.append(action.line)

        if len(actions) == 1:
            run(actions[0])
            return conditions
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            list(pool.map(run, actions))
        return conditions

    def _look_before_creating(self, actions: Sequence[Action]) -> None:
        """What a parallel run made since the plan was drawn is used, not doubled: one look for the whole stage."""
        refs = [action.step.ref for action in actions if isinstance(action.step, steps.CreateConnection)]
        if refs:
            found = observe.find_connections(self._ec2, [ref.key for ref in refs])
            self._found.update({ref: found[ref.key].id for ref in refs if ref.key in found})

    def _create_once(self, create: Callable[[], T], find: Callable[[], T | None]) -> T:
        """A creation without a client token: after a lost answer it is looked for before it is tried again."""
        attempt = 0
        while True:
            try:
                return create()
            except (Throttled, LostAnswer) as error:
                attempt += 1
                if attempt >= ATTEMPTS:
                    raise
                # What was made may take a moment to show.
                for look in range(3 if isinstance(error, LostAnswer) else 1):
                    self._ec2.pause(attempt + look)
                    found = find()
                    if found is not None:
                        return found

    # One function per step; each returns what has to be waited for.

    def _create_customer_gateway(self, step: steps.CreateCustomerGateway) -> list[Condition]:
        gateway = self._ec2.create_customer_gateway(
            str(step.ref), step.public_ip, step.bgp_asn, step.device_name, step.tags
        )
        if gateway.tags and any(gateway.tags.get(key) != value for key, value in step.tags.items()):
            raise VpnError(
                f"AWS answered with {gateway.id}, which exists already under other tags: it was made at the same time"
                " by somebody else"
            )
        self._ids[step.ref] = gateway.id
        return [] if gateway.state == "available" else [waiters.customer_gateway_available(gateway.id)]

    def _create_vpn_gateway(self, step: steps.CreateVpnGateway) -> list[Condition]:
        gateway = self._create_once(
            lambda: self._ec2.create_vpn_gateway(str(step.ref), step.amazon_side_asn, step.tags),
            lambda: observe.find_vpn_gateway(self._ec2, step.ref.key),
        )
        self._ids[step.ref] = gateway.id
        return [waiters.vpn_gateway_available(gateway.id)]

    def _attach_vpn_gateway(self, step: steps.AttachVpnGateway) -> list[Condition]:
        gateway_id = self._id(step.vpn_gateway)
        try:
            self._ec2.attach_vpn_gateway(gateway_id, step.vpc_id)
        except VpnError:
            # A repetition after a lost answer is refused because the first one did attach it.
            gateway = observe.vpn_gateways_by_id(self._ec2, [gateway_id]).get(gateway_id)
            if gateway is None or gateway.attachment(step.vpc_id) is None:
                raise
        return [waiters.vpn_gateway_attached(gateway_id, step.vpc_id)]

    def _create_connection(self, step: steps.CreateConnection) -> list[Condition]:
        made_meanwhile = self._found.get(step.ref)
        if made_meanwhile is None:
            ends = self._ends(step.customer_gateway, step.vpn_gateway, step.transit_gateway_id)
            connection = self._create_once(
                lambda: self._ec2.create_connection(str(step.ref), ends, step.options, step.tunnels, step.tags),
                lambda: observe.find_connections(self._ec2, [step.ref.key]).get(step.ref.key),
            )
            made_meanwhile = connection.id
        self._ids[step.ref] = made_meanwhile
        return [waiters.connection_settled(made_meanwhile)]

    def _modify_connection(self, step: steps.ModifyConnection) -> list[Condition]:
        ends = self._ends(step.customer_gateway, step.vpn_gateway, step.transit_gateway_id)
        return self._modify(step.connection_id, lambda: self._ec2.modify_connection(step.connection_id, ends))

    def _modify_tunnel(self, step: steps.ModifyTunnel) -> list[Condition]:
        return self._modify(
            step.connection_id,
            lambda: self._ec2.modify_tunnel(step.connection_id, step.outside_address, step.options),
        )

    def _modify(self, connection_id: str, call: Callable[[], str]) -> list[Condition]:
        """A modification; refused while an earlier one is still under way, so that one is waited for."""
        while True:
            began = self._ec2.clock.now()
            try:
                state = call()
            except InvalidState:
                if began >= self._deadline:
                    raise
                self._ec2.clock.sleep(waiters.FIRST_PAUSE)
                waiters.wait(self._ec2, [waiters.connection_settled(connection_id)], self._deadline)
                continue
            return [waiters.connection_changed(connection_id, state, began)]

    def _create_route(self, step: steps.CreateRoute) -> list[Condition]:
        connection_id = self._id(step.connection)
        self._ec2.create_route(connection_id, step.cidr)
        return [waiters.connection_settled(connection_id)]

    def _delete_route(self, step: steps.DeleteRoute) -> list[Condition]:
        connection_id = self._id(step.connection)
        self._ec2.delete_route(connection_id, step.cidr)
        return [waiters.connection_settled(connection_id)]

    def _enable_propagation(self, step: steps.EnablePropagation) -> list[Condition]:
        self._ec2.enable_propagation(self._id(step.vpn_gateway), step.route_table_id)
        return []

    def _disable_propagation(self, step: steps.DisablePropagation) -> list[Condition]:
        self._ec2.disable_propagation(self._id(step.vpn_gateway), step.route_table_id)
        return []

    def _set_tags(self, step: steps.SetTags) -> list[Condition]:
        self._ec2.set_tags(step.resource_id, step.tags)
        return []

    def _remove_tags(self, step: steps.RemoveTags) -> list[Condition]:
        self._ec2.remove_tags(step.resource_id, step.keys)
        return []

    def _delete_connection(self, step: steps.DeleteConnection) -> list[Condition]:
        self._ec2.delete_connection(step.connection_id)
        return [waiters.connection_gone(step.connection_id)]

    def _detach_vpn_gateway(self, step: steps.DetachVpnGateway) -> list[Condition]:
        self._ec2.detach_vpn_gateway(step.vpn_gateway_id, step.vpc_id)
        return [waiters.vpn_gateway_detached(step.vpn_gateway_id)]

    def _delete_vpn_gateway(self, step: steps.DeleteVpnGateway) -> list[Condition]:
        self._ec2.delete_vpn_gateway(step.vpn_gateway_id)
        return []

    def _delete_customer_gateway(self, step: steps.DeleteCustomerGateway) -> list[Condition]:
        self._ec2.delete_customer_gateway(step.customer_gateway_id)
        return []

    def _id(self, end: Id) -> str:
        return self._ids[end] if isinstance(end, Ref) else end

    def _ends(self, customer_gateway: Id | None, vpn_gateway: Id | None, transit_gateway: str | None) -> dict[str, str]:
        """The ends of a connection as the API names them; only the ones that are given."""
        given = {
            "CustomerGatewayId": customer_gateway,
            "VpnGatewayId": None if transit_gateway else vpn_gateway,
            "TransitGatewayId": transit_gateway,
        }
        return {name: self._id(end) for name, end in given.items() if end is not None}


def _connection_id(action: Action) -> object:
    """The existing connection a step changes, if it does."""
    return getattr(action.step, "connection_id", getattr(action.step, "connection", None))


def _twins(stage: Stage, actions: Sequence[Action]) -> list[Condition]:
    """Before the second tunnel of a connection goes down, the first has to be back."""
    if stage is not Stage.SECOND_TUNNEL:
        return []
    return [
        waiters.tunnel_up(action.step.connection_id, action.step.twin)
        for action in actions
        if isinstance(action.step, steps.ModifyTunnel) and action.step.twin
    ]


def _names(failed: Sequence[str], line: str) -> bool:
    return any(text.startswith(f"{line}: ") for text in failed)
