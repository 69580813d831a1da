# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpn_sites with state=absent: removes the AWS side of sites."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.observe.removal import observe_removal
from ..._core.errors import InvalidInput
from ..._core.model.resources import Observed
from ..._core.plan import removal
from ..._core.plan.plan import Plan
from ..._core.plan.removal import Removal
from ..._core.sites import removal_results, results
from ..run.runner import Workflow, carry_out


def remove_sites(module: AnsibleAWSModule) -> dict[str, Any]:
    """Takes the AWS side of sites away, or of all sites of the collection."""
    asked = selection(module.params)
    # Known once AWS was read, and still needed when nothing of the sites is left.
    names: list[str] = []

    def plan(observed: Observed) -> Plan:
        names.extend(asked.over(observed).names)
        return removal.plan(asked, observed)

    def sites(observed: Observed) -> dict[str, dict[str, Any]]:
        return removal_results.results(names, observed)

    workflow = Workflow(
        lambda ec2, _before_writing: observe_removal(ec2, asked),
        plan=plan,
        result=lambda observed: {"connections": sites(observed)},
        names=lambda _observed: names,
        failure_result=lambda observed, error: {"connections": results.with_failures(sites(observed), error)},
    )
    return carry_out(module, workflow)


def selection(params: Mapping[str, Any]) -> Removal:
    """What the options select; without a selector, or with two, nothing at all is done."""
    sites = params["gateways"] or []
    if params["all_sites"] == bool(sites):
        given = "both are given" if sites else "neither is given"
        raise InvalidInput([f"state=absent needs either gateways or all_sites=true: {given}"])
    vpcs: dict[str, str] = {}
    transit_gateways: dict[str, str] = {}
    for site in sites:
        target = site.get("target") or {}
        if target.get("vpn_gateway"):
            vpcs.setdefault(target["vpn_gateway"]["vpc_id"], site["name"])
        if target.get("vpn_concentrator"):
            transit_gateways.setdefault(target["vpn_concentrator"]["transit_gateway_id"], site["name"])
    names = tuple(dict.fromkeys(site["name"] for site in sites))
    return Removal(names, vpcs, transit_gateways, params["all_sites"])
