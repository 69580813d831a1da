# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The modules that bring resources to what is wanted: from their options to their results."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._core.errors import InvalidInput
from ..._core.model.access import Access
from ..._core.model.resources import Consent, Observed
from ..._core.plan import region
from ..._core.plan.concentrators import concentrator_result
from ..._core.sites import results, sites, unlisted
from ..._core.sites.entry import ConnectionEntry
from ..options import params
from ..run.clients import own_access, profile_problems
from ..run.engine import Workflow
from ..run.runner import carry_out, carry_out_all, converging
from . import removal


def vpn_sites(module: AnsibleAWSModule) -> dict[str, Any]:
    """The AWS side of all gateways."""
    if module.params["state"] == "absent":
        return removal.remove_sites(module)
    own = own_access(module)
    given = params.entries(module.params, own)
    accesses = tuple(dict.fromkeys(each.access for each in given)) or (own,)
    problems = ["all_sites: only with state=absent"] if module.params["all_sites"] else []
    problems += [*sites.problems(given), *profile_problems(module, accesses)]
    if problems:
        raise InvalidInput(problems)
    return carry_out_all(module, {access: _connections_in(access, given, module.params) for access in accesses})


def _connections_in(access: Access, given: Sequence[ConnectionEntry], options: Mapping[str, Any]) -> Workflow[Observed]:
    """Those of the connections that are in one Region of one account."""
    own = [each for each in given if each.access == access]
    return converging(
        sites.wanted(own, options["purge_tags"]),
        params.consent(options),
        lambda observed: {"connections": sites.results(own, observed)},
        lambda observed, error: {"connections": results.with_failures(sites.results(own, observed), error)},
        warnings=lambda observed: unlisted.warnings(given, access, observed),
    )


def customer_gateway(module: AnsibleAWSModule) -> dict[str, Any]:
    """One customer gateway."""
    wanted = params.customer_gateway(module.params, module.region)

    def result(observed: Observed) -> dict[str, Any]:
        found = region.Matches(wanted, observed).customer_gateways[module.params["name"]].current
        return {"customer_gateway": results.customer_gateway_result(found) if found else None}

    return carry_out(module, converging(wanted, Consent(), result))


def vpn_gateway(module: AnsibleAWSModule) -> dict[str, Any]:
    """One virtual private gateway."""
    wanted = params.vpn_gateway(module.params)

    def result(observed: Observed) -> dict[str, Any]:
        found = region.Matches(wanted, observed).vpn_gateways[module.params["vpc_id"]]
        return {"vpn_gateway": results.vpn_gateway_result(found, observed) if found else None}

    return carry_out(module, converging(wanted, Consent(), result))


def vpn_concentrator(module: AnsibleAWSModule) -> dict[str, Any]:
    """One VPN concentrator."""
    wanted = params.vpn_concentrator(module.params)

    def result(observed: Observed) -> dict[str, Any]:
        found = region.Matches(wanted, observed).vpn_concentrators[module.params["transit_gateway_id"]]
        return {"vpn_concentrator": concentrator_result(found) if found else None}

    return carry_out(module, converging(wanted, Consent(), result))


def vpn_connection(module: AnsibleAWSModule) -> dict[str, Any]:
    """One VPN connection."""
    wanted = params.vpn_connection(module.params, module.region)

    def result(observed: Observed) -> dict[str, Any]:
        found = region.Matches(wanted, observed).connections[module.params["name"]]
        lookup = results.GatewayLookup(observed)
        return {"connection": results.connection_result(found, lookup) if found else None}

    return carry_out(module, converging(wanted, params.consent(module.params), result))
