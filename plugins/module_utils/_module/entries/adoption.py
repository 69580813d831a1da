# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpn_adoption: finds connections made by other means, and makes them part of the collection."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.ec2 import Ec2
from ..._aws.observe import transit
from ..._core.grouping import grouped
from ..._core.inventory import host_vars
from ..._core.inventory.host_vars import HostVars
from ..._core.model.names import connection_of, gateway_of
from ..._core.model.resources import Observed
from ..._core.plan import adoption
from ..._core.plan.adoption import Claim, ClaimedConnection
from ..._core.sites.results import GatewayLookup, connection_result
from ..run.engine import Workflow
from ..run.runner import carry_out

MASKED = "it contains a secret of this run, so Ansible would mask it: is the AWS secret key complete?"


def argument_spec() -> dict[str, Any]:
    """The options of the module."""
    connection = {
        "name": {"type": "str", "required": True},
        "vpn_connection_id": {"type": "str"},
        "public_ip": {"type": "str"},
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
    claims = [
        Claim(each["name"], each["vpn_connection_id"], each["public_ip"]) for each in module.params["connections"]
    ]

    def result(observed: Observed) -> dict[str, Any]:
        found = adoption.find(claims, observed)
        lookup = GatewayLookup(observed)
        gateways = grouped((gateway_of(each.name), each) for each in found)
        variables = {name: _variables(own, module) for name, own in gateways.items()}
        left_out = {name: _left_out(given) for name, given in variables.items()}
        for name, lines in left_out.items():
            for line in lines:
                warn(f"{name}: {line}")
        return {
            "connections": {each.name: _shown(each, lookup) for each in found},
            "host_vars": {name: given.variables for name, given in variables.items()},
            "left_out": left_out,
            "unknown": {name: host_vars.unknown(given.variables) for name, given in variables.items()},
        }

    workflow = Workflow(
        lambda ec2, _before_writing: _observe(ec2, module.params["adopt"]),
        plan=lambda observed: adoption.plan(adoption.find(claims, observed), observed, module.params["adopt"]),
        result=result,
    )
    return carry_out(module, workflow)


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

    return host_vars.host_vars(found, module.region).without(masked_problem)


def _left_out(given: HostVars) -> list[str]:
    return [f"{place} is left out: {reason}" for place, reason in given.left_out.items()]
