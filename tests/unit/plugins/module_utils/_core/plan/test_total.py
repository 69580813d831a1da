# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of several Regions and accounts as one: sums, lines and what a module returns."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import CreateRoute, ModifyTunnel
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.total import Total

HERE = Access("eu-central-1")
THERE = Access("eu-west-1", assume_role_arn="arn:aws:iam::111122223333:role/vpn", external_id="shared-word")
ROUTE = Action.of(CreateRoute("vpn-1", "10.0.0.0/8"), "berlin", "10.0.0.0/8")
TUNNEL = Action.of(ModifyTunnel("vpn-2", "192.0.2.1", None, {}), "dublin", "tunnel 1: startup_action: add", "vpn-2")


def plan(owner: str, *actions: Action, **more: tuple[str, ...]) -> Plan:
    before = {"owner": owner}
    return Plan.of([Part(owner, "x", actions, unchanged=2, before=before, after=before, **more)])


def test_one_plan_is_its_own_sum() -> None:
    total = Total({HERE: plan("berlin", ROUTE)})
    assert total.lines == plan("berlin", ROUTE).lines
    assert total.before == {"berlin": {"x": {"owner": "berlin"}}}


def test_several_have_a_sum_and_a_heading_each() -> None:
    total = Total({HERE: plan("berlin", ROUTE), THERE: plan("dublin", TUNNEL), Access("eu-west-2"): plan("leeds")})
    assert total.lines == [
        "Plan: 1 to create, 1 to change, 0 to replace, 0 to delete, 6 unchanged.",
        "eu-central-1: 1 to create, 0 to change, 0 to replace, 0 to delete, 2 unchanged.",
        ROUTE.line,
        f"eu-west-1, {THERE.account}: 0 to create, 1 to change, 0 to replace, 0 to delete, 2 unchanged.",
        TUNNEL.line,
        "eu-west-2: 0 to create, 0 to change, 0 to replace, 0 to delete, 2 unchanged.",
    ]
    assert total.has_changes
    assert not Total({HERE: plan("berlin")}).has_changes


def test_what_a_module_returns() -> None:
    result = Total({HERE: plan("berlin"), THERE: plan("dublin", TUNNEL)}).as_result()
    assert result["actions"] == [
        {
            "gateway": "dublin",
            "connection": "main",
            "resource": "vpn_tunnel",
            "name": "dublin",
            "id": "vpn-2",
            "verb": "change",
            "detail": "tunnel 1: startup_action: add",
            "interruption": "one_tunnel",
            "region": "eu-west-1",
            "account": THERE.account,
        }
    ]
    assert [(part["region"], part["account"], part["lines"]) for part in result["parts"]] == [
        ("eu-central-1", None, []),
        ("eu-west-1", THERE.account, [TUNNEL.line]),
    ]
    assert [part["counts"]["change"] for part in result["parts"]] == [0, 1]
    assert result["counts"] == {"create": 0, "change": 1, "replace": 0, "delete": 0, "unchanged": 4}
    assert "shared-word" not in str(result)


def test_one_name_in_two_regions_is_told_apart() -> None:
    total = Total({HERE: plan("berlin", ROUTE), THERE: plan("berlin", TUNNEL)})
    assert list(total.after) == ["berlin", f"berlin (eu-west-1, {THERE.account})"]


def test_warnings_and_refusals_are_those_of_all() -> None:
    total = Total({HERE: plan("a", warnings=("w1",), refusals=("r1",)), THERE: plan("b", refusals=("r2",))})
    assert (total.warnings, total.refusals) == (["w1"], ["r1", "r2"])
