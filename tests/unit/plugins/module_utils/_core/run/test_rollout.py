# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which actions may begin when, whom a failure takes along, and when a run stops."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import identity_tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    COLLECTION,
    COLLECTION_TAG,
    Connection,
    Observed,
    Ref,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Part, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    AttachVpnGateway,
    CreateConnection,
    CreateCustomerGateway,
    CreateRoute,
    CreateVpnGateway,
    DeleteConnection,
    DeleteVpnGateway,
    DetachVpnGateway,
    EnablePropagation,
    Step,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.rollout import (
    MOST_AT_ONCE,
    Job,
    Rollout,
    State,
    gateways_of,
    sharing,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.tally import Tally

VPC = VpnGatewayWanted("vpc-1", named_by="a")


def action(owner: str, resource: str, stage: Stage, step: Step) -> Action:
    return Action(owner=owner, resource=resource, verb="create", detail=type(step).__name__, stage=stage, step=step)


def device(owner: str) -> Action:
    step = CreateCustomerGateway(
        ref=Ref("customer_gateway", owner), public_ip="192.0.2.1", bgp_asn=65000, device_name=None, tags={}
    )
    return action(owner, "customer_gateway", Stage.ENDS, step)


def connection(owner: str, gateway: Ref | str | None = None) -> Action:
    end = Ref("customer_gateway", owner)
    step = CreateConnection(
        ref=Ref("vpn_connection", owner),
        customer_gateway=end,
        vpn_gateway=gateway,
        transit_gateway_id=None if gateway else "tgw-1",
        options={},
        tunnels=(),
        tags={},
    )
    return action(owner, "vpn_connection", Stage.CONNECTIONS, step)


def route(owner: str) -> Action:
    return action(owner, "static_route", Stage.ROUTES, CreateRoute(Ref("vpn_connection", owner), "10.0.0.0/8"))


def gateway_actions() -> list[Action]:
    return [
        action("a", "vpn_gateway", Stage.ENDS, CreateVpnGateway(VPC.ref, None, {})),
        action("a", "vpn_gateway_attachment", Stage.CONNECTIONS, AttachVpnGateway(VPC.ref, "vpc-1")),
        action("a", "route_propagation", Stage.ROUTES, EnablePropagation(VPC.ref, "rtb-1")),
    ]


def plan_of(*actions: Action) -> Plan:
    return Plan.of([Part("x", "y", (each,)) for each in actions])


def rollout(*actions: Action, max_failures: int = 1, observed: Observed | None = None, **options: Any) -> Rollout:
    plan = plan_of(*actions)
    found = sharing(plan, observed or Observed())
    return Rollout(plan, found, tally=Tally(max_failures), **options)


def begin_all(run: Rollout) -> list[Job]:
    begun = []
    while (job := run.next()) is not None:
        run.begun(job)
        run.called(job)
        begun.append(job)
    return begun


def words(jobs: list[Job]) -> set[str]:
    return {f"{job.action.owner} {job.action.detail}" for job in jobs if job.action}


def through(run: Rollout) -> list[set[str]]:
    """What begins in each round when everything goes well."""
    rounds = []
    while jobs := begin_all(run):
        rounds.append(words(jobs))
        for job in jobs:
            run.ready(job)
    return rounds


def test_a_site_goes_stage_by_stage() -> None:
    run = rollout(route("a"), connection("a"), device("a"))
    assert through(run) == [{"a CreateCustomerGateway"}, {"a CreateConnection"}, {"a CreateRoute"}]
    assert {job.state for job in run.jobs} == {State.READY}


def test_a_stuck_site_does_not_hold_up_another() -> None:
    run = rollout(device("a"), connection("a"), device("b"), connection("b"))
    first, second = begin_all(run)
    run.applied(first)
    run.ready(second)
    assert words(begin_all(run)) == {"b CreateConnection"}


def test_what_is_furthest_on_begins_first() -> None:
    run = rollout(device("a"), connection("a"), device("b"))
    job = run.next()
    assert job
    run.begun(job)
    run.ready(job)
    following = run.next()
    assert following and words([following]) == {"a CreateConnection"}


def test_jobs_of_one_kind_leave_room_for_others() -> None:
    names = [f"s{number}" for number in range(20)]
    run = rollout(*(device(name) for name in names), *(connection(name) for name in names))
    first = begin_all(run)
    assert len(first) == MOST_AT_ONCE
    for job in first:
        run.ready(job)
    assert len(begin_all(run)) == 2 * MOST_AT_ONCE


def test_connections_wait_for_the_attachment_to_be_asked_for_not_for_its_end() -> None:
    run = rollout(*gateway_actions(), device("b"), connection("b", VPC.ref), connection("a", VPC.ref))
    for job in begin_all(run):
        run.ready(job)
    (attach,) = begin_all(run)
    assert words([attach]) == {"a AttachVpnGateway"}
    run.applied(attach)
    assert words(begin_all(run)) == {"a CreateConnection", "b CreateConnection"}
    run.ready(attach)
    assert words(begin_all(run)) == {"a EnablePropagation"}


def test_a_failed_site_takes_along_only_itself() -> None:
    run = rollout(device("a"), connection("a"), device("b"), connection("b"), max_failures=0)
    first, second = begin_all(run)
    run.failed(first, "no")
    run.ready(second)
    assert words(begin_all(run)) == {"b CreateConnection"}
    (failure,) = run.failures().values()
    assert failure.error == "no"
    assert [len(lines) for lines in (failure.failed_steps, failure.applied, failure.not_begun)] == [1, 0, 1]
    assert run.failed_gateways == {"a": "no"}


def test_what_a_failed_site_was_first_to_name_goes_on() -> None:
    run = rollout(*gateway_actions(), device("a"), connection("a", VPC.ref), connection("b", VPC.ref), max_failures=0)
    jobs = {f"{job.action.owner} {job.action.detail}": job for job in begin_all(run) if job.action}
    run.failed(jobs["a CreateCustomerGateway"], "no")
    run.ready(jobs["a CreateVpnGateway"])
    assert through(run) == [{"a AttachVpnGateway"}, {"b CreateConnection", "a EnablePropagation"}]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_what_is_shared_takes_along_its_sites(position: int) -> None:
    shared = gateway_actions()
    run = rollout(*shared, connection("a", VPC.ref), connection("b", VPC.ref), connection("c"), max_failures=0)
    while jobs := begin_all(run):
        for job in jobs:
            if job.action is shared[position]:
                run.failed(job, "no")
            else:
                run.ready(job)
    assert set(run.failed_gateways) == {"a", "b"}
    assert run.failed_gateways["b"] == "vpn gateway on which it depends failed: no"
    assert run.failed_count == 2
    assert run.errors() == [f"{shared[position].line}: no"]


def test_a_gateway_goes_when_all_its_connections_are_gone_and_stays_when_one_is_not() -> None:
    tags = {COLLECTION_TAG: COLLECTION}
    here = tuple(
        Connection(
            id=f"vpn-{name}",
            state="available",
            customer_gateway_id="cgw-1",
            vpn_gateway_id="vgw-1",
            transit_gateway_id=None,
            routing="bgp",
            tags={**tags, **identity_tags(name)},
        )
        for name in "ab"
    )
    actions = [action(n, "vpn_connection", Stage.REMOVE_CONNECTIONS, DeleteConnection(f"vpn-{n}")) for n in "ab"]
    actions += [
        action("vpc-1", "vpn_gateway_attachment", Stage.DETACH, DetachVpnGateway("vgw-1", "vpc-1")),
        action("vpc-1", "vpn_gateway", Stage.REMOVE_ENDS, DeleteVpnGateway("vgw-1")),
    ]
    well = rollout(*actions, observed=Observed(connections=here))
    assert through(well)[1:] == [{"vpc-1 DetachVpnGateway"}, {"vpc-1 DeleteVpnGateway"}]
    badly = rollout(*actions, max_failures=0, observed=Observed(connections=here))
    first, second = begin_all(badly)
    badly.ready(first)
    badly.failed(second, "no")
    assert begin_all(badly) == []
    assert len(badly.not_begun_lines) == 2
    assert set(badly.failed_gateways) == {"b"}


@pytest.mark.parametrize(("limit", "begun"), [(1, 0), (2, 1), (0, 1)])
def test_nothing_new_is_begun_after_so_many_failures(limit: int, begun: int) -> None:
    run = rollout(device("a"), connection("a"), device("b"), connection("b"), max_failures=limit)
    first, second = begin_all(run)
    run.failed(first, "no")
    run.ready(second)
    assert len(begin_all(run)) == begun
    assert run.is_stopped is (limit == 1)
    assert run.is_given_up(second) is (limit == 1)


def test_what_aws_is_still_changing_comes_first() -> None:
    here = Connection(
        id="vpn-1",
        state="modifying",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tags=identity_tags("a"),
    )
    changing = gateways_of(["vpn-1"], Observed(connections=(here,)))
    assert changing == {"vpn-1": "a"}
    run = rollout(route("a"), changing=changing)
    (wait,) = begin_all(run)
    assert wait.action is None and run.is_needed(wait)
    assert run.open_gateways() == {"a"}
    run.failed(wait, "stuck")
    assert run.failures()["a"].not_begun == [route("a").line]
    assert run.applied_lines == []


def test_a_shared_resource_without_a_site_counts_as_one_failure() -> None:
    gateway = dataclasses.replace(gateway_actions()[0], owner="vpc-1")
    run = rollout(gateway)
    run.failed(begin_all(run)[0], "no")
    assert run.failed_count == 1
    assert run.is_stopped
    assert run.failures() == {}
