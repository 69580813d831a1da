# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The VPN concentrator of one transit gateway."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._core.model.resources import Consent
from ..._core.plan import region
from ..._core.plan.concentrators import concentrator_result
from ..options import params
from ..run.runner import common_result, converge


def concentrator(module: AnsibleAWSModule) -> dict[str, Any]:
    """One VPN concentrator."""
    wanted = params.vpn_concentrator(module.params)
    outcome = converge(module, wanted, Consent())
    found = region.Matches(wanted, outcome.observed).vpn_concentrators[module.params["transit_gateway_id"]]
    return {
        **common_result(module, outcome.plan),
        "vpn_concentrator": concentrator_result(found) if found else None,
    }
