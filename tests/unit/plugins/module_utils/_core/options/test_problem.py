# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A broken rule as the user reads it."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.problem import Problem


def test_a_problem_is_about_an_option_and_its_parts() -> None:
    problem = Problem("inside_cidr", "reserved by AWS", "=169.254.0.0/30").below("tunnels[1].")
    assert str(problem) == "tunnels[1].inside_cidr=169.254.0.0/30: reserved by AWS"
    assert problem.concerns("tunnels") and problem.concerns("tunnels[1]") and not problem.concerns("tunnels[2]")
    assert not Problem("targets", "x").concerns("target")
