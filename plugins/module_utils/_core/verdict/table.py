# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The verdict on all tunnels, as data and as lines to read.

What is wrong with one tunnel is decided in verdict.py.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .causes import (
    NOT_APPLICABLE,
    UNKNOWN,
    Cause,
    Look,
    Pings,
    cause_of,
    looks,
)

_COLUMNS = (
    ("site", "site"),
    ("tunnel", "tunnel"),
    ("outside_address", "outside address"),
    ("ike", "IKE"),
    ("esp", "ESP"),
    ("bgp", "BGP"),
    ("aws", "AWS"),
    ("ping", "ping"),
)


def judge(
    sites: Mapping[str, Mapping[str, Any]],
    gateway_status: Mapping[str, Mapping[str, Any]],
    connections: Iterable[Mapping[str, Any]],
    forward: Mapping[str, Mapping[str, Any]],
    back: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Rows for programs, lines for people; up when every tunnel is up from both ends (and there is one)."""
    judged = [(look, cause_of(look)) for look in looks(sites, gateway_status, connections, forward, back)]
    rows = [_row(look, cause) for look, cause in judged]
    causes = [_cause_line(look, cause) for look, cause in judged if cause]
    return {
        "rows": rows,
        "up": bool(rows) and not causes,
        "lines": [*_table(rows), *_remarks([look for look, _cause in judged]), _summary(rows), *causes],
        "causes": causes if rows else [_summary(rows)],
    }


def _row(look: Look, cause: Cause | None) -> dict[str, Any]:
    return {
        "site": look.site,
        "tunnel": look.tunnel.get("number"),
        "outside_address": look.tunnel.get("outside_address"),
        "ike": look.seen.get("ike") or UNKNOWN,
        "esp": look.seen.get("esp") or UNKNOWN,
        "bgp": (look.bgp.get("state") or UNKNOWN) if look.routing == "bgp" else NOT_APPLICABLE,
        "aws": look.telemetry.get("status") or UNKNOWN,
        "ping": look.forward.ratio if look.forward else NOT_APPLICABLE,
        "up": cause is None,
        "cause": cause.text if cause else None,
    }


def _cause_line(look: Look, cause: Cause) -> str:
    where = f"{look.site} tunnel {look.tunnel['number']} ({look.outside})" if look.tunnel else look.site
    return f"{where}: {cause.text}. Check: {cause.check}."


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [[title for _key, title in _COLUMNS]]
    cells += [[NOT_APPLICABLE if row[key] is None else str(row[key]) for key, _title in _COLUMNS] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]


def _remarks(judged: Sequence[Look]) -> list[str]:
    """What the table cannot show: pings back, single pings lost, and pings nobody sent."""
    remarks = []
    for site in dict.fromkeys(look.site for look in judged):
        tunnels = [look for look in judged if look.site == site and look.tunnel]
        remarks += [
            f"{site} tunnel {look.tunnel.get('number')}: {look.forward.ratio} pings answered, some were lost"
            for look in tunnels
            if look.forward and _are_some_lost(look.forward)
        ]
        remarks += _remarks_back(site, tunnels)
    return remarks


def _remarks_back(site: str, tunnels: Sequence[Look]) -> list[str]:
    if not tunnels:
        return []
    remarks = []
    unprobed = [str(look.tunnel.get("number")) for look in tunnels if not look.forward]
    if len(unprobed) == len(tunnels):
        remarks.append(f"{site}: no pings into AWS (they need site_vpn_vpc_probe_address)")
    elif unprobed:
        remarks.append(f"{site}: no pings through tunnel {', '.join(unprobed)}")
    back = tunnels[0].back
    if back:
        lost = " (some lost)" if _are_some_lost(back) else ""
        remarks.append(f"{site}: pings back{back.path}: {back.ratio}{lost}")
    else:
        remarks.append(f"{site}: no pings back (they need site_vpn_vpc_probe_host)")
    return remarks


def _are_some_lost(pings: Pings) -> bool:
    return not pings.are_lost and pings.received < pings.sent


def _summary(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "No tunnel to look at"
    return f"{sum(row['up'] for row in rows)} of {len(rows)} tunnels up from both ends"
