# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in which some sites fail: the others go on, the error says what became of each, and running again resumes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApplyFailed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Consent
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.run.tally import Tally
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

NAMES = ("berlin", "cadiz", "dublin", "essen")


def many(aws: Any, *names: str) -> list[ConnectionEntry]:
    """Gateways with BGP on the transit gateway, and one with static routes on the gateway of the VPC."""
    chosen = names or NAMES
    found = [aws.berlin(gateway=name, public_ip=f"198.51.100.{10 + NAMES.index(name)}") for name in chosen]
    return [*found, aws.madrid()]


def attempt(
    aws: Any, given: list[ConnectionEntry], wait_timeout: float = 2400, wait: bool = True, max_failures: int = 1
) -> ApplyFailed:
    """A run that does not get through."""
    ec2, wanted = aws.ec2(), sites.wanted(given)
    observed = observe(ec2, wanted)
    plan = region.plan(wanted, observed, Consent(True, True))
    with pytest.raises(ApplyFailed) as error:
        Applier(ec2, wait_timeout).apply(plan, (), wait, observed, Tally(max_failures))
    done, missing = len(error.value.applied), len(error.value.not_begun)
    assert done + missing >= len(plan.actions) - len(error.value.failed_steps)
    return error.value


class Hooks:
    """What happens at the calls of a client; the client outlives the test, so they are taken off again."""

    def __init__(self, events: Any) -> None:
        self._events = events
        self._taken: list[tuple[str, Callable[..., None]]] = []

    def take(self, event: str, handler: Callable[..., None]) -> None:
        self._events.register(event, handler)
        self._taken.append((event, handler))

    def refuse(self, call: str, *values: str) -> None:
        """Lets AWS refuse the calls that mention a value."""

        def spoil(params: dict[str, Any], **_event: Any) -> None:
            if any(value in str(given) for value in values for given in params["body"].values()):
                params["body"]["Action"] = "NoSuchAction"

        self.take(f"before-call.ec2.{call}", spoil)

    def lift(self) -> None:
        while self._taken:
            self._events.unregister(*self._taken.pop())


@pytest.fixture
def hooks(law_client: Any) -> Iterator[Hooks]:
    hooks = Hooks(law_client.meta.events)
    yield hooks
    hooks.lift()


@pytest.mark.parametrize("call", ["CreateCustomerGateway", "CreateVpnConnection"])
def test_one_gateway_fails_and_the_others_are_finished(aws: Any, hooks: Hooks, call: str) -> None:
    hooks.refuse(call, "cadiz")
    error = attempt(aws, many(aws), max_failures=0)
    assert set(error.failures) == {"cadiz"}
    assert "InvalidAction" in error.failures["cadiz"].error
    assert len(error.failures["cadiz"].failed_steps) == 1
    assert len(error.failures["cadiz"].applied) + len(error.failures["cadiz"].not_begun) == 1
    assert sorted(tag_of(each) for each in aws.connections.values()) == ["berlin", "dublin", "essen", "madrid"]
    assert {each["State"] for each in aws.connections.values()} == {"available"}
    hooks.lift()
    plan = aws.run(*many(aws))
    assert {action.owner for action in plan.actions} == {"cadiz"}


def tag_of(connection: dict[str, Any]) -> str:
    return str(next(tag["Value"] for tag in connection["Tags"] if tag["Key"] == "hybridnet:gateway"))


