# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The verdict on all tunnels: rows for programs, lines for people."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .causes import Cause, cause_of
from .observation import NOT_APPLICABLE, UNKNOWN, Observation, Pings, observations

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
    """The verdict; up means that there is a tunnel, and that every tunnel is up from both ends."""
    found = observations(sites, gateway_status, connections, forward, back)
    judged = [(observed, cause_of(observed)) for observed in found]
    rows = [_row(observed, cause) for observed, cause in judged]
    causes = [_cause_line(observed, cause) for observed, cause in judged if cause]
    return {
        "rows": rows,
        "up": bool(rows) and not causes,
        "lines": [*_table(rows), *_remarks(found), _summary(rows), *causes],
        "causes": causes if rows else [_summary(rows)],
    }


def _row(observed: Observation, cause: Cause | None) -> dict[str, Any]:
    return {
        "site": observed.site,
        "tunnel": observed.tunnel.get("number"),
        "outside_address": observed.tunnel.get("outside_address"),
        "ike": observed.state.get("ike") or UNKNOWN,
        "esp": observed.state.get("esp") or UNKNOWN,
        "bgp": (observed.bgp.get("state") or UNKNOWN) if observed.routing == "bgp" else NOT_APPLICABLE,
        "aws": observed.telemetry.get("status") or UNKNOWN,
        "ping": observed.forward.ratio if observed.forward else NOT_APPLICABLE,
        "up": cause is None,
        "cause": cause.text if cause else None,
    }


def _cause_line(observed: Observation, cause: Cause) -> str:
    tunnel = f" tunnel {observed.tunnel['number']} ({observed.outside})" if observed.tunnel else ""
    return f"{observed.site}{tunnel}: {cause.text}. Check: {cause.check}."


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [[title for _key, title in _COLUMNS]]
    cells += [[NOT_APPLICABLE if row[key] is None else str(row[key]) for key, _title in _COLUMNS] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]


def _remarks(judged: Sequence[Observation]) -> list[str]:
    """What the table cannot show: pings back, single pings lost, and pings nobody sent."""
    remarks = []
    for site in dict.fromkeys(observed.site for observed in judged):
        tunnels = [observed for observed in judged if observed.site == site and observed.tunnel]
        remarks += [
            f"{site} tunnel {observed.tunnel.get('number')}: {observed.forward.ratio} pings answered, some were lost"
            for observed in tunnels
            if observed.forward and _are_some_lost(observed.forward)
        ]
        remarks += _remarks_back(site, tunnels)
    return remarks


def _remarks_back(site: str, tunnels: Sequence[Observation]) -> list[str]:
    if not tunnels:
        return []
    remarks = []
    unprobed = [str(observed.tunnel.get("number")) for observed in tunnels if not observed.forward]
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
