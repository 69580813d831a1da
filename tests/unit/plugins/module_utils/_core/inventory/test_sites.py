# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites together: what they must not share, and what is handed on."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites

VGW = {"vpn_gateway_id": "vgw-0123456789abcdef0"}
TGW = {"transit_gateway_id": "tgw-0123456789abcdef0"}
ROLE = "arn:aws:iam::111122223333:role/vpn"


def site(number: int, **changes: Any) -> dict[str, Any]:
    """A correct site, different from every other number's."""
    options = {
        "region": "eu-central-1",
        "target": TGW,
        "public_ip": f"198.51.{number // 250}.{number % 250}",
        "bgp_asn": 65010,
        "local_cidrs": [f"10.{100 + number // 250}.{number % 250}.0/24"],
        "remote_cidrs": ["10.0.0.0/16"],
        **changes,
    }
    return {"inventory_hostname": f"s{number}", **{f"site_vpn_{key}": value for key, value in options.items()}}


def vpc(**changes: Any) -> dict[str, Any]:
    return {"vpn_gateway": {"vpc_id": "vpc-0123456789abcdef0", **changes}}


def tunnels(*cidrs: str) -> list[dict[str, str]]:
    return [{"inside_cidr": cidr} for cidr in cidrs]


def test_sites_are_what_vpn_sites_takes() -> None:
    result = check_sites([site(1, tunnels=[{"psk": "marker.key_1"}], tags={"a": "b"})])
    assert result["problems"] == []
    assert result["gateways"] == [
        {
            "name": "s1",
            "public_ip": "198.51.0.1",
            "bgp_asn": 65010,
            "region": "eu-central-1",
            "target": TGW,
            "routing": "bgp",
            "local_cidrs": ["10.100.1.0/24"],
            "remote_cidrs": ["10.0.0.0/16"],
            "preference": 1,
            "tunnels": [{}],
            "tags": {"a": "b"},
        }
    ]


def test_hosts_hold_every_option_but_no_keys() -> None:
    hosts = check_sites([site(1, tunnels=[{"psk": "marker.key_1"}])])["hosts"]
    assert hosts["s1"]["name"] == "s1"
    assert hosts["s1"]["ipsec"] is None
    assert "marker" not in str(hosts)


def test_regions_and_accounts_are_told_once_each() -> None:
    ours = {"connections": [{"name": "a"}, {"name": "b", "region": "eu-west-1", "assume_role_arn": ROLE}]}
    result = check_sites([site(1), site(2, region="eu-west-1", assume_role_arn=ROLE), site(3, **ours)])
    assert result["problems"] == []
    assert result["regions"] == [{"region": "eu-central-1"}, {"region": "eu-west-1", "assume_role_arn": ROLE}]
    assert result["region_labels"] == ["eu-central-1", f"eu-west-1, {ROLE}"]
    assert [each["region"] for each in result["gateways"][2]["connections"]] == ["eu-central-1", "eu-west-1"]


