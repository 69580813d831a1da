# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside CIDRs of tunnels: which may not be there twice, and AWS's choice where none was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from .. import addresses
from . import errors

NAMES = {"ipv4": "TunnelInsideCidr", "ipv6": "TunnelInsideIpv6Cidr"}
_PICK = {"ipv4": addresses.pick_inside_ipv4, "ipv6": addresses.pick_inside_ipv6}


def check_family(tunnels: Iterable[Mapping[str, Any]], version: str) -> None:
    """A connection has CIDRs of one family only."""
    wrong = "ipv6" if version == "ipv4" else "ipv4"
    if any(NAMES[wrong] in one for one in tunnels):
        message = f"An {wrong} inside cidr is not allowed for VPNs using an {version} inside ip version"
        raise errors.invalid_combination(message)


def check_free(cidrs: Iterable[str], version: str, taken: Set[str]) -> None:
    """Neither taken nor twice among themselves."""
    seen = set(taken)
    for cidr in cidrs:
        if cidr in seen:
            raise errors.invalid_value(NAMES[version], cidr, "It is in use.")
        seen.add(cidr)


def complete(tunnels: Sequence[dict[str, Any]], version: str, taken: Set[str], in_use: Set[str]) -> None:
    """Give a CIDR to the tunnels without one: unused in the whole Region as long as there is such a one."""
    name = NAMES[version]
    own = {one[name] for one in tunnels if name in one}
    for one in tunnels:
        if name not in one:
            cidr = _PICK[version](taken | own | in_use) or _PICK[version](taken | own)
            if cidr is None:
                raise errors.no_inside_cidr()
            one[name] = cidr
            own.add(cidr)
