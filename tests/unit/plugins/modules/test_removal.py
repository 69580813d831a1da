# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpn_sites with state=absent against the emulated AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]


def site(name: str, number: int, target: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "public_ip": f"198.51.100.{number}",
        "bgp_asn": 65010,
        "target": target,
        "local_cidrs": [f"10.{20 + number}.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        **changes,
    }


@pytest.fixture
def sites(world: dict[str, str]) -> list[dict[str, Any]]:
    """Two sites on the gateway of a VPC, one on a transit gateway."""
    vpc = {"vpn_gateway": {"vpc_id": world["vpc"], "propagate_to": [world["table"]]}}
    return [
        site("berlin", 1, vpc),
        site("madrid", 2, vpc, routing="static"),
        site("oslo", 3, {"transit_gateway_id": world["tgw"]}),
    ]


def left(ec2: Any) -> dict[str, list[str]]:
    """What is not gone, by kind."""
    return {
        key: [each[f"{key[:-1]}Id"] for each in answer[key] if each["State"] not in ("deleted", "deleting")]
        for key, answer in (
            ("VpnConnections", ec2.describe_vpn_connections()),
            ("CustomerGateways", ec2.describe_customer_gateways()),
            ("VpnGateways", ec2.describe_vpn_gateways()),
        )
    }


def writes(emulator: Emulator) -> list[str]:
    return [action for action in emulator.calls if not action.startswith(("Describe", "Search", "Get"))]


@pytest.mark.parametrize("settle", [0.0, 20.0], ids=["at once", "slow"])
def test_check_remove_repeat(
    run: Run, sites: list[dict[str, Any]], emulator: Emulator, ec2: Any, settle: float
) -> None:
    made = run("vpn_sites", gateways=sites)
    emulator.settle = settle
    emulator.calls.clear()
    checked = run("vpn_sites", check=True, state="absent", gateways=sites[:1])
    assert writes(emulator) == []
    assert checked["connections"]["berlin"]["vpn_connection_id"] == made["connections"]["berlin"]["vpn_connection_id"]
    done = run("vpn_sites", state="absent", gateways=sites[:1])
    emulator.settle = 0.0
    assert (done["plan"], done["diff"]) == (checked["plan"], checked["diff"])
    assert [action["interruption"] for action in done["plan"]["actions"]] == ["both_tunnels", "none"]
    assert done["connections"]["berlin"]["vpn_connection_id"] is None
    assert done["connections"]["berlin"]["customer_gateway_id"] is None
    there = left(ec2)
    assert [len(there[key]) for key in ("VpnConnections", "CustomerGateways", "VpnGateways")] == [2, 2, 1]
    again = run("vpn_sites", state="absent", gateways=sites[:1])
    assert again["changed"] is False
    assert run("vpn_sites", check=True, gateways=sites[1:])["changed"] is False


def test_a_name_is_enough_but_leaves_the_gateway(run: Run, sites: list[dict[str, Any]], ec2: Any) -> None:
    run("vpn_sites", gateways=sites)
    run("vpn_sites", state="absent", gateways=[{"name": "berlin"}, {"name": "madrid"}, {"name": "nowhere"}])
    there = left(ec2)
    assert [len(there[key]) for key in ("VpnConnections", "CustomerGateways", "VpnGateways")] == [1, 1, 1]


def test_the_gateway_goes_with_the_last_site_that_names_it(run: Run, sites: list[dict[str, Any]], ec2: Any) -> None:
    run("vpn_sites", gateways=sites)
    run("vpn_sites", state="absent", gateways=sites[:2])
    there = left(ec2)
    assert [len(there[key]) for key in ("VpnConnections", "CustomerGateways", "VpnGateways")] == [1, 1, 0]
    tables = ec2.describe_route_tables()["RouteTables"]
    assert not any(table.get("PropagatingVgws") for table in tables)


def test_everything_but_what_others_made(
    run: Run, sites: list[dict[str, Any]], world: dict[str, str], ec2: Any
) -> None:
    run("vpn_sites", gateways=sites)
    theirs = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65099, IpAddress="192.0.2.99")["CustomerGateway"]
    foreign = ec2.create_vpn_connection(
        Type="ipsec.1", CustomerGatewayId=theirs["CustomerGatewayId"], TransitGatewayId=world["tgw"]
    )["VpnConnection"]
    done = run("vpn_sites", state="absent", all_sites=True)
    assert sorted(done["connections"]) == ["berlin", "madrid", "oslo"]
    assert left(ec2) == {
        "VpnConnections": [foreign["VpnConnectionId"]],
        "CustomerGateways": [theirs["CustomerGatewayId"]],
        "VpnGateways": [],
    }
    assert run("vpn_sites", state="absent", all_sites=True)["changed"] is False


