# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give units and sysctls back the state that they had before the first run of the role.

The role hybridnet.aws_vpn.gateway installs this program, and records that state once. `activate.py remove` uses it.
Python 3.8, standard library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from commands import output

RECORD = Path("/var/lib/aws-vpn/before.json")
PROC = Path("/proc/sys")
SYSCTL_DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d")
FRR = Path("/etc/frr/frr.conf")
# FRR without any of these does nothing for anybody.
FRR_WORK = re.compile(
    r"^(router|interface|vrf|pbr-map|(ip|ipv6) (route|pim|mroute)|mpls|segment-routing)\b", re.MULTILINE
)


def states(units: list[str]) -> dict[str, dict[str, bool]]:
    """The state of the units that are there."""
    shown = output("systemctl", "show", "--property=LoadState,ActiveState,UnitFileState", *units) if units else None
    return {
        unit: {"active": "ActiveState=active" in block, "enabled": "UnitFileState=enabled" in block}
        for unit, block in zip(units, (shown or "").strip().split("\n\n"))
        if "LoadState=not-found" not in block
    }


def unit_commands(
    before: Mapping[str, Mapping[str, bool]], now: Mapping[str, Mapping[str, bool]], used: Mapping[str, bool]
) -> Iterator[tuple[str, str]]:
    """The verbs of systemctl. A daemon that now works for somebody else is left as it is."""
    for unit, state in now.items():
        was = before[unit]
        if was["enabled"] and not state["enabled"]:
            yield "enable", unit
        if used[unit]:
            continue
        if state["enabled"] and not was["enabled"]:
            yield "disable", unit
        if state["active"] and not was["active"]:
            yield "stop", unit


def is_used() -> dict[str, bool]:
    """By unit: whether its daemon has a configuration of somebody else. Ours is gone by now."""
    frr = FRR.read_text(encoding="utf-8", errors="replace") if FRR.exists() else ""
    return {
        "strongswan.service": bool((output("swanctl", "--list-conns") or "").strip()),
        "ipsec.service": bool(re.search(r'^(000 )?"', output("ipsec", "status") or "", re.MULTILINE)),
        "frr.service": bool(FRR_WORK.search(frr)),
    }


def sysctl_writes(
    before: Mapping[str, str], ours: Mapping[str, str], now: Mapping[str, str | None]
) -> Iterator[tuple[str, str]]:
    """Values to write. A value that is no longer ours was set by somebody since."""
    for key, value in ours.items():
        if key in before and now.get(key) == value != before[key]:
            yield key, before[key]


def is_set_in_a_file(key: str) -> bool:
    """Whether somebody wants a value to stay. Our own file is gone by now."""
    pattern = re.compile(rf"^\s*-?{re.escape(key)}\s*=", re.MULTILINE)
    files = [path for folder in SYSCTL_DIRECTORIES for path in Path(folder).glob("*.conf")]
    files += [path for path in (Path("/etc/sysctl.conf"),) if path.exists()]
    return any(pattern.search(path.read_text(encoding="utf-8", errors="replace")) for path in files)


def path_of(key: str) -> Path:
    return PROC.joinpath(*key.split("."))


def restore() -> list[str]:
    """Restore everything, and return a line for each change and for what stays."""
    if not RECORD.exists():
        return ["The state before the first run is not known: units stay enabled, and sysctls keep their values."]
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    said = []
    used = {**dict.fromkeys(record["units"], True), **is_used()}
    for verb, unit in unit_commands(record["units"], states(list(record["units"])), used):
        output("systemctl", verb, "--quiet", unit)
        said.append(f"{verb} {unit}, as before the first run")
    now = {key: path_of(key).read_text(encoding="ascii").strip() for key in record["sysctls"] if path_of(key).exists()}
    for key, value in sysctl_writes(record["sysctls"], record["sysctls_of_the_role"], now):
        if is_set_in_a_file(key):
            continue
        path_of(key).write_text(value, encoding="ascii")
        said.append(f"set {key} = {value}, as before the first run")
    if record.get("packages_removed"):
        said.append(f"The packages that the role has removed stay removed: {', '.join(record['packages_removed'])}")
    if record["packages"]:
        said.append(f"The packages that the role has installed stay: {', '.join(record['packages'])}")
    return said
