# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the table of variables says is what the code does: types, choices, defaults, examples."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory import target
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.batches import batch_sizes
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.host import OF_A_CONNECTION
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import (
    CHAPTERS,
    OPTIONS,
    PLAY_OPTIONS,
    PREFIX,
    Variable,
    choices,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import value_rules

ROWS = {row.name: row for _title, rows in CHAPTERS for row in rows}
GATEWAY: dict[str, Any] = {
    "region": "eu-central-1",
    "target": {"transit_gateway_id": "tgw-0123456789abcdef0"},
    "public_ip": "198.51.100.10",
    "bgp_asn": 65010,
    "local_cidrs": ["10.20.0.0/16"],
    "remote_cidrs": ["10.0.0.0/16"],
}
# What the example of a variable is of no use without.
BESIDES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("external_id", "role_session_name"), {"assume_role_arn": "arn:aws:iam::111122223333:role/vpn"}),
    "probe_instance": {"probe_subnet": "subnet-0123456789abcdef0", "vpc_probe_address": "10.0.1.10"},
}
# A value of another type, and what is said to it.
WRONG: dict[str, tuple[object, str]] = {
    "str": (7, "a string is expected"),
    "int": (True, " number"),
    "bool": ("perhaps", "must be true or false"),
    "list": ("text", "a list"),
    "dict": ("text", "a dictionary"),
}


def read(**changes: Any) -> dict[str, Any]:
    given = {f"{PREFIX}{name}": value for name, value in {**GATEWAY, **changes}.items()}
    found: dict[str, Any] = check_sites([{"inventory_hostname": "berlin", **given}])
    return found


def test_each_variable_is_there_once() -> None:
    assert len(ROWS) == sum(len(rows) for _title, rows in CHAPTERS)
    assert sorted(ROWS) == sorted(OPTIONS + PLAY_OPTIONS)
    assert set(OF_A_CONNECTION) <= set(OPTIONS)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_documented(row: Variable) -> None:
    assert row.doc.endswith(".")
    assert row.default or row.choices


@pytest.mark.parametrize("name", OPTIONS)
def test_the_example_is_right(name: str) -> None:
    assert read(**BESIDES.get(name, {}), **{name: ROWS[name].example})["problems"] == []


def test_the_example_of_a_batch_is_right() -> None:
    gateways = ["a", "b", "c", "d"]
    assert batch_sizes(gateways, {name: name for name in gateways}, ROWS["batch"].example) == [1, 1, 1, 1]


@pytest.mark.parametrize("name", OPTIONS)
def test_a_value_of_another_type_is_refused(name: str) -> None:
    value, words = WRONG[ROWS[name].type]
    if name == "endpoint_url":
        words = "not an http or https address"
    (problem,) = read(**{name: value})["problems"]
    assert problem.startswith(f"berlin: {PREFIX}{name}")
    assert words in problem


@pytest.mark.parametrize("name", [name for name in OPTIONS if ROWS[name].choices])
def test_other_words_than_the_choices_are_refused(name: str) -> None:
    assert [read(**{name: word})["problems"] for word in choices(name)] == [[]] * len(choices(name))
    (problem,) = read(**{name: "other"})["problems"]
    assert problem == f"berlin: {PREFIX}{name}=other: must be {' or '.join(choices(name))}"


def test_every_key_of_a_target_is_documented() -> None:
    known = (*value_rules.TARGET_KEYS, *target._VPN_GATEWAY_OPTIONS, *target._ROUTING_OPTIONS)
    assert [key for key in known if f"C({key}" not in ROWS["target"].doc] == []
