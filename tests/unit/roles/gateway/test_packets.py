# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guard and packet filter of a gateway: real packets through namespaces, counted where they arrive."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.system

IPV6 = "2001:db8:a::/56"
# In networks in AWS, and elsewhere.
VPC, VPC6, OTHER, OTHER6 = "10.0.0.50", "2001:db8:a::50", "192.0.2.50", "2001:db8:b::50"
# A packet to these shows that the way is open.
OPEN, OPEN6 = "192.0.2.99", "2001:db8:c::99"
LAN, LAN6 = "10.20.0.10", "2001:db8:20::10"
GATEWAY = "198.51.100.10"
UDP = 17
PROGRAMS = "/usr/local/lib/aws-vpn"


def leaked(world: World) -> set[str]:
    """Which addresses the packets of the LAN and of the gateway itself reach over the internet."""
    before = world.seen("internet")
    world.send("lan", *((LAN6 if ":" in target else LAN, target, UDP, 9) for target in (VPC, VPC6, OTHER, OTHER6)))
    world.send("gw", *(("", target, UDP, 9) for target in (VPC, VPC6, OTHER, OTHER6)))
    world.send("lan", (LAN, OPEN, UDP, 9), (LAN6, OPEN6, UDP, 9))
    world.send("gw", ("", OPEN, UDP, 9))
    for source, target in ((LAN, OPEN), (LAN6, OPEN6), (GATEWAY, OPEN)):
        assert world.arrives("internet", source, target, beyond=before.get((source, target), 0))
    more = {ends for ends, count in world.seen("internet").items() if count > before.get(ends, 0)}
    return {target for _source, target in more} & {VPC, VPC6, OTHER, OTHER6}


NOTHING = {OTHER, OTHER6}
UNITS = ("aws-vpn-guard", "aws-vpn-firewall", "aws-vpn")


def boot(world: World) -> None:
    """Guard and firewall, then the network, then the tunnels. These fail: other interfaces have their names."""
    world.unit("aws-vpn-guard")
    world.unit("aws-vpn-firewall")
    world.plug()
    world.forward()
    assert world.unit("aws-vpn") != 0


def test_nothing_leaks_at_boot_and_after_a_failed_start(world: World, role_files: Any) -> None:
    world.place(role_files(unreachable_cidrs=[IPV6]))
    boot(world)
    assert leaked(world) == NOTHING


@pytest.mark.parametrize("action", ["ExecStop", "ExecReload"])
def test_nothing_leaks_when_a_unit_stops_restarts_or_reloads(world: World, role_files: Any, action: str) -> None:
    world.place(role_files(unreachable_cidrs=[IPV6]))
    boot(world)
    for name in UNITS:
        world.unit(name, action)
        assert leaked(world) == NOTHING, name
        world.unit(name)
        assert leaked(world) == NOTHING, name


def test_nothing_leaks_when_the_interfaces_go_down(world: World, role_files: Any) -> None:
    world.place(role_files(unreachable_cidrs=[IPV6]))
    boot(world)
    world.use_tunnels()
    for name in ("vpn2280", "vpn2281"):
        world.must("gw", "ip", "link", "delete", name)
    assert leaked(world) == NOTHING


def test_nothing_leaks_when_all_tables_of_nftables_are_removed(world: World, role_files: Any) -> None:
    world.place(role_files(unreachable_cidrs=[IPV6]))
    boot(world)
    world.must("gw", "nft", "flush", "ruleset")
    world.must("gw", "nft", "add", "table", "inet", "seen")
    assert leaked(world) == NOTHING


@pytest.mark.parametrize("action", ["ExecStartPost", "ExecReload", "ExecStopPost"])
def test_the_table_comes_back_with_nftables(world: World, role_files: Any, action: str) -> None:
    """nftables.service removes all tables when it starts, reloads and stops."""
    files = role_files()
    (drop_in,) = [path for path in files if path.endswith("nftables.service.d/aws-vpn.conf")]
    world.place({**files, "/etc/systemd/system/nftables.service": files[drop_in]})
    boot(world)
    before = world.must("gw", "nft", "list", "table", "inet", "aws_vpn")
    world.must("gw", "nft", "flush", "ruleset")
    assert world.unit("nftables", action) == 0
    assert world.must("gw", "nft", "list", "table", "inet", "aws_vpn") == before


def test_the_guard_follows_the_networks(world: World, role_files: Any) -> None:
    """Also a network of one address, which the kernel lists without its length."""
    world.place(role_files(unreachable_cidrs=[IPV6]))
    boot(world)
    world.place(role_files(remote_cidrs=[f"{OTHER}/32", "10.9.0.0/16"]))
    assert world.unit("aws-vpn-guard", "ExecReload") == 0
    assert leaked(world) == {VPC, VPC6, OTHER6}


def test_a_network_that_the_kernel_refuses_does_not_open_the_others(world: World, role_files: Any) -> None:
    files = role_files(unreachable_cidrs=[IPV6])
    gateway = json.loads(files["/etc/aws-vpn/gateway.json"])
    gateway["unreachable_cidrs"].insert(0, "10.9.0.1/16")
    world.place({**files, "/etc/aws-vpn/gateway.json": json.dumps(gateway)})
    assert world.unit("aws-vpn-guard") != 0
    boot(world)
    assert leaked(world) == NOTHING


def test_the_owner_may_have_a_second_path(world: World, role_files: Any) -> None:
    world.place(role_files(unreachable_without_tunnel=False))
    boot(world)
    assert leaked(world) == {VPC, VPC6, OTHER, OTHER6}


def test_a_change_of_the_table_loses_no_packet(world: World, role_files: Any) -> None:
    world.place(role_files())
    boot(world)
    world.use_tunnels()
    with subprocess.Popen(
        [*world.inside("lan"), "ping", "-q", "-i", "0.005", "-c", "300", "10.0.0.100"],
        stdout=subprocess.PIPE,
        text=True,
    ) as ping:
        for round_number in range(20):
            world.place(role_files(restrict_peers=round_number % 2 == 0))
            assert world.unit("aws-vpn-firewall", "ExecReload") == 0
            assert world.unit("aws-vpn-guard", "ExecReload") == 0
        output = ping.communicate(timeout=30)[0]
    assert "300 packets transmitted, 300 received" in output


def test_the_guard_is_removed_with_the_rest(world: World, role_files: Any) -> None:
    world.place(role_files(unreachable_cidrs=[IPV6]))
    boot(world)
    remove = f"import sys; sys.path.insert(0, {PROGRAMS!r}); import tunnels; tunnels.guard([])"
    world.must("gw", "python3", "-I", "-c", remove)
    assert leaked(world) == {VPC, VPC6, OTHER, OTHER6}
    assert "unreachable" not in world.must("gw", "ip", "route") + world.must("gw", "ip", "-6", "route")
