# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How gateways are divided into batches."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.batches import batch_sizes

# The first letter is the site.
GATEWAYS = ["a1", "a2", "b1", "c1", "c2", "d1", "e1", "f1"]
SITES = {name: name[0] for name in GATEWAYS}


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        (None, [8]),
        ("", [8]),
        (1, [1] * 8),
        ("2", [1, 2, 1, 2, 2]),
        (3, [1, 3, 3, 1]),
        ("25%", [1, 2, 1, 2, 2]),
        ("1%", [1] * 8),
        ("100%", [1, 3, 4]),
        (1000, [1, 3, 4]),
    ],
)
def test_sizes(size: Any, sizes: list[int]) -> None:
    assert batch_sizes(GATEWAYS, SITES, size) == sizes


def test_a_gateway_that_is_down_for_a_while_is_not_together_with_the_other_of_its_site() -> None:
    assert batch_sizes(GATEWAYS, SITES, apart={"a2", "b1"}) == [1, 7]
    assert batch_sizes(GATEWAYS, SITES, "", {"a1", "a2", "c2"}) == [1, 3, 4]


@pytest.mark.parametrize("size", [0, "0", "0%", "101%", "-1", "some", True, 1.5, "1\n"])
def test_what_is_no_size(size: Any) -> None:
    with pytest.raises(InvalidInput, match="site_vpn_batch=.*: a number of gateways from 1, or a percentage"):
        batch_sizes(GATEWAYS, SITES, size)


def test_nobody() -> None:
    assert batch_sizes([], {}) == []
