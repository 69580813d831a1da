# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPN concentrators against the emulated AWS: alone, and as what several sites share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
LAST_OCTETS = {"berlin": 10, "madrid": 20, "oslo": 30}


def site(name: str, world: dict[str, str], **more: Any) -> dict[str, Any]:
    number = LAST_OCTETS[name]
    return {
        "name": name,
        "public_ip": f"198.51.100.{number}",
        "bgp_asn": 65000 + number,
        "target": {"vpn_concentrator": {"transit_gateway_id": world["tgw"]}},
        "local_cidrs": [f"10.{number}.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        **more,
    }


def live(ec2: Any) -> list[dict[str, Any]]:
    return [each for each in ec2.describe_vpn_concentrators()["VpnConcentrators"] if each["State"] != "deleted"]


def writes(emulator: Emulator) -> list[str]:
    return [action for action in emulator.calls if not action.startswith(("Describe", "Get"))]


@pytest.mark.parametrize("settle", [0.0, 60.0])
def test_a_life(run: Run, world: dict[str, str], ec2: Any, emulator: Emulator, settle: float) -> None:
    emulator.settle = settle
    base = {"transit_gateway_id": world["tgw"]}
    steps = [
        base,
        {**base, "tags": {"env": "lab"}},
        {**base, "tags": {}, "purge_tags": True},
        {**base, "state": "absent"},
    ]
    results = []
    for step in steps:
        emulator.calls.clear()
        checked = run("vpn_concentrator", check=True, **step)
        assert writes(emulator) == []
        done = run("vpn_concentrator", **step)
        assert not done.get("failed"), done["msg"]
        assert done["changed"] is checked["changed"] is True
        assert done["plan"] == checked["plan"]
        assert run("vpn_concentrator", **step)["changed"] is False
        results.append(done["vpn_concentrator"])
    made, tagged, purged, gone = results
    assert made["state"] == "available"
    assert made["transit_gateway_id"] == world["tgw"]
    assert made["transit_gateway_attachment_id"].startswith("tgw-attach-")
    assert made["tags"] == {
        "Name": world["tgw"],
        "hybridnet:collection": "hybridnet.aws_vpn",
        "hybridnet:transit-gateway": world["tgw"],
    }
    assert tagged["tags"]["env"] == "lab"
    assert purged["tags"] == made["tags"]
    assert gone is None
    assert live(ec2) == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({}, "transit_gateway_id"),
        ({"transit_gateway_id": "tgw-0123456789abcdef0"}, "does not exist in this Region"),
        ({"transit_gateway_id": "tgw-0123456789abcdef0", "tags": {"aws:a": "b"}}, "reserves"),
    ],
)
def test_refusals(run: Run, emulator: Emulator, options: dict[str, Any], word: str) -> None:
    result = run("vpn_concentrator", **options)
    assert result["failed"]
    assert word in result["msg"]
    assert writes(emulator) == []


def test_one_that_is_used_is_not_deleted_also_when_somebody_else_uses_it(
    run: Run, world: dict[str, str], ec2: Any
) -> None:
    made = run("vpn_concentrator", transit_gateway_id=world["tgw"])["vpn_concentrator"]
    device = run("customer_gateway", name="oslo", public_ip="198.51.100.30")["customer_gateway"]
    connection = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=device["customer_gateway_id"],
        VpnConcentratorId=made["vpn_concentrator_id"],
    )["VpnConnection"]["VpnConnectionId"]
    result = run("vpn_concentrator", transit_gateway_id=world["tgw"], state="absent")
    assert result["failed"]
    assert f"{made['vpn_concentrator_id']} is used by {connection}" in result["msg"]


