# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which chains of an owner's firewall the role opens, and which it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import firewalls


def chain(name: str, hook: str, policy: str = "drop") -> dict[str, Any]:
    family, table, own = name.split()
    return {"chain": {"family": family, "table": table, "name": own, "hook": hook, "policy": policy}}


def rule(name: str, *expressions: dict[str, Any]) -> dict[str, Any]:
    family, table, own = name.split()
    return {"rule": {"family": family, "table": table, "chain": own, "expr": list(expressions)}}


def ruleset(*entries: dict[str, Any]) -> str:
    return json.dumps({"nftables": list(entries)})


FORWARD = chain("inet filter forward", "forward")
DOCKER = chain("ip filter FORWARD", "forward")
THROUGH = rule(
    "ip filter DOCKER-USER", {"match": {"left": {"meta": {"key": "iifname"}}, "right": "vpn*"}}, {"accept": None}
)
OF_LIBRESWAN = rule(
    "ip filter DOCKER-USER", {"match": {"left": {"meta": {"key": "iifname"}}, "right": "ipsec*"}}, {"accept": None}
)
PORTS = {"match": {"left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": {"set": [500, 4500]}}}


@pytest.mark.parametrize(
    ("has_firewalld", "ufw", "expected"),
    [
        (True, "ENABLED=yes\n", "firewalld"),
        (False, "# comment\nENABLED=yes\n", "ufw"),
        (False, "ENABLED=no\n", "nftables"),
        (False, "", "nftables"),
    ],
)
def test_who_manages_the_firewall(has_firewalld: bool, ufw: str, expected: str) -> None:
    assert firewalls.manager(has_firewalld, ufw) == expected


def test_the_chains_of_the_file_are_opened_whether_they_are_loaded_or_not() -> None:
    for loaded in (ruleset(FORWARD), ruleset(), ""):
        found = firewalls.firewall("nftables", loaded, "", ruleset(FORWARD))
        assert [each["chain"] for each in found["chains"]] == ["inet filter forward"]
        assert found["closed"] == []


@pytest.mark.parametrize(
    ("manager", "entries", "legacy", "closed"),
    [
        ("nftables", [DOCKER], "", ["ip filter FORWARD"]),
        ("nftables", [DOCKER, THROUGH], "", []),
        ("nftables", [chain("inet mine in", "input")], "", ["inet mine in"]),
        ("nftables", [chain("inet mine in", "input"), rule("inet mine more", PORTS, {"accept": None})], "", []),
        (
            "nftables",
            [chain("inet mine in", "input"), rule("inet other in", PORTS, {"accept": None})],
            "",
            ["inet mine in"],
        ),
        ("nftables", [chain("ip6 filter FORWARD", "forward"), chain("inet aws_vpn a", "input")], "", []),
        ("nftables", [chain("inet filter forward", "forward", policy="accept")], "", []),
        ("nftables", [], "-P FORWARD DROP\n-A FORWARD -i eth1 -j ACCEPT\n", ["FORWARD"]),
        ("nftables", [], "-P FORWARD DROP\n-A FORWARD -i vpn+ -j ACCEPT\n", []),
        ("nftables", [], "-P FORWARD DROP\n-A FORWARD -i ipsec2280 -j ACCEPT\n", []),
        ("nftables", [DOCKER, OF_LIBRESWAN], "", []),
        ("ufw", [DOCKER, chain("ip filter INPUT", "input")], "", []),
        ("ufw", [], "-P INPUT DROP\n-P FORWARD DROP\n", []),
        ("ufw", [FORWARD], "", ["inet filter forward"]),
        ("firewalld", [chain("inet firewalld filter_FORWARD", "forward")], "", []),
        ("firewalld", [DOCKER], "", ["ip filter FORWARD"]),
    ],
)
def test_chains_of_others(manager: str, entries: list[dict[str, Any]], legacy: str, closed: list[str]) -> None:
    found = firewalls.firewall(manager, ruleset(*entries), legacy, "")
    assert [each["chain"] for each in found["closed"]] == closed
    assert found["chains"] == []
