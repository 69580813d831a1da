# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The customers' end of the tunnels, for tests without a data plane.

The emulator says UP of no tunnel by itself. A test says it, of one tunnel or, as a function, of whatever it knows how
to judge: the function gets the tunnel as the data plane would (ec2/desired.py) and answers as an endpoint would
(dataplane.py), or None. An endpoint that is being replaced is DOWN whatever its peer says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UP: Mapping[str, Any] = {"ike": "ESTABLISHED", "esp": "INSTALLED", "bgp": "Established", "accepted_routes": 1}
DOWN: Mapping[str, Any] = {"ike": "DOWN", "esp": "DOWN", "bgp": None, "accepted_routes": 0}


@dataclass(frozen=True)
class Report:
    """What one endpoint sees, and how long after an interruption it sees it again: seconds, or None for never."""

    status: Mapping[str, Any]
    recovery: float | None = 0.0


def report(status: str, recovery: float | None = 0.0, **more: Any) -> Report:
    return Report({**{"UP": UP, "DOWN": DOWN}[status], **more}, recovery)


def always_up(_tunnel: Mapping[str, Any]) -> Mapping[str, Any]:
    """A device that follows every change at once."""
    return UP
