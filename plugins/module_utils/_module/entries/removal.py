# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpn_sites with state=absent: removes the AWS side of gateways and connections."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.observe.removal import observe_removal
from ..._core.errors import InvalidInput
from ..._core.grouping import grouped
from ..._core.model.access import Access
from ..._core.model.names import connection_name, gateway_of
from ..._core.model.resources import Observed
from ..._core.options.access_rules import access_problems
from ..._core.plan import removal
from ..._core.plan.plan import Plan
from ..._core.plan.removal import Removal
from ..._core.sites import description, removal_results, results
from ..run.clients import own_access, profile_problems
from ..run.engine import Workflow
from ..run.runner import carry_out_all


def remove_sites(module: AnsibleAWSModule) -> dict[str, Any]:
    """Takes the AWS side of gateways or of single connections away, or everything of the collection."""
    asked = selections(module.params, own_access(module))
    problems = profile_problems(module, asked)
    if problems:
        raise InvalidInput(problems)
    return carry_out_all(module, {access: _removing(access, each) for access, each in asked.items()})


def _removing(access: Access, asked: Removal) -> Workflow[Observed]:
    """The removal in one Region of one account."""
    # Known once AWS was read, and still needed when nothing is left.
    names: list[str] = []

    def plan(observed: Observed) -> Plan:
        names.extend(removal_results.names(asked, observed))
        return removal.plan(asked, observed)

    def connections(observed: Observed) -> dict[str, dict[str, Any]]:
        return removal_results.results(names, observed, access)

    return Workflow(
        lambda ec2, _before_writing: observe_removal(ec2, asked),
        plan=plan,
        result=lambda observed: {"connections": connections(observed)},
        names=lambda _observed: list(dict.fromkeys(map(gateway_of, names))),
        failure_result=lambda observed, error: {"connections": results.with_failures(connections(observed), error)},
        # A run that removes the other gateways on a shared target may have been the last one before this one.
        plans_again=True,
    )


def selections(params: Mapping[str, Any], own: Access) -> dict[Access, Removal]:
    """What the options select in each Region and account; without a selector nothing at all is done.

    An entry with connections means these, one without them the whole gateway. With C(all_sites) the entries only say
    where; without an entry it is the Region and the account of the task.
    """
    entries = [each for gateway in params["gateways"] or () for each in _entries(gateway)]
    everything = params["all_sites"]
    if not (entries or everything):
        raise InvalidInput(["state=absent needs gateways, or all_sites=true: neither is given"])
    problems = [f"{entry['name']}: {problem}" for entry in entries for problem in access_problems(entry)]
    if problems:
        raise InvalidInput(list(dict.fromkeys(problems)))
    groups = grouped((Access.of(entry, own), entry) for entry in entries) or {own: []}
    return {access: Removal(everything=True) if everything else _selection(given) for access, given in groups.items()}


def _entries(gateway: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The connections that are meant; the whole gateway is one without the name of a connection."""
    found = description.expanded(gateway)
    return found if gateway.get("connections") else [{**each, "connection": None} for each in found]


def _selection(entries: Sequence[Mapping[str, Any]]) -> Removal:
    vpcs: dict[str, str] = {}
    transit_gateways: dict[str, str] = {}
    for each in entries:
        target = each.get("target") or {}
        if target.get("vpn_gateway"):
            vpcs.setdefault(target["vpn_gateway"]["vpc_id"], each["name"])
        if target.get("vpn_concentrator"):
            transit_gateways.setdefault(target["vpn_concentrator"]["transit_gateway_id"], each["name"])
    whole = tuple(dict.fromkeys(each["name"] for each in entries if each["connection"] is None))
    single = tuple(connection_name(each["name"], each["connection"]) for each in entries if each["connection"])
    return Removal(whole, single, vpcs, transit_gateways)
