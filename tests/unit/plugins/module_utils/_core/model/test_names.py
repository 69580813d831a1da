# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of connections: made of two parts, taken apart again, and found again in tags."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import (
    connection_name,
    connection_of,
    gateway_of,
    identity_tags,
    part_problem,
    tagged_name,
)

NAMES = [("hub", "main", "hub"), ("hub", "dublin", "hub/dublin"), ("a.b c-1", "2", "a.b c-1/2")]


@pytest.mark.parametrize(("gateway", "connection", "name"), NAMES)
def test_a_name_is_made_of_two_parts_and_taken_apart_again(gateway: str, connection: str, name: str) -> None:
    assert connection_name(gateway, connection) == name
    assert (gateway_of(name), connection_of(name)) == (gateway, connection)


def test_the_only_connection_of_a_gateway_has_its_name() -> None:
    assert connection_name("berlin") == "berlin"


@pytest.mark.parametrize(("gateway", "connection", "name"), NAMES)
def test_the_tags_of_a_name_say_it_again(gateway: str, connection: str, name: str) -> None:
    tags = identity_tags(name)
    assert tags == {"hybridnet:gateway": gateway, "hybridnet:connection": connection}
    assert tagged_name({"Name": "x", **tags}) == name


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({}, None),
        ({"hybridnet:connection": "dublin"}, None),
        ({"hybridnet:gateway": ""}, None),
        # A customer gateway has no connection; a person may have emptied the tag.
        ({"hybridnet:gateway": "hub"}, "hub"),
        ({"hybridnet:gateway": "hub", "hybridnet:connection": ""}, "hub"),
    ],
)
def test_tags_that_say_less(tags: dict[str, str], name: str | None) -> None:
    assert tagged_name(tags) == name


@pytest.mark.parametrize(
    ("part", "is_good"),
    [
        ("hub", True),
        ("a" * 127, True),
        ("München 1", True),
        ("", False),
        ("a" * 128, False),
        ("hub/dublin", False),
        ("/", False),
        ("two\nlines", False),
        ("tab\t", False),
    ],
)
def test_parts_that_can_be_told_apart(part: str, is_good: bool) -> None:
    problem = "a name of 1 to 127 printable characters without / is expected"
    assert part_problem(part) == (None if is_good else problem)


def test_the_longest_name_fits_into_a_tag() -> None:
    assert len(connection_name("a" * 127, "b" * 127)) <= 256
