# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attachments to transit gateways in a run: those its connections have, and those AWS removes with them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import identity_tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Connection,
    ConnectionWanted,
    Consent,
    Observed,
    Ref,
    Telemetry,
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
    TransitRouting,
    Tunnel,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
    DeleteConnection,
    ModifyConnection,
    Step,
    TransitStep,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit.attachments import parts, removed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit.static_routes import (
    RemovedAttachment,
)

ROUTING = TransitRouting(associate_with="tgw-rtb-1", static_routes_to=("tgw-rtb-1",), cidrs=("10.20.0.0/16",))
TABLES = (TransitRouteTable("tgw-rtb-1", "tgw-1", "available"), TransitRouteTable("tgw-rtb-2", "tgw-2", "available"))
NEW = CreateConnection(
    ref=Ref("vpn_connection", "berlin"),
    customer_gateway="cgw-1",
    vpn_gateway=None,
    transit_gateway_id="tgw-1",
    options={},
    tunnels=(),
    tags={},
)


def connection(number: int = 1, status: str = "DOWN", gateway: str | None = "tgw-1", **tags: str) -> Connection:
    return Connection(
        id=f"vpn-{number}",
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id=gateway,
        routing="static",
        tunnels=(Tunnel(1, "203.0.113.1", None, telemetry=Telemetry(status)),),
        tags={**identity_tags("berlin"), **tags},
    )


def attachment(number: int = 1, gateway: str = "tgw-1", state: str = "available") -> TransitAttachment:
    return TransitAttachment(f"tgw-attach-{number}", state, gateway, f"vpn-{number}")


def wanted(**changes: Any) -> ConnectionWanted:
    base = ConnectionWanted("berlin", transit_gateway_id="tgw-1", routing="static", transit_routing=ROUTING)
    return dataclasses.replace(base, **changes)


def before(*steps: Step) -> list[Part]:
    return [Part("berlin", "vpn_connection", tuple(Action.of(step, "berlin", "") for step in steps))]


def planned(want: ConnectionWanted, *found: Connection, steps: tuple[Step, ...] = (), **seen: Any) -> Plan:
    observed = Observed(connections=found, transit_route_tables=TABLES, **seen)
    actual = next((each for each in found if not each.is_outgoing), None)
    made = parts(Wanted(connections=(want,)), observed, Consent(), actuals={"berlin": actual}, planned=before(*steps))
    return Plan.of(made)


def subjects(plan: Plan) -> list[tuple[object, str | None]]:
    """The connection that each step names, and the attachment as far as the plan knows it."""
    found = []
    for action in plan.actions:
        assert isinstance(action.step, TransitStep)
        found.append((action.step.connection, action.id))
    return found


@pytest.mark.parametrize(
    ("found", "attachments", "steps", "subject"),
    [
        ((), (), (NEW,), (NEW.ref, None)),
        ((connection(),), (attachment(),), (), ("vpn-1", "tgw-attach-1")),
        # The present connection becomes outgoing: the steps are about the new one, whose attachment is not there yet.
        ((connection(),), (attachment(),), (NEW,), (NEW.ref, None)),
        # It is about to move here, or has just moved here: the attachment of its former gateway is not the one.
        ((connection(gateway="tgw-2"),), (attachment(gateway="tgw-2"),), (), ("vpn-1", None)),
        ((connection(),), (attachment(gateway="tgw-2"), attachment(state="deleted")), (), ("vpn-1", None)),
    ],
)
def test_which_attachment_is_meant(
    found: tuple[Connection, ...],
    attachments: tuple[TransitAttachment, ...],
    steps: tuple[Step, ...],
    subject: tuple[object, str | None],
) -> None:
    plan = planned(wanted(), *found, steps=steps, transit_attachments=attachments)
    assert subjects(plan) == [subject, subject]


@pytest.mark.parametrize(
    "changes",
    [
        {"present": False},
        {"transit_gateway_id": None, "vpn_gateway": "vgw-1"},
        {"transit_gateway_id": None, "unattached": True},
        {"transit_routing": None},
    ],
)
def test_connections_that_ask_for_nothing_here(changes: dict[str, Any]) -> None:
    plan = planned(wanted(**changes), connection(), transit_attachments=(attachment(),))
    assert (plan.actions, plan.refusals) == ((), ())


def test_a_target_that_is_not_named_is_the_present_one() -> None:
    plan = planned(wanted(transit_gateway_id=None), connection(), transit_attachments=(attachment(),))
    assert subjects(plan) == [("vpn-1", "tgw-attach-1")] * 2


@pytest.mark.parametrize(
    ("status", "steps", "is_kept"),
    [("DOWN", (), True), ("UP", (), False), ("DOWN", (DeleteConnection("vpn-1"),), False)],
)
def test_routes_wait_for_the_new_connection_as_long_as_the_old_one_stays(
    status: str, steps: tuple[Step, ...], is_kept: bool
) -> None:
    old, new = connection(1, "UP", **{OUTGOING_TAG: "true"}), connection(2, status)
    route = TransitRoute("10.20.0.0/16", "tgw-attach-1", "active", "vpn-1")
    observed = Observed(
        connections=(old, new),
        transit_attachments=(attachment(1), attachment(2)),
        transit_route_tables=(dataclasses.replace(TABLES[0], static_routes=(route,)),),
    )
    made = parts(Wanted(connections=(wanted(),)), observed, Consent(), actuals={"berlin": new}, planned=before(*steps))
    plan = Plan.of(made)
    assert bool(plan.warnings) is is_kept
    assert ("transit_gateway_route" in [action.resource for action in plan.actions]) is not is_kept


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (DeleteConnection("vpn-1"), ["tgw-attach-1"]),
        (DeleteConnection("vpn-2"), []),
        (ModifyConnection("vpn-1", vpn_gateway="vgw-1"), ["tgw-attach-1"]),
        (ModifyConnection("vpn-1", transit_gateway_id="tgw-2"), ["tgw-attach-1"]),
        # It stays where it is.
        (ModifyConnection("vpn-1", customer_gateway="cgw-2"), []),
        (ModifyConnection("vpn-1", transit_gateway_id="tgw-1"), []),
        (NEW, []),
    ],
)
def test_attachments_that_aws_removes(step: Step, expected: list[str]) -> None:
    found = removed(before(step), Observed(transit_attachments=(attachment(),)))
    assert found == [RemovedAttachment("berlin", "vpn-1", each) for each in expected]
