# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Networks as companies have them: one inside another is right, the same one twice needs a word."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import TransitRouting
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

from .builders import GOOD


def bonn(**changes: Any) -> ConnectionEntry:
    return dataclasses.replace(GOOD, gateway="bonn", public_ip="198.51.100.11", **changes)


@pytest.mark.parametrize(
    ("local", "remote"),
    [
        (["10.20.0.0/16"], ["10.0.0.0/8"]),
        (["10.20.0.0/16"], ["0.0.0.0/0"]),
        (["10.0.0.0/8"], ["10.0.0.0/16"]),
        (["10.0.0.0/8"], ["10.0.0.0/16", "0.0.0.0/0"]),
        (["0.0.0.0/0"], ["10.0.0.0/16"]),
        (["10.20.0.0/16", "10.20.9.0/24"], ["10.20.0.0/20"]),
        # It holds the outside addresses of the tunnels.
        (["10.20.0.0/16"], ["203.0.113.0/24"]),
    ],
)
def test_one_network_may_be_inside_another(local: list[str], remote: list[str]) -> None:
    given = dataclasses.replace(GOOD, local_cidrs=tuple(local), remote_cidrs=tuple(remote))
    assert sites.problems([given]) == []


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "0.0.0.0/0"])
def test_a_network_is_on_one_side_only(cidr: str) -> None:
    given = dataclasses.replace(GOOD, local_cidrs=("10.21.0.0/16", cidr), remote_cidrs=("10.0.0.0/16", cidr))
    assert sites.problems([given]) == [
        f"berlin: local_cidrs={cidr}: also in remote_cidrs: remove it from one of the two lists. If a part of it is on"
        " the other side, add that part to the other list: the more specific network is used"
    ]


def test_a_headquarters_holds_its_branches() -> None:
    headquarters = dataclasses.replace(GOOD, local_cidrs=("172.16.0.0/12",))
    assert sites.problems([headquarters, bonn(local_cidrs=("172.20.0.0/16",))]) == []
    assert sites.problems([bonn(local_cidrs=("172.20.0.0/16",)), headquarters]) == []


def refused(cidr: str, name: str, other: str) -> str:
    return (
        f"{name}: local_cidrs={cidr}: also a network of {other}: give each site its own networks. If both gateways"
        " are at one site, give both the same site. If two sites shall have it, set shared_networks to true for both"
    )


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "0.0.0.0/0"])
def test_two_sites_have_a_network_only_if_both_say_so(cidr: str) -> None:
    quiet, saying = dataclasses.replace(GOOD, local_cidrs=(cidr,)), {"shared_networks": True}
    wanted = refused(cidr, "bonn", "berlin")
    assert sites.problems([quiet, bonn(local_cidrs=(cidr,))]) == [wanted]
    assert sites.problems([quiet, bonn(local_cidrs=(cidr,), **saying)]) == [wanted]
    assert sites.problems([dataclasses.replace(quiet, **saying), bonn(local_cidrs=(cidr,))]) == [wanted]
    assert sites.problems([dataclasses.replace(quiet, **saying), bonn(local_cidrs=(cidr,), **saying)]) == []


def test_gateways_of_one_site_and_connections_of_one_gateway_share_their_networks() -> None:
    assert sites.problems([dataclasses.replace(GOOD, place="ruhr"), bonn(place="ruhr")]) == []
    assert sites.problems([GOOD, bonn(place="berlin")]) == []
    assert sites.problems([GOOD, dataclasses.replace(GOOD, connection="dublin")]) == []
    assert sites.problems([dataclasses.replace(GOOD, place="ruhr"), bonn(place="rhein")]) == [
        refused("10.20.0.0/16", "bonn", "berlin")
    ]


def test_ipv6_networks_too() -> None:
    options = {"tunnel_inside_ip_version": "ipv6"}
    ipv6 = {"local_cidrs": ("2001:db8:20::/48",), "remote_cidrs": ("2001:db8::/40",), "options": options}
    (found,) = sites.problems([dataclasses.replace(GOOD, **ipv6), bonn(**ipv6)])
    assert found == refused("2001:db8:20::/48", "bonn", "berlin")


