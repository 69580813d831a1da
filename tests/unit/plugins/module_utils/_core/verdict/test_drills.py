# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tunnel did not stand when it was tried, and what was measured."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.checks import NAMES
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.report import as_json, as_junit

from .builders import judged, pings, pings_back, seen, telemetry, tunnel

REKEYED = {"check": "rekey", "problem": None, "sent": 60, "received": 60}
MOVED = {"check": "failover", "problem": None, "seconds": 3.4, "back": 21.0}
SPLIT = "the IPsec SA is not replaced after 30 s"


def verdict(*drills: dict[str, Any], checks: tuple[str, ...] = NAMES, **changes: Any) -> dict[str, Any]:
    """On a tunnel with which this was tried."""
    address = tunnel()["outside_address"]
    return judged(
        {"berlin": {"routing": "bgp", "tunnels": [tunnel()]}},
        {"berlin": {"ipsec_capable": True, "tunnels": [seen(**changes)]}},
        [telemetry()],
        {"berlin": pings(5)},
        {"berlin": pings_back()},
        checks=checks,
        drills={"berlin": [{**each, "outside_address": address} for each in drills]},
    )


def results(found: dict[str, Any]) -> list[str]:
    last = found["rows"][0]["checks"][-2:]
    assert [each["name"] for each in last] == ["rekey", "failover"]
    return [" ".join(filter(None, [each["result"], each["reason"]])) for each in last]


def test_what_was_measured() -> None:
    found = verdict(REKEYED, MOVED)
    assert found["up"]
    words = (
        "new SAs, 0 of 60 pings through the tunnel lost",
        "traffic used the other tunnel after 3.4 s, the tunnel was back after 21 s",
    )
    assert results(found) == [f"passed {each}" for each in words]
    lines = [f"berlin tunnel 1: {name}: {each}" for name, each in zip(("rekey", "failover"), words, strict=True)]
    assert [line for line in found["lines"] if line in lines] == lines


def test_lost_pings_are_said_and_are_no_failure() -> None:
    assert results(verdict({**REKEYED, "received": 58}, MOVED))[0].endswith(" 2 of 60 pings through the tunnel lost")
    # AWS does not answer through a tunnel that does not carry its inside addresses.
    assert results(verdict({"check": "rekey", "problem": None}, MOVED))[0] == "passed new SAs"


@pytest.mark.parametrize(
    ("drill", "words"),
    [
        ({**REKEYED, "problem": SPLIT}, f"rekey failed: {SPLIT}"),
        ({"check": "failover", "problem": "the tunnel is not up again after 120 s"}, "failover failed: the tunnel is"),
    ],
)
def test_what_a_tunnel_did_not_stand(drill: dict[str, Any], words: str) -> None:
    found = verdict(drill)
    assert found["rows"][0]["cause"].startswith(words)
    assert not any("new SAs" in line for line in found["lines"])
    report = json.loads(as_json([found], {}))
    assert not report["up"]
    assert f'<failure message="{words}' in as_junit([found])


def test_a_tunnel_that_was_not_tried_says_why() -> None:
    found = verdict({"check": "rekey", "skipped": "no other tunnel of the connection is up"})
    reasons = ("no other tunnel of the connection is up", "it was not tried")
    assert found["up"]
    assert results(found) == [f"not applicable {each}" for each in reasons]
    expected = [f"not applicable: {name} ({why})" for name, why in zip(("rekey", "failover"), reasons, strict=True)]
    assert [line for line in found["lines"] if line in expected] == expected


def test_nothing_is_said_of_drills_that_nobody_wants() -> None:
    found = verdict(checks=("ike", "esp"))
    assert [line for line in found["lines"] if "tried" in line] == []


def test_an_earlier_cause_comes_first() -> None:
    found = verdict({**REKEYED, "problem": SPLIT}, ike="DOWN", esp="DOWN", evidence=["NO_PROPOSAL_CHOSEN"])
    assert found["rows"][0]["cause"] == "no proposal chosen"