@pytest.mark.parametrize(("limit", "failed"), [(1, 1), (2, 2), (0, 3)])
def test_a_run_stops_at_the_limit(
    quick_aws: Any, hooks: Hooks, limit: int, failed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = quick_aws
    # One call at a time, so that none is under way when the limit is reached.
    monkeypatch.setattr(f"{Applier.__module__}.WORKERS", 1)
    hooks.refuse("CreateCustomerGateway", "berlin", "cadiz", "dublin")
    error = attempt(aws, many(aws), max_failures=limit)
    assert len(error.failed_steps) == len(error.failures) == failed
    assert bool(aws.connections) is (limit == 0)
    assert str(error).count("InvalidAction") == failed
    hooks.lift()
    assert aws.run(*many(aws)).has_changes


def test_what_is_shared_fails_its_gateways(quick_aws: Any, hooks: Hooks) -> None:
    aws = quick_aws
    gateway = aws.vpc_gateway("madrid")
    other = aws.berlin(**{**gateway, "vpn_gateway": aws.madrid().vpn_gateway})
    hooks.refuse("AttachVpnGateway", "vgw-")
    error = attempt(aws, [aws.madrid(), other, aws.berlin(gateway="cadiz", public_ip="198.51.100.11")], max_failures=0)
    assert set(error.failures) == {"madrid", "berlin"}
    assert error.failures["berlin"].error.startswith("vpn gateway on which it depends failed: AttachVpnGateway")
    assert [tag_of(each) for each in aws.connections.values()] == ["cadiz"]
    hooks.lift()
    assert aws.run(aws.madrid(), other).has_changes


def test_a_wait_that_times_out_fails_that_gateway_only(quick_aws: Any, hooks: Hooks) -> None:
    aws = quick_aws
    aws.emulator.settle = 20
    aws.emulator.delays.set(customer_gateway=0)
    wait = {"stuck": ""}

    def keep_pending(parsed: dict[str, Any], **_event: Any) -> None:
        for each in parsed.get("VpnConnections", []):
            if tag_of(each) == "cadiz":
                each["State"] = wait["stuck"] or each["State"]

    hooks.take("after-call.ec2.DescribeVpnConnections", keep_pending)
    wait["stuck"] = "pending"
    error = attempt(aws, many(aws), wait_timeout=300)
    assert set(error.failures) == {"cadiz"}
    assert "is pending, waited for available" in error.failures["cadiz"].error
    # Its calls were all made, and so was everything of the others, routes of the last stage included.
    assert error.not_begun == []
    wait["stuck"] = ""
    assert not aws.run(*many(aws)).has_changes


def test_a_connection_that_vanishes_fails_its_gateway_only(quick_aws: Any, hooks: Hooks) -> None:
    aws = quick_aws
    aws.emulator.settle = 20
    seen = {"looks": 0}

    def vanish(parsed: dict[str, Any], **_event: Any) -> None:
        for each in parsed.get("VpnConnections", []):
            if tag_of(each) == "cadiz":
                seen["looks"] += 1
                each["State"] = "deleted"

    hooks.take("after-call.ec2.DescribeVpnConnections", vanish)
    error = attempt(aws, many(aws), max_failures=0)
    assert set(error.failures) == {"cadiz"}
    assert "is deleted while it was waited for available" in error.failures["cadiz"].error
    assert seen["looks"] == 1


def test_a_look_that_fails_fails_what_hangs_on_it(quick_aws: Any, hooks: Hooks) -> None:
    aws = quick_aws
    given = many(aws, "berlin")
    aws.emulator.settle = 20
    ec2, wanted = aws.ec2(), sites.wanted(given)
    plan = region.plan(wanted, observe(ec2, wanted), Consent())
    hooks.refuse("DescribeVpnConnections", "vpn-connection-id")
    with pytest.raises(ApplyFailed) as error:
        Applier(ec2, 2400).apply(plan)
    assert set(error.value.failures) == {"berlin", "madrid"}
    hooks.lift()
    aws.emulator.clock.advance(60)
    assert aws.run(*given).has_changes


def test_a_message_names_ten_failures_at_most(quick_aws: Any, hooks: Hooks) -> None:
    aws = quick_aws
    hooks.refuse("CreateCustomerGateway", "198.51.100")
    given = [aws.berlin(gateway=f"s{number}", public_ip=f"198.51.100.{number}") for number in range(1, 15)]
    error = attempt(aws, given, max_failures=0)
    assert len(error.failed_steps) == 14
    assert str(error).count("InvalidAction") == 10
    assert "and 4 more, in failed_steps" in str(error)
    assert "14 gateways failed" in str(error)


def test_an_interruption_begins_nothing_more(quick_aws: Any, hooks: Hooks) -> None:
    aws = quick_aws

    class Interrupted(BaseException):
        pass

    def interrupt(**_event: Any) -> None:
        raise Interrupted

    hooks.take("before-call.ec2.CreateVpnGateway", interrupt)
    ec2, wanted = aws.ec2(), sites.wanted([aws.madrid()])
    with pytest.raises(Interrupted):
        Applier(ec2, 2400).apply(region.plan(wanted, observe(ec2, wanted), Consent()))
    assert aws.connections == {}


def test_a_bug_in_the_run_itself_says_what_was_done_and_not_its_own_text(quick_aws: Any) -> None:
    aws = quick_aws

    def tell(*_state: Any) -> None:
        if aws.connections:
            raise ValueError("MARKER_psk.1")

    ec2, given = aws.ec2(), many(aws)
    wanted = sites.wanted(given)
    with pytest.raises(ApplyFailed) as error:
        Applier(ec2, 2400, tell).apply(region.plan(wanted, observe(ec2, wanted), Consent()))
    assert "unexpected ValueError in test_applier.py, line" in str(error.value)
    assert "MARKER" not in str(error.value)
    made = [line for line in error.value.applied if "create vpn connection" in line]
    assert sorted(aws.connections) == sorted(found for found in aws.connections if found in " ".join(made))
    aws.emulator.clock.advance(60)
    assert aws.run(*given).has_changes


def test_without_wait_only_what_others_need_is_waited_for(quick_aws: Any) -> None:
    aws = quick_aws
    aws.emulator.settle = 600
    ec2, wanted = aws.ec2(), sites.wanted([aws.berlin()])
    before = aws.emulator.clock.now()
    Applier(ec2, 2400).apply(region.plan(wanted, observe(ec2, wanted), Consent()), wait=False)
    assert aws.emulator.clock.now() - before < 60
    assert {each["State"] for each in aws.connections.values()} == {"pending"}
    aws.emulator.clock.advance(600)
    assert not aws.run(aws.berlin()).has_changes
