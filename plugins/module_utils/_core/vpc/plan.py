# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan for the VPCs behind the connections of an inventory: checked, in words, and as arguments of modules."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import found as answers
from . import probes, routes
from .wanted import conflicts, wants

_OTHERS = "the variables of the other gateways must be correct, because they can need the same routes: "


def present(inventory: Mapping[str, Any], looks: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, Any]:
    """What is missing of the VPC side of these gateways."""
    wanted, found = wants(inventory["hosts"]), answers.read(looks)
    checks = (conflicts(wanted), routes.problems(wanted, found), probes.problems(wanted, found))
    problems = list(dict.fromkeys(problem for check in checks for problem in check))
    if problems:
        return _plan(problems)
    return _plan([], routes.additions(wanted, found), probes.additions(wanted, found))


def absent(
    inventory: Mapping[str, Any],
    looks: Mapping[str, Iterable[Mapping[str, Any]]],
    others: Mapping[str, Any],
    connections: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """What of the VPC side of these gateways goes, as no other gateway with a connection in AWS needs it."""
    going, found = wants(inventory["hosts"]), answers.read(looks)
    if going and others["problems"]:
        return _plan([_OTHERS + str(others["problems"][0])])
    live = {each["name"] for each in connections}
    staying = [want for want in wants(others["hosts"]) if want.name in live]
    return _plan([], routes.removals(going, staying, found), probes.removals(going, staying, found))


def _plan(
    problems: Sequence[str],
    tables: Sequence[routes.TableChange] = (),
    instances: Sequence[probes.ProbeChange] = (),
) -> dict[str, Any]:
    return {
        "problems": list(problems),
        "lines": [
            *(line for each in tables for line in each.lines),
            *(line for each in instances for line in each.lines),
        ],
        "route_tables": [change.arguments for change in tables],
        "probes": [change.arguments for change in instances if change.networks],
        "removed_probes": [change.arguments for change in instances if not change.networks],
    }
