# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether the account has room for what a plan creates, as far as its quotas are known.

https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html

What is not certain is not counted: connections on a VPN concentrator, and what is being deleted.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..model.resources import Connection, Id
from ..nouns import CUSTOMER_GATEWAY, GONE, VPN_CONNECTION, VPN_GATEWAY
from .identity import Tagged
from .plan import Plan
from .stages import Stage
from .steps import CreateConnection, CreateCustomerGateway, CreateVpnGateway, DeleteConnection, ModifyConnection

_Counted = TypeVar("_Counted", bound=Tagged)

# Codes of Service Quotas, of its service ec2.
PER_REGION = {
    CUSTOMER_GATEWAY: "L-4FB7FF5D",
    VPN_GATEWAY: "L-7029FAB6",
    VPN_CONNECTION: "L-3E6EC3A3",
}
CONNECTIONS_PER_VPN_GATEWAY = "L-B91E5754"

_NOUNS = {
    CUSTOMER_GATEWAY: "customer gateways",
    VPN_GATEWAY: "virtual private gateways",
    VPN_CONNECTION: "VPN connections",
}


@dataclass(frozen=True)
class Demand:
    """What a plan adds to: by noun to the Region, and connections to virtual private gateways that exist or do not."""

    per_region: Mapping[str, int]
    per_vpn_gateway: Mapping[Id, int]

    @classmethod
    def of(cls, plan: Plan) -> Demand:
        """What a plan adds before it takes something away."""
        steps = [action.step for action in plan.actions]
        made = [step for step in steps if isinstance(step, CreateConnection)]
        ends = [step.vpn_gateway for step in steps if isinstance(step, (CreateConnection, ModifyConnection))]
        per_region = {
            CUSTOMER_GATEWAY: sum(isinstance(step, CreateCustomerGateway) for step in steps),
            VPN_GATEWAY: sum(isinstance(step, CreateVpnGateway) for step in steps),
            VPN_CONNECTION: sum(not step.vpn_concentrator for step in made),
        }
        per_vpn_gateway = Counter(end for end in ends if end)
        return cls({noun: count for noun, count in per_region.items() if count}, per_vpn_gateway)

    @property
    def codes(self) -> list[str]:
        """The quotas that count it."""
        codes = [PER_REGION[noun] for noun in self.per_region]
        return [*codes, CONNECTIONS_PER_VPN_GATEWAY] if self.per_vpn_gateway else codes


@dataclass(frozen=True)
class Used:
    """All that a Region has of what the quotas count, whoever made it."""

    customer_gateways: Sequence[Tagged] = ()
    vpn_gateways: Sequence[Tagged] = ()
    connections: Sequence[Connection] = ()


def refusals(plan: Plan, limits: Mapping[str, int], used: Used) -> list[str]:
    """Why the plan does not fit into the quotas; C(limits) are those that are known, by code."""
    demand = Demand.of(plan)
    going = {
        action.step.connection_id
        for action in plan.actions
        if isinstance(action.step, DeleteConnection) and action.stage < Stage.CONNECTIONS
    }
    connections = [each for each in _live(used.connections) if each.id not in going]
    having = {
        CUSTOMER_GATEWAY: len(_live(used.customer_gateways)),
        VPN_GATEWAY: len(_live(used.vpn_gateways)),
        VPN_CONNECTION: sum(not each.vpn_concentrator_id for each in connections),
    }
    found = [
        _problem(f"{_NOUNS[noun]} per Region", PER_REGION[noun], limits, used=having[noun], more=more)
        for noun, more in demand.per_region.items()
    ]
    on_gateway = Counter(each.vpn_gateway_id for each in connections)
    for gateway, more in demand.per_vpn_gateway.items():
        exists = isinstance(gateway, str)
        what = f"VPN connections on {gateway if exists else f'the {gateway}'}"
        here = on_gateway[str(gateway)] if exists else 0
        found.append(_problem(what, CONNECTIONS_PER_VPN_GATEWAY, limits, used=here, more=more))
    return [text for text in found if text]


def _live(resources: Iterable[_Counted]) -> list[_Counted]:
    return [each for each in resources if each.state not in GONE]


def _problem(what: str, code: str, limits: Mapping[str, int], *, used: int, more: int) -> str:
    limit = limits.get(code)
    if limit is None or used + more <= limit:
        return ""
    return (
        f"{what}: the plan needs {more} more. The quota ({code}) is {limit}, of which {used} are used and"
        f" {max(0, limit - used)} free: ask for a higher quota in Service Quotas, or remove what is not needed"
    )
