# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for the rules AWS, or the network, would refuse later."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import combinations, product

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import value_rules

MARKER = "MarkerKey+not.allowed"


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("10.20.0.0/16", None),
        ("0.0.0.0/0", None),
        ("203.0.113.7/32", None),
        ("10.20.0.1/16", "has host bits set, the network is 10.20.0.0/16"),
        ("10.20.0.0", "prefix length is missing"),
        ("10.20.0.0/255.255.0.0", "write the prefix length as a number: 10.20.0.0/16"),
        ("10.20.0.0/33", "not a CIDR"),
        ("berlin", "not a CIDR"),
        (10, "not a CIDR"),
        (None, "not a CIDR"),
        ("2001:db8::/32", "an IPv4 CIDR is expected"),
        ("169.254.20.0/30", "link-local"),
        ("127.0.0.0/8", "loopback"),
        ("224.0.0.0/8", "multicast"),
    ],
)
def test_cidr(value: object, rule: str | None) -> None:
    check(value_rules.cidr_problem(value), rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("169.254.20.0/30", None),
        ("169.254.255.252/30", None),
        ("169.254.20.1/30", "the network is 169.254.20.0/30"),
        ("169.254.20.0/29", "/30 only"),
        ("10.0.0.0/30", "inside 169.254.0.0/16"),
        ("169.254.20.0", "prefix length is missing (169.254.20.0/30)"),
        (None, "not a CIDR such as 169.254.20.0/30"),
        *((f"169.254.{n}.0/30", "reserved by AWS") for n in range(6)),
        ("169.254.169.252/30", "reserved by AWS"),
        ("169.254.0.4/30", None),
        ("169.254.169.248/30", None),
    ],
)
def test_inside_cidr(value: object, rule: str | None) -> None:
    check(value_rules.inside_cidr_problem(value), rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("abcdefgh", None),
        ("A.b_9" * 12, None),
        ("a" * 64, None),
        ("a" * 65, "8 to 64"),
        ("a" * 7, "8 to 64"),
        ("", "8 to 64"),
        ("0bcdefgh", "start with 0"),
        (MARKER, "only letters"),
        ("schluesselä", "only letters"),
        ("abcdefgh\n", "only letters"),
        (12345678, "is a string"),
        (None, "is a string"),
    ],
)
def test_psk(value: object, rule: str | None) -> None:
    problem = value_rules.psk_problem(value)
    check(problem, rule)
    assert str(value) not in (problem or "") or value == ""


@pytest.mark.parametrize(
    ("asn", "region", "rule"),
    [
        (65010, "eu-central-1", None),
        (1, "eu-central-1", None),
        (4294967294, "eu-central-1", None),
        (4294967295, "eu-central-1", "between 1 and"),
        (0, "eu-central-1", "between 1 and"),
        (-5, None, "between 1 and"),
        (7224, "eu-central-1", "every Region"),
        (7224, None, "every Region"),
        (9059, "eu-west-1", "in eu-west-1"),
        (9059, "eu-central-1", None),
        (10124, "ap-northeast-1", "in ap-northeast-1"),
        (17943, "ap-southeast-1", "in ap-southeast-1"),
        (17943, None, None),
        (True, None, "whole number"),
        ("65010", None, "whole number"),
        (64512.1, None, "whole number"),
    ],
)
def test_customer_asn(asn: object, region: str | None, rule: str | None) -> None:
    check(value_rules.customer_asn_problem(asn, region), rule)


@pytest.mark.parametrize(
    ("asn", "rule"),
    [
        (64512, None),
        (65534, None),
        (4200000000, None),
        (4294967294, None),
        (64511, "private ASN only"),
        (65535, "private ASN only"),
        (4199999999, "private ASN only"),
        (4294967295, "private ASN only"),
        ("64512", "whole number"),
        (False, "whole number"),
    ],
)
def test_amazon_side_asn(asn: object, rule: str | None) -> None:
    check(value_rules.amazon_side_asn_problem(asn), rule)


def test_asn_pair() -> None:
    assert value_rules.asn_pair_problem(65010, 64512) is None
    check(value_rules.asn_pair_problem(64512, 64512), "must differ")


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("198.51.100.10", None),
        ("192.0.2.10", None),
        ("203.0.113.2", None),
        ("198.18.0.1", None),
        ("8.8.8.8", None),
        ("10.1.2.3", "behind NAT"),
        ("172.31.0.1", "behind NAT"),
        ("192.168.1.1", "behind NAT"),
        ("100.64.0.1", "behind NAT"),
        ("127.0.0.1", "loopback"),
        ("169.254.1.1", "link-local"),
        ("224.0.0.5", "multicast"),
        ("0.0.0.0", "not a host address"),
        ("255.255.255.255", "not a host address"),
        ("2001:db8::1", "not an IPv4 address"),
        ("berlin.example.com", "not an IPv4 address"),
        ("198.51.100.10/32", "not an IPv4 address"),
        (None, "missing"),
        ("", "missing"),
    ],
)
def test_public_address(value: object, rule: str | None) -> None:
    check(value_rules.public_address_problem(value), rule)


