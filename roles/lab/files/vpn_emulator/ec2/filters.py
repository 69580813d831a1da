# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe filters: exact or with the wildcards * and ?, OR within one filter, AND between filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar

from moto.ec2.exceptions import EC2ClientError


class Tagged(Protocol):
    @property
    def tags(self) -> Mapping[str, str]: ...


class Listed(NamedTuple):
    """What is not a resource of ours: the answer about it, and its tags."""

    answer: Mapping[str, Any]
    tags: Mapping[str, str]


AnyResource = TypeVar("AnyResource", bound=Tagged)
Filters = Mapping[str, "list[str] | str"]
# What a resource has for a filter to match: one value, several, or none.
FilterValue = Callable[[AnyResource], "Iterable[str] | str | None"]


def select(
    resources: Iterable[AnyResource], filters: Filters | None, known: Mapping[str, FilterValue[AnyResource]]
) -> list[AnyResource]:
    chosen = list(resources)
    for name, wanted in (filters or {}).items():
        value_of = _value_of(name, known)
        values = [wanted] if isinstance(wanted, str) else wanted
        exact = {value for value in values if not _has_wildcard(value)}
        patterns = [_pattern(value) for value in values if _has_wildcard(value)]
        chosen = [one for one in chosen if _matches(value_of(one), exact, patterns)]
    return chosen


def select_listed(
    listed: Iterable[Listed], filters: Filters | None, known: Mapping[str, FilterValue[Listed]]
) -> list[Mapping[str, Any]]:
    """The answers about those that the filters choose."""
    return [one.answer for one in select(listed, filters, known)]


def _value_of(name: str, known: Mapping[str, FilterValue[AnyResource]]) -> FilterValue[AnyResource]:
    if name.startswith("tag:"):
        key = name[len("tag:") :]
        return lambda resource: resource.tags.get(key)
    if name == "tag-key":
        return lambda resource: list(resource.tags)
    if name not in known:
        raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return known[name]


def _matches(found: Iterable[str] | str | None, exact: set[str], patterns: list[re.Pattern[str]]) -> bool:
    if found is None:
        return False
    values = (found,) if isinstance(found, str) else found
    return any(value in exact or any(pattern.fullmatch(value) for pattern in patterns) for value in values)


def _has_wildcard(value: str) -> bool:
    return any(character in value for character in "*?\\")


@lru_cache(maxsize=1024)
def _pattern(value: str) -> re.Pattern[str]:
    """A backslash takes the meaning from the next character."""
    parts: list[str] = []
    escaped = False
    for character in value:
        if escaped:
            parts.append(re.escape(character))
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append({"*": ".*", "?": "."}.get(character, re.escape(character)))
    return re.compile("".join(parts), re.DOTALL)
