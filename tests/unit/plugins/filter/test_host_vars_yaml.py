# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter host_vars_yaml: what Ansible reads from the file is what was given, and no text of it is a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import is_trusted_as_template, trust_as_template
from ansible_collections.hybridnet.aws_vpn.plugins.filter.host_vars_yaml import FilterModule
from hypothesis import given, settings
from hypothesis import strategies as some

host_vars_yaml = FilterModule().filters()["host_vars_yaml"]

TEXT = some.one_of(
    some.text(some.characters(exclude_categories=["Cs"]), max_size=12),
    some.sampled_from(
        ["{{ x }}", "!vault |", "!unsafe x", "a: b\n- c", "65010", "yes", "null", "~", "", "'\"\\", "\x85\u2028"]
    ),
)
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | TEXT,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(variables=some.dictionaries(some.sampled_from(["site_vpn_tags", "site_vpn_tunnels"]), VALUES))
def test_ansible_reads_the_same_and_evaluates_nothing(variables: dict[str, Any]) -> None:
    read = DataLoader().load(trust_as_template(host_vars_yaml(variables)))
    assert read == variables
    # The mark would make a number of the text "1"; text without a mark is such a word.
    assert not any(isinstance(yaml.safe_load(text), str) for text in texts(read) if is_trusted_as_template(text))


def test_names_of_variables_are_written_plainly() -> None:
    text = host_vars_yaml(
        {"site_vpn_region": "eu-central-1", "site_vpn_bgp_asn": 65010, "site_vpn_tunnels": [{"a": "b"}]}
    )
    assert (
        text
        == "site_vpn_region: !unsafe 'eu-central-1'\nsite_vpn_bgp_asn: 65010\nsite_vpn_tunnels:\n- a: !unsafe 'b'\n"
    )


def test_it_takes_variables(tmp_path: Path) -> None:
    with pytest.raises(AnsibleFilterError, match="host_vars_yaml takes a dictionary of variables"):
        host_vars_yaml([str(tmp_path)])
