# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is seen on the gateway decides between causes: counters, its own pings, firewall, reasons of BGP, drift."""

from __future__ import annotations

from typing import Any

import pytest

from .builders import judged, pings, pings_back, seen, telemetry, tunnel

FROM_HOST = {"item": {"site_host": "site-host"}}
LOST, PASSED = {**pings(0), **FROM_HOST}, {**pings(5), **FROM_HOST}
FORWARD_CHAIN = {"hook": "forward", "chain": "inet filter forward", "ending": "policy drop"}
INPUT_CHAIN = {"hook": "input", "chain": "inet filter input", "ending": "policy drop"}


def line(
    status: dict[str, Any] | None = None,
    earlier: dict[str, Any] | None = None,
    forward: dict[str, Any] | None = None,
    from_gateway: dict[str, Any] | None = None,
    routing: str = "bgp",
    **changes: Any,
) -> str:
    """The line on the one tunnel of a site; the changes are to what its gateway sees of it."""
    result = judged(
        {"berlin": {"routing": routing, "tunnels": [tunnel(routing=routing)]}},
        {
            "berlin": {
                "ipsec_capable": True,
                **(status or {}),
                "tunnels": [seen(**changes), seen(2, interface="vpn2281")],
            }
        },
        [telemetry()],
        {"berlin": PASSED if forward is None else forward},
        {"berlin": pings_back()},
        earlier={"berlin": {"tunnels": [seen(**earlier)]}} if earlier else {},
        from_gateway={"berlin": from_gateway or {}},
    )
    return str(result["causes"][0]) if result["causes"] else "up"


def bgp(state: str, reason: str | None = None) -> dict[str, Any]:
    return {"state": state, "prefixes_received": 0, "prefixes_sent": 0, "reason": reason}


NOT_BACK = "ESP does not come back: the gateway sent 600 bytes and received none"


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        # Since the IPsec SA is there.
        ({"bytes_out": 600, "bytes_in": 0, "bgp": bgp("Active")}, NOT_BACK),
        ({"bytes_out": 600, "bytes_in": 0, "forward": LOST}, NOT_BACK),
        ({"bytes_out": 600, "bytes_in": 0, "routing": "static", "bgp": None, "forward": LOST}, NOT_BACK),
        # Since the pings.
        ({"bytes_out": 900, "bytes_in": 70, "earlier": {"bytes_out": 300, "bytes_in": 70}, "forward": LOST}, NOT_BACK),
        # Its counters began again with the new SA.
        ({"bytes_out": 600, "bytes_in": 0, "earlier": {"bytes_out": 9000, "bytes_in": 70}, "forward": LOST}, NOT_BACK),
        (
            {"bytes_out": 900, "bytes_in": 90, "earlier": {"bytes_out": 300, "bytes_in": 70}, "forward": LOST},
            "ping lost",
        ),
        ({"bytes_out": 0, "bytes_in": 0, "bgp": bgp("Active")}, "IPsec is up but BGP is down (Active)"),
        # Nobody has used it yet.
        ({"bytes_out": 600, "bytes_in": 0, "routing": "static", "bgp": None}, "up"),
    ],
)
def test_bytes_out_and_none_in(changes: dict[str, Any], begins: str) -> None:
    assert line(**changes).removeprefix("berlin tunnel 1 (203.0.113.2): ").startswith(begins)


def test_esp_that_does_not_come_back_is_not_a_matter_of_the_vpc() -> None:
    found = line(bytes_out=600, bytes_in=0, forward=LOST)
    assert "UDP 4500" in found
    assert "203.0.113.2" in found
    assert "security group" not in found
    assert "route missing" not in found


FORWARDING: list[tuple[dict[str, Any], str]] = [
    ({"host": {"forwards": False}}, "the gateway does not forward packets: net.ipv4.ip_forward is 0"),
    (
        {"host": {"forwards": True}, "dropping_chains": [INPUT_CHAIN, FORWARD_CHAIN]},
        "the firewall of the gateway drops forwarded packets: chain inet filter forward (policy drop)",
    ),
    (
        {"host": {"forwards": True}, "dropping_chains": [INPUT_CHAIN]},
        "pings of the gateway pass, those from 10.20.0.10 do not: 0/5 answered from 10.20.0.10 to 10.0.0.100",
    ),
]


@pytest.mark.parametrize(("status", "cause"), FORWARDING)
def test_the_gateway_passes_and_the_site_host_does_not(status: dict[str, Any], cause: str) -> None:
    found = line(status, forward=LOST, from_gateway=PASSED)
    assert found.startswith(f"berlin tunnel 1 (203.0.113.2): {cause}. Check: ")
    assert "security group" not in found


