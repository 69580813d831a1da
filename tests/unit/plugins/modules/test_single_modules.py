# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for one resource, run against the emulated AWS: check, create, repeat, update, repeat, delete, repeat."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
READS = ("Describe", "Get", "Search")


@pytest.fixture
def life(run: Run, emulator: Emulator) -> Callable[..., list[dict[str, Any]]]:
    """Goes through a life of one resource; each step is checked, done, and repeated without effect."""

    def live(module: str, *steps: dict[str, Any]) -> list[dict[str, Any]]:
        results = []
        for step in steps:
            emulator.calls.clear()
            checked = run(module, check=True, **step)
            assert [action for action in emulator.calls if not action.startswith(READS)] == []
            done = run(module, **step)
            assert not done.get("failed"), done["msg"]
            assert done["changed"] is checked["changed"] is True
            assert done["plan"] == checked["plan"]
            repeated = run(module, **step)
            assert repeated["changed"] is False, repeated["plan"]["lines"]
            results.append(done)
        return results

    return live


def test_customer_gateway(life: Callable[..., list[dict[str, Any]]], ec2: Any) -> None:
    name = {"name": "berlin"}
    first, second, third, _gone = life(
        "customer_gateway",
        {**name, "public_ip": "198.51.100.10", "bgp_asn": 4200000001},
        {**name, "public_ip": "198.51.100.10", "bgp_asn": 4200000001, "tags": {"env": "lab"}},
        {**name, "public_ip": "198.51.100.11", "device_name": "edge-1"},
        {**name, "state": "absent"},
    )
    assert first["customer_gateway"]["bgp_asn"] == 4200000001
    assert second["customer_gateway"]["tags"]["env"] == "lab"
    assert third["customer_gateway"]["device_name"] == "edge-1"
    assert {each["State"] for each in ec2.describe_customer_gateways()["CustomerGateways"]} <= {"deleted"}


def test_vpn_gateway(life: Callable[..., list[dict[str, Any]]], world: dict[str, str], ec2: Any) -> None:
    vpc = {"vpc_id": world["vpc"]}
    first, second, third, gone = life(
        "vpn_gateway",
        {**vpc, "amazon_side_asn": 64620, "propagate_to": [world["table"]]},
        {**vpc, "propagate_to": []},
        {**vpc, "tags": {"env": "lab"}},
        {**vpc, "state": "absent"},
    )
    assert first["vpn_gateway"]["amazon_side_asn"] == 64620
    assert first["vpn_gateway"]["attachment_state"] == "attached"
    assert first["vpn_gateway"]["propagate_to"] == [world["table"]]
    assert second["vpn_gateway"]["propagate_to"] == []
    assert third["vpn_gateway"]["tags"]["env"] == "lab"
    assert gone["vpn_gateway"] is None
    assert {each["State"] for each in ec2.describe_vpn_gateways()["VpnGateways"]} <= {"deleted"}


def test_vpn_connection(life: Callable[..., list[dict[str, Any]]], run: Run, world: dict[str, str], ec2: Any) -> None:
    run("customer_gateway", name="berlin", public_ip="198.51.100.10")
    run("vpn_gateway", vpc_id=world["vpc"])
    base = {"name": "berlin", "routing": "static"}
    first, second, third, fourth, gone = life(
        "vpn_connection",
        {**base, "vpc_id": world["vpc"], "static_routes": ["10.20.0.0/16"], "tunnels": [{"psk": "MARKER_one1"}]},
        {**base, "static_routes": ["10.21.0.0/16"]},
        {**base, "tunnels": [{"psk": "MARKER_two2"}, {"inside_cidr": "169.254.77.0/30"}], "force_tunnel_change": True},
        {**base, "transit_gateway_id": world["tgw"], "static_routes": [], "allow_interruption": True},
        {"name": "berlin", "state": "absent"},
    )
    assert first["connection"]["static_routes"] == ["10.20.0.0/16"]
    assert second["connection"]["static_routes"] == ["10.21.0.0/16"]
    assert third["connection"]["tunnels"][1]["inside_cidr"] == "169.254.77.0/30"
    assert fourth["connection"]["transit_gateway_id"] == world["tgw"]
    assert gone["connection"] is None
    assert all("MARKER" not in each["printed"] for each in (first, third))
    assert {each["State"] for each in ec2.describe_vpn_connections()["VpnConnections"]} <= {"deleted"}


