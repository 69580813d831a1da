# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each check of a tunnel by name: what it came to, and that none is left out silently."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.checks import USUAL

from .builders import judged, pings, pings_back, seen, telemetry, tunnel

FROM_HOST = {"item": {"site_host": "site-host"}}


def results(
    checks: tuple[str, ...] = USUAL,
    routing: str = "bgp",
    ways: tuple[Any, ...] = (pings(5), pings_back()),
    **changes: Any,
) -> dict[str, str]:
    """By check, what it came to and why; the changes are to what the gateway sees of its tunnel."""
    forward, back, *own = ways
    result = judged(
        {"berlin": {"routing": routing, "tunnels": [tunnel(routing=routing)]}},
        {"berlin": {"ipsec_capable": True, "tunnels": [seen(**changes)]}},
        [telemetry()],
        {"berlin": forward},
        {"berlin": back},
        checks=checks,
        from_gateway={"berlin": own[0] if own else {}},
    )
    found = result["rows"][0]["checks"]
    return {each["name"]: " ".join(filter(None, [each["result"], each["reason"]])) for each in found}


def test_every_check_has_a_result() -> None:
    without = "not applicable no host behind the gateway sends pings (site_vpn_probe_host)"
    small = "not applicable no large pings were sent"
    assert results() == {**dict.fromkeys(USUAL, "passed"), "host_ping": without, "mtu": small}


def test_only_the_chosen_checks_count() -> None:
    assert results(("ike", "telemetry"), bgp={"state": "Active"}) == {"ike": "passed", "telemetry": "passed"}
    assert results(("bgp",), bgp={"state": "Active"})["bgp"].startswith("failed IPsec is up but BGP is down")


@pytest.mark.parametrize(
    ("changes", "failed", "not_reached"),
    [
        ({"interface_up": False}, "gateway", USUAL[1:]),
        ({"ike": "CONNECTING", "esp": "DOWN", "evidence": ["NO_ANSWER"]}, "udp", USUAL[2:]),
        ({"ike": "CONNECTING", "esp": "DOWN", "evidence": ["NO_PROPOSAL_CHOSEN"]}, "ike", USUAL[3:]),
        # Nothing says yet whether AWS answers.
        ({"ike": "CONNECTING", "esp": "DOWN"}, "ike", ("udp", *USUAL[3:])),
        ({"esp": "DOWN"}, "esp", USUAL[4:]),
        # IKE is up, and what was refused is the IPsec SA.
        ({"esp": "DOWN", "evidence": ["NO_PROPOSAL_CHOSEN"]}, "esp", USUAL[4:]),
        ({"esp": "DOWN", "evidence": ["TS_UNACCEPTABLE"]}, "selectors", ("esp", *USUAL[5:])),
        ({"selectors_missing": ["0.0.0.0/0 (remote)"]}, "selectors", ("esp", *USUAL[5:])),
        ({"bytes_out": 9, "bytes_in": 0, "bgp": {"state": "Active"}}, "esp", USUAL[5:]),
        ({"bgp": {"state": "Established", "prefixes_received": 0}}, "prefixes", USUAL[7:]),
    ],
)
def test_what_comes_behind_a_failed_check_says_nothing(
    changes: dict[str, Any], failed: str, not_reached: tuple[str, ...]
) -> None:
    lost = {**pings(0, large={"size": 1446, "sent": 5, "received": 0}), **FROM_HOST}
    found = results(ways=(lost, pings_back(0), pings(0)), **changes)
    assert [name for name, result in found.items() if result.startswith("failed")] == [failed]
    assert [name for name, result in found.items() if result == "not reached"] == list(not_reached)


def test_what_does_not_apply_says_why() -> None:
    found = results(routing="static", bgp=None, ways=({}, {}))
    assert {name: result for name, result in found.items() if result != "passed"} == {
        "bgp": "not applicable static routing",
        "prefixes": "not applicable static routing",
        "host_ping": "not applicable pings need site_vpn_vpc_probe_address",
        "gateway_ping": "not applicable pings need site_vpn_vpc_probe_address",
        "mtu": "not applicable pings need site_vpn_vpc_probe_address",
        "back_ping": "not applicable pings back need site_vpn_vpc_probe_host",
    }


def test_pings_of_the_host_and_of_the_gateway() -> None:
    lost, passed = {**pings(0), **FROM_HOST}, {**pings(5), **FROM_HOST}
    assert results(ways=(passed, pings_back()))["gateway_ping"].startswith("not applicable the host behind")
    both = results(ways=(lost, pings_back(), pings(5)))
    assert (both["gateway_ping"], both["host_ping"][:6]) == ("passed", "failed")
    assert results(ways=(lost, pings_back(), pings(0)))["gateway_ping"].startswith("failed ping lost on the way out")


def test_a_line_says_what_was_not_checked() -> None:
    sites = {
        name: {"routing": routing, "tunnels": [tunnel(routing=routing)]}
        for name, routing in {"berlin": "static", "madrid": "bgp", "oslo/dublin": "static"}.items()
    }
    static = {name: site for name, site in sites.items() if site["routing"] == "static"}
    assert "not applicable: bgp, prefixes (static routing): berlin, oslo/dublin" in judged(sites)["lines"]
    assert "not applicable: bgp, prefixes (static routing)" in judged(static)["lines"]


@pytest.mark.parametrize(
    ("received", "more", "result"),
    [
        (5, {}, "passed"),
        (1, {}, "failed packets of 1446 bytes do not pass, smaller ones do: 1/5 answered"),
        (0, {"passes": 1408}, "failed packets of 1446 bytes do not pass, 1408 bytes do: 0/5 answered"),
    ],
)
def test_packets_that_are_too_large(received: int, more: dict[str, Any], result: str) -> None:
    forward = pings(5, large={"size": 1446, "sent": 5, "received": received, **more})
    assert results(ways=(forward, pings_back()))["mtu"] == result


def test_large_packets_that_only_the_gateway_gets_through() -> None:
    lost = {**pings(5, large={"size": 1446, "sent": 5, "received": 0, "passes": 1300}), **FROM_HOST}
    for received, text in (
        (5, "failed packets of 1446 bytes pass from the gateway, but not from 10.20.0.10 behind it, 1300 bytes do"),
        (0, "failed packets of 1446 bytes do not pass, 1300 bytes do"),
    ):
        own = pings(5, large={"size": 1446, "sent": 5, "received": received})
        assert results(ways=(lost, pings_back(), own))["mtu"].startswith(text)
