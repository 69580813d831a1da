# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The words of a plan: what an action does, at which stage of the run it does so, and what it interrupts."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import enum

CREATE, CHANGE, REPLACE, DELETE = VERBS = ("create", "change", "replace", "delete")


class Interruption(enum.Enum):
    """What traffic loses while an action runs."""

    NONE = "none"
    ONE_TUNNEL = "one_tunnel"
    BOTH_TUNNELS = "both_tunnels"
    REPLACE = "replace"


class Stage(enum.IntEnum):
    """Actions of one stage run side by side; the next stage begins when what they made is ready."""

    # Numbered with room between them.
    MARK = 5
    REMOVE_OLD = 8
    # What connections end on: customer gateways, virtual private gateways, VPN concentrators; and all tags.
    ENDS = 10
    CONNECTIONS = 20
    # The two ends of a connection change one after the other, never both in one call.
    TARGETS = 22
    OPTIONS = 25
    FIRST_TUNNEL = 30
    SECOND_TUNNEL = 40
    ROUTES = 50
    TRANSIT_DETACH = 54
    TRANSIT = 56
    # Propagation and routes end when what takes their place is there.
    TRANSIT_LEAVE = 58
    REMOVE_CONNECTIONS = 60
    DETACH = 70
    REMOVE_ENDS = 80
