# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpn_adoption: finds connections made by other means, and makes them part of the collection."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.ec2 import Ec2
from ..._core.inventory import host_vars
from ..._core.model.resources import Observed
from ..._core.plan import adoption
from ..._core.plan.adoption import Claim, ClaimedConnection
from ..._core.sites.results import GatewayLookup, connection_result
from ..run.runner import Workflow, carry_out


def argument_spec() -> dict[str, Any]:
    """The options of the module."""
    connection = {
        "site": {"type": "str", "required": True},
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
        Claim(each["site"], each["vpn_connection_id"], each["public_ip"]) for each in module.params["connections"]
    ]

    def result(observed: Observed) -> dict[str, Any]:
        found = adoption.find(claims, observed)
        lookup = GatewayLookup(observed)
        variables = {each.site: host_vars.host_vars(each, module.region) for each in found}
        return {
            "connections": {each.site: _shown(each, lookup) for each in found},
            "host_vars": variables,
            "unknown": {site: host_vars.unknown(given) for site, given in variables.items()},
        }

    workflow = Workflow(
        lambda ec2, _before_writing: _observe(ec2),
        plan=lambda observed: adoption.plan(adoption.find(claims, observed), observed, module.params["adopt"]),
        result=result,
    )
    return carry_out(module, workflow)


def _observe(ec2: Ec2) -> Observed:
    """All connections of the Region: only beside all others it shows that one is not found, or found twice."""
    return Observed(connections=tuple(ec2.connections([])), customer_gateways=tuple(ec2.customer_gateways([])))


def _shown(found: ClaimedConnection, lookup: GatewayLookup) -> dict[str, Any]:
    result = connection_result(found.connection, lookup)
    return {**result, "site": found.site, "is_adopted": adoption.is_adopted(found)}