def test_nothing_acts_on_half_an_inventory() -> None:
    result = check_sites([site(1), site(2, bgp_asn=7224)])
    assert (result["gateways"], result["hosts"]) == ([], {})
    assert len(result["problems"]) == 1


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        ({}, {}, None),
        ({}, {"region": "eu-west-1", "public_ip": "198.51.0.1"}, None),
        ({}, {"assume_role_arn": ROLE, "external_id": "word", "public_ip": "198.51.0.1"}, None),
        ({}, {"region": "europe"}, "site_vpn_region=europe: not the name of an AWS Region such as eu-central-1"),
        ({}, {"external_id": "word"}, "site_vpn_external_id: only together with assume_role_arn"),
        ({}, {"profile": ["a"]}, "site_vpn_profile=(a list): a string is expected"),
        (
            {"endpoint_url": "http://127.0.0.1:5055"},
            {},
            "site_vpn_endpoint_url: s1 has http://127.0.0.1:5055: one run can use only one endpoint, see --limit",
        ),
        (
            {},
            {"public_ip": "198.51.0.1"},
            "site_vpn_public_ip=198.51.0.1: also the address of s1: each gateway has its own, or a device_name of its"
            " own",
        ),
        ({}, {"local_cidrs": ["10.100.0.0/16"]}, None),
        (
            {},
            {"local_cidrs": ["10.100.1.0/24"]},
            "site_vpn_local_cidrs=10.100.1.0/24: also a network of s1: give each site its own networks. If both"
            " gateways are at one site, give both the same site. If two sites shall have it, set shared_networks to"
            " true for both",
        ),
        ({"shared_networks": True}, {"local_cidrs": ["10.100.1.0/24"], "shared_networks": "yes"}, None),
        # Everything without a better route goes to one of them.
        ({}, {"local_cidrs": ["0.0.0.0/0", "10.100.2.0/24"]}, None),
        # A site may reach another site through AWS.
        ({"remote_cidrs": ["10.0.0.0/16", "10.100.2.0/24"]}, {"remote_cidrs": ["10.0.0.0/16", "10.100.1.0/24"]}, None),
        # On a transit gateway inside CIDRs may repeat, on a virtual private gateway they may not.
        ({"tunnels": tunnels("169.254.20.0/30")}, {"tunnels": tunnels("169.254.20.0/30")}, None),
        (
            {"target": VGW, "tunnels": tunnels("169.254.20.0/30")},
            {"target": TGW, "tunnels": tunnels("169.254.20.0/30")},
            None,
        ),
        ({"target": vpc()}, {"target": vpc(amazon_side_asn=64512)}, None),
        (
            {"target": vpc()},
            {"target": vpc(amazon_side_asn=1)},
            "site_vpn_target.vpn_gateway.amazon_side_asn=1: AWS takes a private ASN only: "
            "64512-65534 or 4200000000-4294967294",
        ),
        (
            {"target": vpc()},
            {"target": vpc(amazon_side_asn=64513)},
            "site_vpn_target.vpn_gateway.amazon_side_asn=64513: s1 has 64512 for the same virtual private gateway",
        ),
        (
            {"target": vpc(propagate_to=["rtb-0a1b2c3d"])},
            {"target": vpc()},
            "site_vpn_target.vpn_gateway.propagate_to=nothing: s1 has rtb-0a1b2c3d "
            "for the same virtual private gateway",
        ),
        (
            {"target": vpc(propagate_to=["rtb-0a1b2c3d", "rtb-0a1b2c3e"])},
            {"target": vpc(propagate_to=["rtb-0a1b2c3e", "rtb-0a1b2c3d"])},
            None,
        ),
        (
            {"target": vpc(propagate_to=["rtb-0a1b2c3d"])},
            {"target": vpc(propagate_to=[])},
            "site_vpn_target.vpn_gateway.propagate_to=no route table: s1 has rtb-0a1b2c3d "
            "for the same virtual private gateway",
        ),
    ],
)
def test_two_sites(first: dict[str, Any], second: dict[str, Any], problem: str | None) -> None:
    problems = check_sites([site(1, **first), site(2, **second)])["problems"]
    assert problems == ([f"s2: {problem}"] if problem else [])


@pytest.mark.parametrize(
    ("target", "option", "cidr", "where"),
    [
        (VGW, "inside_cidr", "169.254.20.0/30", VGW["vpn_gateway_id"]),
        (vpc(), "inside_cidr", "169.254.20.0/30", "vpn gateway of vpc-0123456789abcdef0"),
        (TGW, "inside_ipv6_cidr", "fd00:20::/126", TGW["transit_gateway_id"]),
    ],
)
def test_inside_cidrs_are_not_shared(target: dict[str, Any], option: str, cidr: str, where: str) -> None:
    options = {"tunnel_inside_ip_version": "ipv6"} if option == "inside_ipv6_cidr" else {}
    networks = {"local_cidrs": ["2001:db8:1::/48"], "remote_cidrs": ["2001:db8::/48"]} if options else {}
    given = {"target": target, "tunnels": [{option: cidr}], "options": options, "shared_networks": True, **networks}
    (problem,) = check_sites([site(1, **given), site(2, **given)])["problems"]
    assert problem.startswith(f"s1, s2: site_vpn_tunnels[].{option}={cidr}: the connections share {where}")


def test_an_address_may_stand_for_two_devices_with_names_of_their_own() -> None:
    both = [site(number, public_ip="198.51.100.1", device_name=f"fw-{number}") for number in (1, 2)]
    assert check_sites(both)["problems"] == []


@pytest.mark.parametrize("target", ["vpc-1", {"vpn_gateway": {"vpc_id": ["x"]}}, {"vpn_gateway_id": {"a": 1}}])
def test_nonsense_in_one_site_leaves_the_others_checked(target: object) -> None:
    problems = check_sites([site(1, target=target), site(2, target=target), site(3, bgp_asn=0)])["problems"]
    assert [problem.split(":")[0] for problem in problems] == ["s1", "s2", "s3"]


def test_a_thousand_sites() -> None:
    result = check_sites([site(number) for number in range(1, 1001)])
    assert result["problems"] == []
    assert len(result["gateways"]) == 1000
