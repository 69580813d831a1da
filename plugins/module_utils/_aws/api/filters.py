# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Builds the filters of describe calls, and makes several calls where one takes too few values."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Callable, TypeVar

# Values per filter which the describe calls take.
FILTER_VALUES = 200

Filter = dict[str, Any]
T = TypeVar("T")


def where(name: str, *values: str) -> Filter:
    """One filter of a describe call."""
    return {"Name": name, "Values": list(values)}


def in_chunks(describe: Callable[[list[Filter]], list[T]], name: str, values: Sequence[str]) -> list[T]:
    """All entries for which a filter has one of these values, in as few calls as the API allows; none for none."""
    return [entry for chunk in _chunks(sorted(set(values))) for entry in describe([where(name, *chunk)])]


def _chunks(values: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), FILTER_VALUES):
        yield list(values[start : start + FILTER_VALUES])
