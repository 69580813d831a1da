# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that a tunnel carries, on the gateway."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import peers
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.settings import Settings

NAME = "vpn-0123456789abcdef0-1"
ANSWERED = {"source": "169.254.20.2", "target": "169.254.20.1", "is_answered": True}


def tunnel(local: str | None = None, remote: str | None = None, **changes: Any) -> dict[str, Any]:
    """A tunnel with static routing that carries these networks."""
    return {
        "vpn_connection_id": "vpn-0123456789abcdef0",
        "number": 1,
        "outside_address": "203.0.113.2",
        "customer_address": "198.51.100.10",
        "inside_cidr": "169.254.20.0/30",
        "aws_inside_address": "169.254.20.1",
        "customer_inside_address": "169.254.20.2",
        "routing": "static",
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "options": {},
        "connection_options": {"local_ipv4_network_cidr": local, "remote_ipv4_network_cidr": remote},
        **changes,
    }


def peer(*arguments: Any, settings: Settings | None = None, **changes: Any) -> dict[str, Any]:
    (found,) = peers.peers([tunnel(*arguments, **changes)], settings or Settings())
    return found


def problems(*arguments: Any, **changes: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refusal:
        peer(*arguments, **changes)
    return [problem.removeprefix(f"{NAME}: ") for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("local", "remote", "keepalive"),
    [
        (None, None, ANSWERED),
        ("0.0.0.0/0", "128.0.0.0/1", ANSWERED),
        (
            "10.20.0.0/15",
            "10.0.0.0/8",
            {"source": "10.20.0.0", "target": "10.0.0.0", "is_answered": False},
        ),
        ("10.20.0.0/15", None, {"source": "10.20.0.0", "target": "169.254.20.1", "is_answered": False}),
        (None, "10.0.0.0/8", {"source": "169.254.20.2", "target": "10.0.0.0", "is_answered": False}),
    ],
)
def test_what_aws_carries_is_what_the_gateway_proposes(local: Any, remote: Any, keepalive: dict[str, Any]) -> None:
    changes = {"remote_cidrs": ["172.16.0.0/12"]} if remote == "128.0.0.0/1" else {}
    found = peer(local, remote, **changes)
    assert (found["local_network_cidr"], found["remote_network_cidr"]) == (local or "0.0.0.0/0", remote or "0.0.0.0/0")
    assert found["keepalive"] == keepalive


def test_an_older_result_without_the_options_of_the_connection_carries_all() -> None:
    assert peer(connection_options=None)["local_network_cidr"] == "0.0.0.0/0"


def test_the_gateway_keeps_a_tunnel_up_from_its_own_address() -> None:
    lan = {"settings": Settings(lan_address="10.20.0.1")}
    assert peer("10.20.0.0/16", **lan)["keepalive"]["source"] == "10.20.0.1"
    # Not from an address that the tunnel does not carry.
    assert peer("10.20.0.0/16", settings=Settings(lan_address="192.168.1.1"))["keepalive"]["source"] == "10.20.0.0"
    assert peer("10.20.0.0/16", local_cidrs=[])["keepalive"]["source"] == "10.20.0.0"


@pytest.mark.parametrize(
    ("arguments", "changes", "expected"),
    [
        (
            ("10.20.0.0/17", None),
            {},
            ["local CIDR 10.20.0.0/16 is not in 10.20.0.0/17, all that the tunnel carries (local_ipv4_network_cidr of"
             " the connection)"],
        ),
        (
            (None, "10.0.0.0/17"),
            {},
            ["remote CIDR 10.0.0.0/16 is not in 10.0.0.0/17, all that the tunnel carries (remote_ipv4_network_cidr of"
             " the connection)"],
        ),
        (
            ("10.20.0.0/16", "10.0.0.0/16"),
            {"routing": "bgp", "customer_asn": 65010, "amazon_side_asn": 64512},
            ["the tunnel carries only 10.20.0.0/16 to 10.0.0.0/16, and the BGP session needs 169.254.20.0/30: set"
             " local_ipv4_network_cidr and remote_ipv4_network_cidr of the connection to 0.0.0.0/0"],
        ),
    ],
)  # fmt: skip
def test_networks_that_the_tunnel_does_not_carry_are_refused(
    arguments: Any, changes: dict[str, Any], expected: list[str]
) -> None:
    assert problems(*arguments, **changes) == expected


def test_a_value_that_is_no_network_is_refused() -> None:
    (problem,) = problems("10.20.0.0/16 }", None)
    assert problem.endswith(": local_ipv4_network_cidr '10.20.0.0/16 }' is not an IPv4 network, or has host bits set")
