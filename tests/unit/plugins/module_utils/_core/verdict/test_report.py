# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts of a run as JSON and as JUnit XML."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.report import as_json, as_junit

from .builders import judged, pings, pings_back, seen, telemetry, tunnel


def verdict(gateway: str = "berlin", routing: str = "bgp", **changes: Any) -> dict[str, Any]:
    """On one gateway with two tunnels; the changes are to what it sees of the second."""
    return judged(
        {gateway: {"routing": routing, "tunnels": [tunnel(1, routing), tunnel(2, routing)]}},
        {gateway: {"tunnels": [seen(1), seen(2, **changes)]}},
        [telemetry(1), telemetry(2)],
        {gateway: pings(5, 5)},
        {gateway: pings_back()},
    )


def suites(text: str) -> dict[str, ElementTree.Element]:
    return {str(suite.get("name")): suite for suite in ElementTree.fromstring(text)}  # noqa: S314  # our own text


def test_json_has_every_tunnel_once() -> None:
    down = verdict(bgp={"state": "Active"})
    report = json.loads(as_json([down, down, verdict("madrid")], {}))
    assert [(row["gateway"], row["tunnel"], row["up"]) for row in report["tunnels"]] == [
        ("berlin", 1, True),
        ("berlin", 2, False),
        ("madrid", 1, True),
        ("madrid", 2, True),
    ]
    assert report["up"] is False
    assert report["causes"] == down["causes"]


def test_json_of_nothing_wrong() -> None:
    report = json.loads(as_json([verdict()], {}))
    assert (report["up"], report["causes"]) == (True, [])


def test_json_has_what_each_gateway_reported_and_nothing_else() -> None:
    status = {"drift": [{"line": "x"}], "tunnels": [seen(1)], "invocation": {"module_args": {"psk": "MARKER_psk.1"}}}
    report = as_json([verdict()], {"berlin": status, "madrid": {"unreachable": True}})
    found = json.loads(report)["gateways"]
    assert found == {"berlin": {"drift": [{"line": "x"}], "tunnels": [seen(1)]}, "madrid": {}}
    assert "MARKER" not in report


def test_junit_has_a_suite_for_each_tunnel_and_a_case_for_each_check() -> None:
    down = verdict(bgp={"state": "Active"})
    found = suites(as_junit([down, down]))
    assert list(found) == ["berlin tunnel 1 (203.0.113.2)", "berlin tunnel 2 (203.0.113.6)"]
    up, failed = found.values()
    assert [case.get("name") for case in up] == [check["name"] for check in down["rows"][0]["checks"]]
    assert (up.get("failures"), up.get("skipped")) == ("0", "2")
    (failure,) = failed.iter("failure")
    assert failure.get("message") == "IPsec is up but BGP is down (Active)"
    assert failed.get("failures") == "1"
    assert int(str(failed.get("skipped"))) == len(list(failed.iter("skipped"))) > 1


def test_junit_says_why_a_check_was_skipped() -> None:
    (suite, _other) = suites(as_junit([verdict(routing="static", bgp=None)])).values()
    reasons = {str(case.get("name")): skipped.get("message") for case in suite for skipped in case}
    assert reasons["bgp"] == "not applicable: static routing"


def test_junit_is_xml_whatever_the_gateway_says() -> None:
    lost = pings(0, error="<no> & \x1b[31m\x00 route")
    result = judged(
        {"a&b": {"routing": "static", "tunnels": [tunnel(1, "static")]}},
        {"a&b": {"tunnels": [seen()]}},
        [telemetry()],
        {"a&b": lost},
    )
    (suite,) = suites(as_junit([result])).values()
    (failure,) = suite.iter("failure")
    assert "(<no> & ?[31m? route)" in str(failure.get("message"))


def test_a_connection_without_tunnels() -> None:
    (suite,) = suites(as_junit([judged({"berlin": {"tunnels": []}})])).values()
    assert suite.get("name") == "berlin"
