# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of describe calls, and lists of values longer than one call takes."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.filters import in_chunks, where


def test_long_lists_of_values_go_in_chunks_and_none_asks_nothing() -> None:
    asked: list[int] = []

    def describe(filters: list[Any]) -> list[str]:
        asked.append(len(filters[0]["Values"]))
        return list(filters[0]["Values"])

    values = [f"vpn-{number:04}" for number in range(450)]
    assert in_chunks(describe, "vpn-connection-id", [*values, values[0]]) == values
    assert asked == [200, 200, 50]
    assert in_chunks(describe, "vpn-connection-id", []) == []


def test_a_filter_as_the_api_writes_it() -> None:
    assert where("vpc-id", "vpc-1", "vpc-2") == {"Name": "vpc-id", "Values": ["vpc-1", "vpc-2"]}


def test_every_chunk_asks_with_the_same_name() -> None:
    asked: list[Any] = []
    in_chunks(lambda filters: asked.extend(filters) or [], "vpc-id", ["b", "a"])
    assert asked == [where("vpc-id", "a", "b")]
