# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cause why a tunnel is not up, and the names of the checks that look for one."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .aws_log import Line, quote
from .observation import Observation

_QUOTED = 3

# The checks of a tunnel by name, in the words of the options.
GATEWAY, UDP, IKE, ESP, SELECTORS = "gateway", "udp", "ike", "esp", "selectors"
BGP, PREFIXES, ROUTES, TELEMETRY = "bgp", "prefixes", "routes", "telemetry"
HOST_PING, GATEWAY_PING, MTU, BACK_PING = "host_ping", "gateway_ping", "mtu", "back_ping"
REKEY, FAILOVER = "rekey", "failover"
# Those that interfere with the tunnel, and so are made only by name.
DRILLS = (REKEY, FAILOVER)
PINGS = (HOST_PING, GATEWAY_PING, MTU, BACK_PING)


class Cause(NamedTuple):
    """Why a tunnel is not up, and what to check."""

    text: str
    check: str
    # The parts of the gateway, in the words of its drift, in which a difference from its files explains this.
    parts: tuple[str, ...] = ()
    # The line of AWS's logs that is quoted in the text.
    aws_log: str | None = None

    def with_drift(self, lines: Sequence[str]) -> Cause:
        """The cause with what does not run as configured on the gateway."""
        if not lines:
            return self
        more = f"; and {len(lines) - _QUOTED} more" if len(lines) > _QUOTED else ""
        return self._replace(
            text="; ".join([self.text, *lines[:_QUOTED]]) + more,
            check=f"{self.check}; or run the play against this gateway, which mends what differs",
        )

    def with_log(self, line: Line | None) -> Cause:
        """The cause with what AWS logged."""
        quoted = quote(line) if line else None
        return self._replace(text=f"{self.text}; {quoted}", aws_log=quoted) if quoted else self


# Its name, and what finds its cause.
Check = tuple[str, Callable[[Observation], "Cause | None"]]


def on_the_gateway(observed: Observation, *hooks: str) -> str:
    """What to check besides: the chains on the gateway that may drop these packets, if there are any."""
    chains = observed.chains(*hooks)
    return f", and the rules of {chains} on the gateway" if chains else ""
