# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter host_pattern: the names in a pattern are names of the inventory."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.host_pattern import FilterModule

host_pattern = FilterModule().filters()["host_pattern"]
GROUPS = {"all": ["berlin", "madrid"], "vpn_gateways": ["berlin", "madrid"], "empty": []}


@pytest.mark.parametrize(
    "pattern",
    ["vpn_gateways", "empty", "berlin:madrid", "vpn_gateways:!madrid", "vpn_*", "~b.*", "localhost", "vpn_gateways[0]"],
)
def test_a_pattern_of_the_inventory_stays_as_it_is(pattern: str) -> None:
    assert host_pattern(pattern, GROUPS) == pattern


@pytest.mark.parametrize("pattern", ["vpn_gateway", "berlin,vpn_gateway", "berlin:&vpn_gateway"])
def test_a_name_that_is_not_in_the_inventory(pattern: str) -> None:
    with pytest.raises(AnsibleFilterError, match="no host vpn_gateway in the inventory, did you mean vpn_gateways"):
        host_pattern(pattern, GROUPS)


def test_without_hosts_nothing_is_checked() -> None:
    assert host_pattern("vpn_gateways", {"all": []}) == "vpn_gateways"
