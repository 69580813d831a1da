# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The route tables of a transit gateway as vpn_sites, vpn_connection and vpn_connection_info see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def tables(ec2: Any, world: dict[str, str]) -> tuple[str, str]:
    """Two more route tables on the transit gateway, besides its default one."""
    made = [ec2.create_transit_gateway_route_table(TransitGatewayId=world["tgw"]) for _each in "ab"]
    first, second = (answer["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"] for answer in made)
    return first, second


def site(world: dict[str, str], **target: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": "berlin",
            "public_ip": "198.51.100.10",
            "bgp_asn": 65010,
            "target": {"transit_gateway_id": world["tgw"], **target},
            "local_cidrs": ["10.20.0.0/16"],
            "remote_cidrs": ["10.0.0.0/16"],
        }
    ]


def attachment(ec2: Any) -> dict[str, Any]:
    found = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    (live,) = [each for each in found if each["State"] == "available"]
    return dict(live)


def routed(ec2: Any, table: str) -> list[str]:
    search = ec2.search_transit_gateway_routes
    found = search(TransitGatewayRouteTableId=table, Filters=[{"Name": "type", "Values": ["static"]}])["Routes"]
    return [each["DestinationCidrBlock"] for each in found]


def test_sites(run: Run, world: dict[str, str], tables: tuple[str, str], ec2: Any) -> None:
    first, second = tables
    given = site(world, associate_with=first, propagate_to=[second], static_routes_to=[second])
    checked = run("vpn_sites", check=True, gateways=given)
    done = run("vpn_sites", gateways=given)
    assert done["plan"] == checked["plan"]
    assert done["diff"]["after"]["berlin"]["transit_gateway_routing"] == {
        "associate_with": first,
        "propagate_to": [second],
        "static_routes": {second: ["10.20.0.0/16"]},
    }
    seen = attachment(ec2)
    assert seen["Association"]["TransitGatewayRouteTableId"] == first
    assert done["connections"]["berlin"]["transit_gateway_attachment_id"] == seen["TransitGatewayAttachmentId"]
    assert routed(ec2, second) == ["10.20.0.0/16"]
    assert run("vpn_sites", gateways=given)["changed"] is False
    (info,) = run("vpn_connection_info")["connections"]
    assert info["transit_gateway_attachment_id"] == seen["TransitGatewayAttachmentId"]


def test_a_change_of_table_needs_consent_while_a_tunnel_is_up(
    run: Run, world: dict[str, str], tables: tuple[str, str], ec2: Any, emulator: Any
) -> None:
    run("vpn_sites", gateways=site(world))
    for tunnel in ec2.describe_vpn_connections()["VpnConnections"][0]["VgwTelemetry"]:
        emulator.telemetry(tunnel["OutsideIpAddress"], "UP")
    refused = run("vpn_sites", gateways=site(world, associate_with=tables[0]))
    assert "set allow_interruption to consent" in refused["msg"]
    agreed = run("vpn_sites", gateways=site(world, associate_with=tables[0]), allow_interruption=True)
    assert [action["interruption"] for action in agreed["plan"]["actions"]] == ["both_tunnels", "none"]
    assert attachment(ec2)["Association"]["TransitGatewayRouteTableId"] == tables[0]


def test_one_connection(run: Run, world: dict[str, str], tables: tuple[str, str], ec2: Any) -> None:
    run("customer_gateway", name="berlin", public_ip="198.51.100.10", bgp_asn=65010)
    given = {"name": "berlin", "transit_gateway_id": world["tgw"], "static_routes": ["10.20.0.0/16"]}
    routing = {"associate_with": tables[0], "propagate_to": [], "static_routes_to": [tables[1]]}
    done = run("vpn_connection", **given, transit_gateway_routing=routing)
    assert done["connection"]["transit_gateway_attachment_id"] == attachment(ec2)["TransitGatewayAttachmentId"]
    assert routed(ec2, tables[1]) == ["10.20.0.0/16"]
    assert run("vpn_connection", **given, transit_gateway_routing=routing)["changed"] is False
    run("vpn_connection", name="berlin", state="absent")
    assert routed(ec2, tables[1]) == []


def test_options_that_cannot_be_meant_are_told_before_any_call(run: Run, world: dict[str, str], emulator: Any) -> None:
    emulator.calls.clear()
    failed = run("vpn_sites", gateways=site(world, associate_with="rtb-1", propagate_to=["tgw-rtb-x"]))
    assert [text.split("=")[0] for text in failed["problems"]] == [
        "berlin: target.associate_with",
        "berlin: target.propagate_to",
    ]
    assert emulator.calls == {}


def test_a_transit_gateway_without_ecmp_is_warned_of(run: Run, world: dict[str, str], ec2: Any) -> None:
    made = ec2.create_transit_gateway(Options={"VpnEcmpSupport": "disable"})["TransitGateway"]["TransitGatewayId"]
    done = run("vpn_sites", check=True, gateways=site({**world, "tgw": made}))
    assert len([text for text in map(str, done["warnings"]) if "VPN ECMP support off" in text]) == 1
