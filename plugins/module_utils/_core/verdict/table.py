# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The verdict on all tunnels: rows for programs, lines for people."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ..model.names import MAIN, connection_name
from .cause import BACK_PING, GATEWAY_PING, HOST_PING, PINGS, Cause
from .checks import USUAL, Result, cause_of, outcomes
from .drill_causes import remarks as remarks_on_drills
from .observation import NOT_APPLICABLE, UNKNOWN, Observation

_COLUMNS = (
    ("site", "site"),
    ("gateway", "gateway"),
    ("connection", "connection"),
    ("tunnel", "tunnel"),
    ("outside_address", "outside address"),
    ("ike", "IKE"),
    ("esp", "ESP"),
    ("bgp", "BGP"),
    ("aws", "AWS"),
    ("ping", "ping"),
)


def judge(found: Sequence[Observation], checks: Collection[str] = USUAL) -> dict[str, Any]:
    """The verdict; up means that there are tunnels, and all but those of gateways left out are up from both ends."""
    judged = [(observed, cause_of(observed, checks)) for observed in found]
    rows = [{**_row(observed, cause), "checks": _checks(observed, checks)} for observed, cause in judged]
    causes = [_cause_line(observed, cause) for observed, cause in judged if cause]
    return {
        "rows": rows,
        "up": bool(rows) and not any(cause for observed, cause in judged if not observed.left_out),
        "lines": [
            *_table(rows),
            *_remarks(found, checks),
            *_not_applicable(rows),
            *_unread_logs(found),
            _summary(rows),
            *causes,
        ],
        "causes": causes if rows else [_summary(rows)],
    }


def _row(observed: Observation, cause: Cause | None) -> dict[str, Any]:
    return {
        "site": observed.site,
        "gateway": observed.gateway,
        "connection": observed.connection,
        "tunnel": observed.tunnel.get("number"),
        "outside_address": observed.tunnel.get("outside_address"),
        "ike": observed.state.get("ike") or UNKNOWN,
        "esp": observed.state.get("esp") or UNKNOWN,
        "bgp": (observed.bgp.get("state") or UNKNOWN) if observed.routing == "bgp" else NOT_APPLICABLE,
        "aws": observed.telemetry.get("status") or UNKNOWN,
        "ping": observed.forward.ratio if observed.forward else NOT_APPLICABLE,
        "up": cause is None,
        "cause": cause.text if cause else None,
        "aws_log": cause.aws_log if cause else None,
    }


def _checks(observed: Observation, names: Collection[str]) -> list[dict[str, Any]]:
    return [{**each._asdict(), "result": each.result.value} for each in outcomes(observed, names)]


def _cause_line(observed: Observation, cause: Cause) -> str:
    tunnel = f" tunnel {observed.tunnel['number']} ({observed.outside})" if observed.tunnel else ""
    return f"{observed.name}{tunnel}: {cause.text}. Check: {cause.check}."


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The table; columns that say nothing new are left out."""
    left_out = {
        "gateway": all(row["gateway"] == row["site"] for row in rows),
        "connection": all(row["connection"] == MAIN for row in rows),
    }
    columns = [(key, title) for key, title in _COLUMNS if not left_out.get(key)]
    cells = [[title for _key, title in columns]]
    cells += [[NOT_APPLICABLE if row[key] is None else str(row[key]) for key, _title in columns] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]


def _remarks(found: Iterable[Observation], checks: Collection[str]) -> list[str]:
    """What the table cannot show: pings back, pings of which some were lost, and pings that were not sent."""
    by_name = groupby((observed for observed in found if observed.tunnel), key=lambda observed: observed.name)
    return [f"{name}{remark}" for name, tunnels in by_name for remark in _remarks_on(list(tunnels), checks)]


def _remarks_on(tunnels: Sequence[Observation], checks: Collection[str]) -> Iterator[str]:
    if {HOST_PING, GATEWAY_PING} & set(checks):
        yield from _remarks_on_forward(tunnels)
    back = tunnels[0].back
    if back:
        yield f": pings back{back.path}: {back.ratio}" + (" (some lost)" if back.are_some_lost else "")
    elif BACK_PING in checks:
        yield f": no pings back ({tunnels[0].no_back or 'they need site_vpn_vpc_probe_host'})"
    for observed in tunnels:
        yield from (f" tunnel {observed.tunnel['number']}: {remark}" for remark in remarks_on_drills(observed))


def _remarks_on_forward(tunnels: Sequence[Observation]) -> Iterator[str]:
    for observed in tunnels:
        if observed.forward and observed.forward.are_some_lost:
            yield f" tunnel {observed.tunnel['number']}: {observed.forward.ratio} pings answered, some were lost"
    without_pings = [str(observed.tunnel["number"]) for observed in tunnels if not observed.forward]
    if len(without_pings) == len(tunnels):
        yield f": no pings into AWS ({tunnels[0].no_forward or 'they need site_vpn_vpc_probe_address'})"
    elif without_pings:
        yield f": no pings through tunnel {', '.join(without_pings)}"


def _not_applicable(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which checks were not made, why, and where; pings that were not sent have their own lines."""
    left_out: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        name = connection_name(row["gateway"], row["connection"])
        for check in row["checks"]:
            if check["result"] == Result.NOT_APPLICABLE.value and check["name"] not in PINGS:
                left_out.setdefault(check["reason"], {}).setdefault(name, []).append(check["name"])
    everywhere = len({(row["gateway"], row["connection"]) for row in rows})
    return [
        f"not applicable: {', '.join(dict.fromkeys(sum(by_name.values(), [])))} ({reason})"
        + ("" if len(by_name) == everywhere else f": {', '.join(by_name)}")
        for reason, by_name in left_out.items()
    ]


def _unread_logs(found: Iterable[Observation]) -> list[str]:
    """Which logs of AWS could not be read, each once."""
    problems = (
        f"{observed.name}: no log of AWS: {observed.log['problem']}"
        for observed in found
        if observed.log.get("problem")
    )
    return list(dict.fromkeys(problems))


def _summary(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "No tunnel to look at"
    return f"{sum(row['up'] for row in rows)} of {len(rows)} tunnels up from both ends"
