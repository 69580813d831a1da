# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles that entries name: assumed once for a run, renewed while it lasts, and no key of theirs is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import caller
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock

Run = Callable[..., dict[str, Any]]


def sessions(estate: Any) -> list[Any]:
    """The sessions of the role so far."""
    from moto.sts.models import sts_backends

    found: list[Any] = sts_backends[estate.accounts[1].account_id]["aws"].assumed_roles
    return found


def test_a_role_is_assumed_once_for_each_region(run: Run, estate: Any) -> None:
    result = run("vpn_sites", gateways=estate.gateways[3:])
    assert "failed" not in result
    assert [each.role_arn for each in sessions(estate)] == [estate.role] * 3
    assert {(each.session_name, each.external_id) for each in sessions(estate)} == {
        ("hybridnet.aws_vpn", estate.external_id)
    }
    for session in sessions(estate):
        for secret in (session.access_key_id, session.secret_access_key, session.session_token):
            assert secret not in result["printed"]
    run("vpn_sites", gateways=[{**estate.gateways[3], "role_session_name": "night-run"}])
    assert sessions(estate)[-1].session_name == "night-run"


def test_a_session_is_renewed_before_it_ends(run: Run, estate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.sts.models import STSBackend

    begin = STSBackend.assume_role
    monkeypatch.setattr(STSBackend, "assume_role", lambda self, **given: begin(self, **{**given, "duration": 2}))

    def sleep(seconds: float) -> None:
        # Longer than a session lasts, in real time.
        time.sleep(1.2)
        estate.advance(seconds)

    clock = Clock(estate.accounts[0].clock.now, sleep, lambda: 1.0)
    monkeypatch.setattr(caller, "Clock", lambda: clock)
    estate.accounts[1].settle = 30
    result = run("vpn_sites", gateways=estate.gateways[3:4])
    assert result["connections"]["site-23"]["state"] == "available"
    assert len(sessions(estate)) > 2


def test_a_role_that_may_not_be_assumed_is_told(run: Run, estate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.core.exceptions import ServiceException
    from moto.sts.models import STSBackend

    class AccessDenied(ServiceException):
        code = "AccessDenied"
        message = "User: arn:aws:iam::123456789012:user/moto is not authorized to perform: sts:AssumeRole"

    def refuse(_self: Any, **_given: Any) -> Any:
        raise AccessDenied

    monkeypatch.setattr(STSBackend, "assume_role", refuse)
    result = run("vpn_sites", gateways=estate.gateways)
    assert result["failed"] and not result["changed"]
    assert len(result["problems"]) == 3
    for problem in result["problems"]:
        assert f", {estate.role}: AssumeRole for {estate.role} failed: AccessDenied: User: arn:" in problem
    assert estate.writes == []


def test_the_role_of_an_endpoint_in_plain_http_elsewhere_is_not_assumed(run: Run, estate: Any) -> None:
    result = run("vpn_sites", gateways=estate.gateways[3:], endpoint_url="http://192.0.2.1:5055")
    assert "endpoint_url (host 192.0.2.1): only https is accepted" in result["msg"]
