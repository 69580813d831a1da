# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the latest attempt of a connection failed, whatever the words of its daemon are."""

from __future__ import annotations

import re

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import sa
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_states import Failure

JOURNAL = sa.Journal(
    failures=((Failure.NO_SHARED_KEY, re.compile("no key")), (Failure.NO_ANSWER, re.compile("again"))),
    notification=re.compile(r"notified ([A-Z_]+)"),
    new_attempt=re.compile("begin"),
    answered=re.compile("answer"),
    up=re.compile("up"),
)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([], []),
        (["begin", "no key"], ["NO_SHARED_KEY"]),
        (["begin", "notified TS_UNACCEPTABLE"], ["TS_UNACCEPTABLE"]),
        # Not every notification is one of failure.
        (["begin", "notified MOBIKE_SUPPORTED"], []),
        (["begin", "again", "answer"], []),
        (["begin", "again", "no key"], ["NO_SHARED_KEY"]),
        (["begin", "no key", "begin"], ["NO_SHARED_KEY"]),
        (["begin", "no key", "begin", "again"], ["NO_ANSWER"]),
        (["begin", "no key", "begin", "up"], []),
    ],
)
def test_the_latest_attempt_that_failed(messages: list[str], expected: list[str]) -> None:
    lines = [sa.Line("a", "begin"), *(sa.Line("a", text) for text in messages), sa.Line("b", "no key")]
    assert sa.latest_failures(lines, JOURNAL) == {"a": expected, "b": ["NO_SHARED_KEY"]}


def test_attempts_can_have_names() -> None:
    lines = [sa.Line("a", "no key", "1"), sa.Line("a", "again", "2")]
    assert sa.latest_failures(lines, JOURNAL) == {"a": ["NO_ANSWER"]}


def test_a_journal_with_anything_in_it() -> None:
    assert list(sa.journal_entries(['{"MESSAGE": "a"}', "no JSON", "[1]", ""])) == [{"MESSAGE": "a"}]


def test_a_tunnel_without_sas_carries_nothing() -> None:
    assert sa.no_sa() == {"ike": "DOWN", "esp": "DOWN", "bytes_in": 0, "bytes_out": 0, **sa.no_sa()}
    assert (sa.no_sa()["local_networks"], sa.no_sa()["remote_networks"]) == ([], [])
