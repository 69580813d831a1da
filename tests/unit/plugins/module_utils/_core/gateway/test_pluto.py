# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Libreswan says of its tunnels, as releases 4.10 and 5.2 do. All of it was recorded."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import pluto

NAME = "vpn-947c8081f78bd5c94-1"
OTHER = "vpn-947c8081f78bd5c94-2"

STATES_4 = """\
000 #26: "vpn-947c8081f78bd5c94-1":500 STATE_V2_PARENT_I1 (sent IKE_SA_INIT request); RETRANSMIT in 6s; idle;
000 #26: pending CHILD SA for "vpn-947c8081f78bd5c94-1"
000 #13: "vpn-947c8081f78bd5c94-2":500 STATE_V2_ESTABLISHED_IKE_SA (established IKE SA); REKEY in 26745s; newest; idle;
000 #14: "vpn-947c8081f78bd5c94-2":500 STATE_V2_ESTABLISHED_CHILD_SA (established Child SA); LIVENESS in 1s; IKE SA #13;
000 #14: "vpn-947c8081f78bd5c94-2" esp.c0863557@203.0.113.6 esp.631bd750@198.51.100.10 Traffic: ESPin=3KB ESPout=3KB
"""
TRAFFIC_4 = """\
006 #14: "vpn-947c8081f78bd5c94-2", type=ESP, add_time=1795818376, inBytes=3703, outBytes=3746, id='203.0.113.6'
"""
STATES_5 = """\
#21: "vpn-947c8081f78bd5c94-1":500 IKE_SA_INIT_I (sent IKE_SA_INIT request); RETRANSMIT in 7s; idle;
#21: pending Child SA for "vpn-947c8081f78bd5c94-1"
#2: "vpn-947c8081f78bd5c94-2":500 ESTABLISHED_IKE_SA (established IKE SA); REKEY in 26802s; REPLACE in 27414s; newest;
#24: "vpn-947c8081f78bd5c94-2":500 ESTABLISHED_CHILD_SA (established Child SA); REKEY in 2806s; IKE SA #2; idle;
#24: "vpn-947c8081f78bd5c94-2" esp.cf1e9ae6@203.0.113.6 esp.d693cef0@198.51.100.10 Traffic: ESPin=440B ESPout=421B
#26: "vpn-947c8081f78bd5c94-2":500 ESTABLISHED_CHILD_SA (established Child SA); newest; eroute owner; IKE SA #2; idle;
"""
TRAFFIC_5 = """\
#24: "vpn-947c8081f78bd5c94-2", type=ESP, add_time=1795818721, inBytes=440, outBytes=421, id='203.0.113.6'
#26: "vpn-947c8081f78bd5c94-2", type=ESP, add_time=1795818751, inBytes=563, outBytes=544, id='203.0.113.6'
"""
STATUS_4 = """\
000 Connection list:
000 \n\
000 "vpn-947c8081f78bd5c94-1": 0.0.0.0/0===198.51.100.10---198.51.100.10...203.0.113.2===0.0.0.0/0; erouted
000 "vpn-947c8081f78bd5c94-1":     oriented; my_ip=unset; their_ip=unset; my_updown=<disabled>;
000 "vpn-947c8081f78bd5c94-2": 0.0.0.0/0===198.51.100.10---198.51.100.10...203.0.113.6===0.0.0.0/0; unrouted
000 #28: "vpn-947c8081f78bd5c94-1":500 STATE_V2_ESTABLISHED_CHILD_SA (established Child SA); IKE SA #27; idle;
"""
STATUS_5 = """\
"vpn-947c8081f78bd5c94-1": 0.0.0.0/0===198.51.100.10---198.51.100.10...203.0.113.2===0.0.0.0/0; routed-tunnel;
"vpn-947c8081f78bd5c94-1":   host: oriented; local: 198.51.100.10; remote: 203.0.113.2; established IKE SA: #27;
#28: "vpn-947c8081f78bd5c94-1":500 ESTABLISHED_CHILD_SA (established Child SA); newest; IKE SA #27; idle;
"""


@pytest.mark.parametrize(
    ("states", "traffic", "bytes_in", "bytes_out"),
    [(STATES_4, TRAFFIC_4, 3703, 3746), (STATES_5, TRAFFIC_5, 1003, 965)],
    ids=["4.10", "5.2"],
)
def test_security_associations(states: str, traffic: str, bytes_in: int, bytes_out: int) -> None:
    found = pluto.security_associations(states, traffic)
    assert sorted(found) == [NAME, OTHER]
    assert (found[NAME]["ike"], found[NAME]["esp"], found[NAME]["bytes_in"]) == ("CONNECTING", "DOWN", 0)
    assert (found[OTHER]["ike"], found[OTHER]["esp"]) == ("ESTABLISHED", "INSTALLED")
    assert (found[OTHER]["bytes_in"], found[OTHER]["bytes_out"]) == (bytes_in, bytes_out)
    # It takes none for less than it has proposed.
    assert found[OTHER]["local_networks"] == []


def test_no_security_associations() -> None:
    assert pluto.security_associations("", "") == {}


@pytest.mark.parametrize(("text", "names"), [(STATUS_4, [NAME, OTHER]), (STATUS_5, [NAME]), ("", [])])
def test_loaded_connections(text: str, names: list[str]) -> None:
    assert pluto.loaded_connections(text) == names


