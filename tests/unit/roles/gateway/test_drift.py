# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is broken by hand on a gateway that works, one thing at a time: drift.py names it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.system

PROGRAM = "/usr/local/lib/aws-vpn/drift.py"
# The tunnels of these namespaces are cables, which are no interfaces of ours.
UP = """
import sys; sys.path.insert(0, "/usr/local/lib/aws-vpn")
import tunnels
gateway = tunnels.config()
tunnels.set_interface_settings(gateway["tunnels"])
tunnels.ip_batch(tunnels.inside_commands(gateway))
"""
TABLE = "2280"


@pytest.fixture
def gateway(world: World, role_files: Callable[..., dict[str, str]]) -> World:
    world.place(role_files(lan_address="10.20.0.1", unreachable_cidrs=["2001:db8:1::/56"]))
    for unit in ("aws-vpn-guard", "aws-vpn-firewall"):
        assert world.unit(unit) == 0
    world.plug()
    world.forward()
    world.set("gw", "ipv4/fib_multipath_hash_policy", "1")
    world.must("gw", "python3", "-I", "-c", UP)
    return world


def lines(world: World) -> set[str]:
    found = json.loads(world.must("gw", "python3", "-I", PROGRAM))
    return {each["line"] for each in found}


BREAKS: list[tuple[str, tuple[str, ...]]] = [
    ("nft flush ruleset", ("firewall: the nftables table inet aws_vpn is missing",)),
    ("nft flush chain inet aws_vpn forged", ("firewall: the nftables table inet aws_vpn is not as in",)),
    ("nft add element inet aws_vpn allowed { 10.99.0.0/16 }", ("firewall: the nftables table inet aws_vpn is not as",)),
    # The kernel then forwards nothing on any interface.
    (
        "sysctl -q -w net.ipv4.ip_forward=0",
        ("sysctl: net.ipv4.ip_forward is 0, not 1", "interfaces: forwarding of vpn"),
    ),
    ("sysctl -q -w net.ipv4.fib_multipath_hash_policy=0", ("sysctl: net.ipv4.fib_multipath_hash_policy is 0, not 1",)),
    ("sysctl -q -w net.ipv4.conf.vpn2280.forwarding=0", ("interfaces: forwarding of vpn2280 is not 1",)),
    ("ip route delete 10.0.0.0/16 table 2280", ("interfaces: to run: ip route replace 10.0.0.0/16 dev vpn2280",)),
    ("ip route add 10.7.0.0/16 dev eth0 table 2280 proto 141", ("interfaces: to run: ip route delete 10.7.0.0/16",)),
    (
        "ip route delete unreachable 10.0.0.0/16 metric 4278190080",
        ("interfaces: to run: ip route replace unreachable",),
    ),
    ("ip -6 route flush proto 141", ("interfaces: to run: ip route replace unreachable 2001:db8:1::/56",)),
    ("ip rule delete priority 901", ("interfaces: to run: ip rule add priority 901",)),
]


@pytest.mark.parametrize(("command", "said"), BREAKS, ids=[each[0] for each in BREAKS])
def test_one_thing_is_broken(gateway: World, command: str, said: tuple[str, ...]) -> None:
    before = lines(gateway)
    gateway.must("gw", "sh", "-c", command)
    new = lines(gateway) - before
    assert {begin for begin in said for line in new if line.startswith(begin)} == set(said)
    assert [line for line in new if not line.startswith(said)] == []


def entries(world: World) -> Iterator[dict[str, Any]]:
    yield from json.loads(world.must("gw", "python3", "-I", PROGRAM))


def test_nothing_else_differs(gateway: World) -> None:
    """But for the interfaces, which are cables here."""
    assert [each for each in lines(gateway) if " link " not in each and " address " not in each] == []
    assert {each["activates"] for each in entries(gateway)} <= {"interfaces"}
