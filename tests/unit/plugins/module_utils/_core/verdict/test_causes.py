# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first cause why a tunnel is not up from both ends, and how it is said."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_states import Failure

from .builders import judged, pings, pings_back, seen, telemetry, tunnel


def verdict(
    routing: str = "bgp",
    status: dict[str, Any] | None = None,
    aws: dict[str, Any] | None = None,
    forward: dict[str, Any] | None = None,
    back: dict[str, Any] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """One site with one tunnel; the changes are to what its gateway sees of it."""
    return judged(
        {"berlin": {"routing": routing, "tunnels": [tunnel(routing=routing)]}},
        {"berlin": {"ipsec_capable": True, "tunnels": [seen(**changes)]} if status is None else status},
        [telemetry(**(aws or {}))],
        {"berlin": pings(5) if forward is None else forward},
        {"berlin": pings_back() if back is None else back},
    )


def test_up_from_both_ends() -> None:
    result = verdict()
    assert [{key: value for key, value in row.items() if key != "checks"} for row in result["rows"]] == [
        {
            "site": "berlin",
            "gateway": "berlin",
            "connection": "main",
            "tunnel": 1,
            "outside_address": "203.0.113.2",
            "ike": "ESTABLISHED",
            "esp": "INSTALLED",
            "bgp": "Established",
            "aws": "UP",
            "ping": "5/5",
            "up": True,
            "cause": None,
            "aws_log": None,
        }
    ]
    assert (result["up"], result["causes"]) == (True, [])


def test_static_routing_has_no_bgp() -> None:
    result = verdict(routing="static", bgp=None, aws={"status_message": "IPSEC IS UP", "accepted_route_count": 0})
    assert result["up"]
    assert result["rows"][0]["bgp"] == "-"


DOWN: dict[str, Any] = {"ike": "CONNECTING", "esp": "DOWN", "bgp": {"state": "Active"}}
NO_ANSWER: dict[str, Any] = {**DOWN, "evidence": ["NO_ANSWER"]}
NO_CHILD: dict[str, Any] = {"esp": "DOWN", "bgp": {"state": "Active"}}


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"status": {}}, "no status from the gateway"),
        ({"status": {"unreachable": True, "msg": "timed out"}}, "no status from the gateway: timed out"),
        ({"status": {"skipped": True}}, "no status from the gateway"),
        (
            {"status": {"ipsec_capable": False, "missing": ["xfrm interfaces"], "tunnels": []}},
            "the gateway cannot do IPsec, missing: xfrm interfaces",
        ),
        ({**DOWN, "evidence": ["DAEMON_NOT_RUNNING"]}, "the IPsec daemon is not running on the gateway"),
        ({"status": {"ipsec_capable": True, "tunnels": []}}, "the gateway does not know this tunnel"),
        ({"interface_up": False, **DOWN}, "interface vpn2280 is missing or down"),
        (DOWN, "IKE is not up (IKE_SA is CONNECTING)"),
        (NO_ANSWER, "no answer on UDP 500 (IKE is CONNECTING)"),
        ({**NO_ANSWER, "ike": "DOWN"}, "no answer on UDP 500 (IKE is DOWN)"),
        ({**DOWN, "evidence": ["NOT_LOADED"]}, "the gateway does not know this tunnel"),
        (
            {**DOWN, "evidence": ["NO_SHARED_KEY"]},
            "authentication failed: the gateway has no key for this tunnel",
        ),
        ({**NO_CHILD, "evidence": ["KERNEL_REFUSED"]}, "the kernel of the gateway refused the IPsec SA"),
        ({**DOWN, "evidence": ["AUTHENTICATION_FAILED"]}, "authentication failed"),
        ({**DOWN, "evidence": ["NO_PROPOSAL_CHOSEN", "AUTHENTICATION_FAILED"]}, "authentication failed"),
        ({**DOWN, "evidence": ["NO_PROPOSAL_CHOSEN"]}, "no proposal chosen"),
        ({**NO_CHILD, "evidence": ["NO_PROPOSAL_CHOSEN"]}, "no proposal chosen for the IPsec SA"),
        ({**NO_CHILD, "evidence": ["TS_UNACCEPTABLE"]}, "traffic selectors refused (TS_UNACCEPTABLE)"),
        ({**DOWN, "evidence": ["INVALID_SYNTAX"]}, "refused with INVALID_SYNTAX"),
        (NO_CHILD, "IKE is up but there is no IPsec SA (CHILD_SA is DOWN)"),
        (
            {"status": {"bgp_daemon": {"running": False}, "tunnels": [seen(bgp={"state": "Down"})]}},
            "IPsec is up but the routing daemon is not running",
        ),
        ({"bgp": {"state": "Down"}}, "IPsec is up but BGP is down (no session)"),
        ({"bgp": {"state": "Active"}}, "IPsec is up but BGP is down (Active)"),
        ({"bgp": None}, "IPsec is up but BGP is down (no session)"),
        (
            {"bgp": {"state": "Established", "prefixes_received": 0}},
            "route missing: AWS announces no network over BGP",
        ),
        (
            {"bgp": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 0}},
            "route missing: the gateway announces no network over BGP",
        ),
        (
            {"routing": "static", "bgp": None, "routes_missing": ["10.0.0.0/16"]},
            "route missing: no route to 10.0.0.0/16 into the tunnel",
        ),
        (
            {"aws": {"status": "DOWN", "status_message": "IPSEC IS UP"}},
            "up on the gateway, but AWS reports DOWN (IPSEC IS UP)",
        ),
        ({"aws": {"status": None}}, "up on the gateway, but AWS reports DOWN (1 BGP ROUTES)"),
        ({"aws": {"accepted_route_count": 0}}, "route missing: AWS accepted no route from the gateway"),
        ({"forward": pings(2)}, "ping lost on the way out: 2/5 answered from 10.20.0.10 to 10.0.0.100"),
        (
            {"forward": pings(0, error="Network is unreachable\n")},
            "ping lost on the way out: 0/5 answered from 10.20.0.10 to 10.0.0.100 (Network is unreachable)",
        ),
        ({"forward": {"failed": True, "msg": "no ping"}}, "ping lost on the way out: 0/0 answered (no ping)"),
        ({"back": pings_back(0)}, "ping lost on the way back: 0/5 answered from 10.0.0.100 to 10.20.0.10"),
        ({"back": {"unreachable": True}}, "ping lost on the way back: 0/0 answered"),
    ],
)
def test_cause(changes: dict[str, Any], cause: str) -> None:
    result = verdict(**changes)
    assert result["up"] is False
    assert result["rows"][0]["cause"] == cause
    assert result["causes"][0].startswith(f"berlin tunnel 1 (203.0.113.2): {cause}. Check: ")
    assert result["lines"][-1] == result["causes"][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"bgp": {"state": "Established"}, "routes": [], "routes_missing": ["10.0.0.0/16"]},
        {"forward": {}, "back": {"skipped": True}},
        {"forward": pings(4), "back": pings_back(3)},
    ],
)
def test_no_cause(changes: dict[str, Any]) -> None:
    assert verdict(**changes)["causes"] == []


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_has_a_cause(failure: Failure) -> None:
    """A word of the gateway that the verdict did not know would end as "IKE is not up"."""
    assert "IKE is not up" not in verdict(**DOWN, evidence=[failure.value])["rows"][0]["cause"]


