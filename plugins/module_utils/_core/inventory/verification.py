# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the tunnels of a gateway are verified: the checks, the waits, the pings and the report."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ..verdict.checks import NAMES
from .reader import Host, not_one_of, whole


def read_verification(host: Host) -> dict[str, Any]:
    """What the inventory says of it; the role verify has the defaults."""
    return {
        "checks": _checks(host),
        "verify_wait": _at_least(host, "verify_wait", 0),
        "probe_wait": _at_least(host, "probe_wait", 0),
        "pings": _at_least(host, "pings", 1),
        "report_dir": host.text("report_dir"),
    }


def _checks(host: Host) -> list[str]:
    names = host.strings("checks", host.value("checks")) or []
    for name in names:
        problem = not_one_of(name, NAMES)
        if problem:
            host.refuse("checks", problem, name)
    return names


def _at_least(host: Host, option: str, least: int) -> int | None:
    value = whole(host.value(option))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        host.refuse(option, f"a whole number from {least} is expected", value)
        return None
    return value
