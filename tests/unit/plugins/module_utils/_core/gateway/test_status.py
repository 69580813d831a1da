# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tools on a gateway print, as FRR 10.3 and iproute2 6.15 do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import status

NAME = "vpn-0123456789abcdef0-1"


@pytest.mark.parametrize("wrap", [lambda peers: {"peers": peers}, lambda peers: {"ipv4Unicast": {"peers": peers}}])
def test_bgp_sessions(wrap: Any) -> None:
    peers = {
        "169.254.20.1": {"remoteAs": 64512, "state": "Established", "pfxRcd": 1, "pfxSnt": 2},
        "169.254.20.5": {"remoteAs": 64512, "state": "Active"},
    }
    assert status.bgp_sessions(json.dumps(wrap(peers))) == {
        "169.254.20.1": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 2},
        "169.254.20.5": {"state": "Active", "prefixes_received": 0, "prefixes_sent": 0},
    }


@pytest.mark.parametrize("text", ["", "\n", "% BGP instance not found", "{}"])
def test_no_bgp_is_no_session(text: str) -> None:
    assert status.bgp_sessions(text) == {}


def test_routes_with_one_way_several_ways_and_none() -> None:
    text = json.dumps(
        [
            {"dst": "default", "gateway": "198.51.100.1", "dev": "eth0", "flags": []},
            {"dst": "10.0.0.0/16", "dev": "vpn2280", "metric": 101, "flags": []},
            {"dst": "10.0.0.0/16", "dev": "vpn2281", "metric": 102, "flags": []},
            {"type": "unreachable", "dst": "10.0.0.0/16", "metric": 4278190080, "flags": []},
            {"dst": "10.1.0.0/16", "nexthops": [{"dev": "vpn2280", "weight": 1}, {"dev": "vpn2281", "weight": 1}]},
        ]
    )
    found = status.routes_by_interface(text)
    assert found["vpn2280"] == ["10.0.0.0/16", "10.1.0.0/16"]
    assert found["vpn2281"] == ["10.0.0.0/16", "10.1.0.0/16"]


def test_the_host() -> None:
    addresses = [
        {"ifname": "lo", "addr_info": [{"family": "inet", "local": "127.0.0.1", "scope": "host"}]},
        {"ifname": "eth0", "addr_info": [{"family": "inet", "local": "198.51.100.10", "scope": "global"}, {}]},
    ]
    assert status.addresses(json.dumps(addresses)) == ["198.51.100.10"]
    assert status.source_address('[{"dst":"192.0.2.1","dev":"eth0","prefsrc":"198.51.100.10"}]') == "198.51.100.10"
    assert status.source_address("") is None
    assert status.source_address('[{"dst":"192.0.2.1","dev":"vpn2280","table":"999","prefsrc":"10.20.0.1"}]') is None
    assert status.os_release('ID=debian\nVERSION_ID="13"\n') == {"id": "debian", "version": "13"}
    assert status.os_release("ID=debian\n") == {"id": "debian", "version": ""}
    assert status.links('[{"ifname":"vpn2280","flags":["NOARP","UP"],"mtu":1446}]') == {
        "vpn2280": {"up": True, "mtu": 1446}
    }


UPLINKS = [
    {
        "ifname": name,
        "addr_info": [
            {"family": "inet", "local": address, "prefixlen": 24, "scope": "global"} for address in addresses
        ],
    }
    for name, addresses in (("eth0", ["192.0.2.10", "198.51.100.10"]), ("eth1", ["10.20.0.1"]))
]


