# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A broken rule as the user reads it."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.problem import Problem, broken


def test_a_problem_is_about_an_option_and_its_parts() -> None:
    problem = Problem("inside_cidr", "reserved by AWS", "=169.254.0.0/30").below("tunnels[1].")
    assert str(problem) == "tunnels[1].inside_cidr=169.254.0.0/30: reserved by AWS"
    assert problem.concerns("tunnels") and problem.concerns("tunnels[1]") and not problem.concerns("tunnels[2]")
    assert not Problem("targets", "x").concerns("target")


def test_a_value_is_shown_where_it_may_be() -> None:
    assert str(Problem.of("bgp_asn", 7224, "no")) == "bgp_asn=7224: no"
    assert str(Problem.of("tags.a", ["MARKER_psk.1"], "no")) == "tags.a=(a list): no"


def test_there_is_a_problem_only_where_a_rule_is_broken() -> None:
    assert broken("bgp_asn", 1, None) == []
    assert list(map(str, broken("bgp_asn", 1, "reserved"))) == ["bgp_asn=1: reserved"]
    assert str(Problem("pre_shared_key", "too short")) == "pre_shared_key: too short"
