# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Looks whether the account has room for what a plan creates; a plan that creates nothing costs no call."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any, Callable

from ..._core.nouns import CUSTOMER_GATEWAY, VPN_GATEWAY
from ..._core.plan.plan import Plan
from ..._core.plan.quotas import PER_REGION, Demand, Used, refusals
from ..api.ec2 import Ec2
from ..api.quotas import limits


def problems(ec2: Ec2, service_quotas: Callable[[], Any], plan: Plan) -> list[str]:
    """Why the plan does not fit into the quotas of the account, as far as it may read them."""
    codes = Demand.of(plan).codes
    known = limits(service_quotas(), codes) if codes else {}
    if not known:
        return []
    used = Used(
        customer_gateways=ec2.customer_gateways([]) if PER_REGION[CUSTOMER_GATEWAY] in known else (),
        vpn_gateways=ec2.vpn_gateways([]) if PER_REGION[VPN_GATEWAY] in known else (),
        # Those of the Region and those on one gateway.
        connections=ec2.connections([]) if set(known) - {PER_REGION[CUSTOMER_GATEWAY], PER_REGION[VPN_GATEWAY]} else (),
    )
    return refusals(plan, known, used)