@pytest.mark.parametrize(
    ("value", "prefix", "rule"),
    [
        ("tgw-0123456789abcdef0", "tgw", None),
        ("vgw-0a1b2c3d", "vgw", None),
        ("tgw-0123456789abcdef", "tgw", "not the id of a transit gateway"),
        ("vgw-0123456789abcdef0", "tgw", "not the id of a transit gateway"),
        ("vpc-XYZ", "vpc", "not the id of a VPC"),
        ("rtb-0123456789abcdef0\n", "rtb", "not the id of a route table"),
        (None, "vgw", "not the id of a virtual private gateway"),
    ],
)
def test_resource_id(value: object, prefix: str, rule: str | None) -> None:
    check(value_rules.resource_id_problem(value, prefix), rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("eu-central-1", None),
        ("us-gov-west-1", None),
        ("us-isob-east-1", None),
        ("eusc-de-east-1", None),
        ("eu-central-1a", "not the name of an AWS Region"),
        ("Frankfurt", "not the name of an AWS Region"),
        (None, "not the name of an AWS Region"),
    ],
)
def test_region(value: object, rule: str | None) -> None:
    check(value_rules.region_problem(value), rule)


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ({"transit_gateway_id": "tgw-1"}, None),
        ({"vpn_gateway": {}, "vpn_gateway_id": None}, None),
        ({}, "found none"),
        ({"transit_gateway_id": "t", "vpn_gateway_id": "v"}, "found transit_gateway_id and vpn_gateway_id"),
    ],
)
def test_target(target: dict[str, object], rule: str | None) -> None:
    check(value_rules.target_problem(target), rule)


def test_tunnel_count() -> None:
    assert [value_rules.tunnel_count_problem(count) for count in range(3)] == [None] * 3
    check(value_rules.tunnel_count_problem(3), "2 tunnels, 3 are described")


@pytest.mark.parametrize(
    ("cidrs", "rule"),
    [
        ([], None),
        ([None, None], None),
        (["169.254.20.0/30", None], None),
        (["169.254.20.0/30", "169.254.20.4/30"], None),
        (["169.254.20.0/30", "169.254.20.0/30"], "tunnel 1 and tunnel 2 have the same inside CIDR 169.254.20.0/30"),
        (["169.254.20.0/29", "169.254.20.4/30"], "169.254.20.0/29 (tunnel 1) and 169.254.20.4/30 (tunnel 2) overlap"),
    ],
)
def test_inside_cidrs_of_one_gateway(cidrs: list[object], rule: str | None) -> None:
    check(value_rules.inside_cidrs_problem(cidrs), rule)


def test_overlaps_names_both_owners_in_the_order_given() -> None:
    owned = [
        ("10.20.1.0/24", "berlin"),
        ("10.30.0.0/16", "madrid"),
        ("10.20.0.0/16", "rome"),
        ("nonsense", "oslo"),
        ("10.30.0.0/16", "oslo"),
    ]
    assert value_rules.overlaps(owned) == [
        (("10.20.1.0/24", "berlin"), ("10.20.0.0/16", "rome")),
        (("10.30.0.0/16", "madrid"), ("10.30.0.0/16", "oslo")),
    ]


def test_overlaps_finds_an_entry_exactly_when_it_shares_addresses() -> None:
    block = ip_network("10.0.0.0/30")
    nets = [net for prefix in (30, 31, 32) for net in block.subnets(new_prefix=prefix)]
    for chosen in product(nets, repeat=4):
        owned = [(str(net), str(number)) for number, net in enumerate(chosen)]
        named = {owner for pair in value_rules.overlaps(owned) for _cidr, owner in pair}
        sharing = {
            number for pair in combinations(range(4), 2) if chosen[pair[0]].overlaps(chosen[pair[1]]) for number in pair
        }
        assert named == {str(number) for number in sharing}


def test_clashes() -> None:
    assert value_rules.clashes(["10.0.0.0/16", "10.1.0.0/16"], ["10.0.5.0/24", "bad"]) == [
        ("10.0.0.0/16", "10.0.5.0/24")
    ]


def test_duplicates() -> None:
    owned = [("192.0.2.1", "a"), ("192.0.2.2", "b"), ("192.0.2.1", "c")]
    assert value_rules.duplicates(owned) == [("192.0.2.1", ["a", "c"])]


def check(problem: str | None, rule: str | None) -> None:
    """A rule is broken, and said, exactly when the table says so."""
    if rule is None:
        assert problem is None
    else:
        assert problem is not None and rule in problem


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://ec2.eu-central-1.amazonaws.com",
            "https://192.0.2.1:8443/ec2",
            "http://127.0.0.1:5055",
            "http://127.9.9.9",
        ),
        *("http://localhost:5055", "HTTP://LOCALHOST", "http://[::1]:5055/path"),
    ],
)
def test_endpoints(url: str) -> None:
    check(value_rules.endpoint_problem(url), None)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://192.0.2.1:5055", "only https"),
        ("http://ec2.eu-central-1.amazonaws.com", "only https"),
        ("http://localhost.example.com", "only https"),
        ("http://127.0.0.1.example.com", "only https"),
        ("http://127.0.0.1@192.0.2.1/", "only https"),
        ("http://127.0.0.1\\@192.0.2.1/", "only https"),
        ("http://192.0.2.1#@127.0.0.1/", "only https"),
        ("http://[::2]", "only https"),
        ("http://[::1", "not a URL"),
        ("http://0.0.0.0", "only https"),
        ("ftp://127.0.0.1", "only https"),
        ("//127.0.0.1", "only https"),
        ("", "only https"),
    ],
)
def test_endpoints_that_are_refused(url: str, rule: str) -> None:
    check(value_rules.endpoint_problem(url), rule)
