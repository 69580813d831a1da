# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How single values of the API are written: addresses and networks of both families, ARNs, rounds of key exchanges.

Like in C(validate), a rule returns what is broken as a fragment without the value, or None.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, Callable

from ..model.values import address, network
from ..text import shown

_INSIDE_IPV6 = ipaddress.IPv6Network("fd00::/8")
# The partition, the service, the Region and the account.
_ARN = r"arn:[a-z-]{{1,32}}:{}:[a-z0-9-]{{1,32}}:[0-9]{{12}}:"
_LOG_GROUP_ARN = re.compile(_ARN.format("logs") + r"log-group:[A-Za-z0-9_/.#-]{1,512}(:\*)?\Z")
_CERTIFICATE_ARN = re.compile(_ARN.format("acm") + r"certificate/[A-Za-z0-9-]{1,64}\Z")
_DEVICE_NAME_LENGTH = 255
_ROUNDS = range(1, 8)
_METHODS = (2, 5, *range(14, 25), 35, 36, 37)


def normal_network(value: Any) -> Any:
    """The one spelling of a network; what is none stays as it is."""
    parsed = network(value)
    return value if parsed is None else str(parsed)


def normal_address(value: Any) -> Any:
    """The one spelling of an address; what is none stays as it is."""
    parsed = address(value)
    return value if parsed is None else str(parsed)


def normal_log_group_arn(value: Any) -> Any:
    """A log group with or without the wildcard for its streams."""
    return value[:-2] if isinstance(value, str) and value.endswith(":*") else value


def inside_ipv6_cidr_problem(value: object) -> str | None:
    """A /126 for the two inside IPv6 addresses of a tunnel."""
    parsed = network(value)
    if not isinstance(parsed, ipaddress.IPv6Network):
        return "not an IPv6 network without host bits such as fd00:20::/126"
    if parsed.prefixlen != 126:
        return "AWS takes a /126 only"
    return None if parsed.subnet_of(_INSIDE_IPV6) else "must lie inside fd00::/8"


def selector_problem(version: int) -> Callable[[object], str | None]:
    """The rule for what the tunnels of a connection may carry: one network of that family."""
    example = "10.20.0.0/16" if version == 4 else "2001:db8:20::/48"

    def problem(value: object) -> str | None:
        parsed = network(value)
        if parsed is None or parsed.version != version:
            return f"not an IPv{version} network without host bits such as {example}"
        return None

    return problem


def log_group_arn_problem(value: object) -> str | None:
    """The ARN of a log group."""
    if not isinstance(value, str) or not _LOG_GROUP_ARN.match(value):
        return "not the ARN of a log group (arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn)"
    return None


def certificate_arn_problem(value: object) -> str | None:
    """The ARN of a certificate."""
    if not isinstance(value, str) or not _CERTIFICATE_ARN.match(value):
        return "not the ARN of a certificate (arn:aws:acm:eu-central-1:123456789012:certificate/...)"
    return None


def device_name_problem(value: object) -> str | None:
    """The name of a device."""
    if not isinstance(value, str) or not 1 <= len(value) <= _DEVICE_NAME_LENGTH:
        return f"a device name has 1 to {_DEVICE_NAME_LENGTH} characters"
    return None


def rounds_problem(value: object) -> str | None:
    """Additional key exchanges: rounds 1 to 7, each once, and a required one with a method."""
    if not isinstance(value, (list, tuple)):
        return "a list of rounds is expected"
    seen: set[object] = set()
    for entry in value:
        if not isinstance(entry, Mapping):
            return "each round is a dictionary of round, methods and requirement"
        number, methods = entry.get("round"), entry.get("methods") or ()
        if not isinstance(number, int) or number not in _ROUNDS:
            return f"a round has a number from {_ROUNDS[0]} to {_ROUNDS[-1]}"
        if number in seen:
            return f"round {number} is there twice"
        seen.add(number)
        problem = _round_problem(number, methods, entry.get("requirement") or "required")
        if problem:
            return problem
    return None


def _round_problem(number: int, methods: Any, requirement: object) -> str | None:
    if requirement not in ("required", "optional"):
        return f"round {number} is required or optional"
    if not isinstance(methods, (list, tuple)):
        return f"the methods of round {number} are a list"
    strange = [method for method in methods if method not in _METHODS]
    if strange:
        known = ", ".join(map(str, _METHODS))
        return f"round {number} has the method {shown(', '.join(map(shown, strange)))}, AWS knows {known}"
    if requirement == "required" and not methods:
        return f"round {number} is required, so it needs at least one method"
    return None
