# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter batch_sizes: how many gateways are in each batch."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.batch_sizes import FilterModule

batch_sizes = FilterModule().filters()["batch_sizes"]


def inventory(*sites: str) -> dict[str, Any]:
    return {"hosts": {f"g{number}": {"site": site} for number, site in enumerate(sites)}}


@pytest.mark.parametrize(
    ("sites", "size", "sizes"),
    [
        (["a", "b", "c"], "", [3]),
        (["a", "b", "c"], 2, [2, 1]),
        (["a", "b", "c"], "1", [1, 1, 1]),
        (["a", "b", "c", "d"], "50%", [2, 2]),
        # Never two gateways of a site in one batch.
        (["a", "a", "b"], 2, [1, 2]),
    ],
)
def test_sizes(sites: list[str], size: object, sizes: list[int]) -> None:
    known = inventory(*sites)
    assert batch_sizes(list(known["hosts"]), known, size) == sizes


def test_a_swap_of_the_daemon_needs_no_size() -> None:
    known = inventory("a", "a", "b")
    known["hosts"]["g1"]["allow_daemon_swap"] = True
    assert batch_sizes(list(known["hosts"]), known, "") == [1, 2]


@pytest.mark.parametrize("size", ["all", 0, "0%", -1, [1]])
def test_what_is_no_size(size: object) -> None:
    known = inventory("a", "b")
    with pytest.raises(AnsibleFilterError, match="site_vpn_batch"):
        batch_sizes(list(known["hosts"]), known, size)
