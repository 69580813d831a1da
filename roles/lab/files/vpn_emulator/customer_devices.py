# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The customer gateway devices, for tests without a data plane.

The emulator says UP of no tunnel by itself. A test does: for one tunnel, or by a function for all of an account. With
a data plane a test can only take from what a real endpoint says: DOWN, or fewer routes. The function gets the tunnel as
the data plane would (ec2/desired.py) and returns the status that an endpoint would report (dataplane.py), or None. An
endpoint that is being replaced is DOWN in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

UP: Mapping[str, Any] = {"ike": "ESTABLISHED", "esp": "INSTALLED", "bgp": "Established", "accepted_routes": 1}
DOWN: Mapping[str, Any] = {"ike": "DOWN", "esp": "DOWN", "bgp": None, "accepted_routes": 0}


# From the tunnel, as the data plane gets it, to the status of its endpoint at AWS.
CustomerDevice = Callable[[Mapping[str, Any]], "Mapping[str, Any] | None"]


@dataclass(frozen=True)
class EndpointReport:
    """The status of one endpoint, and how long after an interruption it has it again: seconds, or None for never."""

    status: Mapping[str, Any]
    recovery: float | None = 0.0

    def taken_from(self, seen: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a real endpoint says, made less."""
        if self.status["ike"] == DOWN["ike"]:
            return self.status
        return {**seen, "accepted_routes": min(int(said.get("accepted_routes") or 0) for said in (seen, self.status))}


def report(status: str, recovery: float | None = 0.0, **more: Any) -> EndpointReport:
    return EndpointReport({**{"UP": UP, "DOWN": DOWN}[status], **more}, recovery)


def always_up(_tunnel: Mapping[str, Any]) -> Mapping[str, Any]:
    """A device that follows every change at once."""
    return UP
