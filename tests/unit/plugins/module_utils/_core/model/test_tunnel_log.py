# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of AWS's guide, read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_log import LogLine

IKE, BGP = "vpn-1234abcd_203.0.113.2-IKE.log", "vpn-1234abcd_203.0.113.2-BGP.log"
AT = 1762580429641
TIME = "2025-11-08T05:40:29Z"


def ike(details: str, *phases: str) -> dict[str, Any]:
    states = {f"ike_phase{number}_state": state for number, state in enumerate(phases, 1)}
    return {"event_timestamp": AT, "details": details, "dpd_enabled": True, "nat_t_detected": False, **states}


def bgp(kind: str, status: str, **message: Any) -> dict[str, Any]:
    return {
        "resource_id": "vpn-1234abcd_1.2.3.4",
        "event_timestamp": AT,
        "type": kind,
        "status": status,
        "message": message,
    }


CLOSED = "AWS-side peer BGP session state has changed from Established to Idle with neighbor 169.254.50.85"


@pytest.mark.parametrize(
    ("stream", "record", "line"),
    [
        (IKE, ike("text", "Established", "Established"), ("tunnel", "text", True)),
        (IKE, ike("text", "established", "established"), ("tunnel", "text", True)),
        (IKE, ike("text", "Established", "Down"), ("tunnel", "text", False)),
        (BGP, bgp("BGPStatus", "DOWN", details=CLOSED), ("bgp", CLOSED, False)),
        (BGP, bgp("BGPStatus", "UP", details="text"), ("bgp", "text", True)),
        (
            BGP,
            bgp(
                "RouteStatus",
                "UPDATED",
                prefix="10.20.0.0/16",
                med=100,
                details="DENIED due to: non-connected next-hop",
            ),
            ("bgp", "10.20.0.0/16: DENIED due to: non-connected next-hop", None),
        ),
        (BGP, bgp("RouteStatus", "ADVERTISED", prefix="10.20.0.0/16"), None),
    ],
)
def test_records(stream: str, record: dict[str, Any], line: tuple[Any, ...] | None) -> None:
    assert LogLine.of(stream, AT, json.dumps(record)) == (LogLine(TIME, *line) if line else None)


@pytest.mark.parametrize(("stream", "log"), [(IKE, "tunnel"), (BGP, "bgp")])
@pytest.mark.parametrize("text", ["a\n  line", "[1]", '"a"'])
def test_texts(stream: str, log: str, text: str) -> None:
    assert LogLine.of(stream, AT, text) == LogLine(TIME, log, " ".join(text.split()), None)


def test_a_line_is_short() -> None:
    line = LogLine.of(IKE, AT, "x" * 5000)
    assert line is not None
    assert len(line.text) == 300
