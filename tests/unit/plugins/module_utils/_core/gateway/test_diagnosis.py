# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why packets do not pass a gateway: what nft, iptables and FRR print, read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.diagnosis import (
    bgp_reasons,
    dropping_chains,
)

ACCEPT: dict[str, Any] = {"accept": None}
COUNTER: dict[str, Any] = {"counter": {"packets": 0, "bytes": 0}}
REJECT: dict[str, Any] = {"reject": {"type": "icmpx", "expr": "admin-prohibited"}}
PORT: dict[str, Any] = {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}


def ruleset(policy: str, *rules: list[dict[str, Any]], table: str = "filter", hook: str = "forward") -> str:
    """One chain, as ``nft --json list ruleset`` prints it."""
    place = {"family": "inet", "table": table}
    chain = {**place, "name": hook, "handle": 1, "type": "filter", "hook": hook, "prio": 0, "policy": policy}
    listed = [{"rule": {**place, "chain": hook, "handle": 4, "expr": expr}} for expr in rules]
    return json.dumps({"nftables": [{"metainfo": {"version": "1.0.6"}}, {"table": place}, {"chain": chain}, *listed]})


@pytest.mark.parametrize(
    ("text", "endings"),
    [
        ("", []),
        ("not JSON", []),
        (ruleset("accept"), []),
        (ruleset("drop"), ["policy drop"]),
        (ruleset("drop", [PORT, ACCEPT]), ["policy drop"]),
        (ruleset("accept", [PORT, ACCEPT], [COUNTER, REJECT]), ["last rule reject"]),
        (ruleset("accept", [{"drop": None}]), ["last rule drop"]),
        (ruleset("accept", [PORT, {"drop": None}]), []),
        (ruleset("accept", [{"drop": None}], [PORT, ACCEPT]), []),
        (ruleset("drop", table="aws_vpn"), []),
        (ruleset("drop", hook="postrouting"), []),
    ],
)
def test_chains_that_drop_what_no_rule_accepts(text: str, endings: list[str]) -> None:
    assert [chain["ending"] for chain in dropping_chains(text)] == endings


def test_a_chain_is_named_as_nft_names_it() -> None:
    found = dropping_chains(ruleset("drop", hook="input"), legacy="-P INPUT ACCEPT\n-P FORWARD DROP\n-A FORWARD -j x\n")
    assert found == [
        {"hook": "input", "chain": "inet filter input", "ending": "policy drop"},
        {"hook": "forward", "chain": "FORWARD", "ending": "policy drop"},
    ]


@pytest.mark.parametrize(
    ("peer", "reason"),
    [
        ({}, None),
        ({"lastResetDueTo": "No AFI/SAFI activated for peer"}, None),
        ({"lastResetDueTo": "No path to specified Neighbor"}, "No path to specified Neighbor"),
        (
            {"lastResetDueTo": "BGP Notification send", "lastNotificationReason": "OPEN Message Error/Bad Peer AS"},
            "sent OPEN Message Error/Bad Peer AS",
        ),
        (
            {"lastResetDueTo": "BGP Notification received", "lastNotificationReason": "Cease/Administrative Shutdown"},
            "received Cease/Administrative Shutdown",
        ),
        # An older notification is not why the session ended.
        ({"lastResetDueTo": "Interface down", "lastNotificationReason": "Hold Timer Expired"}, "Interface down"),
    ],
)
def test_why_a_session_ended(peer: dict[str, Any], reason: str | None) -> None:
    found = bgp_reasons(json.dumps({"169.254.20.1": {"bgpState": "Idle", **peer}, "vrfId": 0}))
    assert found.get("169.254.20.1") == reason
