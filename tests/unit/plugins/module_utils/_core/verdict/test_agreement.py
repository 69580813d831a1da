# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateway reports is what the verdict says: from the tools' output to the cause, with nothing lost between."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import charon, status
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict import checks
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.verdict.observation import observations

NAME, OUTSIDE = "vpn-0123456789abcdef0-1", "203.0.113.2"
PEER = {"name": NAME, "interface": "vpn2280", "outside_address": OUTSIDE, "bgp_neighbor": None}
NO_SA: dict[str, Any] = {}
IKE_ONLY = {NAME: {"ike": "ESTABLISHED", "esp": "DOWN", "bytes_in": 0, "bytes_out": 0}}
BOTH = {NAME: {"ike": "ESTABLISHED", "esp": "INSTALLED", "bytes_in": 7, "bytes_out": 9}}
RETRANSMIT = "retransmit 1 of request with message ID 0"


def state_of(
    sas: dict[str, Any], *, log: tuple[str, ...] = (), routes: tuple[str, ...] = (), **changes: Any
) -> dict[str, Any]:
    """The state of a tunnel as gateway_status returns it, read from what the tools print."""
    entries = [{"MESSAGE": message, "IKE_SA_NAME": NAME, "IKE_SA_UNIQUE_ID": "1"} for message in log]
    peer: dict[str, Any] = {**PEER, "remote_cidrs": ["10.0.0.0/16"], **changes}
    seen = {
        "sas": sas,
        "bgp": {},
        "routes": status.routes_by_interface(json.dumps([{"dst": cidr, "dev": peer["interface"]} for cidr in routes])),
        "links": {"vpn2280": {"up": True, "mtu": 1446}},
        "daemon_running": True,
        "loaded": [NAME],
        "evidence": charon.evidence(map(json.dumps, entries)),
    }
    return status.tunnel(peer, seen)


def cause_of(state: dict[str, Any]) -> str | None:
    """The cause for a tunnel that AWS reports as UP."""
    tunnel = {"number": 1, "outside_address": OUTSIDE, "routing": "static"}
    (observed,) = observations(
        connections={"berlin": {"tunnels": [tunnel]}},
        gateway_status={"berlin": {"ipsec_capable": True, "tunnels": [state]}},
        telemetry=[{"tunnels": [{"outside_address": OUTSIDE, "telemetry": {"status": "UP"}}]}],
        forward={},
        back={},
    )
    cause = checks.cause_of(observed)
    return cause.text if cause else None


@pytest.mark.parametrize(
    ("sas", "log", "cause"),
    [
        (NO_SA, ("received AUTHENTICATION_FAILED notify error",), "authentication failed"),
        (NO_SA, ("authentication of '198.51.100.10' (myself) with RSA signature failed",), "authentication failed"),
        (
            NO_SA,
            ("no shared key found for '198.51.100.10' - '203.0.113.2'",),
            "authentication failed: the gateway has no key for this tunnel",
        ),
        (NO_SA, ("received INVALID_SYNTAX notify error",), "refused with INVALID_SYNTAX"),
        (NO_SA, ("received UNSUPPORTED_CRITICAL_PAYLOAD notify error",), "refused with UNSUPPORTED_CRITICAL_PAYLOAD"),
        (NO_SA, ("received NO_PROPOSAL_CHOSEN notify error",), "no proposal chosen"),
        (IKE_ONLY, ("no acceptable proposal found",), "no proposal chosen for the IPsec SA"),
        (IKE_ONLY, ("received FAILED_CP_REQUIRED notify, no CHILD_SA built",), "refused with FAILED_CP_REQUIRED"),
        (
            IKE_ONLY,
            ("traffic selectors 0.0.0.0/0 === 10.0.0.0/16 unacceptable",),
            "traffic selectors refused (TS_UNACCEPTABLE)",
        ),
        (
            IKE_ONLY,
            ("unable to install inbound and outbound IPsec SA (SAD) in kernel",),
            "the kernel of the gateway refused the IPsec SA",
        ),
        (NO_SA, (RETRANSMIT,), "no answer on UDP 500 (IKE is DOWN)"),
        # AWS has answered, and nothing was refused yet.
        (
            NO_SA,
            (RETRANSMIT, "parsed IKE_SA_INIT response 0 [ SA KE No N(NATD_S_IP) ]"),
            "IKE is not up (IKE_SA is DOWN)",
        ),
        (NO_SA, (), "IKE is not up (IKE_SA is DOWN)"),
        (IKE_ONLY, (RETRANSMIT,), "IKE is up but there is no IPsec SA (CHILD_SA is DOWN)"),
    ],
)
def test_a_line_of_the_log_becomes_its_cause(sas: dict[str, Any], log: tuple[str, ...], cause: str) -> None:
    assert cause_of(state_of(sas, log=log)) == cause


TWO = ("10.0.0.0/16", "10.1.0.0/16")


@pytest.mark.parametrize(
    ("remote_cidrs", "routes", "changes", "cause"),
    [
        (TWO, TWO, {}, None),
        (TWO, ("10.0.0.0/8",), {}, None),
        (TWO, ("default",), {}, None),
        (TWO[:1], ("10.0.5.0/24",), {}, None),
        (TWO, TWO[:1], {}, "route missing: no route to 10.1.0.0/16 into the tunnel"),
        (TWO[:1], ("10.1.0.0/16",), {}, "route missing: no route to 10.0.0.0/16 into the tunnel"),
        (TWO, (), {}, "route missing: no route to 10.0.0.0/16, 10.1.0.0/16 into the tunnel"),
        (TWO, TWO, {"interface": "vpn2281"}, "interface vpn2281 is missing or down"),
    ],
)
def test_the_gateway_waits_for_what_the_verdict_asks(
    remote_cidrs: tuple[str, ...], routes: tuple[str, ...], changes: dict[str, Any], cause: str | None
) -> None:
    state = state_of(BOTH, routes=routes, remote_cidrs=list(remote_cidrs), **changes)
    assert (cause_of(state), status.is_up(state)) == (cause, cause is None)


def test_an_sa_for_a_part_of_the_networks() -> None:
    narrow = {**BOTH[NAME], "local_networks": ["0.0.0.0/0"], "remote_networks": ["10.0.0.0/16"]}
    wanted = {"local_network_cidr": "0.0.0.0/0", "remote_network_cidr": "0.0.0.0/0"}
    state = state_of({NAME: narrow}, routes=("10.0.0.0/16",), **wanted)
    assert not status.is_up(state)
    assert cause_of(state) == "the IPsec SA does not carry all of 0.0.0.0/0 (remote)"
