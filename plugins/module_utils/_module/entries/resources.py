# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The work of each module: its options to what is wanted, and the outcome to its result."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._core.errors import ApplyFailed, InvalidInput
from ..._core.model.resources import Consent, Observed
from ..._core.plan import region
from ..._core.sites import results, sites
from ..options import params
from ..run.runner import common_result, connect, converge
from . import connection_info, removal


def vpn_sites(module: AnsibleAWSModule) -> dict[str, Any]:
    """The AWS side of all sites."""
    if module.params["state"] == "absent":
        return removal.remove_sites(module)
    given = params.sites(module.params)
    problems = ["all_sites: only with state=absent"] if module.params["all_sites"] else []
    problems += sites.problems(given, module.region)
    if problems:
        raise InvalidInput(problems)
    wanted = sites.wanted(given, module.params["purge_tags"])

    def report(observed: Observed, error: ApplyFailed) -> dict[str, Any]:
        return {"sites": results.with_failures(sites.results(given, observed), error)}

    outcome = converge(module, wanted, params.consent(module.params), report)
    return {**common_result(module, outcome.plan), "sites": sites.results(given, outcome.observed)}


def customer_gateway(module: AnsibleAWSModule) -> dict[str, Any]:
    """One customer gateway."""
    wanted = params.customer_gateway(module.params, module.region)
    outcome = converge(module, wanted, Consent())
    found = region.Matches(wanted, outcome.observed).customer_gateways[module.params["name"]].current
    return {
        **common_result(module, outcome.plan),
        "customer_gateway": results.customer_gateway_result(found) if found else None,
    }


def vpn_gateway(module: AnsibleAWSModule) -> dict[str, Any]:
    """One virtual private gateway."""
    wanted = params.vpn_gateway(module.params)
    outcome = converge(module, wanted, Consent())
    found = region.Matches(wanted, outcome.observed).vpn_gateways[module.params["vpc_id"]]
    return {
        **common_result(module, outcome.plan),
        "vpn_gateway": results.vpn_gateway_result(found, outcome.observed) if found else None,
    }


def vpn_connection(module: AnsibleAWSModule) -> dict[str, Any]:
    """One VPN connection."""
    wanted = params.vpn_connection(module.params)
    outcome = converge(module, wanted, params.consent(module.params))
    found = region.Matches(wanted, outcome.observed).connections[module.params["name"]]
    around = results.Surroundings(outcome.observed)
    return {
        **common_result(module, outcome.plan),
        "connection": results.connection_result(found, around) if found else None,
    }


def vpn_connection_info(module: AnsibleAWSModule) -> dict[str, Any]:
    """Connections as they are."""
    found = connection_info.connections(connect(module), module.params)
    keys = {"pre_shared_keys": connection_info.pre_shared_keys(found)} if module.params["include_secrets"] else {}
    return {"changed": False, "connections": found, **keys}
