# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of each tunnel: three sources joined by the outside address, and what pings showed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_states import Failure
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.observation import (
    Observation,
    Pings,
    observations,
)

FIRST, SECOND = "203.0.113.2", "203.0.113.6"
SITES = {
    "berlin": {
        "routing": "bgp",
        "tunnels": [{"number": 1, "outside_address": FIRST}, {"number": 2, "outside_address": SECOND}],
    }
}


def joined(sites: dict[str, Any] | None = None, **given: Any) -> list[Observation]:
    known: dict[str, Any] = {"gateway_status": {}, "telemetry": [], "forward": {}, "back": {}, **given}
    return list(observations(connections=SITES if sites is None else sites, **known))


def test_what_is_not_known_is_empty() -> None:
    first, second = joined()
    assert (first.site, first.tunnel["number"], second.tunnel["number"]) == ("berlin", 1, 2)
    assert first.status == first.state == first.telemetry == first.bgp == {}
    assert first.forward is first.back is first.failure is None
    assert (first.outside, first.customer) == (FIRST, "the gateway")


def test_sources_are_joined_by_the_outside_address() -> None:
    first, second = joined(
        gateway_status={"berlin": {"tunnels": [{"outside_address": SECOND, "ike": "ESTABLISHED"}]}},
        telemetry=[{"tunnels": [{"outside_address": FIRST, "telemetry": {"status": "UP"}}]}, {"tunnels": None}],
        forward={"berlin": {"probes": [{"outside_address": SECOND, "sent": 5, "received": 4}]}},
        back={"berlin": {"probes": [{"outside_address": None, "sent": 5, "received": 5}]}},
    )
    assert (first.telemetry, second.telemetry) == ({"status": "UP"}, {})
    assert (first.state, second.state["ike"]) == ({}, "ESTABLISHED")
    assert (first.forward, second.forward) == (None, Pings(5, 4))
    # Pings back take whatever way the VPC chooses, so they are about both.
    assert first.back == second.back == Pings(5, 5)


def test_the_status_of_another_gateway_says_nothing() -> None:
    status = {"berlin": {}, "madrid": {"tunnels": [{"outside_address": FIRST, "ike": "ESTABLISHED"}]}}
    assert joined(gateway_status=status)[0].state == {}


def test_a_gateway_can_have_another_name_than_its_connection() -> None:
    """The names of connections come from the variables of another inventory."""
    seen = {"tunnels": [{"outside_address": SECOND, "ike": "ESTABLISHED"}]}
    first, second = joined(
        gateway_status={"madrid.example.net": {}, "berlin.example.net": seen},
        forward={"berlin.example.net": {"probes": [{"outside_address": SECOND, "sent": 5, "received": 5}]}},
    )
    assert (first.state, second.state["ike"], second.forward) == ({}, "ESTABLISHED", Pings(5, 5))
    assert (second.site, second.gateway) == ("berlin", "berlin.example.net")
    assert joined(gateway_status={"berlin.example.net": {}})[0].gateway == "berlin"


def test_a_tunnel_says_its_routing_and_else_the_site_does() -> None:
    tunnels = [{"number": 1, "routing": "static"}, {"number": 2}]
    assert [each.routing for each in joined({"berlin": {"routing": "bgp", "tunnels": tunnels}})] == ["static", "bgp"]


@pytest.mark.parametrize("site", [{}, {"tunnels": []}, {"tunnels": None}])
def test_a_site_without_tunnels_has_one_observation(site: dict[str, Any]) -> None:
    (found,) = joined({"berlin": site}, forward={"berlin": {"failed": True}})
    assert (found.tunnel, found.outside, found.forward) == ({}, "?", None)


@pytest.mark.parametrize(
    ("result", "pings"),
    [
        ({}, None),
        ({"skipped": True}, None),
        ({"probes": []}, None),
        ({"failed": True, "msg": "no ping"}, Pings(0, 0, error="no ping")),
        ({"unreachable": True}, Pings(0, 0)),
        (
            {"source": "a", "address": "b", "probes": [{"outside_address": FIRST, "sent": 5, "received": 1}]},
            Pings(5, 1, "a", "b"),
        ),
    ],
)
def test_what_ping_probe_returned(result: dict[str, Any], pings: Pings | None) -> None:
    assert joined(forward={"berlin": result})[0].forward == pings


@pytest.mark.parametrize(
    ("sent", "received", "lost", "some"),
    [
        (5, 5, False, False),
        (5, 3, False, True),
        (5, 2, True, False),
        (4, 2, False, True),
        (1, 0, True, False),
        # None could be sent.
        (0, 0, True, False),
    ],
)
def test_a_single_lost_ping_says_nothing_about_a_tunnel(sent: int, received: int, lost: bool, some: bool) -> None:
    assert (Pings(sent, received).are_lost, Pings(sent, received).are_some_lost) == (lost, some)


@pytest.mark.parametrize(
    ("pings", "text"),
    [
        (Pings(5, 4), "4/5 answered"),
        (Pings(5, 4, "a", "b"), "4/5 answered from a to b"),
        (Pings(5, 0, target="b", error="no route\n"), "0/5 answered to b (no route)"),
    ],
)
def test_pings_in_words(pings: Pings, text: str) -> None:
    assert str(pings) == text


@pytest.mark.parametrize(
    ("evidence", "failure"),
    [
        ([], None),
        (["NO_ANSWER"], Failure.NO_ANSWER),
        # Of several the one that tells most, in whatever order the log has them.
        (["NO_ANSWER", "NO_PROPOSAL_CHOSEN", "NO_SHARED_KEY"], Failure.NO_SHARED_KEY),
        (["something new"], None),
        (None, None),
    ],
)
def test_why_there_is_no_sa(evidence: list[str] | None, failure: Failure | None) -> None:
    assert Observation("berlin", "berlin", "berlin", "bgp", {}, state={"evidence": evidence}).failure is failure
