# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks inside others, up to a default route into the tunnels: real packets, which take the most specific way."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import networks, status

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.system

DEFAULT = "0.0.0.0/0"
LAN, LAN_ADDRESS, UPLINK_ADDRESS = "10.20.0.10", "10.20.0.1", "198.51.100.10"
# The tunnel endpoints, and an address beside them.
ENDPOINTS, BESIDE = ("203.0.113.2", "203.0.113.6"), "203.0.113.50"
# Somewhere in the internet: AWS has it too, behind the first tunnel.
ANYWHERE = "192.0.2.50"
# An administrator in the internet, and a network of the site behind a host of the LAN.
ADMIN, BEHIND = "192.0.2.77", "192.168.9.9"
UDP, ESP = 17, 50
PROGRAMS = "/usr/local/lib/aws-vpn"
FOLLOW = """
import monitor
gateway = tunnels.config()
monitor.follow(gateway, [monitor.Probe(tunnel, True) for tunnel in gateway["tunnels"]])
"""
OF_TUNNELS = """
gateway = tunnels.config()
def commands():
    routes = tunnels.listed("-4", "route", "show", "table", "all", "proto", tunnels.PROTOCOL)
    rules = tunnels.rule_commands(gateway["tunnels"], tunnels.listed("-4", "rule", "show"))
    return [*tunnels.route_commands(gateway, routes), *rules]
tunnels.ip_batch(commands())
print([command for command in commands() if command[1] != "replace"])
"""


def program(world: World, code: str) -> str:
    """What code prints that uses the programs on the gateway."""
    start = f"import sys; sys.path.insert(0, {PROGRAMS!r})\nimport tunnels, network\n"
    return world.must("gw", "python3", "-I", "-c", start + code)


def boot(world: World) -> None:
    """In the order of the units; the tunnels are cables, so their unit fails."""
    for unit in ("aws-vpn-guard", "aws-vpn-firewall"):
        assert world.unit(unit) == 0
    world.plug()
    world.forward()
    world.must("internet", "ip", "address", "add", f"{ADMIN}/32", "dev", "lo")
    # As a tunnel does, they carry packets to everybody: no address is asked for.
    for cable, namespace in (("vpn2280", "aws1"), ("vpn2281", "aws2")):
        for there, device in (("gw", cable), (namespace, "eth0")):
            world.must(there, "ip", "link", "set", device, "address", "02:00:00:00:00:01", "arp", "off")
    for address in (ANYWHERE, BESIDE):
        world.must("aws1", "ip", "address", "add", f"{address}/32", "dev", "lo")
    world.must("gw", "ip", "route", "add", "192.168.9.0/24", "via", LAN)


