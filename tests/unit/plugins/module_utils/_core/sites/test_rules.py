# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules for sites: every problem of every site at once, and those between sites."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    TunnelWanted,
    VpnConcentratorWanted,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

from .builders import GOOD


def test_a_good_site_has_no_problems() -> None:
    assert sites.problems([GOOD]) == []


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"public_ip": "10.0.0.1"}, "berlin: public_ip=10.0.0.1: "),
        ({"bgp_asn": 7224}, "berlin: bgp_asn=7224: reserved by AWS"),
        ({"bgp_asn": None}, "berlin: bgp_asn: missing: BGP needs"),
        ({"local_cidrs": ("10.20.0.1/16",)}, "berlin: local_cidrs=10.20.0.1/16: "),
        ({"remote_cidrs": ("nonsense",)}, "berlin: remote_cidrs=nonsense: "),
        ({"tags": {"hybridnet:gateway": "x"}}, "berlin: tags.hybridnet:gateway: "),
        ({"tags": {"aws:x": "x"}}, "berlin: tags.aws:x: "),
        ({"tags": {f"k{number}": "v" for number in range(46)}}, "berlin: tags=46 tags: AWS takes at most 50 tags"),
        (
            {"options": {"transport_transit_gateway_attachment_id": "tgw-attach-0123456789abcdef0"}},
            "berlin: options.transport_transit_gateway_attachment_id=tgw-attach-0123456789abcdef0: only with",
        ),
        ({"tunnels": (TunnelWanted(),) * 3}, "berlin: tunnels=3: "),
        ({"tunnels": (TunnelWanted({"inside_cidr": "10.0.0.0/30"}),)}, "berlin: tunnels[1].inside_cidr=10.0.0.0/30: "),
        ({"tunnels": (TunnelWanted({"inside_cidr": "169.254.9.0/30"}),) * 2}, "berlin: tunnels: tunnel 1 and tunnel 2"),
        (
            {"vpn_gateway": VpnGatewayWanted("vpc-0123456789abcdef0", 7224), "transit_gateway_id": None},
            "berlin: target.vpn_gateway.amazon_side_asn=7224: ",
        ),
    ],
)
def test_problems_name_site_option_value_and_rule(changes: dict[str, Any], start: str) -> None:
    (problem,) = sites.problems([dataclasses.replace(GOOD, **changes)])
    assert problem.startswith(start)


def test_large_bandwidth_where_aws_does_not_have_it() -> None:
    large = dataclasses.replace(GOOD, options={"tunnel_bandwidth": "large"})
    assert sites.problems([large]) == []
    assert sites.problems([dataclasses.replace(large, access=Access("eu-central-1"))]) == []
    (problem,) = sites.problems([dataclasses.replace(large, access=Access("il-central-1"))])
    assert problem == "berlin: options.tunnel_bandwidth=large: not available in il-central-1"
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678"
    (problem,) = sites.problems([dataclasses.replace(large, public_ip=None, certificate_arn=certificate)])
    assert problem.startswith("berlin: options.tunnel_bandwidth=large: needs a customer gateway that has an address")


def test_a_problem_with_a_key_does_not_show_it() -> None:
    bad = dataclasses.replace(GOOD, tunnels=(TunnelWanted({"pre_shared_key": Secret("MARKER key!")}),))
    (problem,) = sites.problems([bad])
    assert problem.startswith("berlin: tunnels[1].pre_shared_key: ")
    assert "MARKER" not in problem


def other_site(name: str, **changes: Any) -> ConnectionEntry:
    """A second good site."""
    return dataclasses.replace(GOOD, gateway=name, public_ip="198.51.100.11", local_cidrs=("10.30.0.0/16",), **changes)


def test_every_problem_of_every_site_at_once() -> None:
    bad = [
        dataclasses.replace(site, gateway=name, public_ip=name, bgp_asn=7224)
        for name, site in (("a", GOOD), ("b", other_site("b")))
    ]
    assert len(sites.problems(bad)) == 4


def test_problems_between_sites() -> None:
    assert sites.problems([GOOD, other_site("bonn")]) == []
    assert sites.problems([GOOD, other_site("berlin")]) == ["berlin: name: is given 2 times"]
    same_address = dataclasses.replace(other_site("bonn"), public_ip=GOOD.public_ip)
    (found,) = sites.problems([GOOD, same_address])
    assert found.startswith("bonn: public_ip=198.51.100.10: also the address of berlin")
    assert sites.problems([GOOD, dataclasses.replace(same_address, device_name="fw-2")]) == []


