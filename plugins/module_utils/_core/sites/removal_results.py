# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a removal returns: what is left of each connection."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..grouping import grouped
from ..model.access import Access
from ..model.names import connection_of, gateway_of
from ..model.resources import Connection, Observed
from ..plan.removal import Removal
from . import sites
from .entry import ConnectionEntry


def names(removal: Removal, observed: Observed) -> list[str]:
    """The connections a removal is about; a gateway without any counts with its main one."""
    found = grouped((gateway_of(each.name or ""), each.name or "") for each in removal.connections(observed))
    of_gateways = (name for gateway in removal.over(observed).gateways for name in found.get(gateway, [gateway]))
    return sorted({*of_gateways, *removal.names})


def results(asked: Sequence[str], observed: Observed, access: Access) -> dict[str, dict[str, Any]]:
    """By name what is left of each connection: nothing, or before the removal what is to go."""
    left: dict[str, Connection] = {}
    for each in sorted(Removal(names=tuple(asked)).connections(observed), key=lambda one: (one.is_outgoing, one.id)):
        left.setdefault(each.name or "", each)
    one_each = replace(observed, connections=tuple(left.values()))
    entries = [
        ConnectionEntry(gateway_of(name), None, None, connection=connection_of(name), access=access) for name in asked
    ]
    return sites.results(entries, one_each)
