# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law on gateways with several connections: they share a customer gateway, and come and go one by one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.removal import observe_removal
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApplyFailed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import tagged_name
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Consent
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region, removal
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.removal import Removal
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.tally import Tally
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

REPLACED = Consent(allow_interruption=True, allow_replacement=True)

# The fixtures aws and quick_aws, and the check of the law, are in conftest.py.


def hub(aws: Any, *names: str, **changes: Any) -> list[ConnectionEntry]:
    """Connections of one gateway: a, c ... to the one transit gateway, b to the other, main to the VPC's gateway."""
    targets = {"b": {"transit_gateway_id": aws.other_tgw}, "main": aws.vpc_gateway("hub")}
    return [aws.berlin(**{"gateway": "hub", "connection": name, **targets.get(name, {}), **changes}) for name in names]


def tags_of(found: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found["Tags"]}


def made(aws: Any) -> dict[str | None, str]:
    """The customer gateway of each connection that is there, by its name."""
    return {tagged_name(tags_of(each)): each["CustomerGatewayId"] for each in aws.connections.values()}


def customer_gateways(aws: Any) -> list[str]:
    found = aws.client.describe_customer_gateways()["CustomerGateways"]
    return [each["CustomerGatewayId"] for each in found if each["State"] != "deleted"]


def remove(aws: Any, asked: Removal) -> Plan:
    """One removal, with the law checked at its end."""
    ec2 = aws.ec2()
    observed = observe_removal(ec2, asked)
    plan = removal.plan(asked, observed)
    assert plan.refusals == ()
    Applier(ec2, 2400).apply(plan, observed=observed)
    assert not removal.plan(asked, observe_removal(aws.ec2(), asked)).has_changes
    return plan


def test_one_customer_gateway_for_all_connections(aws: Any) -> None:
    plan = aws.run(*hub(aws, "a", "b", "main"))
    assert aws.writes == {
        "CreateCustomerGateway": 1,
        "CreateVpnConnection": 3,
        "CreateVpnGateway": 1,
        "AttachVpnGateway": 1,
    }
    (device,) = customer_gateways(aws)
    assert made(aws) == {"hub/a": device, "hub/b": device, "hub": device}
    assert [action.owner for action in plan.actions if action.resource == "customer_gateway"] == ["hub"]
    assert set(plan.after) == {"hub", "hub/a", "hub/b"}


def test_a_connection_comes_later(aws: Any) -> None:
    aws.run(*hub(aws, "a"))
    aws.emulator.calls.clear()
    plan = aws.run(*hub(aws, "a", "b"))
    assert [(action.owner, action.verb, action.resource) for action in plan.actions] == [
        ("hub/b", "create", "vpn_connection")
    ]
    assert aws.writes == {"CreateVpnConnection": 1}


def test_a_run_on_one_connection_leaves_the_others_alone(aws: Any) -> None:
    aws.run(*hub(aws, "a", "b"))
    before = {name: each for name, each in aws.connections.items() if tagged_name(tags_of(each)) == "hub/a"}
    aws.run(*hub(aws, "b", tags={"env": "lab"}))
    assert {name: aws.connections[name] for name in before} == before


def test_one_connection_goes_and_the_customer_gateway_stays_for_the_other(aws: Any) -> None:
    aws.run(*hub(aws, "a", "b"))
    plan = remove(aws, Removal(names=("hub/b",)))
    assert [action.owner for action in plan.actions] == ["hub/b"]
    assert plan.warnings == ()
    assert list(made(aws)) == ["hub/a"]
    assert not aws.run(*hub(aws, "a")).has_changes
    remove(aws, Removal(names=("hub/a",)))
    assert customer_gateways(aws) == []


def test_a_gateway_goes_with_all_its_connections(aws: Any) -> None:
    aws.run(*hub(aws, "a", "b", "main"), aws.berlin(public_ip="198.51.100.99"))
    remove(aws, Removal(("hub",), vpcs={aws.vpc: "hub"}))
    assert list(made(aws)) == ["berlin"]
    assert len(customer_gateways(aws)) == 1
    gateways = aws.client.describe_vpn_gateways()["VpnGateways"]
    assert [each for each in gateways if each["State"] not in ("deleting", "deleted")] == []


