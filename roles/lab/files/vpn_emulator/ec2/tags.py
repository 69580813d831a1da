# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of a request: read them, and refuse what AWS refuses, whatever the request creates or tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import errors

_MOST = 50
_LONGEST_KEY, _LONGEST_VALUE = 128, 256


def check_request(action: str, request: Mapping[str, Any]) -> None:
    for tags in _lists(action, request):
        _check(tags)


def of_new_resource(request: Mapping[str, Any], resource_type: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for specification in request.get("TagSpecifications") or []:
        named = specification.get("ResourceType")
        if named is None:
            raise errors.invalid_parameter("Tag specification resource type must have a value")
        if named != resource_type:
            raise errors.invalid_parameter(f"'{named}' is not a valid taggable resource type for this operation.")
        if not specification.get("Tags"):
            raise errors.invalid_parameter("Tag specification must have at least one tag")
        found.update({tag["Key"]: tag["Value"] for tag in specification["Tags"]})
    return found


def complete(action: str, request: Mapping[str, Any]) -> None:
    """A tag that is sent without a value has an empty one."""
    for tags in _lists(action, request):
        for tag in tags:
            tag.setdefault("Value", "")


def _lists(action: str, request: Mapping[str, Any]) -> Iterator[list[dict[str, str]]]:
    if action == "CreateTags":
        yield request.get("Tags") or []
    for specification in request.get("TagSpecifications") or []:
        yield specification.get("Tags") or []


def _check(tags: Sequence[Mapping[str, str]]) -> None:
    """Together with those that a resource has already they are counted when they are written."""
    if len(tags) > _MOST:
        raise errors.tag_limit()
    keys = [tag.get("Key") or "" for tag in tags]
    for key in keys:
        if not key:
            raise errors.no_tag_key()
        if key.lower().startswith("aws:"):
            raise errors.reserved_tag(key)
        if keys.count(key) > 1:
            raise errors.duplicate_tag(key)
        if len(key) > _LONGEST_KEY:
            raise errors.long_tag("key", _LONGEST_KEY)
    if any(len(tag.get("Value") or "") > _LONGEST_VALUE for tag in tags):
        raise errors.long_tag("value", _LONGEST_VALUE)
