# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids, addresses, networks and numbers are read strictly."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model import values

ARABIC = "\u0661\u0662\u0663"


@pytest.mark.parametrize(
    "value",
    ["vpn-1", "vpn-0123abcd", "vpn-0123456789abcdef0", "tgw-attach-0123456789abcdef0", f"vpn-{'a' * 32}"],
)
def test_ids(value: str) -> None:
    assert values.is_id(value)
    assert values.is_id(value, value.rpartition("-")[0])
    assert not values.is_id(value, "cgw")


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "vpn",
            "vpn-",
            "-1",
            "vpn-g",
            "VPN-1",
            "vpn-A",
            "vpn 1",
            "vpn-1\n",
            "\nvpn-1",
            "vpn-1 ",
            "vpn/1",
            "vpn-../1",
        ),
        *(f"vpn-{ARABIC}", f"vpn-{'a' * 33}", f"{'a' * 17}-1", None, 1, ["vpn-1"], b"vpn-1"),
    ],
)
def test_no_ids(value: object) -> None:
    assert not values.is_id(value)


@pytest.mark.parametrize("value", ["192.0.2.1", "2001:db8::1", "::", "::ffff:192.0.2.1"])
def test_addresses(value: str) -> None:
    assert str(values.address(value)) == value or "ffff" in value


@pytest.mark.parametrize(
    "value",
    [
        *("", "192.0.2", "192.0.2.256", "192.0.2.1\n", " 192.0.2.1", "192.0.2.01", f"192.0.2.{ARABIC}", "192.0.2.1/32"),
        *("fe80::1%eth0", "fe80::1%x\n}", "::1%{{x}}", None, 3221225985, True, b"\xc0\x00\x02\x01", ("192.0.2.1",)),
    ],
)
def test_no_addresses(value: object) -> None:
    assert values.address(value) is None
    assert values.ipv4_address(value) is None


@pytest.mark.parametrize("value", ["192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "::/0"])
def test_networks(value: str) -> None:
    assert str(values.network(value)) == value
    assert (values.ipv4_network(value) is None) is (":" in value)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "192.0.2.0",
            "192.0.2.1/24",
            "192.0.2.0/33",
            "192.0.2.0/255.255.255.0",
            "192.0.2.0/24\n",
            "192.0.2.0/ 24",
        ),
        *(f"192.0.2.0/{ARABIC}", "fe80::%eth0/64", "fe80::%\n/64", None, 3221225984, ("192.0.2.0", 24), b"x"),
    ],
)
def test_no_networks(value: object) -> None:
    assert values.network(value) is None
    assert values.ipv4_network(value) is None


@pytest.mark.parametrize(("value", "number"), [(0, 0), ("0", 0), (65010, 65010), ("4294967295", 2**32 - 1)])
def test_numbers(value: object, number: int) -> None:
    assert values.number(value) == number


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-1",
        -1,
        "1_0",
        " 1",
        "1\n",
        "1.0",
        1.0,
        True,
        None,
        ARABIC,
        "\u00b2",
        2**32,
        "4294967296",
        "9" * 5000,
        "0x1",
    ],
)
def test_no_numbers(value: object) -> None:
    assert values.number(value) is None


def test_inside_cidrs() -> None:
    assert values.is_inside_cidr("169.254.20.0/30")
    assert not any(map(values.is_inside_cidr, ["169.254.20.0/29", "0.0.0.0/0", "fd00::/126", "169.254.20.1/30", None]))


@pytest.mark.parametrize(
    ("cidr", "other", "expected"),
    [
        ("10.20.0.0/16", "10.0.0.0/8", True),
        ("10.20.0.0/16", "10.20.0.0/16", True),
        ("10.0.0.0/8", "10.20.0.0/16", False),
        ("10.20.0.0/16", "0.0.0.0/0", True),
        ("10.20.0.0/16", "172.16.0.0/12", False),
        ("2001:db8::/48", "::/0", True),
        ("10.20.0.0/16", "::/0", False),
        ("10.20.0.1/16", "10.0.0.0/8", False),
        (None, "0.0.0.0/0", False),
    ],
)
def test_a_network_within_another(cidr: object, other: object, expected: bool) -> None:
    assert values.is_within(cidr, other) is expected
