# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads the files in which the owner of a gateway can say what the gateway's files say too."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..._core.gateway import frr, rivals, sysctls

_FRR = Path("/etc/frr")
_DAEMONS = ("bgpd", "staticd", "zebra")
_UFW = Path("/etc/ufw/ufw.conf")


def owner(own_sysctls: str, keys: Sequence[str], root: Path = Path("/")) -> dict[str, Any]:
    """What others say about BGP, and about these sysctls, which are in a file of our own."""
    return {"bgp": _bgp(root), "sysctls": _sysctls(root, own_sysctls, keys)}


def connections(loaded: Mapping[str, Iterable[str]], root: Path = Path("/")) -> dict[str, list[str]]:
    """By the unit of each IKE daemon, where it has connections of others; some are only in what it has loaded."""
    found = {}
    for unit, patterns in rivals.FILES.items():
        paths = [path for pattern in patterns for path in root.glob(pattern.lstrip("/")) if path.is_file()]
        texts = {f"/{path.relative_to(root)}": path.read_text(encoding="utf-8", errors="replace") for path in paths}
        found[unit] = rivals.others(unit, texts, loaded.get(unit, ()))
    return found


def _bgp(root: Path) -> dict[str, Any]:
    integrated = _text(root, _FRR / "frr.conf")
    daemons = {str(path): _text(root, path) for path in (_FRR / f"{name}.conf" for name in _DAEMONS)}
    separate = frr.separate(_text(root, _FRR / "vtysh.conf"), integrated, daemons)
    return {**frr.owner(integrated), "separate": separate}


def _sysctls(root: Path, own: str, keys: Sequence[str]) -> dict[str, dict[str, Any] | None]:
    there = [f"{folder}/{path.name}" for folder in sysctls.DIRECTORIES for path in _below(root, folder).glob("*.conf")]
    last = [sysctls.LAST]
    if "ENABLED=yes" in _text(root, _UFW).split():
        last.append(sysctls.UFW)
    paths = [*sysctls.in_order({*there, own}), *last]
    return sysctls.others({path: _text(root, path) for path in paths}, own, keys)


def current(keys: Sequence[str], root: Path = Path("/")) -> dict[str, str]:
    """The values that sysctls have now. A kernel may not have all of them."""
    found = {key: _text(root, Path("/proc/sys", *key.split("."))).strip() for key in keys}
    return {key: value for key, value in found.items() if value}


def _below(root: Path, path: str | Path) -> Path:
    return root / str(path).lstrip("/")


def _text(root: Path, path: str | Path) -> str:
    try:
        return _below(root, path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
