# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpn_adoption: finds connections made by other means, and makes them part of the collection."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.ec2 import Ec2
from ..._aws.observe import transit
from ..._core.errors import InvalidInput
from ..._core.grouping import grouped
from ..._core.inventory import host_vars
from ..._core.inventory.host_vars import HostVars
from ..._core.model.access import Access
from ..._core.model.names import connection_of, gateway_of
from ..._core.model.resources import Observed
from ..._core.options.access_rules import access_problems
from ..._core.plan import adoption
from ..._core.plan.adoption import Claim, ClaimedConnection
from ..._core.sites.results import GatewayLookup, connection_result
from ..options import argspec
from ..run.clients import own_access, profile_problems
from ..run.engine import Workflow
from ..run.runner import carry_out_all

MASKED = "it contains a secret of this run, so Ansible would mask it: is the AWS secret key complete?"


def argument_spec() -> dict[str, Any]:
    """The options of the module."""
    connection = {
        "name": {"type": "str", "required": True},
        "vpn_connection_id": {"type": "str"},
        "public_ip": {"type": "str"},
        **argspec.access(),
    }
    selectors = ["vpn_connection_id", "public_ip"]
    return {
        "connections": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": connection,
            "required_one_of": [selectors],
            "mutually_exclusive": [selectors],
        },
        "adopt": {"type": "bool", "default": False},
    }


def vpn_adoption(module: AnsibleAWSModule) -> dict[str, Any]:
    """Shows connections made elsewhere in the words of the inventory and, with consent, makes them ours."""
    own = own_access(module)
    groups = grouped((Access.of(each, own), _claim(each, own)) for each in module.params["connections"])
    problems = [f"{each['name']}: {text}" for each in module.params["connections"] for text in access_problems(each)]
    problems += profile_problems(module, groups)
    if len(groups) > 1:
        problems += adoption.problems([claim for claims in groups.values() for claim in claims])
    if problems:
        raise InvalidInput(problems)
    workflows = {access: _adopting(access, claims, module.params["adopt"]) for access, claims in groups.items()}
    # Without a claim no workflow says anything.
    done = {"connections": {}, "found": {}, **carry_out_all(module, workflows)}
    found = done.pop("found")
    return {**done, **_in_words_of_the_inventory(list(found.values()), module)}


def _claim(entry: Mapping[str, Any], own: Access) -> Claim:
    """What an entry claims; the inventory names a profile only where the entry does."""
    where = Access.of(entry, Access(region=own.region))
    return Claim(entry["name"], entry["vpn_connection_id"], entry["public_ip"], where)


def _adopting(access: Access, claims: Sequence[Claim], adopt: bool) -> Workflow[Observed]:
    """The connections in one Region of one account."""

    def result(observed: Observed) -> dict[str, Any]:
        found = adoption.find(claims, observed)
        lookup = GatewayLookup(observed)
        shown = {each.name: {**_shown(each, lookup), **access.as_result()} for each in found}
        return {"connections": shown, "found": {each.name: each for each in found}}

    return Workflow(
        lambda ec2, _before_writing: _observe(ec2, adopt),
        plan=lambda observed: adoption.plan(adoption.find(claims, observed), observed, adopt),
        result=result,
    )


def _in_words_of_the_inventory(found: Sequence[ClaimedConnection], module: AnsibleAWSModule) -> dict[str, Any]:
    """The variables of each gateway, for its connections everywhere."""
    gateways = grouped((gateway_of(each.name), each) for each in found)
    variables = {name: _variables(own, module) for name, own in gateways.items()}
    left_out = {name: _left_out(given) for name, given in variables.items()}
    for name, lines in left_out.items():
        for line in lines:
            warn(f"{name}: {line}")
    return {
        "host_vars": {name: given.variables for name, given in variables.items()},
        "left_out": left_out,
        "unknown": {name: host_vars.unknown(given.variables) for name, given in variables.items()},
    }


def _observe(ec2: Ec2, adopt: bool) -> Observed:
    """All connections of the Region: only beside all others it shows that one is not found, or found twice."""
    connections = ec2.connections([])
    return Observed(
        connections=tuple(connections),
        customer_gateways=tuple(ec2.customer_gateways([])),
        transit_attachments=transit.attachments(ec2, connections) if adopt else (),
    )


def _shown(found: ClaimedConnection, lookup: GatewayLookup) -> dict[str, Any]:
    result = connection_result(found.connection, lookup)
    named = {"name": found.name, "gateway": gateway_of(found.name), "connection": connection_of(found.name)}
    return {**result, **named, "is_adopted": adoption.is_adopted(found)}


def _variables(found: Sequence[ClaimedConnection], module: AnsibleAWSModule) -> HostVars:
    """The variables, without what would be masked on its way to the inventory."""
    secrets = module._module.no_log_values

    def masked_problem(value: object) -> str | None:
        return None if remove_values(value, secrets) == value else MASKED

    return host_vars.host_vars(found).without(masked_problem)


def _left_out(given: HostVars) -> list[str]:
    return [f"{place} is left out: {reason}" for place, reason in given.left_out.items()]