def test_sites_on_one_vpc_describe_the_same_virtual_private_gateway() -> None:
    gateway = VpnGatewayWanted("vpc-0123456789abcdef0", 64512, ("rtb-0a1b2c3d",))
    on_vpc = dataclasses.replace(GOOD, transit_gateway_id=None, vpn_gateway=gateway)
    other = other_site("bonn", transit_gateway_id=None)
    unsaid = dataclasses.replace(gateway, amazon_side_asn=None)
    assert sites.problems([on_vpc, dataclasses.replace(other, vpn_gateway=unsaid)]) == []
    different = VpnGatewayWanted("vpc-0123456789abcdef0", 64513, ("rtb-0a1b2c3e",))
    found = sites.problems([on_vpc, dataclasses.replace(other, vpn_gateway=different)])
    assert [text.split(": ")[1].split("=")[0] for text in found] == [
        "target.vpn_gateway.amazon_side_asn",
        "target.vpn_gateway.propagate_to",
    ]


def test_a_tag_has_one_value_where_sites_share_a_resource() -> None:
    gateway, concentrator = VpnGatewayWanted("vpc-0123456789abcdef0"), VpnConcentratorWanted("tgw-0123456789abcdef0")
    instead = "give both the same value, or leave the tag out at one of them"
    targets = {
        "virtual private gateway": {"vpn_gateway": gateway},
        "VPN concentrator": {"vpn_concentrator": concentrator},
    }
    for resource, target in targets.items():
        where: dict[str, Any] = {"transit_gateway_id": None, **target}
        first = dataclasses.replace(GOOD, tags={"team": "net", "floor": "1", "Name": "a"}, **where)
        silent = dataclasses.replace(
            first, gateway="ulm", public_ip="198.51.100.12", local_cidrs=("10.40.0.0/16",), tags={}
        )
        agrees = other_site("bonn", tags={"team": "net", "env": "lab", "Name": "b"}, **where)
        assert sites.problems([silent, first, agrees]) == []
        differs = dataclasses.replace(agrees, tags={"team": "core"})
        assert sites.problems([silent, first, differs]) == [
            f"bonn: tags.team=core: berlin has another value for the same {resource}: {instead}"
        ]
    apart = {"transit_gateway_id": None, "vpn_gateway_id": "vgw-0123456789abcdef0"}
    assert sites.problems([first, other_site("bonn", tags={"team": "core"}, **apart)]) == []


def test_two_sites_without_an_address_are_told_apart_by_certificate_or_name() -> None:
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678"
    first = dataclasses.replace(GOOD, public_ip=None, certificate_arn=certificate)
    other = dataclasses.replace(other_site("bonn"), public_ip=None, certificate_arn=certificate)
    (found,) = sites.problems([first, other])
    assert found.startswith(f"bonn: certificate_arn={certificate}: also the certificate of berlin")
    assert sites.problems([first, dataclasses.replace(other, device_name="fw-2")]) == []


def test_each_region_and_account_has_customer_gateways_of_its_own() -> None:
    same_address = dataclasses.replace(other_site("bonn"), public_ip=GOOD.public_ip)
    assert len(sites.problems([GOOD, same_address])) == 1
    assert sites.problems([GOOD, dataclasses.replace(same_address, access=Access("eu-west-1"))]) == []


def test_what_is_wrong_with_region_and_account() -> None:
    bad = dataclasses.replace(GOOD, access=Access("europe", external_id="word"))
    assert [problem.partition(": ")[2].partition(":")[0] for problem in sites.problems([bad])] == [
        "region=europe",
        "external_id",
    ]


# Gateways with several connections.


def connection(name: str, **changes: Any) -> ConnectionEntry:
    """A connection of the gateway hub, which is correct."""
    changes.setdefault("gateway", "hub")
    return dataclasses.replace(GOOD, connection=name, **changes)


def test_connections_of_a_gateway_share_its_address_and_networks() -> None:
    assert sites.problems([connection("a"), connection("b"), connection("main")]) == []


def test_a_problem_of_a_gateway_is_said_once_and_with_its_name() -> None:
    both = [connection(name, bgp_asn=7224, local_cidrs=("10.20.0.1/16",)) for name in "ab"]
    found = sites.problems(both)
    assert [problem.partition("=")[0] for problem in found] == ["hub: bgp_asn", "hub: local_cidrs"]


def test_a_problem_of_a_connection_has_its_name() -> None:
    bad = {"tags": {"aws:x": "x"}, "preference": 0, "remote_cidrs": ("x",)}
    found = sites.problems([connection("a"), connection("b", **bad)])
    assert [problem.partition(": ")[0] for problem in found] == ["hub/b"] * 3
    assert "hub/b: preference=0: a number from 1 to 9 is expected" in found


