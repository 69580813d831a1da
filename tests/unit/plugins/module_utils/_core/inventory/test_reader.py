# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How variables of a host are read: what is no answer, what is refused, and how a refusal reads."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import (
    Host,
    Unreadable,
    did_you_mean,
    not_one_of,
    whole,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.problem import Problem


def host(**given: Any) -> Host:
    return Host("berlin", {f"site_vpn_{name}": value for name, value in given.items()})


def lines(read: Host) -> list[str]:
    return list(map(read.line, read.problems))


@pytest.mark.parametrize(
    ("given", "value", "problems"),
    [
        ({}, None, []),
        ({"region": ""}, None, []),
        ({"region": None}, None, []),
        ({"region": 0}, 0, []),
        ({"region": []}, None, []),
        ({"region": {}}, {}, []),
        (
            {"region": Unreadable("'lab' is undefined")},
            None,
            ["berlin: site_vpn_region: cannot be evaluated: 'lab' is undefined"],
        ),
    ],
)
def test_what_the_inventory_says(given: dict[str, Any], value: object, problems: list[str]) -> None:
    read = host(**given)
    assert read.value("region") == value
    assert lines(read) == problems


@pytest.mark.parametrize(
    ("kind", "value", "result", "problem"),
    [
        ("text", "eu-central-1", "eu-central-1", None),
        ("text", 7, None, "site_vpn_x=7: a string is expected"),
        ("mapping", {"a": 1}, {"a": 1}, None),
        ("mapping", None, {}, None),
        ("mapping", "a", {}, "site_vpn_x=a: a dictionary is expected"),
    ],
)
def test_values_of_one_type(kind: str, value: object, result: object, problem: str | None) -> None:
    read = host(x=value)
    assert getattr(read, kind)("x") == result
    assert lines(read) == ([] if problem is None else [f"berlin: {problem}"])


def test_a_text_that_breaks_its_rule_is_left_out_and_shown() -> None:
    read = host(region="frankfurt")
    assert read.text("region", lambda _value: "not a Region") is None
    assert lines(read) == ["berlin: site_vpn_region=frankfurt: not a Region"]


@pytest.mark.parametrize(("given", "word"), [({}, "bgp"), ({"routing": "static"}, "static"), ({"routing": "x"}, "bgp")])
def test_one_word_of_a_few_is_the_first_by_default(given: dict[str, Any], word: str) -> None:
    assert host(**given).choice("routing") == word


@pytest.mark.parametrize(
    ("value", "result", "problems"),
    [
        (None, None, 0),
        ([], [], 0),
        (["a", "b"], ["a", "b"], 0),
        ("10.20.0.0/16", None, 1),
        (["a", 1, ["b"]], ["a"], 2),
    ],
)
def test_lists_of_strings(value: object, result: list[str] | None, problems: int) -> None:
    read = host()
    assert read.strings("local_cidrs", value) == result
    assert len(read.problems) == problems


def test_a_key_that_nobody_reads_is_refused_without_its_value() -> None:
    read = host()
    read.only("tunnels[1].", {"psk": "MARKER_psk.1", "pks": "MARKER_psk.1"}, ("psk", "inside_cidr"))
    assert lines(read) == ["berlin: site_vpn_tunnels[1].pks: unknown option, did you mean psk?"]


def test_an_option_is_refused_with_all_its_parts() -> None:
    read = host()
    read.refuse("target.vpn_gateway.vpc_id", "missing")
    assert read.is_refused("target") and read.is_refused("target.vpn_gateway")
    assert not read.is_refused("target.vpn_gateway_id") and not read.is_refused("tunnels")


def test_a_problem_is_told_in_the_words_of_the_inventory() -> None:
    read = host()
    read.aliases["tunnels[1].pre_shared_key"] = "tunnels[1].psk"
    problem = Problem("tunnels[1].pre_shared_key", "too short")
    assert read.line(problem) == "berlin: site_vpn_tunnels[1].psk: too short"
    assert read.line_of(["berlin", "madrid"], problem).startswith("berlin, madrid: site_vpn_tunnels[1].psk: ")


@pytest.mark.parametrize(
    ("value", "result"),
    [("65010", 65010), ("-1", -1), ("1.10", "1.10"), ("", ""), ("1\n", "1\n"), (7, 7), (True, True), (None, None)],
)
def test_digits_in_a_string_are_a_number(value: object, result: object) -> None:
    assert whole(value) == result
    assert type(whole(value)) is type(result)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("bgp", None),
        ("statik", "must be bgp or static, did you mean static?"),
        ("ospf", "must be bgp or static"),
        (7, "must be bgp or static"),
    ],
)
def test_one_of_a_few_words(value: object, problem: str | None) -> None:
    assert not_one_of(value, ("bgp", "static")) == problem


def test_nothing_is_suggested_where_nothing_comes_near() -> None:
    assert did_you_mean("xyz", ["region", "target"]) == ""
    assert did_you_mean("regoin", ["region", "target"]) == ", did you mean region?"
