# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch Logs is read page by page, and asked again only when it was asked too often."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import logs
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.logs import Logs
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApiError
from botocore.stub import Stubber

GROUP, VPN = "/aws/vendedlogs/vpn", "vpn-0123456789abcdef0"
ASKED = {"logGroupName": GROUP, "logStreamNamePrefix": VPN, "startTime": 1000}


@pytest.fixture
def service() -> tuple[Logs, Stubber, list[float]]:
    """The service with answers to be given, and how long it was waited for."""
    client = boto3.client("logs", "eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
    waited: list[float] = []
    stubber = Stubber(client)
    stubber.activate()
    return Logs(client, Clock(sleep=waited.append)), stubber, waited


def event(text: str, second: int, stream: str = f"{VPN}_203.0.113.2-IKE.log") -> dict[str, Any]:
    return {"logStreamName": stream, "timestamp": second * 1000, "message": text}


def test_all_pages_by_time(service: tuple[Logs, Stubber, list[float]]) -> None:
    reader, stubber, _waited = service
    other = event("of another connection", 1, "vpn-1_203.0.113.2-IKE.log")
    stubber.add_response("filter_log_events", {"events": [event("late", 9), other], "nextToken": "more"}, ASKED)
    stubber.add_response("filter_log_events", {"events": [event("early", 3)]}, {**ASKED, "nextToken": "more"})
    found = reader.lines(GROUP, VPN, 1000)
    assert [(stream, line.text, line.time) for stream, line in found] == [
        (f"{VPN}_203.0.113.2-IKE.log", "early", "1970-01-01T00:00:03Z"),
        (f"{VPN}_203.0.113.2-IKE.log", "late", "1970-01-01T00:00:09Z"),
    ]
    stubber.assert_no_pending_responses()


def test_pages_without_an_end(service: tuple[Logs, Stubber, list[float]]) -> None:
    reader, stubber, _waited = service
    for page in range(logs.PAGES):
        stubber.add_response("filter_log_events", {"events": [event(str(page), page)], "nextToken": f"t{page}"})
    assert len(reader.lines(GROUP, VPN, 1000)) == logs.PAGES


def test_asked_too_often(service: tuple[Logs, Stubber, list[float]]) -> None:
    reader, stubber, waited = service
    stubber.add_client_error("filter_log_events", "ThrottlingException")
    stubber.add_response("filter_log_events", {"events": []}, ASKED)
    assert reader.lines(GROUP, VPN, 1000) == []
    assert len(waited) == 1
    for _attempt in range(logs.ATTEMPTS):
        stubber.add_client_error("filter_log_events", "ThrottlingException")
    with pytest.raises(ApiError, match="ThrottlingException"):
        reader.lines(GROUP, VPN, 1000)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "ServiceUnavailableException"])
def test_a_refusal_is_not_asked_again(service: tuple[Logs, Stubber, list[float]], code: str) -> None:
    reader, stubber, waited = service
    stubber.add_client_error("filter_log_events", code, "no")
    with pytest.raises(ApiError, match=f"FilterLogEvents.*{code}"):
        reader.lines(GROUP, VPN, 1000)
    assert waited == []
