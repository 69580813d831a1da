# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall of an owner that drops what no rule accepts: it is open for the tunnels, and for nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import firewalls
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.files import with_block

if TYPE_CHECKING:
    from conftest import World

RULES = "nft --json list ruleset"
OWNER = """#!/usr/sbin/nft -f
flush ruleset
table inet filter {
  chain input { type filter hook input priority filter; policy drop; ct state established,related accept; }
  chain forward { type filter hook forward priority filter; policy drop; }
  chain output { type filter hook output priority filter; policy drop; }
}
table ip nat {
  chain postrouting { type nat hook postrouting priority srcnat; policy accept; }
}
"""
PROGRAMS = "/usr/local/lib/aws-vpn"
GATEWAY, PEER, STRANGER = "198.51.100.10", "203.0.113.2", "192.0.2.66"
UDP, ESP = 17, 50
ALONE = f"nft --file - && {RULES}"


def program(world: World, call: str) -> None:
    world.must("gw", "python3", "-I", "-c", f"import sys; sys.path.insert(0, {PROGRAMS!r}); import openings; {call}")


def reaches(world: World, source: str, protocol: int, port: int) -> bool:
    """Whether a packet comes through the firewall of the gateway; it comes to the gateway in any case."""
    wire, host = (world.seen("gw", where).get((source, GATEWAY), 0) for where in ("wire", "host"))
    world.send("internet", (source, GATEWAY, protocol, port))
    assert world.arrives("gw", source, GATEWAY, beyond=wire)
    return world.seen("gw", "host").get((source, GATEWAY), 0) > host


def pings(world: World, namespace: str, address: str) -> bool:
    return world.run(namespace, "ping", "-q", "-c", "1", "-W", "1", address).returncode == 0


def is_open(world: World) -> dict[str, bool]:
    return {
        "IKE": reaches(world, PEER, UDP, 500) and reaches(world, PEER, UDP, 4500),
        "ESP": reaches(world, PEER, ESP, 0),
        "through": pings(world, "lan", "10.0.0.100"),
        "back": pings(world, "aws1", "10.20.0.10"),
        "from the gateway": pings(world, "gw", "169.254.20.1"),
        "to the gateway": pings(world, "aws1", "169.254.20.2"),
        "other ports": reaches(world, PEER, UDP, 9),
        "others": reaches(world, STRANGER, UDP, 500) or reaches(world, STRANGER, ESP, 0),
        "other networks": pings(world, "lan", "198.51.100.1"),
    }


CLOSED = dict.fromkeys(
    ("IKE", "ESP", "through", "back", "from the gateway", "to the gateway", "other ports", "others", "other networks"),
    False,
)
TUNNELS = {**CLOSED, **dict.fromkeys(("IKE", "ESP", "through", "back", "from the gateway", "to the gateway"), True)}


@pytest.mark.system
def test_nftables_is_opened_now_and_at_boot_and_closed_again(world: World, role_files: Any) -> None:
    alone = world.must("", "unshare", "--net", "--", "sh", "-c", ALONE, given=OWNER)
    found = firewalls.firewall("nftables", alone, "", alone)
    assert [chain["chain"] for chain in found["chains"]] == [
        f"inet filter {name}" for name in ("input", "forward", "output")
    ]
    assert found["closed"] == []
    files = role_files(firewall=found)
    world.place(files)
    world.plug()
    world.forward()
    world.use_tunnels()
    counters = world.must("gw", "nft", "list", "table", "inet", "seen")
    world.must("gw", "nft", "-f", "-", given=OWNER + counters)
    assert is_open(world) == CLOSED
    names = [chain["chain"] for chain in found["chains"]]
    assert not_open(world) == set(names)
    for _again in range(2):
        program(world, "openings.apply({'openings'})")
        assert is_open(world) == TUNNELS
        assert not_open(world) == set()
    world.must("gw", "nft", "flush", "chain", "inet", "filter", "forward")
    assert not_open(world) == {"inet filter forward"}
    program(world, "openings.apply({'openings'})")
    opened = rules(world)
    program(world, "openings.close(set())")
    assert is_open(world) == CLOSED
    # At boot the file does the same.
    world.must("gw", "nft", "-f", "-", given=with_block(OWNER, files["/etc/nftables.conf"], "#") + counters)
    assert rules(world) == opened
    assert is_open(world) == TUNNELS


def not_open(world: World) -> set[str]:
    """What the comparison of the gateway with its files says of them."""
    lines = (each["line"] for each in json.loads(world.must("gw", "python3", "-I", f"{PROGRAMS}/drift.py")))
    return {line[len("firewall: the chain ") : line.index(" is not open")] for line in lines if "is not open" in line}


def rules(world: World) -> set[str]:
    loaded = json.loads(world.must("gw", *RULES.split()))["nftables"]
    own = [entry["rule"] for entry in loaded if entry.get("rule", {}).get("table") == "filter"]
    return {json.dumps([rule["chain"], rule["expr"]]) for rule in own}


def test_a_chain_that_is_not_loaded_now_is_left_to_its_file(role_files: Any) -> None:
    chains = [{"hook": "forward", "chain": "inet filter forward", "ending": "policy drop"}]
    files = role_files(firewall={"chains": chains})
    block = files["/etc/nftables.conf"]
    assert (
        block
        == 'insert rule inet filter forward iifname { "vpn2280", "vpn2281" } accept comment "hybridnet.aws_vpn"\n'
        + ('insert rule inet filter forward oifname { "vpn2280", "vpn2281" } accept comment "hybridnet.aws_vpn"\n')
    )
    assert files["/etc/aws-vpn/openings.nft"].endswith(block)


def test_a_host_without_a_firewall_gets_no_openings(role_files: Any) -> None:
    files = role_files()
    assert not {"/etc/nftables.conf", "/etc/ufw/before.rules"} & set(files)
    assert not [path for path in files if "firewalld" in path]


def test_ufw_is_opened_in_its_file(role_files: Any) -> None:
    lines = role_files(firewall={"manager": "ufw"})["/etc/ufw/before.rules"].splitlines()
    assert (lines[0], lines[-1]) == ("*filter", "COMMIT")
    assert {line.split()[1] for line in lines[1:-1]} == {
        f"ufw-before-{name}" for name in ("input", "forward", "output")
    }
    assert f"-A ufw-before-input -s {PEER} -p udp -m multiport --dports 500,4500 -j ACCEPT" in lines
    assert "-A ufw-before-forward -i vpn2281 -j ACCEPT" in lines
    assert all(line.endswith("-j ACCEPT") for line in lines[1:-1])
