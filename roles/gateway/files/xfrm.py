# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the IPsec SAs and policies of the kernel, as ip lists them: it cannot list them as JSON.

The role hybridnet.aws_vpn.gateway installs this file, and its other programs use it. Python 3.8, standard library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

STATES = ("xfrm", "state", "list", "nokeys")
POLICIES = ("xfrm", "policy", "list")
# An SA in use. One that the daemon still negotiates has the SPI 0.
SA = re.compile(
    r"src (\S+) dst (\S+)\s+proto esp spi (0x(?!0+ )[0-9a-f]+) .*?^\s+if_id (0x[0-9a-f]+)", re.DOTALL | re.MULTILINE
)
POLICY = re.compile(r"src .*?^\s+dir (in|out|fwd) .*?^\s+if_id (0x[0-9a-f]+)", re.DOTALL | re.MULTILINE)
DIRECTIONS = ("in", "out", "fwd")


def entries(listed: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, ...]]:
    found = [pattern.match(entry) for entry in re.split(r"^(?=src )", listed, flags=re.MULTILINE)]
    return (match.groups() for match in found if match)


def sas(listed: str) -> set[tuple[str, str, int]]:
    """Source, destination and interface id of each SA in use."""
    return {(source, target, int(if_id, 0)) for source, target, _spi, if_id in entries(listed, SA)}


def spis(listed: str, if_id: int) -> set[tuple[str, str, str]]:
    """Source, destination and SPI of each SA in use with this interface id."""
    return {(source, target, spi) for source, target, spi, own in entries(listed, SA) if int(own, 0) == if_id}


def policies(listed: str) -> set[tuple[str, int]]:
    """Direction and interface id of each policy."""
    return {(direction, int(if_id, 0)) for direction, if_id in entries(listed, POLICY)}
