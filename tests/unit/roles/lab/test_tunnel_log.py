# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What charon and BIRD of an endpoint were seen to write in the lab becomes AWS's lines, and nothing else does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

WORLD = Path(__file__).resolve().parents[4] / "roles/lab/files/world"
CGW = "198.51.100.10"

# Lines of strongSwan 6.0 without their times and threads.
STARTED = [
    "[DMN] Starting charon-systemd IKE daemon (strongSwan 6.0.1, Linux 6.1.0, x86_64)",
    "[CFG] loaded IKE shared key for: '203.0.113.2', '198.51.100.10'",
]
BEGUN = [
    "[NET] received packet: from 198.51.100.10[500] to 203.0.113.2[500] (296 bytes)",
    "[ENC] parsed IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(HASH_ALG) N(REDIR_SUP) ]",
    "[IKE] 198.51.100.10 is initiating an IKE_SA",
]
WRONG_KEY = [
    *BEGUN,
    "[CFG] selected peer config 'vpn'",
    "[IKE] tried 1 shared key for '203.0.113.2' - '198.51.100.10', but MAC mismatched",
    "[ENC] generating IKE_AUTH response 1 [ N(AUTH_FAILED) ]",
]
NO_MATCH = [
    *BEGUN,
    "[CFG] received proposals: IKE:AES_GCM_16_256/PRF_HMAC_SHA2_384/ECP_384",
    "[CFG] configured proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024_160",
    "[IKE] received proposals unacceptable",
    "[ENC] generating IKE_SA_INIT response 0 [ N(NO_PROP) ]",
]
UP = [
    *BEGUN,
    "[IKE] remote host is behind NAT",
    "[IKE] authentication of '198.51.100.10' with pre-shared key successful",
    "[IKE] IKE_SA vpn[1] established between 203.0.113.2[203.0.113.2]...198.51.100.10[198.51.100.10]",
    "[IKE] CHILD_SA vpn{1} established with SPIs cf3ddcb5_i c2b9cee1_o and TS 0.0.0.0/0 === 0.0.0.0/0",
    "[ENC] generating IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]",
    "[IKE] sending DPD request",
    "[ENC] generating INFORMATIONAL request 0 [ ]",
]
REKEYED = [
    "[ENC] parsed CREATE_CHILD_SA request 20 [ N(REKEY_SA) SA No TSi TSr ]",
    "[IKE] CHILD_SA vpn{2} established with SPIs c1111111_i c2222222_o and TS 0.0.0.0/0 === 0.0.0.0/0",
    "[ENC] generating CREATE_CHILD_SA response 20 [ SA No TSi TSr ]",
    "[IKE] received DELETE for ESP CHILD_SA with SPI c2b9cee1",
    "[IKE] closing CHILD_SA vpn{1} with SPIs cf3ddcb5_i (84 bytes) c2b9cee1_o (84 bytes) and TS 0.0.0.0/0",
]
LEFT = [
    "[IKE] received DELETE for IKE_SA vpn[1]",
    "[IKE] deleting IKE_SA vpn[1] between 203.0.113.2[203.0.113.2]...198.51.100.10[198.51.100.10]",
    "[IKE] IKE_SA deleted",
]

MISMATCH = f"AWS tunnel detected a pre-shared key mismatch with cgw: {CGW}"
REFUSED = "AWS tunnel is sending AUTHENTICATION_FAILED as the response"
PHASES = ("ike_phase1_state", "ike_phase2_state")


@pytest.fixture(scope="module")
def tunnel_log() -> Iterator[ModuleType]:
    sys.path.insert(0, str(WORLD))
    yield import_module("tunnel_log")
    sys.path.remove(str(WORLD))


def charon(*said: str) -> list[str]:
    return [f"2026-11-28T02:42:{second % 60:02}+0000 06{line}" for second, line in enumerate(said)]


def short(records: Iterator[dict[str, Any]]) -> list[tuple[str, str]]:
    """The details and the two states."""
    return [(record["details"], "/".join(record[phase] for phase in PHASES)) for record in records]