@contextmanager
def uplink(world: World) -> Iterator[None]:
    """While aws-vpn-network.service runs."""
    (start,) = [
        line.partition("=")[2].split()
        for line in (world.root / "etc/systemd/system/aws-vpn-network.service").read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    with subprocess.Popen([*world.inside("gw"), *start]) as service:
        try:
            yield
        finally:
            service.kill()


def soon(is_true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def encrypted_packets_leave_to(world: World, place: str) -> bool:
    """IKE and ESP as the gateway sends them to both endpoints, neither into a tunnel nor nowhere."""
    before = world.seen(place)
    world.send("gw", *((UPLINK_ADDRESS, endpoint, protocol, 500) for endpoint in ENDPOINTS for protocol in (UDP, ESP)))
    time.sleep(0.1)
    after = world.seen(place)
    return all(after.get((UPLINK_ADDRESS, each), 0) == before.get((UPLINK_ADDRESS, each), 0) + 2 for each in ENDPOINTS)


def can_ping(world: World, namespace: str, source: str, target: str, *options: str) -> bool:
    return world.run(namespace, "ping", "-c1", "-W2", *options, "-I", source, target).returncode == 0


def can_log_in(world: World, source: str) -> bool:
    """Whether a TCP connection of an administrator gets its answer."""
    serve = "import socket; s = socket.create_server(('', 22)); print('ready', flush=True); s.accept()[0].send(b'SSH')"
    call = f"import socket; print(socket.create_connection(('{UPLINK_ADDRESS}', 22), 3, ('{source}', 0)).recv(3))"
    with subprocess.Popen(
        [*world.inside("gw"), "python3", "-I", "-c", serve], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
        done = world.run("internet", "python3", "-I", "-c", call)
        server.kill()
    return done.stdout == "b'SSH'\n"


@pytest.mark.parametrize("remote", [[DEFAULT], ["10.0.0.0/16", DEFAULT], ["0.0.0.0/1", "128.0.0.0/1"]])
def test_a_default_route_into_the_tunnels(world: World, role_files: Any, remote: list[str]) -> None:
    world.place(role_files(remote_cidrs=remote, lan_address=LAN_ADDRESS))
    boot(world)
    with uplink(world):
        assert soon(lambda: encrypted_packets_leave_to(world, "internet"))
        # Nothing else leaves while no tunnel is up.
        world.send("lan", (LAN, ANYWHERE, UDP, 9))
        world.send("gw", ("", ANYWHERE, UDP, 9))
        program(world, FOLLOW)
        assert can_ping(world, "lan", LAN, ANYWHERE)
        assert can_ping(world, "gw", LAN_ADDRESS, ANYWHERE)
        world.send("gw", ("", ANYWHERE, UDP, 10))
        assert world.arrives("aws1", LAN_ADDRESS, ANYWHERE)
        assert encrypted_packets_leave_to(world, "internet")
        # The networks of the site stay where they are.
        assert can_ping(world, "lan", LAN, LAN_ADDRESS)
        assert can_ping(world, "gw", LAN_ADDRESS, LAN)
        world.send("gw", ("", BEHIND, UDP, 9))
        assert world.arrives("lan", LAN_ADDRESS, BEHIND)
        world.send("aws1", (ANYWHERE, LAN, UDP, 9))
        assert world.arrives("lan", ANYWHERE, LAN)
        assert program(world, FOLLOW) == ""
    assert not [ends for ends in world.seen("internet") if ends[1] == ANYWHERE]


@pytest.mark.parametrize("has_tunnels", [False, True])
def test_administrators_reach_the_gateway_beside_a_default_route(
    world: World, role_files: Any, has_tunnels: bool
) -> None:
    world.place(role_files(remote_cidrs=[DEFAULT], lan_address=LAN_ADDRESS))
    boot(world)
    if has_tunnels:
        program(world, FOLLOW)
    assert can_log_in(world, ADMIN)
    assert can_ping(world, "internet", ADMIN, UPLINK_ADDRESS)
    assert can_ping(world, "lan", LAN, LAN_ADDRESS)
    # And the next run finds the same address of the gateway.
    way = world.run("gw", "ip", "-json", "-4", "route", "get", "192.0.2.1").stdout
    routes, addresses = (world.must("gw", "ip", "-json", "-4", what, "show") for what in ("route", "address"))
    assert (status.source_address(way) or status.uplink_address(routes, addresses)) == UPLINK_ADDRESS


def test_a_session_over_the_uplink_survives_the_change(world: World, role_files: Any) -> None:
    """That of the run, say, which brings the default route."""
    world.place(role_files())
    boot(world)
    program(world, FOLLOW)
    with subprocess.Popen(
        [*world.inside("internet"), "ping", "-q", "-i", "0.01", "-c", "300", "-I", ADMIN, UPLINK_ADDRESS],
        stdout=subprocess.PIPE,
        text=True,
    ) as ping:
        # There and back.
        for settings in ({"remote_cidrs": [DEFAULT], "lan_address": LAN_ADDRESS}, {}):
            world.place(role_files(**settings))
            for step in (
                lambda: program(world, "network.follow(tunnels.config(), may_delete=False)"),
                lambda: world.unit("aws-vpn-guard", "ExecReload"),
                lambda: world.unit("aws-vpn-firewall", "ExecReload"),
                lambda: program(world, FOLLOW),
                lambda: program(world, "network.follow(tunnels.config())"),
            ):
                assert not step()
                assert encrypted_packets_leave_to(world, "internet")
        output = ping.communicate(timeout=30)[0]
    assert "300 packets transmitted, 300 received" in output


def test_behind_nat_the_only_address_does_not_leak(world: World, role_files: Any) -> None:
    """The gateway answers AWS from it, so it must not answer others over the uplink."""
    world.place(role_files(remote_cidrs=[DEFAULT], local_address=LAN_ADDRESS, lan_address=LAN_ADDRESS))
    boot(world)
    with uplink(world):
        assert soon(lambda: encrypted_packets_leave_to(world, "internet"))
        assert not can_ping(world, "gw", LAN_ADDRESS, ANYWHERE)
        program(world, FOLLOW)
        assert can_ping(world, "gw", LAN_ADDRESS, ANYWHERE)
        assert can_ping(world, "lan", LAN, LAN_ADDRESS)
    assert not [ends for ends in world.seen("internet") if ends[1] == ANYWHERE]


def test_nobody_in_the_internet_is_taken_for_aws(world: World, role_files: Any) -> None:
    """With a default route every address without a route of its own is in AWS."""
    world.place(role_files(remote_cidrs=[DEFAULT], lan_address=LAN_ADDRESS, aws_interfaces=["eth1"]))
    boot(world)
    program(world, FOLLOW)
    world.send("internet", (ADMIN, LAN, UDP, 9), ("198.51.100.1", LAN, UDP, 9))
    world.send("aws1", (ANYWHERE, LAN, UDP, 9), (ANYWHERE, ADMIN, UDP, 9))
    world.send("aws2", (BESIDE, LAN, UDP, 9))
    world.send("lan", (ADMIN, "198.51.100.1", UDP, 9))
    for source in ("198.51.100.1", ANYWHERE, BESIDE):
        assert world.arrives("lan", source, LAN), source
    assert world.arrives("internet", ADMIN, "198.51.100.1")
    assert not world.seen("lan").get((ADMIN, LAN))
    assert not world.seen("internet").get((ANYWHERE, ADMIN))


def test_a_network_in_aws_holds_the_endpoints(world: World, role_files: Any) -> None:
    world.place(role_files(remote_cidrs=["203.0.113.0/24"], restrict_peers=True))
    boot(world)
    # Without a route of its own an endpoint is nowhere, and not in a tunnel.
    program(world, FOLLOW)
    encrypted_packets_leave_to(world, "internet")
    assert not [ends for place in ("internet", "aws1", "aws2") for ends in world.seen(place) if ends[1] in ENDPOINTS]
    with uplink(world):
        assert soon(lambda: encrypted_packets_leave_to(world, "internet"))
        assert can_ping(world, "lan", LAN, BESIDE)
        world.send(
            "internet", *((each, UPLINK_ADDRESS, ESP, 0) for each in ENDPOINTS), (BESIDE, UPLINK_ADDRESS, UDP, 9)
        )
        assert all(world.arrives("gw", each, UPLINK_ADDRESS, "host") for each in ENDPOINTS)
        assert not world.seen("gw", "host").get((BESIDE, UPLINK_ADDRESS))
        # Also over another uplink than the answers take.
        before = world.seen("gw", "host")
        world.send("lan", (ENDPOINTS[0], UPLINK_ADDRESS, ESP, 0), (ENDPOINTS[0], UPLINK_ADDRESS, UDP, 4500))
        assert world.arrives("gw", ENDPOINTS[0], UPLINK_ADDRESS, "host", before[ENDPOINTS[0], UPLINK_ADDRESS] + 1)
    assert not [ends for ends in world.seen("internet") if ends[1] == BESIDE]


@pytest.mark.parametrize("remote", ["203.0.113.0/24", DEFAULT])
def test_the_routes_to_the_endpoints_follow_the_uplink(world: World, role_files: Any, remote: str) -> None:
    world.place(role_files(remote_cidrs=[remote], lan_address=LAN_ADDRESS))
    boot(world)
    program(world, FOLLOW)
    with uplink(world):
        assert soon(lambda: encrypted_packets_leave_to(world, "internet"))
        # A better uplink comes, goes again, and the first one goes too.
        world.must("gw", "ip", "route", "add", "203.0.112.0/20", "via", LAN, "dev", "eth1", "metric", "5")
        assert soon(lambda: encrypted_packets_leave_to(world, "lan"))
        world.must("gw", "ip", "route", "delete", "203.0.112.0/20")
        assert soon(lambda: encrypted_packets_leave_to(world, "internet"))
        world.must("gw", "ip", "route", "replace", "default", "via", LAN, "dev", "eth1")
        assert soon(lambda: encrypted_packets_leave_to(world, "lan"))
        world.must("gw", "ip", "route", "delete", "default")
        assert soon(lambda: not encrypted_packets_leave_to(world, "lan"))
        world.must("gw", "ip", "link", "set", "eth0", "down")
        world.must("gw", "ip", "link", "set", "eth0", "up")
        world.must("gw", "ip", "route", "add", "default", "via", "198.51.100.1", "dev", "eth0", "src", UPLINK_ADDRESS)
        assert soon(lambda: encrypted_packets_leave_to(world, "internet"))
        # New files are for the next start.
        world.place(role_files())
        world.must("gw", "ip", "route", "replace", "default", "via", LAN, "dev", "eth1")
        assert soon(lambda: encrypted_packets_leave_to(world, "lan"))
    with uplink(world):
        assert soon(lambda: not world.must("gw", "ip", "route", "show", "proto", "142"))
    assert not [ends for place in ("aws1", "aws2") for ends in world.seen(place) if ends[1] in ENDPOINTS]


def test_the_programs_and_bgp_use_the_same_table(world: World, role_files: Any) -> None:
    world.place(role_files())
    assert program(world, "print(tunnels.DEFAULT_TABLE)") == f"{networks.DEFAULT_TABLE}\n"


def test_uplinks_of_all_kinds(world: World, role_files: Any) -> None:
    world.place(role_files(remote_cidrs=[DEFAULT]))
    boot(world)
    for words in (
        ("nexthop", "via", "198.51.100.1", "dev", "eth0", "weight", "2", "nexthop", "via", LAN, "dev", "eth1"),
        ("dev", "eth0"),
        ("via", "192.0.2.1", "dev", "eth0", "onlink", "src", UPLINK_ADDRESS),
        ("via", "inet6", "2001:db8:100::1", "dev", "eth0"),
    ):
        world.must("gw", "ip", "route", "replace", "default", *words)
        program(world, "network.follow(tunnels.config())")
        listed = world.must("gw", "ip", "route", "show", "default").replace("default ", "", 1)
        found = world.must("gw", "ip", "route", "show", "203.0.113.2", "proto", "142").split(" ", 1)[1]
        assert found.split() == listed.split(), words
        again = "routes = tunnels.listed('-4', 'route', 'show', 'table', 'main')"
        assert program(world, f"{again}\nprint(list(network.commands(tunnels.config(), routes)))") == "[]\n"


def test_test_packets_stay_in_the_networks_of_their_tunnel(world: World, role_files: Any) -> None:
    world.must("", "rm", "-f", "/etc/protocols")  # a minimal system has no names of protocols
    """The type of service chooses the tunnel only for what is in AWS."""
    world.place(role_files(remote_cidrs=[DEFAULT], lan_address=LAN_ADDRESS))
    boot(world)
    world.must("aws2", "ip", "address", "add", f"{ANYWHERE}/32", "dev", "lo")
    assert program(world, OF_TUNNELS) == "[]\n"
    for tos, place in (("4", "aws1"), ("8", "aws2")):
        before = world.seen(place).get((LAN, ANYWHERE), 0)
        can_ping(world, "lan", LAN, ANYWHERE, "-Q", tos)
        assert world.arrives(place, LAN, ANYWHERE, beyond=before)
        assert can_ping(world, "gw", LAN_ADDRESS, LAN, "-Q", tos)
    # And they are removed like others.
    world.place(role_files())
    assert program(world, OF_TUNNELS) == "[]\n"
    assert "to 10.0.0.0/16" in world.must("gw", "ip", "rule")
    assert "throw" not in world.must("gw", "ip", "route", "show", "table", "all")


def test_a_local_network_inside_a_network_in_aws(world: World, role_files: Any) -> None:
    """What of it is not there is nowhere, and not in AWS, which would send it back."""
    world.place(role_files(remote_cidrs=["10.0.0.0/8"], local_cidrs=["10.20.0.0/15"]))
    boot(world)
    program(world, FOLLOW)
    world.send("lan", (LAN, "10.0.0.100", UDP, 9), (LAN, "10.21.0.9", UDP, 9), (LAN, LAN_ADDRESS, UDP, 9))
    world.send("aws1", ("10.0.0.100", LAN, UDP, 9), ("10.0.0.100", "10.21.0.9", UDP, 9))
    assert world.arrives("aws1", LAN, "10.0.0.100")
    assert world.arrives("lan", "10.0.0.100", LAN)
    assert world.arrives("gw", LAN, LAN_ADDRESS, "host")
    assert not [ends for place in ("internet", "aws1", "aws2") for ends in world.seen(place) if ends[1] == "10.21.0.9"]


def test_a_network_in_aws_inside_a_local_one(world: World, role_files: Any) -> None:
    world.place(role_files(local_cidrs=["10.0.0.0/8"]))
    boot(world)
    world.must("gw", "ip", "route", "add", "10.0.0.0/8", "via", LAN)
    # Guarded: it is not in the network around it, whatever the routes of the owner say.
    world.send("gw", ("", "10.0.0.100", UDP, 9), ("", "10.77.0.9", UDP, 9))
    assert world.arrives("lan", LAN_ADDRESS, "10.77.0.9")
    program(world, FOLLOW)
    world.send(
        "lan", (LAN, "10.0.0.100", UDP, 9), ("10.77.0.9", "10.0.0.100", UDP, 9), ("10.0.0.66", LAN_ADDRESS, UDP, 9)
    )
    world.send("aws1", ("10.0.0.100", "10.77.0.8", UDP, 9))
    world.send("aws2", ("10.0.0.101", "10.0.0.100", UDP, 9))
    assert world.arrives("aws1", LAN, "10.0.0.100")
    assert world.arrives("aws1", "10.77.0.9", "10.0.0.100")
    assert world.arrives("lan", "10.0.0.100", "10.77.0.8")
    assert not world.seen("aws1").get(("10.0.0.101", "10.0.0.100"))
    assert not world.seen("gw", "host").get(("10.0.0.66", LAN_ADDRESS))
    assert not world.seen("lan").get((LAN_ADDRESS, "10.0.0.100"))


def test_the_way_around_the_tunnels_is_removed_with_the_rest(world: World, role_files: Any) -> None:
    world.place(role_files(remote_cidrs=[DEFAULT]))
    boot(world)
    program(world, "network.follow(tunnels.config())")
    before = world.must("gw", "ip", "rule")
    world.place(role_files())
    assert world.unit("aws-vpn-guard", "ExecReload") == 0
    program(world, "network.follow(tunnels.config())")
    assert "998" in before
    assert "998" not in world.must("gw", "ip", "rule")
    assert "203.0.113" not in world.must("gw", "ip", "route", "show", "table", "all")
    assert world.run("gw", "ip", "route", "show", "table", "999").stdout == ""