def test_all_connections_move_to_a_new_address(aws: Any) -> None:
    """AWS fixes the address of a customer gateway, so a new one is made, and the old one goes with its last user."""
    aws.run(*hub(aws, "a", "b"))
    (old,) = customer_gateways(aws)
    ids = set(aws.connections)
    aws.run(*hub(aws, "a", "b", public_ip="198.51.100.99"))
    (new,) = customer_gateways(aws)
    assert new != old
    assert made(aws) == {"hub/a": new, "hub/b": new}
    assert set(aws.connections) == ids


def test_one_of_two_connections_that_moves_alone_leaves_the_old_customer_gateway(aws: Any) -> None:
    """The run is for one connection only; the other one is not touched, and moves with the next run for it."""
    aws.run(*hub(aws, "a", "b"))
    (old,) = customer_gateways(aws)
    plan = aws.run(*hub(aws, "a", public_ip="198.51.100.99"))
    assert any(old in text and "so it stays" in text for text in plan.warnings)
    assert made(aws)["hub/b"] == old
    aws.run(*hub(aws, "a", "b", public_ip="198.51.100.99"))
    (new,) = customer_gateways(aws)
    assert made(aws) == {"hub/a": new, "hub/b": new}


def test_one_connection_is_replaced_and_the_other_is_not_touched(aws: Any) -> None:
    first, second = hub(aws, "a", "b")
    aws.run(first, second)
    ids = {tagged_name(tags_of(each)): name for name, each in aws.connections.items()}
    (fast,) = hub(aws, "b", options={"enable_acceleration": True})
    aws.run(first, fast, consent=REPLACED)
    for connection_id in aws.connections:
        aws.up(connection_id)
    aws.run(first, fast, consent=REPLACED)
    now = {tagged_name(tags_of(each)): name for name, each in aws.connections.items()}
    assert now["hub/a"] == ids["hub/a"]
    assert now["hub/b"] != ids["hub/b"]
    assert len(now) == len(aws.connections) == 2


def test_a_customer_gateway_has_the_tags_of_all_its_connections(quick_aws: Any) -> None:
    aws = quick_aws
    (first,), (second,) = hub(aws, "a", tags={"env": "lab", "x": "1"}), hub(aws, "b", tags={"env": "lab", "x": "2"})
    aws.run(first, second)
    (device,) = aws.client.describe_customer_gateways()["CustomerGateways"]
    ours = {"hybridnet:collection": "hybridnet.aws_vpn", "hybridnet:gateway": "hub"}
    assert tags_of(device) == {"Name": "hub", "env": "lab", **ours}
    # A run for one of them has one more tag in common with itself, and takes none away.
    aws.run(second)
    assert not aws.plan(first, second).has_changes


@pytest.mark.parametrize("call", ["CreateCustomerGateway", "CreateVpnConnection"])
def test_a_failed_connection_fails_its_gateway_and_no_other(quick_aws: Any, call: str) -> None:
    aws = quick_aws
    aws.emulator.faults.add("refuse", action=call, call=1, code="UnsupportedOperation")
    given = [*hub(aws, "a", "b"), aws.berlin(public_ip="198.51.100.99")]
    wanted, observed = sites.wanted(given), aws.observe(*given)
    with pytest.raises(ApplyFailed) as error:
        Applier(aws.ec2(), 2400).apply(region.plan(wanted, observed, Consent()), observed=observed, tally=Tally(0))
    (failed,) = error.value.failures
    assert failed in ("hub", "berlin")
    others = {"berlin": ["berlin"], "hub": ["hub/a", "hub/b"]}
    assert set(made(aws)) >= set(others["hub" if failed == "berlin" else "berlin"])
    aws.run(*given)
    assert set(made(aws)) == {"hub/a", "hub/b", "berlin"}


def test_two_gateways_of_a_site_are_two_customer_gateways(aws: Any) -> None:
    pair = [aws.berlin(gateway=f"oslo-{number}", place="oslo", public_ip=f"198.51.100.{number}") for number in (1, 2)]
    aws.run(*pair)
    assert len(customer_gateways(aws)) == len(set(made(aws).values())) == 2
    remove(aws, Removal(("oslo-1",)))
    assert list(made(aws)) == ["oslo-2"]


def test_nothing_to_do_costs_no_more_calls_than_before(quick_aws: Any) -> None:
    aws = quick_aws
    many = [
        each
        for number in range(10)
        for each in hub(aws, "a", "b", "c", gateway=f"hub-{number}", public_ip=f"198.51.100.{number + 1}")
    ]
    aws.emulator.quotas.lift()
    aws.run(*many)
    aws.emulator.calls.clear()
    assert not aws.plan(*many).has_changes
    assert sum(aws.emulator.calls.values()) <= 8
