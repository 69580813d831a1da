# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures of a tunnel whose IPsec SA is there, from what FRR, nft and ping print to the words of the verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import charon, diagnosis, status
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._module.entries import ping_probe

from .builders import judged, telemetry, tunnel

NAME, NEIGHBOR = "vpn-0123456789abcdef0-1", "169.254.20.1"
PEER = {
    "name": NAME,
    "interface": "vpn2280",
    "outside_address": "203.0.113.2",
    "bgp_neighbor": NEIGHBOR,
    "remote_cidrs": ["10.0.0.0/16"],
    "local_network_cidr": "0.0.0.0/0",
    "remote_network_cidr": "0.0.0.0/0",
}
SA = """list-sa event {{
  {name} {{
    state = ESTABLISHED
    child-sas {{
      {name}-2 {{
        state = INSTALLED
        bytes-in = {received}
        bytes-out = {sent}
        local-ts = [
          0.0.0.0/0
        ]
        remote-ts = [
          {remote}
        ]
      }}
    }}
  }}
}}
"""
ANSWERED = "5 packets transmitted, 5 received, 0% packet loss, time 804ms\nrtt min/avg/max/mdev = 2.1/3.2/4.8/0.9 ms\n"
UNANSWERED = "5 packets transmitted, 0 received, 100% packet loss, time 4081ms\n"
UP = {"state": "Established", "pfxRcd": 1, "pfxSnt": 1}
RULES = {
    "nftables": [
        {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "hook": "forward", "policy": "drop"}},
        {"chain": {"family": "inet", "table": "aws_vpn", "name": "forged", "hook": "prerouting", "policy": "accept"}},
    ]
}


def neighbor(ended: str, notification: str = "") -> dict[str, str]:
    return {"lastResetDueTo": ended, "lastNotificationReason": notification}


def pinged(output: str, **more: Any) -> dict[str, Any]:
    sent, received, _rtt = ping_probe.parse(output) or (0, 0, None)
    probe = {"outside_address": "203.0.113.2", "sent": sent, "received": received}
    return {"source": "10.20.0.10", "address": "10.0.0.100", "probes": [probe], **more}


def cause(
    *,
    bgp: dict[str, Any] | None = None,
    session: dict[str, str] | None = None,
    sent: int = 900,
    received: int = 900,
    remote: str = "0.0.0.0/0",
    host: str = ANSWERED,
    gateway: str = ANSWERED,
    rules: dict[str, Any] | None = None,
    forwards: bool = True,
) -> str:
    """What the verdict says of a tunnel of which the tools print this."""
    sessions = status.bgp_sessions(json.dumps({"peers": {NEIGHBOR: bgp or UP}}))
    for name, reason in diagnosis.bgp_reasons(json.dumps({NEIGHBOR: session or {}})).items():
        sessions[name]["reason"] = reason
    seen: dict[str, Any] = {
        "sas": charon.security_associations(SA.format(name=NAME, sent=sent, received=received, remote=remote)),
        "bgp": sessions,
        "routes": {},
        "links": {"vpn2280": {"up": True, "mtu": 1446}},
        "daemon_running": True,
        "loaded": [NAME],
        "evidence": {},
    }
    looked = {
        "ipsec_capable": True,
        "host": {"forwards": forwards},
        "dropping_chains": diagnosis.dropping_chains(json.dumps(rules or {})),
        "tunnels": [status.tunnel(PEER, seen)],
    }
    result = judged(
        {"berlin": {"routing": "bgp", "tunnels": [tunnel()]}},
        {"berlin": looked},
        [telemetry()],
        {"berlin": pinged(host, item={"site_host": "site-host"})},
        from_gateway={"berlin": pinged(gateway)},
    )
    return str(result["rows"][0]["cause"])


DOWN = "IPsec is up but BGP is down"


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({}, "None"),
        # A firewall lets IKE pass, and drops ESP on the way back.
        (
            {"bgp": {"state": "Connect"}, "received": 0, "host": UNANSWERED, "gateway": UNANSWERED},
            "ESP does not come back: the gateway sent 900 bytes and received none",
        ),
        # The selectors of the connection in AWS are narrower: BGP cannot pass.
        (
            {"bgp": {"state": "Connect"}, "remote": "10.0.0.0/16"},
            "the IPsec SA does not carry all of 0.0.0.0/0 (remote)",
        ),
        ({"bgp": {"state": "Idle (PfxCt)"}}, f"{DOWN}: AWS announced more networks than the gateway accepts"),
        ({"bgp": {"state": "Idle (Admin)"}}, f"{DOWN}: the session is shut down on the gateway (Idle (Admin))"),
        (
            {
                "bgp": {"state": "Idle"},
                "session": neighbor("BGP Notification send", "OPEN Message Error/Bad Peer AS"),
            },
            f"{DOWN}: the ASNs do not agree (Idle, sent OPEN Message Error/Bad Peer AS)",
        ),
        (
            {"bgp": {"state": "Active"}, "session": neighbor("BGP Notification send", "Hold Timer Expired")},
            f"{DOWN}: nothing came from AWS any more (Active, sent Hold Timer Expired)",
        ),
        (
            {
                "bgp": {"state": "Active"},
                "session": neighbor("BGP Notification received", "Cease/Maximum Number of Prefixes Reached"),
            },
            f"{DOWN}: the gateway announced more networks than AWS accepts",
        ),
        # A policy of FRR lets nothing out, or in.
        ({"bgp": {**UP, "pfxSnt": 0}}, "route missing: the gateway announces no network over BGP"),
        ({"bgp": {**UP, "pfxRcd": 0}}, "route missing: AWS announces no network over BGP"),
        ({"host": UNANSWERED, "forwards": False}, "the gateway does not forward packets: net.ipv4.ip_forward is 0"),
        (
            {"host": UNANSWERED, "rules": RULES},
            "the firewall of the gateway drops forwarded packets: chain ip filter FORWARD (policy drop)",
        ),
        ({"host": UNANSWERED}, "pings of the gateway pass, those from 10.20.0.10 do not: 0/5 answered"),
        # A security group in AWS: ESP comes back, for BGP, and no ping is answered.
        ({"host": UNANSWERED, "gateway": UNANSWERED, "rules": RULES}, "ping lost on the way out: 0/5 answered"),
    ],
)
def test_a_failure_has_its_words(seen: dict[str, Any], words: str) -> None:
    assert cause(**seen).startswith(words)
