# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpn_sites with state=absent: removes the AWS side of gateways and connections."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.observe.removal import observe_removal
from ..._core.errors import InvalidInput
from ..._core.model.names import connection_name, gateway_of
from ..._core.model.resources import Observed
from ..._core.plan import removal
from ..._core.plan.plan import Plan
from ..._core.plan.removal import Removal
from ..._core.sites import description, removal_results, results
from ..run.engine import Workflow
from ..run.runner import carry_out


def remove_sites(module: AnsibleAWSModule) -> dict[str, Any]:
    """Takes the AWS side of gateways or of single connections away, or everything of the collection."""
    asked = selection(module.params)
    # Known once AWS was read, and still needed when nothing is left.
    names: list[str] = []

    def plan(observed: Observed) -> Plan:
        names.extend(removal_results.names(asked, observed))
        return removal.plan(asked, observed)

    def connections(observed: Observed) -> dict[str, dict[str, Any]]:
        return removal_results.results(names, observed)

    workflow = Workflow(
        lambda ec2, _before_writing: observe_removal(ec2, asked),
        plan=plan,
        result=lambda observed: {"connections": connections(observed)},
        names=lambda _observed: list(dict.fromkeys(map(gateway_of, names))),
        failure_result=lambda observed, error: {"connections": results.with_failures(connections(observed), error)},
        # A run that removes the other gateways on a shared target may have been the last one before this one.
        plans_again=True,
    )
    return carry_out(module, workflow)


def selection(params: Mapping[str, Any]) -> Removal:
    """What the options select; without a selector, or with two, nothing at all is done.

    An entry with connections means these, one without them the whole gateway.
    """
    gateways = params["gateways"] or []
    if params["all_sites"] == bool(gateways):
        given = "both are given" if gateways else "neither is given"
        raise InvalidInput([f"state=absent needs either gateways or all_sites=true: {given}"])
    vpcs: dict[str, str] = {}
    transit_gateways: dict[str, str] = {}
    for each in (entry for gateway in gateways for entry in description.expanded(gateway)):
        target = each.get("target") or {}
        if target.get("vpn_gateway"):
            vpcs.setdefault(target["vpn_gateway"]["vpc_id"], each["name"])
        if target.get("vpn_concentrator"):
            transit_gateways.setdefault(target["vpn_concentrator"]["transit_gateway_id"], each["name"])
    whole = tuple(dict.fromkeys(each["name"] for each in gateways if not each.get("connections")))
    single = tuple(
        connection_name(each["name"], own["name"]) for each in gateways for own in each.get("connections") or ()
    )
    return Removal(whole, single, vpcs, transit_gateways, params["all_sites"])