def test_a_foreign_connection_keeps_our_gateway(run: Run, sites: list[dict[str, Any]], ec2: Any) -> None:
    run("vpn_sites", gateways=sites)
    (gateway,) = left(ec2)["VpnGateways"]
    theirs = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65099, IpAddress="192.0.2.99")["CustomerGateway"]
    ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=theirs["CustomerGatewayId"], VpnGatewayId=gateway)
    done = run("vpn_sites", state="absent", all_sites=True)
    assert left(ec2)["VpnGateways"] == [gateway]
    assert any(gateway in text and "not of this collection" in text for text in map(str, done["warnings"]))
    (shown,) = [each for each in ec2.describe_vpn_gateways()["VpnGateways"] if each["VpnGatewayId"] == gateway]
    assert [bond["State"] for bond in shown["VpcAttachments"]] == ["attached"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"state": "absent"}, "neither is given"),
        ({"state": "absent", "gateways": []}, "neither is given"),
        (
            {"state": "absent", "gateways": [{"name": "berlin", "region": "europe"}]},
            "berlin: region=europe: not the name",
        ),
        ({"state": "present", "gateways": [], "all_sites": True}, "all_sites: only with state=absent"),
        ({"state": "present"}, "gateways"),
    ],
)
def test_without_a_selector_nothing_is_even_looked_at(
    run: Run, sites: list[dict[str, Any]], emulator: Emulator, options: dict[str, Any], text: str
) -> None:
    run("vpn_sites", gateways=sites)
    emulator.calls.clear()
    refused = run("vpn_sites", **options)
    assert refused["failed"] is True
    assert text in refused["msg"]
    assert not emulator.calls


def test_a_run_that_is_killed_is_healed_by_the_same_command(
    run: Run, sites: list[dict[str, Any]], emulator: Emulator, ec2: Any
) -> None:
    """The connections are on their way out, and the detachment too, when the second run begins."""
    run("vpn_sites", gateways=sites)
    there = left(ec2)
    emulator.settle = 30.0
    for connection in there["VpnConnections"]:
        ec2.delete_vpn_connection(VpnConnectionId=connection)
    (gateway,) = there["VpnGateways"]
    attached = ec2.describe_vpn_gateways()["VpnGateways"][0]["VpcAttachments"][0]["VpcId"]
    ec2.detach_vpn_gateway(VpnGatewayId=gateway, VpcId=attached)
    done = run("vpn_sites", state="absent", gateways=sites)
    emulator.settle = 0.0
    assert done.get("failed", False) is False, done["printed"]
    assert left(ec2) == {"VpnConnections": [], "CustomerGateways": [], "VpnGateways": []}


def test_static_routes_of_the_transit_gateway_are_taken_along(
    run: Run, world: dict[str, str], ec2: Any, emulator: Emulator
) -> None:
    table = ec2.create_transit_gateway_route_table(TransitGatewayId=world["tgw"])["TransitGatewayRouteTable"]
    table_id = table["TransitGatewayRouteTableId"]
    target = {"transit_gateway_id": world["tgw"], "static_routes_to": [table_id]}
    run("vpn_sites", gateways=[site("oslo", 3, target)])
    emulator.calls.clear()
    run("vpn_sites", state="absent", gateways=[{"name": "oslo"}])
    assert "DeleteTransitGatewayRoute" in emulator.calls
    found = ec2.search_transit_gateway_routes(
        TransitGatewayRouteTableId=table_id, Filters=[{"Name": "type", "Values": ["static"]}]
    )
    assert [route for route in found["Routes"] if route["State"] != "deleted"] == []


def test_a_concentrator_goes_with_everything(run: Run, world: dict[str, str], ec2: Any) -> None:
    target = {"vpn_concentrator": {"transit_gateway_id": world["tgw"]}}
    pair = [site("berlin", 1, target), site("madrid", 2, target)]
    run("vpn_sites", gateways=pair)

    def concentrators() -> int:
        found = ec2.describe_vpn_concentrators()["VpnConcentrators"]
        return len([each for each in found if each["State"] not in ("deleting", "deleted")])

    run("vpn_sites", state="absent", gateways=pair[:1])
    assert concentrators() == 1
    run("vpn_sites", state="absent", gateways=pair[1:])
    assert concentrators() == 0
    run("vpn_sites", gateways=pair)
    run("vpn_sites", state="absent", all_sites=True)
    assert concentrators() == 0


def test_many_sites_cost_few_reads_and_the_gateway_waits_for_all(
    run: Run, world: dict[str, str], emulator: Emulator, ec2: Any
) -> None:
    vpc = {"vpn_gateway": {"vpc_id": world["vpc"]}}
    many = [
        site(f"s{number}", number, vpc if number < 10 else {"transit_gateway_id": world["tgw"]})
        for number in range(1, 31)
    ]
    run("vpn_sites", gateways=many)
    emulator.settle = 20.0
    emulator.calls.clear()
    done = run("vpn_sites", state="absent", all_sites=True, wait_timeout=4000)
    emulator.settle = 0.0
    assert done.get("failed", False) is False
    assert left(ec2) == {"VpnConnections": [], "CustomerGateways": [], "VpnGateways": []}
    made = dict(emulator.calls)
    assert {action: count for action, count in made.items() if action in writes(emulator)} == {
        "DeleteVpnConnection": 30,
        "DeleteCustomerGateway": 30,
        "DetachVpnGateway": 1,
        "DeleteVpnGateway": 1,
    }
    looks = sum(count for action, count in made.items() if action not in writes(emulator))
    assert looks <= 30
