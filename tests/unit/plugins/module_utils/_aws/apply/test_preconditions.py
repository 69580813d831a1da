# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be true before a call may be made: what an earlier run began, and what a step says."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.preconditions import before, unready
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.run import Run
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Attachment,
    CustomerGateway,
    Observed,
    Ref,
    VpnConcentrator,
    VpnGateway,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import steps
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.rollout import Job

NEW = Ref("vpn_gateway", "vpc-1")


def device(number: int, state: str) -> CustomerGateway:
    return CustomerGateway(f"cgw-{number}", state, "198.51.100.10", 65010)


def gateway(number: int, state: str = "available", *bonds: str) -> VpnGateway:
    return VpnGateway(f"vgw-{number}", state, 64512, tuple(Attachment(f"vpc-{number}", bond) for bond in bonds))


OBSERVED = Observed(
    customer_gateways=(device(1, "pending"), device(2, "available")),
    vpn_gateways=(gateway(1, "pending"), gateway(2, "available", "attaching"), gateway(3, "available", "detached")),
    vpn_concentrators=(VpnConcentrator("vcn-1", "pending", "tgw-1"),),
)


def test_what_an_earlier_run_made_may_not_be_usable_yet() -> None:
    found = unready(OBSERVED)
    assert {end: condition.text for end, condition in found.items()} == {
        "cgw-1": "available",
        "vgw-1": "available",
        "vgw-2": "attached to vpc-2",
        "vcn-1": "available",
    }


def run() -> Run:
    made = Run(Ec2(None, Clock(lambda: 0.0, lambda _seconds: None, lambda: 1.0)), 100.0)
    made.unready = unready(OBSERVED)
    made.ids = {Ref("vpn_connection", "berlin"): "vpn-1"}
    return made


def conditions(step: steps.Step, id: str | None = None) -> list[tuple[str, str]]:
    job = Job(("site", "berlin"), 0, Action.of(step, "berlin", "", id))
    return [(condition.kind, condition.id) for condition in before(run(), job)]


def connection(**ends: Any) -> steps.CreateConnection:
    given = {"customer_gateway": "cgw-2", "vpn_gateway": None, "transit_gateway_id": None, **ends}
    return steps.CreateConnection(ref=Ref("vpn_connection", "oslo"), options={}, tunnels=(), tags={}, **given)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (connection(transit_gateway_id="tgw-1"), []),
        (connection(vpn_gateway=NEW), []),
        (
            connection(customer_gateway="cgw-1", vpn_gateway="vgw-2"),
            [("customer_gateway", "cgw-1"), ("vpn_gateway", "vgw-2")],
        ),
        (connection(vpn_concentrator="vcn-1"), [("vpn_concentrator", "vcn-1")]),
        (steps.EnablePropagation("vgw-2", "rtb-1"), [("vpn_gateway", "vgw-2")]),
        # What is removed need not be usable before.
        (steps.DeleteVpnGateway("vgw-1"), []),
        (
            steps.DeleteVpnGateway("vgw-2", ("vpn-8", "vpn-9"), is_detaching=True),
            [("vpn_connection", "vpn-8"), ("vpn_connection", "vpn-9"), ("vpn_gateway", "vgw-2")],
        ),
        (steps.DeleteCustomerGateway("cgw-1", ("vpn-9",)), [("vpn_connection", "vpn-9")]),
        (steps.ModifyTunnel("vpn-1", "203.0.113.1", "203.0.113.2", {}), [("vpn_connection", "vpn-1")]),
        # By force the twin is not waited for.
        (steps.ModifyTunnel("vpn-1", "203.0.113.1", None, {}), []),
        (
            steps.AssociateTransit(Ref("vpn_connection", "berlin"), "tgw-rtb-1"),
            [("transit_gateway_attachment", "vpn-1")],
        ),
        # The attachment may be gone, and the route with it.
        (steps.DeleteTransitRoute("vpn-1", "tgw-rtb-1", "10.0.0.0/8"), []),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, steps.Step) else "",
)
def test_what_a_step_waits_for(step: steps.Step, expected: list[tuple[str, str]]) -> None:
    assert conditions(step) == expected


def test_a_job_without_an_action_waits_for_a_connection() -> None:
    (condition,) = before(run(), Job(("site", "berlin"), 0, connection_id="vpn-7"))
    assert (condition.kind, condition.id) == ("vpn_connection", "vpn-7")