@pytest.mark.parametrize(
    ("module", "options", "word"),
    [
        ("customer_gateway", {"name": "x"}, "public_ip"),
        ("customer_gateway", {"name": "x", "public_ip": "127.0.0.1"}, "public_ip=127.0.0.1"),
        ("customer_gateway", {"name": "x", "certificate_arn": "none"}, "certificate_arn=none"),
        ("customer_gateway", {"name": "x", "public_ip": "198.51.100.1", "bgp_asn": 7224}, "bgp_asn=7224"),
        ("customer_gateway", {"name": "x", "public_ip": "198.51.100.1", "tags": {"hybridnet:a": "b"}}, "reserves"),
        ("vpn_gateway", {}, "vpc_id"),
        ("vpn_gateway", {"vpc_id": "vpc-0123456789abcdef0"}, "does not exist"),
        ("vpn_gateway", {"vpc_id": "vpc-1", "amazon_side_asn": 1}, "amazon_side_asn=1"),
        ("vpn_connection", {"name": "x"}, "none of that name exists"),
        ("vpn_connection", {"name": "x", "customer_gateway_id": "cgw-1"}, "needs a target"),
        ("vpn_connection", {"name": "x", "vpc_id": "a", "transit_gateway_id": "b"}, "mutually exclusive"),
        ("vpn_connection", {"name": "x", "static_routes": ["10.0.0.0/8"]}, "only with routing=static"),
        ("vpn_connection", {"name": "x", "tunnels": [{}, {}, {}]}, "2 tunnels"),
        ("vpn_connection", {"name": "x", "tunnels": [{"psk": "MARKER key"}]}, "tunnels[1].pre_shared_key: "),
        ("vpn_connection", {"name": "x", "customer_gateway_id": "c", "transit_gateway_id": "tgw-1"}, "does not exist"),
        ("vpn_sites", {}, "gateways"),
    ],
)
def test_refusals(run: Run, emulator: Emulator, module: str, options: dict[str, Any], word: str) -> None:
    result = run(module, **options)
    assert result["failed"]
    assert word in result["msg"]
    assert "MARKER" not in result["printed"]
    assert [action for action in emulator.calls if not action.startswith(READS)] == []


def test_a_gateway_in_use_is_not_taken_away_also_from_a_connection_of_somebody_else(
    run: Run, world: dict[str, str], ec2: Any
) -> None:
    device = run("customer_gateway", name="berlin", public_ip="198.51.100.10")["customer_gateway"]
    gateway = run("vpn_gateway", vpc_id=world["vpc"])["vpn_gateway"]
    ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=device["customer_gateway_id"],
        VpnGatewayId=gateway["vpn_gateway_id"],
    )
    for module, options in (("customer_gateway", {"name": "berlin"}), ("vpn_gateway", {"vpc_id": world["vpc"]})):
        result = run(module, **options, state="absent")
        assert result["failed"]
        assert "is used by vpn-" in result["msg"]


def test_two_of_one_identity_are_named_both(run: Run, world: dict[str, str], ec2: Any) -> None:
    run("customer_gateway", name="berlin", public_ip="198.51.100.10")
    made = run("vpn_connection", name="berlin", transit_gateway_id=world["tgw"])["connection"]
    other = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=made["customer_gateway_id"],
        TransitGatewayId=world["tgw"],
        TagSpecifications=[
            {
                "ResourceType": "vpn-connection",
                "Tags": [{"Key": key, "Value": value} for key, value in made["tags"].items()],
            }
        ],
    )["VpnConnection"]["VpnConnectionId"]
    result = run("vpn_connection", name="berlin")
    assert result["failed"]
    assert made["id"] in result["msg"]
    assert other in result["msg"]
