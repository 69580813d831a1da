# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The checks of a tunnel in the order in which it comes up: what each found, and the first cause that counts."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import enum
from collections.abc import Collection
from typing import NamedTuple

from ..model.tunnel_log import BGP as LOG_OF_BGP
from ..model.tunnel_log import TUNNEL
from ..model.tunnel_states import Ike
from . import aws_log, drill_causes, ipsec_causes, path_causes
from .cause import (
    BACK_PING,
    BGP,
    DRILLS,
    ESP,
    GATEWAY,
    GATEWAY_PING,
    HOST_PING,
    IKE,
    MTU,
    PREFIXES,
    ROUTES,
    SELECTORS,
    TELEMETRY,
    UDP,
    Cause,
)
from .observation import Observation

_CHECKS = (*ipsec_causes.CHECKS, *path_causes.CHECKS, *drill_causes.CHECKS)
# The logs of AWS that tell of a failed check.
_LOGS = ((TUNNEL, (GATEWAY, UDP, IKE, ESP, SELECTORS, TELEMETRY)), (LOG_OF_BGP, (BGP, PREFIXES, ROUTES, TELEMETRY)))
NAMES = tuple(dict.fromkeys(name for name, _find in _CHECKS))
# Those that are made if none are named.
USUAL = tuple(name for name in NAMES if name not in DRILLS)


class Result(str, enum.Enum):
    """What a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"
    NOT_REACHED = "not reached"


class Outcome(NamedTuple):
    """One check of one tunnel."""

    name: str
    result: Result
    # Why it failed or does not apply, and of a drill that passed, what was measured.
    reason: str | None = None


def cause_of(observed: Observation, names: Collection[str] = USUAL) -> Cause | None:
    """The first cause that these checks find, None when the tunnel is up as far as they look."""
    return _first(observed, names)[1]


def outcomes(observed: Observation, names: Collection[str] = USUAL) -> list[Outcome]:
    """What each of these checks came to. Those behind the first that failed say nothing."""
    failed, cause = _first(observed, names)
    return [_outcome(name, observed, failed, cause) for name in NAMES if name in names]


def log_line(observed: Observation, name: str) -> aws_log.Line | None:
    """What AWS logged about what a check looks at."""
    for log, names in _LOGS:
        line = observed.logged(log) if name in names else None
        if line:
            return line
    return None


def _first(observed: Observation, names: Collection[str]) -> tuple[int, Cause | None]:
    """The position of the first check that finds a cause, and this cause."""
    for position, (name, find) in enumerate(_CHECKS):
        cause = find(observed) if name in names else None
        if cause:
            return position, cause.with_log(log_line(observed, name)).with_drift(observed.drift(cause.parts))
    return len(_CHECKS), None


def _outcome(name: str, observed: Observation, failed: int, cause: Cause | None) -> Outcome:
    if cause and name == _CHECKS[failed][0]:
        return Outcome(name, Result.FAILED, cause.text)
    reason = _why_not(name, observed)
    if reason:
        return Outcome(name, Result.NOT_APPLICABLE, reason)
    last = max(position for position, (each, _find) in enumerate(_CHECKS) if each == name)
    is_unknown = name == UDP and observed.state.get("ike") != Ike.ESTABLISHED and not observed.failure
    if last > failed or is_unknown:
        return Outcome(name, Result.NOT_REACHED)
    return Outcome(name, Result.PASSED, drill_causes.words(name, observed) if name in DRILLS else None)


def _why_not(name: str, observed: Observation) -> str | None:
    """Why a check does not apply to a tunnel."""
    if name in DRILLS:
        return drill_causes.why_not(name, observed)
    if name in (BGP, PREFIXES):
        return None if observed.routing == "bgp" else "static routing"
    if name in (HOST_PING, GATEWAY_PING, MTU) and not observed.forward:
        return observed.no_forward or "pings need site_vpn_vpc_probe_address"
    if name == HOST_PING and not observed.is_from_host:
        return "no host behind the gateway sends pings (site_vpn_probe_host)"
    if name == GATEWAY_PING and observed.is_from_host and not observed.from_gateway:
        return "the host behind the gateway sends them"
    if name == MTU and observed.forward and not observed.forward.large:
        return "no large pings were sent"
    if name == BACK_PING and not observed.back:
        return observed.no_back or "pings back need site_vpn_vpc_probe_host"
    return None
