# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS logged is quoted with a cause, and is the cause where the gateway says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.aws_log import telling

from .builders import judged, pings, pings_back, seen, telemetry, tunnel

NO_KEY = "AWS tunnel detected a pre-shared key mismatch with cgw: 198.51.100.10"
REFUSED = "AWS tunnel is sending AUTHENTICATION_FAILED as the response"
NO_MATCH = "No Proposal Match Found by AWS"
LEFT = "AWS tunnel Timeout: deleting un-established Phase 1 IKE_SA with cgw: 198.51.100.10"
SELECTORS = "AWS: Traffic Selector: TS_UNACCEPTABLE: received from responder"
BAD_OPEN = "AWS-side peer detected a bad OPEN message from neighbor 169.254.20.2 - remote AS is 65099, expected 65010"
ACTIVE = "AWS-side peer BGP session state has changed from Connect to Active with neighbor 169.254.20.2"
CEASE = "AWS-side peer sent a notification 6/1 (Cease/Maximum Number of Prefixes Reached) to neighbor 169.254.20.2"
HOLD = "AWS-side peer sent a Hold Timer Expired notification to neighbor 169.254.20.2"
DENIED = "10.20.0.0/16: DENIED due to: as-path contains our own AS"
DOWN = {"ike": "CONNECTING", "esp": "DOWN"}


def logged(second: int, text: str, log: str = "tunnel", is_up: bool | None = False) -> dict[str, Any]:
    return {"time": f"2026-01-30T12:{second // 60:02}:{second % 60:02}Z", "log": log, "text": text, "is_up": is_up}


def verdict(
    *lines: dict[str, Any], status: dict[str, Any] | None = None, problem: str | None = None, **changes: Any
) -> dict[str, Any]:
    """The verdict on the one tunnel of a site of which AWS logged these lines."""
    in_aws = telemetry(status="DOWN")
    in_aws["tunnels"][0]["log"] = {"lines": list(lines), "problem": problem}
    given = {"ipsec_capable": True, "tunnels": [seen(**changes)]} if status is None else status
    return judged(
        {"berlin": {"routing": "bgp", "tunnels": [tunnel()]}},
        {"berlin": given},
        [in_aws],
        {"berlin": pings(5)},
        {"berlin": pings_back()},
    )


def bgp(state: str, reason: str | None = None) -> dict[str, Any]:
    return {"state": state, "prefixes_received": 0, "prefixes_sent": 0, "reason": reason}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (NO_KEY, "authentication failed"),
        ("AWS tunnel payload decryption was unsuccessful due to invalid Pre-shared Key", "authentication failed"),
        (NO_MATCH, "no proposal chosen"),
        ('No Proposal Match Found. Notifying with "No proposal chosen"', "no proposal chosen"),
        (SELECTORS, "traffic selectors refused (TS_UNACCEPTABLE)"),
        (LEFT, "no answer on UDP 500 (IKE is CONNECTING), but AWS receives what the gateway sends"),
    ],
)
@pytest.mark.parametrize("evidence", [[], ["NO_ANSWER"]])
def test_aws_says_what_the_gateway_does_not(text: str, cause: str, evidence: list[str]) -> None:
    if text == LEFT and not evidence:
        cause = "IKE is not up (IKE_SA is CONNECTING)"
    (line,) = verdict(logged(5, text), evidence=evidence, **DOWN)["causes"]
    assert line.startswith(
        f'berlin tunnel 1 (203.0.113.2): {cause}; AWS logged at 2026-01-30T12:00:05Z: "{text}". Check: '
    )


def test_what_the_gateway_says_comes_first() -> None:
    (line,) = verdict(logged(5, NO_MATCH), evidence=["AUTHENTICATION_FAILED"], **DOWN)["causes"]
    assert "authentication failed; AWS logged" in line


@pytest.mark.parametrize(
    ("text", "state", "cause"),
    [
        (BAD_OPEN, bgp("Active"), "the ASNs do not agree (Active)"),
        (CEASE, bgp("Active"), "the gateway announced more networks than AWS accepts (Active)"),
        (HOLD, bgp("Active"), "nothing came from the gateway any more (Active)"),
        (ACTIVE, bgp("Active"), "AWS gets no TCP connection to the gateway (Active)"),
        # FRR knows it itself.
        (ACTIVE, bgp("Idle", "received OPEN Message Error/Bad Peer AS"), "the ASNs do not agree (Idle, received"),
    ],
)
def test_bgp(text: str, state: dict[str, Any], cause: str) -> None:
    (line,) = verdict(logged(5, text, "bgp"), bgp=state)["causes"]
    assert f"IPsec is up but BGP is down: {cause}" in line
    assert f'AWS logged at 2026-01-30T12:00:05Z: "{text}"' in line


def test_a_gateway_that_cannot_be_reached() -> None:
    result = verdict(logged(5, NO_KEY), logged(6, REFUSED), status={"left_out": "berlin is switched off"})
    (line,) = result["causes"]
    assert (
        f'the gateway cannot be reached: berlin is switched off; AWS logged at 2026-01-30T12:00:05Z: "{NO_KEY}"' in line
    )
    assert result["rows"][0]["aws_log"] == f'AWS logged at 2026-01-30T12:00:05Z: "{NO_KEY}"'


def test_the_telemetry_of_aws_has_its_reason() -> None:
    (line,) = verdict(logged(5, DENIED, "bgp", None))["causes"]
    assert "up on the gateway, but AWS reports DOWN" in line
    assert f'"{DENIED}"' in line


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], None),
        ([logged(1, "AWS tunnel processed request (id=2) for CREATE_CHILD_SA")], None),
        # Of one moment the line that tells most.
        ([logged(1, NO_KEY), logged(2, REFUSED)], NO_KEY),
        ([logged(1, REFUSED), logged(2, LEFT)], REFUSED),
        # Another failure since then.
        ([logged(1, NO_KEY), logged(100, NO_MATCH)], NO_MATCH),
        # It was up since then.
        ([logged(1, NO_KEY), logged(2, "text", is_up=True)], None),
        ([logged(1, NO_KEY), logged(2, "text", is_up=True), logged(3, LEFT)], LEFT),
        # Another log.
        ([logged(1, NO_KEY), logged(2, "text", "bgp", is_up=True)], NO_KEY),
    ],
)
def test_the_line_that_tells_most(lines: list[dict[str, Any]], found: str | None) -> None:
    line = telling(lines, "tunnel")
    assert (line and line["text"]) == found


def test_a_log_that_cannot_be_read_is_said_and_is_no_cause() -> None:
    result = verdict(problem="vpn: FilterLogEvents: AccessDeniedException", **DOWN)
    assert "berlin: no log of AWS: vpn: FilterLogEvents: AccessDeniedException" in result["lines"]
    assert result["causes"][0].startswith("berlin tunnel 1 (203.0.113.2): IKE is not up (IKE_SA is CONNECTING). Check")
    assert result["rows"][0]["aws_log"] is None
