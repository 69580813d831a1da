# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guard and packet filter of a gateway: real packets through namespaces, counted where they arrive."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

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
UDP, ESP = 17, 50
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


class Packet(NamedTuple):
    """A packet and where it arrives: nowhere, in another namespace, or at the gateway itself."""

    sender: str
    source: str
    target: str
    arrives: str = ""
    protocol: int = UDP
    port: int = 9


FORGED = "10.0.0.66"
CASES = {
    "internet, source in the VPC, to the LAN": Packet("internet", FORGED, LAN),
    "internet, source in the VPC, to the gateway": Packet("internet", FORGED, GATEWAY),
    "internet, IPv6 source in the VPC, to the LAN": Packet("internet", "2001:db8:a::66", LAN6),
    "internet, source in the VPC, into a tunnel": Packet("internet", FORGED, "10.0.0.100"),
    "internet, its own source, into a tunnel": Packet("internet", "198.51.100.1", "10.0.0.100"),
    "internet, source in the LAN, into a tunnel": Packet("internet", "10.20.0.66", "10.0.0.100"),
    "LAN, source in the VPC, to the gateway": Packet("lan", FORGED, "10.20.0.1"),
    "LAN, source in the VPC, into a tunnel": Packet("lan", "10.0.0.67", "10.0.0.100"),
    "LAN, source of another network, into a tunnel": Packet("lan", "192.168.9.9", "10.0.0.100"),
    "VPC, to the internet": Packet("aws1", "10.0.0.100", OTHER),
    "VPC, to another network of the LAN": Packet("aws1", "10.0.0.100", "192.168.9.9"),
    "VPC, through the other tunnel": Packet("aws2", "10.0.0.101", "10.0.0.100"),
    "LAN, its own source, into a tunnel": Packet("lan", LAN, "10.0.0.100", "aws1"),
    "VPC, to the LAN": Packet("aws1", "10.0.0.100", LAN, "lan"),
    "VPC, to the LAN by the other tunnel": Packet("aws2", "10.0.0.101", LAN, "lan"),
    "VPC, to the gateway": Packet("aws1", "10.0.0.100", "10.20.0.1", "gw"),
    "endpoint, to the gateway (BGP)": Packet("aws1", "169.254.20.1", "169.254.20.2", "gw"),
    "LAN, to the internet": Packet("lan", LAN, OTHER, "internet"),
    "internet, to the LAN": Packet("internet", "198.51.100.1", LAN, "lan"),
    "LAN, to the gateway": Packet("lan", LAN, "10.20.0.1", "gw"),
}
WIDER = {
    **CASES,
    "LAN, source of another network, into a tunnel": Packet("lan", "192.168.9.9", "10.0.0.100", "aws1"),
    "VPC, to another network of the LAN": Packet("aws1", "10.0.0.100", "192.168.9.9", "lan"),
}
FROM_LAN = {
    **CASES,
    "LAN, source in the VPC, to the gateway": Packet("lan", FORGED, "10.20.0.1", "gw"),
}


@pytest.mark.parametrize(
    ("settings", "cases"),
    [
        ({}, CASES),
        ({"unreachable_without_tunnel": False}, CASES),
        ({"allowed_cidrs": ["192.168.0.0/16"]}, WIDER),
        ({"aws_interfaces": ["eth1"]}, FROM_LAN),
    ],
)
def test_the_gateway_is_no_open_router(
    world: World, role_files: Any, settings: dict[str, Any], cases: dict[str, Packet]
) -> None:
    world.place(role_files(unreachable_cidrs=[IPV6], **settings))
    boot(world)
    world.use_tunnels()
    world.must("gw", "ip", "route", "add", "192.168.9.0/24", "via", LAN)
    for sender in ("internet", "lan", "aws1", "aws2"):
        packets = [case for case in cases.values() if case.sender == sender]
        world.send(sender, *((case.source, case.target, case.protocol, case.port) for case in packets))
    assert {name: arrived(world, case) for name, case in cases.items()} == {
        name: case.arrives for name, case in cases.items()
    }