def test_first_cause_wins() -> None:
    """Each step that is mended uncovers the next cause."""
    broken: dict[str, Any] = {
        "ike": "CONNECTING",
        "esp": "DOWN",
        "bgp": {"state": "Active", "prefixes_received": 0},
        "evidence": ["NO_ANSWER"],
        "interface_up": False,
        "aws": {"status": "DOWN", "status_message": "IPSEC IS DOWN"},
        "forward": pings(0),
        "back": pings_back(0),
    }
    mended: list[tuple[dict[str, Any], str]] = [
        ({}, "interface"),
        ({"interface_up": True}, "no answer on UDP 500"),
        ({"evidence": ["NO_PROPOSAL_CHOSEN"]}, "no proposal chosen"),
        ({"evidence": []}, "IKE is not up"),
        ({"ike": "ESTABLISHED"}, "IKE is up but"),
        ({"esp": "INSTALLED"}, "IPsec is up but BGP is down"),
        ({"bgp": {"state": "Established", "prefixes_received": 0}}, "route missing"),
        ({"bgp": {"state": "Established", "prefixes_received": 2}}, "up on the gateway, but AWS reports DOWN"),
        ({"aws": {}}, "ping lost on the way out"),
        ({"forward": pings(5)}, "ping lost on the way back"),
    ]
    for change, cause in mended:
        broken.update(change)
        assert verdict(**broken)["rows"][0]["cause"].startswith(cause)


def test_hints_name_addresses_and_asns() -> None:
    assert "is 198.51.100.10 the public address" in verdict(**NO_ANSWER)["causes"][0]
    assert "to and from 203.0.113.2" in verdict(**NO_ANSWER)["causes"][0]
    bgp = verdict(bgp={"state": "Idle"})["causes"][0]
    assert "gateway 65010, AWS 64512" in bgp
    assert "169.254.20.1" in bgp


def test_telemetry_that_is_not_there() -> None:
    result = judged({"berlin": {"tunnels": [tunnel()]}}, {"berlin": {"tunnels": [seen()]}})
    assert result["rows"][0]["aws"] == "?"
    assert result["rows"][0]["cause"] == "AWS returned no telemetry for this tunnel"
