# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Gateways in batches: one after the other, and never two gateways of one site in one."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from ..errors import InvalidInput
from ..text import shown
from .reader import is_unset

_PERCENTAGE = re.compile(r"([0-9]+)%\Z")


def batch_sizes(
    gateways: Sequence[str], sites: Mapping[str, str], size: object = None, apart: Container[str] = ()
) -> list[int]:
    """How many gateways are in each batch, in their order; without a size all are in one.

    Those that are to be apart are then still not with another gateway of their site.
    """
    most = _most(size, len(gateways))
    batches: list[list[str]] = []
    for name in gateways:
        site = sites[name]
        if not batches or len(batches[-1]) == most or (site in batches[-1] and (not is_unset(size) or name in apart)):
            batches.append([])
        batches[-1].append(site)
    return [len(batch) for batch in batches]


def _most(size: object, count: int) -> int:
    """The number of gateways that a batch may have."""
    if is_unset(size):
        return count
    percentage = _PERCENTAGE.match(str(size))
    if percentage and 1 <= int(percentage[1]) <= 100:
        return max(1, count * int(percentage[1]) // 100)
    if not isinstance(size, bool) and re.match(r"[1-9][0-9]*\Z", str(size)):
        return int(str(size))
    rule = "a number of gateways from 1, or a percentage from 1% to 100%, is expected"
    raise InvalidInput([f"site_vpn_batch={shown(size)}: {rule}"])
