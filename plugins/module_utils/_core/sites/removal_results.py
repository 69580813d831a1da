# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a removal returns: per site what is left of it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..model.resources import Connection, Observed
from ..plan.removal import Removal
from . import sites
from .entry import ConnectionEntry


def results(names: Sequence[str], observed: Observed) -> dict[str, dict[str, Any]]:
    """Per site what is left of it: nothing, or before the removal what is to go."""
    left: dict[str, Connection] = {}
    for each in sorted(Removal(tuple(names)).connections(observed), key=lambda one: (one.is_outgoing, one.id)):
        left.setdefault(each.name or "", each)
    one_each = replace(observed, connections=tuple(left.values()))
    return sites.results([ConnectionEntry(name, None, None) for name in names], one_each)
