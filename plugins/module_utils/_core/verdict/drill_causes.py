# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tunnel that is up did not stand when it was tried, and what was measured: a forced rekey and a failover."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from .cause import DRILLS, FAILOVER, REKEY, Cause, Check
from .observation import Observation


def why_not(name: str, observed: Observation) -> str | None:
    """Why a tunnel was not tried."""
    drill = observed.drills.get(name)
    reason: str | None = "it was not tried" if drill is None else drill.get("skipped")
    return reason


def words(name: str, observed: Observation) -> str:
    """What was measured."""
    drill = observed.drills[name]
    if name == REKEY:
        sent = drill.get("sent")
        return "new SAs" + (f", {sent - drill['received']} of {sent} pings through the tunnel lost" if sent else "")
    return f"traffic used the other tunnel after {drill['seconds']:g} s, the tunnel was back after {drill['back']:g} s"


def remarks(observed: Observation) -> list[str]:
    """A line on each drill of a tunnel that it stood."""
    passed = [name for name in DRILLS if not why_not(name, observed) and not observed.drills[name]["problem"]]
    return [f"{name}: {words(name, observed)}" for name in passed]


def _not_replaced(observed: Observation) -> Cause | None:
    problem = observed.drills.get(REKEY, {}).get("problem")
    if not problem:
        return None
    return Cause(
        f"rekey failed: {problem}",
        "the DH groups of phase 2, which only a rekey uses, and the log of the IPsec daemon on the gateway",
    )


def _no_failover(observed: Observation) -> Cause | None:
    problem = observed.drills.get(FAILOVER, {}).get("problem")
    if not problem:
        return None
    return Cause(
        f"failover failed: {problem}",
        "with BGP whether both sessions are up, else the log of aws-vpn-monitor.service, on the gateway; the routes of"
        " the VPC to the site",
    )


CHECKS: tuple[Check, ...] = ((REKEY, _not_replaced), (FAILOVER, _no_failover))