@pytest.mark.parametrize("preference", [-1, 0, 10, True, "x", 1.5])
def test_a_preference_is_a_number_from_1_to_9(preference: Any) -> None:
    (problem,) = sites.problems([connection("a", preference=preference)])
    assert problem.endswith(": a number from 1 to 9 is expected")
    assert sites.problems([connection("a", preference=number) for number in (1,)]) == []


def test_a_connection_is_given_once() -> None:
    assert sites.problems([connection("a"), connection("b"), connection("a")]) == ["hub/a: name: is given 2 times"]


@pytest.mark.parametrize(
    "changes",
    [
        {"public_ip": "198.51.100.99"},
        {"bgp_asn": 65011},
        {"device_name": "fw"},
        {"local_cidrs": ("10.21.0.0/16",)},
        {"place": "oslo"},
    ],
)
def test_a_gateway_that_is_given_twice_is_the_same(changes: dict[str, Any]) -> None:
    found = sites.problems([connection("a"), connection("b", **changes)])
    assert found == ["hub: name: is given more than once, with different values"]


def test_a_gateway_that_is_given_twice_with_the_same_connection_is_said_once() -> None:
    twice = [GOOD, dataclasses.replace(GOOD, public_ip="198.51.100.99")]
    assert sites.problems(twice) == ["berlin: name: is given 2 times"]


PART = "a name of 1 to 127 printable characters without / is expected"


def test_names_have_no_separator_in_them() -> None:
    assert sites.problems([dataclasses.replace(GOOD, gateway="hub/a")]) == [f"hub/a: name=hub/a: {PART}"]
    assert sites.problems([connection("a/b")]) == [f"hub/a/b: connections[].name=a/b: {PART}"]
    assert sites.problems([connection("")]) == [f"hub/: connections[].name=: {PART}"]


def test_no_two_spellings_mean_the_same_connection() -> None:
    """hub with a/b would be called like hub/a with b."""
    found = sites.problems([connection("a/b"), connection("b", gateway="hub/a", public_ip="198.51.100.99")])
    assert len([problem for problem in found if problem.endswith(PART)]) == 2


def inside(cidr: str) -> dict[str, Any]:
    return {"tunnels": (TunnelWanted({"inside_cidr": cidr}),)}


def test_inside_cidrs_of_one_gateway_differ() -> None:
    """On two transit gateways AWS takes the same ones, but the gateway cannot tell them apart."""
    other = {"transit_gateway_id": "tgw-0123456789abcdef1"}
    first, second = connection("a", **inside("169.254.20.0/30")), connection("b", **inside("169.254.20.4/30"), **other)
    assert sites.problems([first, second]) == []
    same = connection("b", **inside("169.254.20.0/30"), **other)
    assert sites.problems([first, same]) == [
        "hub/a, hub/b: tunnels[].inside_cidr=169.254.20.0/30: the tunnels end on hub, so each needs an inside CIDR of"
        " its own"
    ]
    elsewhere = other_site("bonn", **inside("169.254.20.0/30"), **other)
    assert sites.problems([first, elsewhere]) == []


def test_an_inside_cidr_is_said_once_where_gateway_and_target_are_the_same() -> None:
    vgw = {"transit_gateway_id": None, "vpn_gateway_id": "vgw-0123456789abcdef0", **inside("169.254.20.0/30")}
    both = [connection(name, **vgw) for name in "ab"]
    of_the_gateway = "hub/a, hub/b: tunnels[].inside_cidr=169.254.20.0/30: the tunnels end on hub, so each"
    assert sites.problems(both) == [f"{of_the_gateway} needs an inside CIDR of its own"]
    # Another gateway has it there too: what is said of all is said of these two.
    (shared,) = sites.problems([*both, other_site("bonn", **vgw)])
    assert shared.startswith("hub/a, hub/b, bonn: tunnels[].inside_cidr=169.254.20.0/30: the connections share vgw-")
    # The second one ends elsewhere in AWS, so there are two things to say.
    elsewhere = {**vgw, "vpn_gateway_id": "vgw-0123456789abcdef1"}
    found = sites.problems([both[0], connection("b", **elsewhere), other_site("bonn", **vgw)])
    assert [problem.partition(": ")[0] for problem in found] == ["hub/a, hub/b", "hub/a, bonn"]


def test_another_gateway_at_the_same_address_is_said_once() -> None:
    others = [dataclasses.replace(other_site("bonn"), connection=name, public_ip=GOOD.public_ip) for name in ("a", "b")]
    found = sites.problems([connection("a"), connection("b"), *others])
    assert found == [
        "bonn: public_ip=198.51.100.10: also the address of hub: each gateway has its own, or a device_name of its own"
    ]
