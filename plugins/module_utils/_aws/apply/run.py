# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds what the steps of one run share, such as the ids of what was made, and repeats calls where that is safe."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import threading
from typing import Any, Callable, TypeVar

from ..._core.errors import InvalidState, LostAnswer, NotFound, Throttled
from ..._core.model.resources import Id, Ref, TransitAttachment
from ..._core.nouns import CUSTOMER_GATEWAY, GONE, TRANSIT_ATTACHMENT, VPN_CONCENTRATOR, VPN_CONNECTION, VPN_GATEWAY
from ..._core.plan import steps
from ..._core.plan.identity import Tagged
from ..._core.plan.plan import Action
from ..api.caller import ATTEMPTS
from ..api.ec2 import Ec2
from ..wait import waiters
from ..wait.waiters import Condition

T = TypeVar("T")

# For so long what a run has made may stay unknown to some of AWS's servers.
UNKNOWN_SECONDS = 300.0
# How the codes for a resource that does not exist begin; route propagation calls every target a gateway.
_MISSING = {
    CUSTOMER_GATEWAY: ("InvalidCustomerGatewayID",),
    VPN_GATEWAY: ("InvalidVpnGatewayID", "InvalidGatewayID"),
    VPN_CONCENTRATOR: ("InvalidVpnConcentratorID",),
    VPN_CONNECTION: ("InvalidVpnConnectionID",),
    TRANSIT_ATTACHMENT: ("InvalidTransitGatewayAttachmentID",),
}


class Run:
    """One run of a plan, as its steps see it; safe to share between threads."""

    def __init__(self, ec2: Ec2, deadline: float) -> None:
        self.ec2 = ec2
        self.deadline = deadline
        # What was made, by the reference the plan knows it by.
        self.ids: dict[Ref, str] = {}
        # The attachments of connections to transit gateways, by connection, as the last wait for them saw them.
        self.attachments: dict[str, TransitAttachment] = {}
        # What is shared and was certainly made by this run, so that nothing else is taken away when two runs meet.
        self.made: dict[Ref, list[str]] = {}
        # What gave way to what another run made, by id.
        self.instead: dict[str, str] = {}
        # VPN concentrators that this run made and about which all runs agree.
        self.settled: set[Ref] = set()
        self.lock = threading.Lock()
        # What AWS is still making for an earlier run, by id.
        self.unready: dict[object, Condition] = {}
        # What a parallel run made since the plan was made.
        self.found: dict[Ref, str] = {}

    def id_of(self, end: Id) -> str:
        """The id of what exists, or was made in this run."""
        found = self.ids[end] if isinstance(end, Ref) else end
        return self.instead.get(found, found)

    def surplus(self, ref: Ref) -> list[str]:
        """What this run made in vain, because another run was first."""
        return [each for each in self.made.get(ref, ()) if each != self.ids[ref]]

    def has_made(self, step: steps.Step) -> bool:
        """Whether the step has brought about the resource it is to make."""
        return isinstance(step, steps.Creation) and step.ref in self.ids

    def resource_id(self, step: steps.Step) -> str | None:
        """The id of what a step makes, or of what it works on where it may be new; None while there is none."""
        if isinstance(step, steps.Creation):
            return self.ids.get(step.ref)
        end: Id | None = None
        if isinstance(step, (steps.RouteStep, steps.AttachmentStep)):
            end = step.connection
        elif isinstance(step, steps.VpnGatewayStep):
            end = step.vpn_gateway
        return self.ids.get(end) if isinstance(end, Ref) else end

    def carry_out(self, handler: Handler, action: Action) -> list[Condition]:
        """One step; while AWS does not know yet what this run has just made, it is tried again."""
        attempt, until = 0, min(self.deadline, self.ec2.clock.now() + UNKNOWN_SECONDS)
        while True:
            try:
                return handler(self, action.step)
            except NotFound as error:
                if not _names_new(action, error) or self.ec2.clock.now() >= until:
                    raise
            attempt += 1
            self.ec2.pause(attempt)

    def create_once(self, create: Callable[[], T], find: Callable[[], T | None]) -> T:
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
                    self.ec2.pause(attempt + look)
                    found = find()
                    if found is not None:
                        return found

    def remove(self, delete: Callable[[], None], find: Callable[[], Tagged | None]) -> None:
        """A removal; AWS refuses to repeat one whose answer got lost, because it is deleting the resource already."""
        try:
            delete()
        except InvalidState:
            found = find()
            if found is not None and found.state not in GONE:
                raise

    def when_free(self, call: Callable[[], T], *freed: Condition) -> tuple[T, float]:
        """The answer to a change, and when it was asked for; while AWS makes an earlier change it refuses another one.

        C(freed) is what is true once the earlier change is over, as far as that can be seen.
        """
        while True:
            began = self.ec2.clock.now()
            try:
                return call(), began
            except InvalidState:
                if began >= self.deadline:
                    raise
            self.ec2.clock.sleep(waiters.FIRST_PAUSE)
            waiters.wait(self.ec2, freed, self.deadline)

    def modify(self, connection_id: str, call: Callable[[], str]) -> list[Condition]:
        """A modification of a connection; the call returns the state the connection is in then."""
        state, began = self.when_free(call, waiters.connection_settled(connection_id))
        return [waiters.connection_changed(connection_id, state, began)]


def _names_new(action: Action, error: NotFound) -> bool:
    """Whether what AWS does not find is what the run has made, and not what was there before it."""
    step = action.step
    ends = (step.connection,) if isinstance(step, steps.RouteStep) else step.needs
    kinds = {end.kind for end in ends if isinstance(end, Ref)}
    if isinstance(step, steps.AttachmentStep) and action.id is None:
        # Made together with its connection, or by the move of one.
        kinds.add(TRANSIT_ATTACHMENT)
    return error.code.startswith(tuple(code for kind in kinds for code in _MISSING[kind]))


# Carries out one step; returns what has to be waited for. The step has the type the table names it under.
Handler = Callable[[Run, Any], list[Condition]]
