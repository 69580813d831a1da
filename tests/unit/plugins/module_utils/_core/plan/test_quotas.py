# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan adds, against the quotas that are known and what is used of them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    CustomerGateway,
    Ref,
    VpnGateway,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Action, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.quotas import Demand, Used, refusals
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.stages import Stage
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import (
    CreateConnection,
    CreateCustomerGateway,
    CreateVpnGateway,
    DeleteConnection,
    ModifyConnection,
    Step,
)

REGION, ON_GATEWAY, DEVICES, GATEWAYS = "L-3E6EC3A3", "L-B91E5754", "L-4FB7FF5D", "L-7029FAB6"
NEW_GATEWAY = Ref("vpn_gateway", "vpc-1")


def plan(*steps: Step) -> Plan:
    return Plan(tuple(Action.of(step, "berlin", "") for step in steps))


def creation(number: int = 1, **ends: Any) -> CreateConnection:
    given: dict[str, Any] = {"vpn_gateway": None, "transit_gateway_id": None, **ends}
    ref = Ref("vpn_connection", f"site-{number}")
    return CreateConnection(ref, customer_gateway="cgw-1", options={}, tunnels=(), tags={}, **given)


def device() -> CreateCustomerGateway:
    return CreateCustomerGateway(Ref("customer_gateway", "berlin"), "198.51.100.10", 65010, None, {})


def connection(number: int, state: str = "available", **ends: Any) -> Connection:
    given: dict[str, Any] = {"vpn_gateway_id": None, "transit_gateway_id": "tgw-1", **ends}
    return Connection(f"vpn-{number}", state, "cgw-1", routing="bgp", **given)


def test_what_creates_nothing_asks_for_nothing() -> None:
    assert Demand.of(plan(DeleteConnection("vpn-1"))).codes == []
    assert Demand.of(plan(ModifyConnection("vpn-1", transit_gateway_id="tgw-1"))).codes == []


def test_the_quotas_that_count_a_plan() -> None:
    assert Demand.of(plan(device())).codes == [DEVICES]
    assert Demand.of(plan(creation(transit_gateway_id="tgw-1"))).codes == [REGION]
    assert Demand.of(plan(creation(vpn_concentrator="vcn-1"))).codes == []
    whole = plan(device(), CreateVpnGateway(NEW_GATEWAY, None, {}), creation(vpn_gateway=NEW_GATEWAY))
    assert Demand.of(whole).codes == [DEVICES, GATEWAYS, REGION, ON_GATEWAY]
    assert Demand.of(plan(ModifyConnection("vpn-1", vpn_gateway="vgw-1"))).codes == [ON_GATEWAY]


@pytest.mark.parametrize("limit", [3, 4])
def test_as_many_connections_as_fit(limit: int) -> None:
    """Two are used: what is deleted and what is on a concentrator does not count."""
    drawn = plan(creation(1, transit_gateway_id="tgw-1"), creation(2, transit_gateway_id="tgw-1"))
    there = [connection(1), connection(2), connection(3, "deleting"), connection(4, vpn_concentrator_id="vcn-1")]
    found = refusals(drawn, {REGION: limit}, Used(connections=there))
    told = [
        "VPN connections per Region: the plan needs 2 more. The quota (L-3E6EC3A3) is 3, of which 2 are used and 1"
        " free: ask for a higher quota in Service Quotas, or remove what is not needed"
    ]
    assert found == ([] if limit == 4 else told)


def test_what_is_deleted_first_makes_room() -> None:
    old = Action.of(DeleteConnection("vpn-1"), "berlin", "")
    new = Action.of(creation(transit_gateway_id="tgw-1"), "berlin", "")
    used = Used(connections=[connection(1)])
    assert len(refusals(Plan((new, old)), {REGION: 1}, used)) == 1
    first = Action("berlin", old.resource, old.verb, "", Stage.REMOVE_OLD, old.step)
    assert refusals(Plan((first, new)), {REGION: 1}, used) == []


def test_connections_on_one_virtual_private_gateway() -> None:
    drawn = plan(creation(1, vpn_gateway="vgw-1"), creation(2, vpn_gateway=NEW_GATEWAY))
    used = Used(connections=[connection(1, transit_gateway_id=None, vpn_gateway_id="vgw-1")])
    (found,) = refusals(drawn, {ON_GATEWAY: 1}, used)
    assert found.startswith("VPN connections on vgw-1: the plan needs 1 more. The quota (L-B91E5754) is 1, of which 1")
    drawn = plan(creation(1, vpn_gateway=NEW_GATEWAY), creation(2, vpn_gateway=NEW_GATEWAY))
    (found,) = refusals(drawn, {ON_GATEWAY: 1}, used)
    assert found.startswith("VPN connections on the vpn gateway of vpc-1: the plan needs 2 more.")


def test_gateways_of_either_kind() -> None:
    drawn = plan(device(), CreateVpnGateway(NEW_GATEWAY, None, {}))
    used = Used([CustomerGateway("cgw-1", "available", None, None)], [VpnGateway("vgw-1", "deleted", None)])
    assert refusals(drawn, {DEVICES: 2, GATEWAYS: 1}, used) == []
    (found,) = refusals(drawn, {DEVICES: 1, GATEWAYS: 1}, used)
    assert found.startswith("customer gateways per Region: the plan needs 1 more. The quota (L-4FB7FF5D) is 1,")


def test_a_quota_that_is_not_known_is_not_held() -> None:
    assert refusals(plan(device()), {}, Used()) == []