@pytest.mark.parametrize(
    ("routes", "address"),
    [
        ([], None),
        ([{"dst": "10.0.0.0/8", "gateway": "10.20.0.9", "dev": "eth1"}], None),
        ([{"dst": "default", "type": "unreachable", "metric": 1}], None),
        ([{"dst": "default", "gateway": "198.51.100.1", "dev": "eth0"}], "198.51.100.10"),
        ([{"dst": "default", "gateway": "203.0.113.1", "dev": "eth0", "flags": ["onlink"]}], "192.0.2.10"),
        ([{"dst": "default", "dev": "eth1"}], "10.20.0.1"),
        ([{"dst": "default", "dev": "ppp0"}], None),
        ([{"dst": "default", "dev": "eth0", "prefsrc": "198.51.100.11"}], "198.51.100.11"),
        ([{"dst": "default", "nexthops": [{"gateway": "10.20.0.9", "dev": "eth1"}, {"dev": "eth0"}]}], "10.20.0.1"),
        (
            [
                {"dst": "default", "gateway": "198.51.100.1", "dev": "eth0", "metric": 200},
                {"dst": "default", "gateway": "10.20.0.9", "dev": "eth1", "metric": 100},
            ],
            "10.20.0.1",
        ),
    ],
)
def test_the_address_of_the_uplink(routes: list[dict[str, Any]], address: str | None) -> None:
    assert status.uplink_address(json.dumps(routes), json.dumps(UPLINKS)) == address


def test_networks_in_aws_that_hosts_look_for_on_the_wire() -> None:
    found = status.on_the_wire(json.dumps(UPLINKS), ["10.0.0.0/8", "10.20.0.128/25", "10.21.0.0/16", "no network"])
    assert found == [
        "10.20.0.128/25 in AWS is inside 10.20.0.0/24, to which eth1 (10.20.0.1) is directly connected: hosts there"
        " look for it on the wire, and not at the gateway. Give these hosts a route to it through the gateway, or use"
        " another network in AWS"
    ]
    assert status.on_the_wire("", ["10.20.0.0/16"]) == []


def test_a_default_route_into_a_tunnel_is_a_route_of_the_tunnel() -> None:
    """And its own inside addresses are not a part of it."""
    main = [{"dst": "169.254.20.0/30", "dev": "vpn2280", "protocol": "kernel"}, {"dst": "default", "dev": "eth0"}]
    default = [{"dst": "default", "dev": "vpn2280"}, {"dst": "default", "type": "unreachable"}]
    assert status.routes_by_interface(json.dumps(main), "") == {"eth0": ["0.0.0.0/0"]}
    assert status.routes_by_interface(json.dumps(main), json.dumps(default))["vpn2280"] == ["0.0.0.0/0"]


DPKG = """Package: frr
Status: install ok installed
Priority: optional
Description: FRRouting suite
 of daemons
Version: 10.3-3+deb13u1
Depends: libc6

Package: nftables
Status: deinstall ok config-files
Version: 1.1.3-1

Package: nothing
Status: install ok installed

Package: strongswan-swanctl
Status: install ok installed
Version: 6.0.1-6+deb13u6
"""


def test_installed_packages_of_rpm() -> None:
    text = "libreswan 4.15\niproute 6.11.0\nnftables 1.0.9\n"
    assert status.rpm_packages(text) == {"libreswan": "4.15", "iproute": "6.11.0", "nftables": "1.0.9"}
    assert status.rpm_packages("") == {}


def test_packages_in_the_repositories_of_dnf() -> None:
    text = (
        "Unable to detect release version (use '--releasever' to specify release version)\n"
        "Available Packages\n"
        "python3.12.noarch                         3.12.5-1.el9                         appstream\n"
        "strongswan.x86_64                         5.9.14-1.el9                         epel\n"
    )
    assert status.dnf_packages(text) == ["python3.12", "strongswan"]
    assert status.dnf_packages("") == []


def test_installed_packages() -> None:
    assert status.packages(DPKG) == {"frr": "10.3-3+deb13u1", "strongswan-swanctl": "6.0.1-6+deb13u6"}
    assert status.packages("") == {}


PEER = {
    "name": NAME,
    "interface": "vpn2280",
    "outside_address": "203.0.113.2",
    "bgp_neighbor": "169.254.20.1",
    "remote_cidrs": ["10.0.0.0/16"],
    "local_network_cidr": "0.0.0.0/0",
    "remote_network_cidr": "0.0.0.0/0",
}
EVERYTHING = {"local_networks": ["0.0.0.0/0"], "remote_networks": ["0.0.0.0/0"]}


