# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ids, addresses, networks and numbers out of text, read strictly; None for what is none.

Python takes more: digits of every script, anything behind the % of an IPv6 address, numbers for addresses.
"""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import ipaddress
import re
from typing import Union

IpNetwork = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
IpAddress = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

# The highest number of 32 bits, such as an ASN.
HIGHEST = 2**32 - 1

# AWS says no more of an id than its prefix; 17 digits, or 8, are what it has made so far.
_ID = re.compile(r"([a-z]{1,16}(?:-[a-z]{1,16}){0,3})-[0-9a-f]{1,32}\Z")
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{2,45}\Z")
# As a number, in one spelling.
PREFIX_LENGTH = re.compile(r"/(0|[1-9][0-9]{0,2})\Z")
_NETWORK = re.compile(r"[0-9A-Fa-f.:]{2,45}" + PREFIX_LENGTH.pattern)
_NUMBER = re.compile(r"[0-9]{1,10}\Z")


def is_id(value: object, prefix: str | None = None) -> bool:
    """Whether it is the id of a resource; of one kind when a prefix is given."""
    found = _ID.match(value) if isinstance(value, str) else None
    return found is not None and prefix in (None, found.group(1))


def address(value: object) -> IpAddress | None:
    """The address of either family."""
    if not isinstance(value, str) or not _ADDRESS.match(value):
        return None
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        return None


def network(value: object) -> IpNetwork | None:
    """The network of either family, without host bits."""
    if not isinstance(value, str) or not _NETWORK.match(value):
        return None
    try:
        return ipaddress.ip_network(value)
    except ValueError:
        return None


def ipv4_address(value: object) -> ipaddress.IPv4Address | None:
    """The IPv4 address."""
    found = address(value)
    return found if isinstance(found, ipaddress.IPv4Address) else None


def ipv4_network(value: object) -> ipaddress.IPv4Network | None:
    """The IPv4 network, without host bits."""
    found = network(value)
    return found if isinstance(found, ipaddress.IPv4Network) else None


def is_within(cidr: object, other: object) -> bool:
    """Whether the other network holds all of a network; false where one of them is none."""
    inner, outer = network(cidr), network(other)
    if inner is None or outer is None or inner.version != outer.version:
        return False
    return inner.network_address in outer and inner.prefixlen >= outer.prefixlen


def is_inside_cidr(value: object) -> bool:
    """Whether it is the network inside of a tunnel: a /30."""
    found = ipv4_network(value)
    return found is not None and found.prefixlen == 30


def number(value: object, highest: int = HIGHEST) -> int | None:
    """The whole number from 0 on, also as text: templates and some answers have nothing else."""
    if isinstance(value, str) and _NUMBER.match(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= highest else None


def release(version: str) -> tuple[int, ...]:
    """A version of a program, to compare it with others."""
    return tuple(found for part in version.split(".") if (found := number(part)) is not None)


def is_preference(value: object) -> bool:
    """The place of a connection among those of its gateway."""
    return number(value) in range(1, 10)