@pytest.mark.parametrize(("status", "cause"), FORWARDING)
def test_neither_passes(status: dict[str, Any], cause: str) -> None:
    found = line(status, forward=LOST, from_gateway=LOST)
    assert cause not in found
    assert "security group" in found


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (bgp("Idle (PfxCt)"), "AWS announced more networks than the gateway accepts (Idle (PfxCt))"),
        (
            bgp("Active", "sent Cease/Maximum Number of Prefixes Reached"),
            "AWS announced more networks than the gateway accepts"
            " (Active, sent Cease/Maximum Number of Prefixes Reached)",
        ),
        (
            bgp("Active", "received Cease/Maximum Number of Prefixes Reached"),
            "the gateway announced more networks than AWS accepts"
            " (Active, received Cease/Maximum Number of Prefixes Reached)",
        ),
        (bgp("Idle (Admin)"), "the session is shut down on the gateway (Idle (Admin))"),
        (
            bgp("Active", "received Cease/Administrative Shutdown"),
            "AWS shut the session down (Active, received Cease/Administrative Shutdown)",
        ),
        (
            bgp("Idle", "sent OPEN Message Error/Bad Peer AS"),
            "the ASNs do not agree (Idle, sent OPEN Message Error/Bad Peer AS)",
        ),
        (
            bgp("Connect", "sent Hold Timer Expired"),
            "nothing came from AWS any more (Connect, sent Hold Timer Expired)",
        ),
        (
            bgp("Active", "No path to specified Neighbor"),
            "the gateway has no route to the inside address of AWS (Active, No path to specified Neighbor)",
        ),
    ],
)
def test_why_bgp_is_down(session: dict[str, Any], words: str) -> None:
    assert line(bgp=session).startswith(f"berlin tunnel 1 (203.0.113.2): IPsec is up but BGP is down: {words}. Check: ")


def test_another_reason_is_quoted() -> None:
    found = line(bgp=bgp("Active", "Interface down"))
    assert "IPsec is up but BGP is down (Active, Interface down). Check: " in found


def test_chains_that_may_stop_bgp_are_named() -> None:
    chains = {"dropping_chains": [INPUT_CHAIN, FORWARD_CHAIN]}
    assert "chain inet filter input (policy drop)" in line(chains, bgp=bgp("Active"))
    assert "inet filter forward" not in line(chains, bgp=bgp("Active"))
    down = {"ike": "CONNECTING", "esp": "DOWN", "evidence": ["NO_ANSWER"]}
    assert "chain inet filter input (policy drop)" in line(chains, **down)


DRIFT = [
    {"activates": "interfaces", "line": "interfaces: to run: ip link add vpn2280 type xfrm"},
    {"activates": "interfaces", "line": "interfaces: to run: ip link add vpn2281 type xfrm"},
    {"activates": "sysctl", "line": "sysctl: net.ipv4.ip_forward is 0, not 1"},
    {"activates": "bgp", "line": "bgp: not in the running configuration: router bgp 65010"},
]


@pytest.mark.parametrize(
    ("changes", "quoted"),
    [
        (
            {"interface_up": False},
            "interface vpn2280 is missing or down; interfaces: to run: ip link add vpn2280 type xfrm",
        ),
        (
            {"bgp": bgp("Down")},
            "BGP is down (no session); bgp: not in the running configuration: router bgp 65010"
            "; interfaces: to run: ip link add vpn2280 type xfrm",
        ),
        (
            {"forward": LOST, "from_gateway": PASSED},
            "those from 10.20.0.10 do not: 0/5 answered from 10.20.0.10 to 10.0.0.100"
            "; sysctl: net.ipv4.ip_forward is 0, not 1",
        ),
    ],
)
def test_drift_that_explains_a_cause_is_quoted(changes: dict[str, Any], quoted: str) -> None:
    found = line({"drift": DRIFT}, **changes)
    assert quoted in found
    assert "vpn2281" not in found
    assert found.endswith(" or run the play against this gateway, which mends what differs.")


def test_drift_that_explains_nothing_is_not_quoted() -> None:
    found = line({"drift": DRIFT}, ike="CONNECTING", esp="DOWN", evidence=["AUTHENTICATION_FAILED"])
    assert "sysctl" not in found
    assert "mends" not in found


def test_how_much_smaller_packets_must_be() -> None:
    forward = {**pings(5, large={"size": 1446, "sent": 5, "received": 0, "passes": 1408})}
    assert "gateway_path_mtu: what does the line of the gateway carry; it is at least 38 bytes too large" in line(
        forward=forward
    )