def arrived(world: World, case: Packet) -> str:
    """Where the packet has arrived, other than at the sender and at a gateway that only forwards it."""
    ends = (case.source, case.target)
    if case.arrives:
        world.arrives(case.arrives, *ends, "host" if case.arrives == "gw" else "wire")
    others = [name for name in ("internet", "lan", "aws1", "aws2") if name != case.sender]
    places = [name for name in others if world.seen(name).get(ends)]
    return " ".join([*places, *(["gw"] if world.seen("gw", "host").get(ends) else [])])


def test_forged_sources_without_a_tunnel(world: World, role_files: Any) -> None:
    """While no tunnel is up, a source in AWS can come from nowhere."""
    world.place(role_files())
    boot(world)
    world.send("internet", (FORGED, LAN, UDP, 9), ("198.51.100.1", LAN, UDP, 9))
    assert world.arrives("lan", "198.51.100.1", LAN)
    assert not world.seen("lan").get((FORGED, LAN))


def test_a_network_of_the_owner_inside_a_network_in_aws(world: World, role_files: Any) -> None:
    """Its route is more specific, so it is not in AWS: nobody is locked out of a gateway in 10.0.0.0/8."""
    world.place(role_files(remote_cidrs=["10.0.0.0/8"]))
    boot(world)
    world.send("lan", (LAN, "10.20.0.1", UDP, 9), ("10.99.0.1", "10.20.0.1", UDP, 9))
    world.send("internet", ("10.20.0.11", GATEWAY, UDP, 9))
    assert world.arrives("gw", LAN, "10.20.0.1", "host")
    world.send("gw", ("", LAN, UDP, 9), ("", "10.20.0.1", UDP, 9))
    assert world.arrives("lan", "10.20.0.1", LAN)
    assert world.arrives("gw", "10.20.0.1", "10.20.0.1", "host")
    assert not world.seen("gw", "host").get(("10.99.0.1", "10.20.0.1"))
    assert not world.seen("gw", "host").get(("10.20.0.11", GATEWAY))


PEER, STRANGER, STRANGER6 = "203.0.113.2", "198.51.100.66", "2001:db8:100::66"
# By the last part of the address that they are sent to.
IKE_AND_OTHERS = {11: (UDP, 500), 12: (UDP, 4500), 13: (ESP, 0), 14: (UDP, 9)}


@pytest.mark.parametrize("restrict_peers", [True, False])
def test_ike_and_esp_only_from_the_endpoints(world: World, role_files: Any, restrict_peers: bool) -> None:
    """From the moment at which the network is up, when no IKE daemon runs."""
    world.place(role_files(restrict_peers=restrict_peers))
    boot(world)
    packets = []
    for last, (protocol, port) in IKE_AND_OTHERS.items():
        for network, length, sources in (("198.51.100.", 24, (PEER, STRANGER)), ("2001:db8:100::", 64, (STRANGER6,))):
            world.must("gw", "ip", "address", "add", f"{network}{last}/{length}", "dev", "eth0", "nodad")
            packets += [(source, f"{network}{last}", protocol, port) for source in sources]
    world.send("internet", *packets)
    for source, target, _protocol, port in packets:
        assert world.arrives("gw", source, target)
        is_refused = restrict_peers and source != PEER and port != 9
        assert is_refused or world.arrives("gw", source, target, "host"), (source, target)
        assert not is_refused or not world.seen("gw", "host").get((source, target)), (source, target)


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
            world.place(role_files(allowed_cidrs=[f"192.168.{round_number}.0/24"]))
            assert world.unit("aws-vpn-firewall", "ExecReload") == 0
            assert world.unit("aws-vpn-guard", "ExecReload") == 0
        output = ping.communicate(timeout=30)[0]
    assert "300 packets transmitted, 300 received" in output


def test_the_guard_is_removed_with_the_rest(world: World, role_files: Any) -> None:
    world.place(role_files(unreachable_cidrs=[IPV6]))
    boot(world)
    remove = f"import sys; sys.path.insert(0, {PROGRAMS!r}); import tunnels; tunnels.guard(tunnels.NOTHING)"
    world.must("gw", "python3", "-I", "-c", remove)
    assert leaked(world) == {VPC, VPC6, OTHER, OTHER6}
    assert "unreachable" not in world.must("gw", "ip", "route") + world.must("gw", "ip", "-6", "route")