SENT_4 = ["initiating IKEv2 connection", "sent IKE_SA_INIT request to 203.0.113.2:500"]
ANSWERED_4 = [*SENT_4, "sent IKE_AUTH request {cipher=AES_GCM_16_256 integ=n/a prf=HMAC_SHA2_384 group=DH20}"]
AGAIN_4 = "STATE_V2_PARENT_I1: retransmission; will wait 0.5 seconds for response"
REFUSED_4 = [
    "IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED",
    "encountered fatal error in state STATE_V2_PARENT_I2",
    "deleting IKE SA but connection is supposed to remain up; schedule EVENT_REVIVE_CONNS",
]
UP_4 = [
    *ANSWERED_4,
    "initiator established IKE SA; authenticated peer using authby=secret and ID_IPV4_ADDR '203.0.113.2'",
    "initiator established Child SA using #27; IPsec tunnel [0.0.0.0-255.255.255.255:0-65535 0] -> [0.0.0.0-255.255."
    "255.255:0-65535 0] {ESP=>0xc62e523c <0x0bf88fca xfrm=AES_GCM_16_256-NONE DPD=active}",
]
SENT_5 = ["initiating IKEv2 connection to 203.0.113.2 using UDP", "sent IKE_SA_INIT request to 203.0.113.2:UDP/500"]
ANSWERED_5 = [
    *SENT_5,
    "processed IKE_SA_INIT response from 203.0.113.2:UDP/500 {cipher=AES_GCM_16_256 integ=n/a prf=HMAC_SHA2_384"
    " group=DH20}, initiating IKE_AUTH",
]
AGAIN_5 = "IKE_SA_INIT_I: retransmission; will wait 16 seconds for response"
UP_5 = [
    *ANSWERED_5,
    "initiator established Child SA using #2; IPsec tunnel [0.0.0.0/0===0.0.0.0/0] {ESP=>0xc65a8719 <0x705bf015"
    " xfrm=AES_GCM_16_256-NONE-DH20 DPD=active}",
]
UNREACHABLE = (
    "ERROR: asynchronous network error report on eth0 (198.51.100.10:500), complainant 198.51.100.1: Network is"
    " unreachable [errno 101, origin ICMP type 3 code 0 (not authenticated)]"
)


def journal(*messages: str, name: str = NAME) -> list[str]:
    return [json.dumps({"MESSAGE": f'"{name}" #{number}: {text}'}) for number, text in enumerate(messages, 5)]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([*ANSWERED_4, *REFUSED_4], ["AUTHENTICATION_FAILED"]),
        (
            [
                *SENT_4,
                "authentication failed: no PSK found for '198.51.100.10'",
                "Failed to find our PreShared Key",
                "state transition function for STATE_V2_PARENT_I1 had internal error",
            ],
            ["NO_SHARED_KEY"],
        ),
        (
            [
                *SENT_4,
                "dropping unexpected IKE_SA_INIT message containing NO_PROPOSAL_CHOSEN notification; message payloads:"
                " N; missing payloads: SA,KE,Ni",
            ],
            ["NO_PROPOSAL_CHOSEN"],
        ),
        ([*ANSWERED_4, "IKE_AUTH response rejected Child SA with NO_PROPOSAL_CHOSEN"], ["NO_PROPOSAL_CHOSEN"]),
        ([*SENT_4, AGAIN_4], ["NO_ANSWER"]),
        ([*SENT_4, UNREACHABLE], ["NO_ANSWER"]),
        ([*SENT_4, AGAIN_4, *ANSWERED_4[-1:]], []),
        (
            [*UP_4[:-1], 'cannot route -- route already in use for "vpn-947c8081f78bd5c94-2"'],
            ["KERNEL_REFUSED"],
        ),
        (UP_4, []),
        ([*ANSWERED_4, *REFUSED_4, *SENT_4], ["AUTHENTICATION_FAILED"]),
        ([*ANSWERED_4, *REFUSED_4, *UP_4], []),
        (
            [
                *ANSWERED_5,
                "sent IKE_AUTH request to 203.0.113.2:UDP/500",
                "IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED",
            ],
            ["AUTHENTICATION_FAILED"],
        ),
        ([*ANSWERED_5, "authentication failed: no PSK found for '198.51.100.10'"], ["NO_SHARED_KEY"]),
        (
            [
                *SENT_5,
                "ignoring IKE_SA_INIT response containing NO_PROPOSAL_CHOSEN notification (Message ID 0; message"
                " payloads N, missing SA,KE,Ni)",
            ],
            ["NO_PROPOSAL_CHOSEN"],
        ),
        ([*ANSWERED_5, "IKE_AUTH response rejected Child SA with NO_PROPOSAL_CHOSEN"], ["NO_PROPOSAL_CHOSEN"]),
        (
            [*ANSWERED_5, "CREATE_CHILD_SA failed with error notification NO_PROPOSAL_CHOSEN"],
            ["NO_PROPOSAL_CHOSEN"],
        ),
        ([*SENT_5, AGAIN_5, "initiating IKEv2 connection to 203.0.113.2 using UDP", AGAIN_5], ["NO_ANSWER"]),
        (UP_5, []),
    ],
)
def test_evidence(messages: list[str], expected: list[str]) -> None:
    assert pluto.evidence(journal(*messages)) == {NAME: expected}


def test_evidence_is_kept_apart_by_connection() -> None:
    lines = [
        *journal(*ANSWERED_4, *REFUSED_4),
        *journal(*SENT_5, AGAIN_5, name=OTHER),
        json.dumps({"MESSAGE": 'ERROR: "vpn-0123456789abcdef0-1" #6: netlink response for Add SA esp.1@b: errno 22'}),
        json.dumps({"MESSAGE": "forgetting secrets"}),
        json.dumps({"MESSAGE": [1, 2]}),
        "not JSON",
    ]
    assert pluto.evidence(lines) == {
        NAME: ["AUTHENTICATION_FAILED"],
        OTHER: ["NO_ANSWER"],
        "vpn-0123456789abcdef0-1": ["KERNEL_REFUSED"],
    }
