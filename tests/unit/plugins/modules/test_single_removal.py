# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""state=absent of the modules for one resource, against the emulated AWS: the same removal as that of vpn_sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]


def live(ec2: Any) -> dict[str, list[str]]:
    """Ids of what is not deleted, by module."""
    found = {
        "customer_gateway": (ec2.describe_customer_gateways()["CustomerGateways"], "CustomerGatewayId"),
        "vpn_gateway": (ec2.describe_vpn_gateways()["VpnGateways"], "VpnGatewayId"),
        "vpn_concentrator": (ec2.describe_vpn_concentrators()["VpnConcentrators"], "VpnConcentratorId"),
    }
    return {
        module: [each[key] for each in resources if each["State"] not in ("deleting", "deleted")]
        for module, (resources, key) in found.items()
    }


@pytest.mark.parametrize("settle", [0.0, 20.0], ids=["at once", "slow"])
def test_the_propagation_of_a_virtual_private_gateway_is_disabled_and_shown(
    run: Run, world: dict[str, str], ec2: Any, emulator: Emulator, settle: float
) -> None:
    vpc = {"vpc_id": world["vpc"]}
    made = run("vpn_gateway", **vpc, propagate_to=[world["table"]])["vpn_gateway"]
    emulator.settle = settle
    checked = run("vpn_gateway", check=True, **vpc, state="absent")
    assert [(action["verb"], action["resource"], action["detail"]) for action in checked["plan"]["actions"]] == [
        ("delete", "route_propagation", f"into {world['table']}"),
        ("delete", "vpn_gateway_attachment", f"from {world['vpc']}"),
        ("delete", "vpn_gateway", f"of {world['vpc']}"),
    ]
    assert checked["diff"]["before"][world["vpc"]]["vpn_gateway"]["propagate_to"] == [world["table"]]
    emulator.calls.clear()
    done = run("vpn_gateway", **vpc, state="absent")
    assert not done.get("failed"), done["msg"]
    assert (done["plan"], done["diff"]) == (checked["plan"], checked["diff"])
    assert emulator.calls["DisableVgwRoutePropagation"] == 1
    assert made["vpn_gateway_id"] not in live(ec2)["vpn_gateway"]
    assert not any(table.get("PropagatingVgws") for table in ec2.describe_route_tables()["RouteTables"])


OURS = [
    {"Key": "hybridnet:collection", "Value": "hybridnet.aws_vpn"},
    {"Key": "hybridnet:gateway", "Value": "berlin"},
]


@pytest.mark.parametrize("module", ["customer_gateway", "vpn_gateway", "vpn_concentrator"])
@pytest.mark.parametrize("tags", [OURS, [{"Key": "Name", "Value": "of others"}]], ids=["ours", "of others"])
def test_a_connection_that_is_being_deleted_is_waited_for(
    run: Run, world: dict[str, str], ec2: Any, emulator: Emulator, module: str, tags: list[dict[str, str]]
) -> None:
    device = {"name": "berlin", "public_ip": "198.51.100.10"}
    given = {
        "customer_gateway": device,
        "vpn_gateway": {"vpc_id": world["vpc"]},
        "vpn_concentrator": {"transit_gateway_id": world["tgw"]},
    }[module]
    run("customer_gateway", **device)
    run(module, **given)
    made = live(ec2)
    targets = {
        "customer_gateway": {"TransitGatewayId": world["tgw"]},
        "vpn_gateway": {"VpnGatewayId": "".join(made["vpn_gateway"])},
        "vpn_concentrator": {"VpnConcentratorId": "".join(made["vpn_concentrator"])},
    }
    connection = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=made["customer_gateway"][0],
        TagSpecifications=[{"ResourceType": "vpn-connection", "Tags": tags}],
        **targets[module],
    )["VpnConnection"]["VpnConnectionId"]
    emulator.settle = 120.0
    ec2.delete_vpn_connection(VpnConnectionId=connection)
    done = run(module, **given, state="absent")
    emulator.settle = 0.0
    assert not done.get("failed"), done["msg"]
    assert live(ec2)[module] == []


def test_a_virtual_private_gateway_that_was_moved_to_another_vpc_is_refused(
    run: Run, world: dict[str, str], ec2: Any
) -> None:
    gateway = run("vpn_gateway", vpc_id=world["vpc"])["vpn_gateway"]["vpn_gateway_id"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    ec2.detach_vpn_gateway(VpnGatewayId=gateway, VpcId=world["vpc"])
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=other)
    refused = run("vpn_gateway", vpc_id=world["vpc"], state="absent")
    assert refused["failed"]
    assert f"{gateway} is attached to {other}" in refused["msg"]
    assert live(ec2)["vpn_gateway"] == [gateway]
