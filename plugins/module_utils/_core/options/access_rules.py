# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules for the Region and the account of a connection."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from . import value_rules
from .problem import Problem, broken

_ROLE_ARN = re.compile(r"arn:[a-z-]{1,32}:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}\Z")
_SESSION_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{2,64}\Z")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}\Z")
# Only a role has them.
_OF_A_ROLE = ("external_id", "role_session_name")

Rule = Callable[[object], "str | None"]


def role_arn_problem(value: object) -> str | None:
    """The ARN of an IAM role."""
    if isinstance(value, str) and _ROLE_ARN.match(value):
        return None
    return "not the ARN of an IAM role such as arn:aws:iam::111122223333:role/vpn"


def session_name_problem(value: object) -> str | None:
    """The name of a role session."""
    if isinstance(value, str) and _SESSION_NAME.match(value):
        return None
    return "2 to 64 letters, digits and characters of _+=,.@- are expected"


def external_id_problem(value: object) -> str | None:
    """The external id of a role."""
    if isinstance(value, str) and _EXTERNAL_ID.match(value):
        return None
    return "2 to 1224 letters, digits and characters of _+=,.@:/- are expected"


def profile_problem(value: object) -> str | None:
    """The name of a profile."""
    return None if isinstance(value, str) and value.isprintable() else "the name of a profile is expected"


RULES: Mapping[str, Rule] = {
    "region": value_rules.region_problem,
    "profile": profile_problem,
    "assume_role_arn": role_arn_problem,
    "external_id": external_id_problem,
    "role_session_name": session_name_problem,
}


def access_problems(entry: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the Region and the account of an entry; an empty value is none."""
    given = {name: entry.get(name) for name in RULES if entry.get(name)}
    found = [problem for name, value in given.items() for problem in broken(name, value, RULES[name](value))]
    alone = [name for name in _OF_A_ROLE if name in given and "assume_role_arn" not in given]
    return found + [Problem(name, "only together with assume_role_arn") for name in alone]