def test_of_two_that_runs_made_at_the_same_time_one_stays(run: Run, world: dict[str, str], ec2: Any) -> None:
    made = run("vpn_concentrator", transit_gateway_id=world["tgw"])["vpn_concentrator"]
    tags = [{"Key": key, "Value": value} for key, value in made["tags"].items()]
    other = ec2.create_vpn_concentrator(
        Type="ipsec.1",
        TransitGatewayId=world["tgw"],
        TagSpecifications=[{"ResourceType": "vpn-concentrator", "Tags": tags}],
    )["VpnConcentrator"]["VpnConcentratorId"]
    kept, spare = sorted([made["vpn_concentrator_id"], other])
    result = run("vpn_concentrator", transit_gateway_id=world["tgw"])
    assert [(action["verb"], action["id"]) for action in result["plan"]["actions"]] == [("delete", spare)]
    assert result["vpn_concentrator"]["vpn_concentrator_id"] == kept
    assert not run("vpn_concentrator", transit_gateway_id=world["tgw"])["changed"]


# As the target of sites.


@pytest.mark.parametrize("settle", [0.0, 60.0])
def test_sites_make_and_share_one(run: Run, world: dict[str, str], ec2: Any, emulator: Emulator, settle: float) -> None:
    emulator.settle = settle
    sites = [site("berlin", world), site("madrid", world)]
    checked = run("vpn_sites", check=True, gateways=sites)
    assert checked["plan"]["counts"]["create"] == 5
    assert live(ec2) == []
    done = run("vpn_sites", gateways=sites)
    assert not done.get("failed"), done["msg"]
    assert done["plan"] == checked["plan"]
    (concentrator,) = live(ec2)
    for name in ("berlin", "madrid"):
        assert done["connections"][name]["vpn_concentrator_id"] == concentrator["VpnConcentratorId"]
        assert done["connections"][name]["transit_gateway_attachment_id"] == concentrator["TransitGatewayAttachmentId"]
    found = ec2.describe_vpn_connections()["VpnConnections"]
    assert {each["VpnConcentratorId"] for each in found} == {concentrator["VpnConcentratorId"]}
    emulator.calls.clear()
    again = run("vpn_sites", gateways=sites)
    assert (again["changed"], writes(emulator)) == (False, [])
    assert sum(emulator.calls.values()) <= 8
    assert run("vpn_sites", gateways=[site("oslo", world)])["plan"]["counts"]["create"] == 2
    assert len(live(ec2)) == 1


def test_sites_use_one_that_is_named_by_id(run: Run, world: dict[str, str], ec2: Any) -> None:
    foreign = ec2.create_vpn_concentrator(Type="ipsec.1", TransitGatewayId=world["tgw"])["VpnConcentrator"]
    target = {"vpn_concentrator_id": foreign["VpnConcentratorId"]}
    done = run("vpn_sites", gateways=[site("berlin", world, target=target)])
    assert not done.get("failed"), done["msg"]
    assert done["connections"]["berlin"]["vpn_concentrator_id"] == foreign["VpnConcentratorId"]
    assert len(live(ec2)) == 1


def test_without_a_site_that_asks_nothing_is_looked_at(run: Run, world: dict[str, str], emulator: Emulator) -> None:
    run("vpn_sites", check=True, gateways=[site("berlin", world, target={"transit_gateway_id": world["tgw"]})])
    assert emulator.calls["DescribeVpnConcentrators"] == 0


def test_one_that_an_interrupted_run_left_pending_is_waited_for(
    run: Run, world: dict[str, str], ec2: Any, emulator: Emulator
) -> None:
    emulator.settle = 300.0
    run("vpn_concentrator", transit_gateway_id=world["tgw"], wait=False)
    (left,) = live(ec2)
    assert left["State"] == "pending"
    done = run("vpn_sites", gateways=[site("berlin", world)])
    assert not done.get("failed"), done["msg"]
    assert done["connections"]["berlin"]["vpn_concentrator_id"] == left["VpnConcentratorId"]


def test_info_knows_the_asn_behind_a_concentrator(run: Run, world: dict[str, str]) -> None:
    run("vpn_sites", gateways=[site("berlin", world)])
    (connection,) = run("vpn_connection_info")["connections"]
    assert connection["vpn_concentrator_id"].startswith("v")
    assert connection["amazon_side_asn"] == 64512