def test_each_site_is_named_once_and_with_the_first_that_disagrees() -> None:
    agreeing = [
        dataclasses.replace(bonn(shared_networks=True), gateway=f"s{n}", public_ip=f"192.0.2.{n}") for n in (1, 2)
    ]
    assert sites.problems([*agreeing, GOOD]) == [refused("10.20.0.0/16", "berlin", "s1")]
    assert sites.problems([GOOD, *agreeing]) == [refused("10.20.0.0/16", name, "berlin") for name in ("s1", "s2")]


def test_what_is_no_network_is_not_shared() -> None:
    broken = {"local_cidrs": ("nonsense",)}
    found = sites.problems([dataclasses.replace(GOOD, **broken), bonn(**broken)])
    assert not [problem for problem in found if "also a network" in problem]


TABLE = "tgw-rtb-0123456789abcdef0"


def static(site: ConnectionEntry) -> ConnectionEntry:
    routing = TransitRouting.of({"static_routes_to": [TABLE]}, site.local_cidrs)
    return dataclasses.replace(site, routing="static", shared_networks=True, transit_routing=routing)


def test_a_route_table_has_one_static_route_to_a_network() -> None:
    assert sites.problems([static(GOOD), static(bonn())]) == [
        f"bonn: target.static_routes_to={TABLE}: has one route to 10.20.0.0/16, and that is to berlin: name this table"
        " at one of the two, or use BGP, which uses both"
    ]
    assert sites.problems([static(GOOD), static(bonn(local_cidrs=("10.20.9.0/24",)))]) == []


def test_a_thousand_sites_with_the_same_network() -> None:
    """One problem for each of them, and not for each pair."""
    many = [dataclasses.replace(GOOD, gateway=f"s{n}", public_ip=f"192.0.{n // 250}.{n % 250}") for n in range(1000)]
    found = [problem for problem in sites.problems(many) if "also a network" in problem]
    assert len(found) == 999
    assert all(len(problem) < 400 for problem in found)


@pytest.mark.parametrize(("target", "most"), [("tgw", 1000), ("vgw", 100)])
def test_no_more_networks_than_aws_takes_routes(target: str, most: int) -> None:
    ids = {"transit_gateway_id": None, "vpn_gateway_id": "vgw-0123456789abcdef0"} if target == "vgw" else {}
    networks = tuple(f"172.{16 + number // 256}.{number % 256}.0/24" for number in range(most + 1))
    assert sites.problems([dataclasses.replace(GOOD, local_cidrs=networks[:-1], **ids)]) == []
    (problem,) = sites.problems([dataclasses.replace(GOOD, local_cidrs=networks, **ids)])
    assert problem.startswith(f"berlin: local_cidrs: {most + 1} networks, and a ")


def test_gateways_of_one_site_have_the_same_networks() -> None:
    pair = [dataclasses.replace(each, place="oslo") for each in (GOOD, bonn())]
    assert sites.problems(pair) == []
    # The name of a gateway is the name of its site as long as it has no other.
    assert sites.problems([GOOD, bonn(place="berlin")]) == []
    apart = [dataclasses.replace(GOOD, place="oslo"), bonn(place="ulm")]
    (found,) = sites.problems(apart)
    assert found.startswith("bonn: local_cidrs=10.20.0.0/16: also a network of berlin: ")


def test_a_network_of_a_third_site_is_said_once_for_each_of_its_gateways() -> None:
    given = [dataclasses.replace(each, place="oslo", connection=name) for each in (GOOD, bonn()) for name in ("a", "b")]
    other = dataclasses.replace(GOOD, gateway="ulm", public_ip="198.51.100.12")
    assert [problem.partition(": ")[0] for problem in sites.problems([*given, other])] == ["ulm"]
    assert [problem.partition(": ")[0] for problem in sites.problems([other, *given])] == ["berlin", "bonn"]


def test_two_connections_of_a_gateway_cannot_have_a_static_route_each_in_one_table() -> None:
    first, second = (dataclasses.replace(static(GOOD), connection=name) for name in ("a", "b"))
    (found,) = sites.problems([first, second])
    assert found.startswith(f"berlin/b: target.static_routes_to={TABLE}: has one route to 10.20.0.0/16, and that is to")
