# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Puts values that belong together into one list each."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The values of each key, keys and values in the order given."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def labelled(parts: Iterable[tuple[str, Mapping[str, V]]]) -> dict[str, V]:
    """The parts in one dictionary; a key that an earlier part has too is told apart by the label of its own."""
    found: dict[str, V] = {}
    for label, part in parts:
        found.update({f"{key} ({label})" if key in found else key: value for key, value in part.items()})
    return found