def seen(**changes: Any) -> dict[str, Any]:
    return {
        "sas": {NAME: {"ike": "ESTABLISHED", "esp": "INSTALLED", "bytes_in": 7, "bytes_out": 9, **EVERYTHING}},
        "bgp": {"169.254.20.1": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 1}},
        "routes": {"vpn2280": ["10.0.0.0/16", "169.254.20.0/30", "10.0.5.0/24"]},
        "links": {"vpn2280": {"up": True, "mtu": 1446}},
        "daemon_running": True,
        "loaded": [NAME],
        "evidence": {NAME: ["NO_ANSWER"]},
        **changes,
    }


def test_a_tunnel_that_is_up() -> None:
    state = status.tunnel(PEER, seen())
    assert state == {
        "name": NAME,
        "outside_address": "203.0.113.2",
        "interface": "vpn2280",
        "interface_up": True,
        "ike": "ESTABLISHED",
        "esp": "INSTALLED",
        "bytes_in": 7,
        "bytes_out": 9,
        "bgp": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 1},
        "routes": ["10.0.0.0/16", "10.0.5.0/24"],
        "routes_missing": [],
        "selectors_missing": [],
        "evidence": [],
    }
    assert status.is_up(state)


@pytest.mark.parametrize(
    ("changes", "evidence"),
    [
        ({"sas": {}}, ["NO_ANSWER"]),
        ({"sas": {}, "loaded": []}, ["NOT_LOADED"]),
        ({"sas": {}, "daemon_running": False}, ["DAEMON_NOT_RUNNING"]),
        ({"bgp": {}}, []),
        ({"bgp": {"169.254.20.1": {"state": "Established", "prefixes_received": 0, "prefixes_sent": 1}}}, []),
        ({"bgp": {"169.254.20.1": {"state": "Established", "prefixes_received": 1, "prefixes_sent": 0}}}, []),
    ],
)
def test_a_tunnel_that_is_not(changes: dict[str, Any], evidence: list[str]) -> None:
    state = status.tunnel(PEER, seen(**changes))
    assert not status.is_up(state)
    assert state["evidence"] == evidence


def test_a_static_tunnel_needs_a_route() -> None:
    static = {**PEER, "bgp_neighbor": None}
    assert status.is_up(status.tunnel(static, seen()))
    state = status.tunnel(static, seen(routes={"vpn2281": ["10.0.0.0/16"]}))
    assert (state["bgp"], state["routes"], state["routes_missing"]) == (None, [], ["10.0.0.0/16"])
    assert not status.is_up(state)


@pytest.mark.parametrize(
    ("wanted", "carried", "missing"),
    [
        (("10.20.0.0/16", "10.0.0.0/8"), (["10.20.0.0/16"], ["10.0.0.0/8"]), []),
        (("0.0.0.0/0", "0.0.0.0/0"), (["0.0.0.0/0"], ["10.0.0.0/8"]), ["0.0.0.0/0 (remote)"]),
        (("10.20.0.0/15", "10.0.0.0/8"), (["10.20.0.0/16"], ["0.0.0.0/0"]), ["10.20.0.0/15 (local)"]),
        (("10.20.0.0/16", "10.0.0.0/8"), (["10.20.0.0/16[tcp/80]"], ["10.0.0.0/8"]), ["10.20.0.0/16 (local)"]),
        # Without an SA, and of a peer without networks, nothing is known.
        (("10.20.0.0/16", "10.0.0.0/8"), ([], []), []),
        ((None, None), (["10.20.0.0/16"], ["10.0.0.0/8"]), []),
    ],
)
def test_an_sa_that_carries_less_than_the_gateway_needs_is_not_up(
    wanted: tuple[str | None, str | None], carried: tuple[list[str], list[str]], missing: list[str]
) -> None:
    peer = {**PEER, "local_network_cidr": wanted[0], "remote_network_cidr": wanted[1]}
    sas = {NAME: {**seen()["sas"][NAME], "local_networks": carried[0], "remote_networks": carried[1]}}
    state = status.tunnel(peer, seen(sas=sas))
    assert state["selectors_missing"] == missing
    assert status.is_up(state) is not bool(missing)


def test_drift_is_read_as_it_is_printed() -> None:
    entry = {"activates": "sysctl", "line": "sysctl: net.ipv4.ip_forward is 0, not 1"}
    assert status.drift(json.dumps([entry])) == [entry]
    assert status.drift("") == []
