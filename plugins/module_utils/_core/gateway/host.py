# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a host needs to be a gateway, and why it cannot be one, from what gateway_status returned of it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..model.values import release
from .platforms import APT, IKE_UNITS, OLDEST_DAEMON, OWN_UNITS, PLATFORMS, RIVAL_UNITS, Daemon, Platform, platform


@dataclass(frozen=True)
class Asked:
    """What the owner of a gateway asks for, as far as it depends on the host."""

    ike_daemon: str
    routing: str = ""
    apply: str = "now"
    lan_address: str = ""
    allow_daemon_swap: bool = False


def obstacles(status: Mapping[str, Any], asked: Asked) -> list[str]:
    """Why the host cannot be a gateway, one line for each reason."""
    return [
        *_kernel(status, asked),
        *_distribution(status, asked),
        *_repositories(status["host"]),
        *_address(status["host"], asked),
        *_rivals(status, asked),
    ]


def _kernel(status: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    if asked.apply == "now" and not status["ipsec_capable"]:
        yield f"the kernel does not support IPsec (missing: {', '.join(status['missing'])})"


def _distribution(status: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    name, version = status["host"]["id"], status["host"]["version"]
    row = PLATFORMS.get(name)
    if row is None:
        yield f"the distribution {name} is not supported (supported: {', '.join(PLATFORMS)})"
        return
    # Releases that are still made have no number.
    if version and release(version) < release(row.oldest):
        yield f"{name} {version} is too old (supported: {row.oldest} and later)"
    daemon, oldest = _daemon(status, asked), OLDEST_DAEMON.get(asked.ike_daemon, "")
    if release(daemon.version) < release(oldest):
        yield f"{daemon.name} {daemon.version} of {name} {version} is too old (supported: {oldest} and later)"


def _daemon(status: Mapping[str, Any], asked: Asked) -> Daemon:
    """The daemon in the version that is installed, else in that of the distribution."""
    row = platform(status["host"]["id"], status["host"]["version"]).daemons[asked.ike_daemon]
    seen = status["daemon"]
    # Without an epoch before it, and without what the distribution adds.
    installed = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", seen["version"] or "") if seen["name"] == row.name else None
    return replace(row, version=installed.group(1)) if installed else row


def _repositories(host: Mapping[str, Any]) -> Iterator[str]:
    row = platform(host["id"], host["version"])
    for name in host["packages_unavailable"]:
        where = row.elsewhere[name]
        other = "static routing" if name in row.packages_bgp else row.ike_daemon
        yield f"{name} is not in {row.id}, and no repository of the host has it. Enable {where}, or use {other}"


def _address(host: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    if asked.lan_address not in ("", *host["addresses"]):
        addresses = ", ".join(host["addresses"])
        yield f"gateway_lan_address {asked.lan_address} is not an address of the host ({addresses})"


def _rivals(status: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    """The swap of a daemon needs apt, ends its connections, and cannot be prepared without doing it."""
    rivals = _rivals_in_use(status, asked)
    if rivals and platform(status["host"]["id"], status["host"]["version"]).manager != APT:
        yield (
            f"another IKE daemon runs, or starts at boot: {', '.join(rivals)}. To use {asked.ike_daemon}, stop and "
            "disable it first. The role changes the daemon only on distributions with apt"
        )
        return
    if rivals and not asked.allow_daemon_swap:
        yield (
            f"another IKE daemon runs, or starts at boot: {', '.join(rivals)}. To use {asked.ike_daemon}, which may "
            "remove its packages, set gateway_allow_daemon_swap (site_vpn_allow_daemon_swap), or stop and disable it"
            " first"
        )
        return
    others = dict.fromkeys(place for unit in rivals for place in status["owner"]["connections"][unit])
    if others:
        yield f"to use {asked.ike_daemon} would end connections that are not of this role: {'; '.join(others)}"
    if rivals and asked.apply != "now":
        yield "a swap of the IKE daemon cannot be staged. Set gateway_apply to now"


def _rivals_in_use(status: Mapping[str, Any], asked: Asked) -> list[str]:
    others = set(RIVAL_UNITS) - {IKE_UNITS[asked.ike_daemon]}
    return [name for name, state in status["units"].items() if name in others and (state["active"] or state["enabled"])]


def needs(status: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Names and paths for the templates, packages and units. The host has no obstacles."""
    host = status["host"]
    row = platform(host["id"], host["version"])
    daemon, with_bgp = _daemon(status, asked), asked.routing == "bgp"
    packages = [*daemon.packages, *row.packages, *(row.packages_bgp if with_bgp else ())]
    units = [*OWN_UNITS, daemon.unit, *([row.bgp_unit] if with_bgp else [])]
    running = [name for name, state in status["units"].items() if state["active"] and state["enabled"]]
    missing = [name for name in packages if name in host["packages_missing"]]
    is_swap = status.get("is_swapping") or _rivals_in_use(status, asked)
    return {
        "platform": {
            "manager": row.manager,
            "python": row.python,
            "nft": row.nft,
            "rules_file": row.rules_file,
            "bgp_unit": row.bgp_unit,
        },
        "daemon": {**asdict(daemon), "unit": daemon.unit},
        "packages": packages,
        "packages_missing": missing,
        "units_stopped": [name for name in units if name not in running],
        "swap": _swap(row, daemon, missing) if is_swap else {},
    }


def _swap(row: Platform, daemon: Daemon, missing: list[str]) -> dict[str, Any]:
    """What the programs on the gateway take that put a daemon in the place of the other one."""
    return {
        "packages": list(dict.fromkeys([*daemon.packages, *missing])),
        "remove": [other.packages[0] for other in row.daemons.values() if other.name != daemon.name],
        "unit": daemon.unit,
        "rivals": [unit for unit in RIVAL_UNITS if unit != daemon.unit],
    }
