# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How calls are made: counted, repeated only where that is safe, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import (
    ATTEMPTS,
    LOST_ATTEMPTS,
    client_config,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.filters import where
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApiError, LostAnswer
from botocore.exceptions import EndpointConnectionError
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
