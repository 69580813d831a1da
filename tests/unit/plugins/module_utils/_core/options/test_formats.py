# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How single values of the API are written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import formats, value_rules


def check(problem: str | None, rule: str | None) -> None:
    assert problem is None if rule is None else problem is not None and rule in problem


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("fd00::/126", None),
        ("fdff:20::4/126", None),  # the whole of fd00::/8, not only fd00::/16
        ("fd00::1/126", "without host bits"),
        ("fd00::/125", "/126 only"),
        ("fc00::/126", "inside fd00::/8"),
        ("2001:db8::/126", "inside fd00::/8"),
        ("169.254.20.0/30", "not an IPv6 network"),
        ("fd00::", "not an IPv6 network"),
        (None, "not an IPv6 network"),
    ],
)
def test_inside_ipv6_cidr(value: object, rule: str | None) -> None:
    check(formats.inside_ipv6_cidr_problem(value), rule)


@pytest.mark.parametrize(
    ("version", "value", "rule"),
    [
        (4, "0.0.0.0/0", None),
        (4, "10.20.0.0/16", None),
        (4, "10.20.0.1/16", "without host bits"),
        (4, "::/0", "not an IPv4 network"),
        (6, "::/0", None),
        (6, "2001:db8:20::/48", None),
        (6, "10.20.0.0/16", "not an IPv6 network"),
        (6, 6, "not an IPv6 network"),
    ],
)
def test_selector(version: int, value: object, rule: str | None) -> None:
    check(formats.selector_problem(version)(value), rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn", None),
        ("arn:aws-cn:logs:cn-north-1:123456789012:log-group:vpn:*", None),
        ("/aws/vendedlogs/vpn", "not the ARN of a log group"),
        ("arn:aws:s3:::bucket", "not the ARN of a log group"),
        (7, "not the ARN of a log group"),
    ],
)
def test_log_group_arn(value: object, rule: str | None) -> None:
    check(formats.log_group_arn_problem(value), rule)


def test_a_log_group_is_the_same_with_the_wildcard_for_its_streams() -> None:
    arn = "arn:aws:logs:eu-central-1:123456789012:log-group:vpn"
    assert formats.normal_log_group_arn(f"{arn}:*") == formats.normal_log_group_arn(arn) == arn


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012", None),
        ("arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/x", "not the ARN of a certificate"),
        ("", "not the ARN of a certificate"),
    ],
)
def test_certificate_arn(value: object, rule: str | None) -> None:
    check(formats.certificate_arn_problem(value), rule)


@pytest.mark.parametrize(("value", "rule"), [("edge", None), ("x" * 255, None), ("x" * 256, "1 to 255"), ("", "1 to")])
def test_device_name(value: object, rule: str | None) -> None:
    check(formats.device_name_problem(value), rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ([], None),
        ([{"round": 1, "methods": [36]}], None),
        ([{"round": 7, "methods": [35, 37], "requirement": "optional"}], None),
        ([{"round": 1, "requirement": "optional"}], None),
        ([{"round": 0, "methods": [36]}], "from 1 to 7"),
        ([{"round": 8, "methods": [36]}], "from 1 to 7"),
        ([{"round": 2, "methods": [36]}, {"round": 2, "methods": [37]}], "round 2 is there twice"),
        ([{"round": 1, "methods": [38]}], "has the method 38, AWS knows 2, 5, 14"),
        ([{"round": 1, "methods": []}], "round 1 is required, so it needs at least one method"),
        ([{"round": 1, "methods": [36], "requirement": "maybe"}], "required or optional"),
        ([{"round": 1, "methods": 36}], "are a list"),
        (["1"], "each round is a dictionary"),
        ("1", "a list of rounds"),
    ],
)
def test_rounds(value: Any, rule: str | None) -> None:
    check(formats.rounds_problem(value), rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("198.51.100.10", None),
        ("10.1.2.3", None),
        ("2001:db8::10", None),
        ("fe80::1", "not a host address"),
        ("::1", "not a host address"),
        ("127.0.0.1", "loopback"),
        ("berlin.example.com", "not an IPv4 or IPv6 address"),
        ("", "missing"),
    ],
)
def test_outside_address(value: object, rule: str | None) -> None:
    check(value_rules.outside_address_problem(value), rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("2001:db8:20::/48", None),
        ("2001:db8:20::1/48", "without host bits"),
        ("10.20.0.0/16", "which IPv6 inside needs"),
        ("fe80::/64", "cannot be routed"),
    ],
)
def test_ipv6_networks_of_a_site(value: object, rule: str | None) -> None:
    check(value_rules.cidr_problem(value, 6), rule)


def test_what_is_no_network_or_address_has_no_other_spelling() -> None:
    assert formats.normal_network("nonsense") == "nonsense"
    assert formats.normal_address("nonsense") == "nonsense"
    assert formats.normal_address("2001:DB8:0::1") == "2001:db8::1"
    assert formats.normal_network("FD00:0::/126") == "fd00::/126"
