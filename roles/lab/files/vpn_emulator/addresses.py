# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and keys that AWS chooses: tunnel outside addresses, inside CIDRs, pre-shared keys."""

from __future__ import annotations

import ipaddress
import secrets
import string
from collections import deque
from collections.abc import Container, Iterable
from functools import lru_cache

# RFC 5180 benchmarking space, likewise.
_SYNTHETIC_IPV6 = ipaddress.IPv6Network("2001:2::/48")
# RFC 2544 benchmarking space: nothing real answers there. One half per tunnel, as AWS uses two availability zones.
_SYNTHETIC = (ipaddress.IPv4Network("198.18.0.0/16"), ipaddress.IPv4Network("198.19.0.0/16"))

INSIDE_IPV4 = ipaddress.IPv4Network("169.254.0.0/16")
INSIDE_IPV6 = ipaddress.IPv6Network("fd00::/8")
RESERVED_INSIDE_IPV4 = frozenset(
    ipaddress.IPv4Network(cidr)
    for cidr in (
        "169.254.0.0/30",
        "169.254.1.0/30",
        "169.254.2.0/30",
        "169.254.3.0/30",
        "169.254.4.0/30",
        "169.254.5.0/30",
        "169.254.169.252/30",
    )
)

PSK_ALPHABET = string.ascii_letters + string.digits + "._"
_PSK_LENGTH = 32


class OutsideAddresses:
    """Hands out tunnel endpoint addresses, each to one tunnel at a time.

    A data plane brings its own list; without one the addresses are synthetic and never run out in practice.
    """

    def __init__(self, endpoints: Iterable[str] | None = None) -> None:
        self._free: deque[str] | None = None if endpoints is None else deque(endpoints)
        self._returned: tuple[deque[str], deque[str]] = (deque(), deque())
        self._next = [1, 1]
        self._next_ipv6 = 1

    def take_pair(self) -> tuple[str, str] | None:
        """Two addresses for one connection, or None when the endpoints are used up."""
        if self._free is None:
            return self._synthetic(0), self._synthetic(1)
        if len(self._free) < 2:
            return None
        return self._free.popleft(), self._free.popleft()

    def take_ipv6_pair(self) -> tuple[str, str]:
        """Always synthetic, and never given out again."""
        self._next_ipv6 += 2
        return str(_SYNTHETIC_IPV6[self._next_ipv6 - 2]), str(_SYNTHETIC_IPV6[self._next_ipv6 - 1])

    def give_back(self, addresses: Iterable[str]) -> None:
        for half, address in enumerate(addresses):
            (self._returned[half] if self._free is None else self._free).append(address)

    def _synthetic(self, half: int) -> str:
        network = _SYNTHETIC[half]
        if self._next[half] < network.num_addresses - 1:
            self._next[half] += 1
            return str(network[self._next[half] - 1])
        return self._returned[half].popleft()


def pick_inside_ipv4(taken: Container[str]) -> str | None:
    """A free one, the first from a random one on; None when all are taken."""
    count = INSIDE_IPV4.num_addresses // 4
    begin = secrets.randbelow(count)
    for offset in range(count):
        network = ipaddress.IPv4Network((int(INSIDE_IPV4[0]) + 4 * ((begin + offset) % count), 30))
        if str(network) not in taken and network not in RESERVED_INSIDE_IPV4:
            return str(network)
    return None


def pick_inside_ipv6(_taken: Container[str]) -> str:
    """Of so many that none comes twice."""
    return str(ipaddress.IPv6Network((int(INSIDE_IPV6[0]) + 4 * secrets.randbits(118), 126)))


def generate_psk() -> str:
    while True:
        key = "".join(secrets.choice(PSK_ALPHABET) for _unused in range(_PSK_LENGTH))
        if key[0] != "0":
            return key


@lru_cache(maxsize=4096)
def inside_addresses(cidr: str) -> tuple[str, str]:
    """AWS has the first host of the inside network, the customer gateway the second."""
    network = ipaddress.ip_network(cidr)
    return str(network[1]), str(network[2])