@pytest.mark.parametrize(
    ("said", "records"),
    [
        (STARTED, []),
        (WRONG_KEY, [(MISMATCH, "Negotiating/Negotiating"), (REFUSED, "Down/Down")]),
        (
            NO_MATCH,
            [
                ("No Proposal Match Found by AWS", "Negotiating/Negotiating"),
                ('No Proposal Match Found. Notifying with "No proposal chosen"', "Down/Down"),
            ],
        ),
        # AWS documents no words for a tunnel that comes up, nor for DPD that is answered.
        (UP, []),
        (
            [*UP, *REKEYED],
            [
                ("AWS tunnel processed request (id=20) for CREATE_CHILD_SA", "Established/Established"),
                ("AWS tunnel is sending response (id=20) for CREATE_CHILD_SA", "Established/Established"),
                ("AWS tunnel received DELETE for Phase 2 SA with SPI: 0xc2b9cee1", "Established/Established"),
            ],
        ),
        ([*UP, *LEFT], [("AWS tunnel received DELETE for IKE_SA from CGW", "Down/Down")]),
        ([*UP, "[IKE] giving up after 3 retransmits"], [("AWS tunnel DPD timed out after 3 retransmits", "Down/Down")]),
        (
            [*BEGUN, "[JOB] deleting half open IKE_SA with 198.51.100.10 after timeout"],
            [(f"AWS tunnel Timeout: deleting un-established Phase 1 IKE_SA with cgw: {CGW}", "Down/Down")],
        ),
        (
            [*UP[:-4], "[IKE] failed to establish CHILD_SA, keeping IKE_SA"],
            [("AWS tunnel Phase 2 was unable to establish while keeping Phase 1", "Established/Down")],
        ),
        # The daemon began again.
        ([*UP, *STARTED, *WRONG_KEY], [(MISMATCH, "Negotiating/Negotiating"), (REFUSED, "Down/Down")]),
    ],
)
def test_activity(tunnel_log: ModuleType, said: list[str], records: list[tuple[str, str]]) -> None:
    assert short(tunnel_log.activity(charon(*said), CGW, True)) == records


def test_fields_of_activity(tunnel_log: ModuleType) -> None:
    (record,) = tunnel_log.activity(["no line of charon", *charon(*UP, *LEFT)], CGW, False)
    assert {name: record[name] for name in ("log", "dpd_enabled", "nat_t_detected")} == {
        "log": "tunnel",
        "dpd_enabled": False,
        "nat_t_detected": True,
    }
    assert record["at"] == 1795833730.0


N = "169.254.20.2"
LOST = f"AWS-side peer BGP session state has changed from Connect to Active with neighbor {N}"
CONNECTS = f"AWS-side peer is initiating a connection (via Connect) to neighbor {N}"
CONNECTING = f"<TRACE> customer: Connecting to {N} from local address 169.254.20.1"


@pytest.mark.parametrize(
    ("said", "records"),
    [
        (["<INFO> Started", "<TRACE> vpc: BGP session established", "<TRACE> customer: Started"], []),
        ([CONNECTING, "<TRACE> customer: Connection lost (No route to host)"], [("DOWN", CONNECTS), ("DOWN", LOST)]),
        (
            [CONNECTING, "<TRACE> customer: Connected", "<TRACE> customer: BGP session established"],
            [
                ("DOWN", CONNECTS),
                (
                    "UP",
                    f"AWS-side peer BGP session state has changed from OpenConfirm to Established with neighbor {N}",
                ),
            ],
        ),
        # The other one of two connections was taken.
        (
            [
                "<TRACE> customer: Connection collision, giving up this connection",
                "<TRACE> customer: Connection closed",
            ],
            [],
        ),
        (
            ["<RMT> customer: Error: Bad peer AS: 65099", "<TRACE> customer: Down"],
            [
                (
                    "DOWN",
                    f"AWS-side peer detected a bad OPEN message from neighbor {N} - remote AS is 65099, expected 65010",
                )
            ],
        ),
        (
            ["<RMT> customer: Error: Hold timer expired"],
            [("DOWN", f"AWS-side peer sent a Hold Timer Expired notification to neighbor {N}")],
        ),
        (
            ["<RMT> customer: Received: Administrative shutdown", "<TRACE> customer: BGP session closed"],
            [
                ("DOWN", f"AWS-side peer received notification 6/2 (Cease/Administrative Shutdown) from neighbor {N}"),
                ("DOWN", f"AWS-side peer BGP session state has changed from Established to Idle with neighbor {N}"),
            ],
        ),
    ],
)
def test_bgp(tunnel_log: ModuleType, said: list[str], records: list[tuple[str, str]]) -> None:
    lines = [f"2026-11-28 02:43:{second:02}.679 {line}" for second, line in enumerate(said)]
    found = list(tunnel_log.bgp(lines, N, 65010))
    assert [(record["status"], record["details"]) for record in found] == records
    assert {record["log"] for record in found} <= {"bgp"}


def test_no_line_of_a_log_is_passed_on(tunnel_log: ModuleType) -> None:
    """Only what AWS says travels: an endpoint knows its key."""
    lines = [line.replace("vpn", "MARKER_psk.1") for line in charon(*STARTED, *WRONG_KEY, *UP, *LEFT)]
    assert "MARKER_psk.1" not in str(list(tunnel_log.activity(lines, CGW, True)))
