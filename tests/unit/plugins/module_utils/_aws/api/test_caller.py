# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How calls are made: counted, repeated only where that is safe, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, cycle
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import (
    ATTEMPTS,
    LOST_ATTEMPTS,
    PAGES,
    Caller,
    api_name,
    client_config,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.filters import where
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    ApiError,
    BadAnswer,
    InvalidInput,
    InvalidState,
    LostAnswer,
    Throttled,
)
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber

Stub = tuple[Ec2, Stubber]


@pytest.mark.parametrize(("code", "attempts"), [("RequestLimitExceeded", ATTEMPTS), ("InternalError", LOST_ATTEMPTS)])
def test_repetition_has_an_end(stub: Stub, code: str, attempts: int) -> None:
    ec2, stubber = stub
    for _attempt in range(attempts):
        stubber.add_client_error("describe_vpn_connections", code, "busy", http_status_code=503)
    with pytest.raises(ApiError, match=code):
        ec2.connections([])
    assert ec2.calls["describe_vpn_connections"] == attempts


def test_pages_are_followed(stub: Stub) -> None:
    ec2, stubber = stub
    filters = [where("vpc-id", "vpc-1")]
    first = {"RouteTables": [{"RouteTableId": "rtb-1"}], "NextToken": "more"}
    stubber.add_response("describe_route_tables", first, {"Filters": filters})
    second = {"RouteTables": [{"RouteTableId": "rtb-2"}]}
    stubber.add_response("describe_route_tables", second, {"Filters": filters, "NextToken": "more"})
    assert [table.id for table in ec2.route_tables(filters)] == ["rtb-1", "rtb-2"]


class Endless:
    """An API whose pages never end."""

    def __init__(self, tokens: Iterator[str]) -> None:
        self.tokens = tokens
        self.asked = 0

    def describe_vpn_connections(self, **_request: Any) -> dict[str, Any]:
        self.asked += 1
        assert self.asked <= 2 * PAGES, "nothing stops this"
        return {"VpnConnections": [], "NextToken": next(self.tokens)}

    search_transit_gateway_routes = describe_vpn_connections


@pytest.mark.parametrize(
    ("tokens", "asked", "what"),
    [
        (lambda: cycle(["a"]), 2, "AWS answers with the same page again"),
        (lambda: cycle(["a", "b", "c"]), 4, "AWS answers with the same page again"),
        (lambda: map(str, count()), PAGES + 1, f"AWS answers with more than {PAGES} pages"),
    ],
)
@pytest.mark.parametrize(
    "read", [lambda ec2: ec2.connections([]), lambda ec2: ec2.static_transit_routes("tgw-rtb-1", [])]
)
def test_pages_have_an_end(
    clock: Clock, tokens: Callable[[], Iterator[str]], asked: int, what: str, read: Callable[[Ec2], Any]
) -> None:
    api = Endless(tokens())
    with pytest.raises(BadAnswer, match=rf"does not come to an end: {what}"):
        read(Ec2(api, clock))
    assert api.asked == asked


def test_no_answer_at_all_is_a_lost_answer(clock: Clock) -> None:
    class Deaf:
        def describe_vpn_connections(self, **_request: Any) -> dict[str, Any]:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    ec2 = Ec2(Deaf(), clock)
    with pytest.raises(LostAnswer, match="EndpointConnectionError"):
        ec2.connections([])
    assert ec2.calls["describe_vpn_connections"] == LOST_ATTEMPTS


def test_the_sdk_itself_repeats_nothing(stub: Stub) -> None:
    ec2, _stubber = stub
    assert ec2._client.meta.config.retries["total_max_attempts"] == 1
    assert client_config()["retries"] == {"total_max_attempts": 1}


@pytest.mark.parametrize(
    ("chance", "pauses"),
    [(1.0, [1, 2, 4, 8, 16, 20, 20]), (0.0, [0.5, 1, 2, 4, 8, 10, 10])],
)
def test_pauses_grow_up_to_a_limit_and_are_spread_by_chance(chance: float, pauses: list[float]) -> None:
    slept: list[float] = []
    caller = Caller(Clock(lambda: sum(slept), slept.append, lambda: chance))
    with pytest.raises(Throttled):
        caller.repeatable(refusing("RequestLimitExceeded"), "vpn-1")
    assert slept == pauses


def refusing(code: str, text: str = "no") -> Any:
    def describe_vpn_connections(**_request: Any) -> dict[str, Any]:
        raise ClientError({"Error": {"Code": code, "Message": text}}, "DescribeVpnConnections")

    return describe_vpn_connections


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "IncorrectState", "InvalidVpnConnectionID.NotFound"])
def test_what_will_not_change_is_not_repeated(clock: Clock, slept: list[float], code: str) -> None:
    caller = Caller(clock)
    with pytest.raises(ApiError, match=code):
        caller.repeatable(refusing(code), "vpn-1")
    assert caller.calls == {"describe_vpn_connections": 1}
    assert slept == []


def test_a_call_that_is_made_once_is_made_once(clock: Clock) -> None:
    caller = Caller(clock)
    with pytest.raises(Throttled):
        caller.once(refusing("RequestLimitExceeded"), "vpn-1")
    assert caller.calls == {"describe_vpn_connections": 1}


def test_the_error_of_the_sdk_is_not_handed_on(clock: Clock) -> None:
    """It may hold a whole answer, with the keys in it."""
    with pytest.raises(ApiError) as error:
        Caller(clock).once(refusing("UnauthorizedOperation"), "vpn-1")
    assert (error.value.__cause__, error.value.__context__) == (None, None)


@pytest.mark.parametrize("code", ["InvalidVpnConnectionID.NotFound", "InvalidVpnConnectionID"])
def test_what_is_gone_already_is_removed(clock: Clock, code: str) -> None:
    Caller(clock).until_gone(refusing(code), "vpn-1")


def test_a_removal_that_is_refused_is_an_error(clock: Clock) -> None:
    with pytest.raises(InvalidState):
        Caller(clock).until_gone(refusing("IncorrectState"), "vpn-1")


def test_calls_keep_the_pace_of_the_api(clock: Clock, slept: list[float]) -> None:
    def create_customer_gateway(**request: Any) -> dict[str, Any]:
        return request

    caller = Caller(clock)
    answers = [caller.once(create_customer_gateway, "berlin", BgpAsn=number) for number in range(55)]
    assert answers[-1] == {"BgpAsn": 54}
    assert sum(slept) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("action", "name"),
    [("create_vpn_connection", "CreateVpnConnection"), ("describe_vpcs", "DescribeVpcs")],
)
def test_an_action_is_named_as_aws_names_it(action: str, name: str) -> None:
    assert api_name(action) == name


@pytest.mark.parametrize(
    ("work", "name"),
    [
        (lambda ec2: ec2.vpn_concentrators(), "DescribeVpnConcentrators"),
        (lambda ec2: ec2.active_status("vpn-1", "203.0.113.2"), "GetActiveVpnTunnelStatus"),
    ],
)
def test_an_sdk_that_is_too_old_is_told(work: Callable[[Ec2], Any], name: str) -> None:
    with pytest.raises(InvalidInput, match=f"the installed botocore does not know {name}, a newer one is needed"):
        work(Ec2(object()))
