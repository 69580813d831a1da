# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of the permissions guide are enough: the modules run where nothing else is allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import permissions
import pytest

if TYPE_CHECKING:
    from iam import Guard

Run = Callable[..., dict[str, Any]]
EVERYTHING, READ, ADOPT, *_OTHERS = permissions.policies(permissions.GUIDE.read_text(encoding="utf-8"))


@pytest.fixture
def allowed(run: Run, guard: Guard) -> Run:
    """Runs a module behind the policy for everything, and reads its plan with read access first."""

    def run_allowed(module: str, **options: Any) -> dict[str, Any]:
        guard.policies = [READ]
        checked = run(module, check=True, endpoint_url=guard.url, **options)
        assert not checked.get("failed"), checked["msg"]
        guard.policies = [EVERYTHING]
        done = run(module, endpoint_url=guard.url, **options)
        assert not done.get("failed"), done["msg"]
        return done

    return run_allowed


def test_the_life_of_a_site(allowed: Run, world: dict[str, str], ec2: Any) -> None:
    """Every action of every module is in the integration targets, which run behind the same policies."""
    berlin = {"name": "berlin", "public_ip": "198.51.100.10", "routing": "static"}
    networks = {"local_cidrs": ["10.20.0.0/16"], "remote_cidrs": ["10.0.0.0/16"]}
    consent = {"allow_replacement": True, "allow_interruption": True, "force_tunnel_change": True}
    gateway = {"vpn_gateway": {"vpc_id": world["vpc"], "propagate_to": [world["table"]]}}
    steps: list[dict[str, Any]] = [
        {"target": gateway},
        {"target": gateway, "tags": {"env": "lab"}, "tunnels": [{"psk": "Another.key"}]},
        {"target": gateway, "local_cidrs": ["10.21.0.0/16"]},
        {"target": {"transit_gateway_id": world["tgw"]}, "bgp_asn": 65010, "routing": "bgp"},
        {"target": {"transit_gateway_id": world["tgw"]}, "bgp_asn": 65010, "routing": "bgp", "tags": {"env": "lab"}},
        {"target": {"transit_gateway_id": world["tgw"]}, "bgp_asn": 65010, "routing": "bgp", "tags": {"floor": "3"}},
    ]
    for step in steps:
        assert allowed("vpn_sites", gateways=[{**berlin, **networks, **step}], purge_tags=True, **consent)["changed"]
    assert allowed("vpn_sites", gateways=[{"name": "berlin"}], state="absent")["changed"]
    assert {each["State"] for each in ec2.describe_vpn_connections()["VpnConnections"]} == {"deleted"}


def test_a_policy_that_is_too_small_is_named(run: Run, guard: Guard, world: dict[str, str]) -> None:
    guard.policies = [READ]
    refused = run("vpn_gateway", endpoint_url=guard.url, vpc_id=world["vpc"])
    assert refused["failed"]
    assert "ec2:CreateVpnGateway" in refused["msg"]


def test_adoption_needs_its_own_policy(run: Run, guard: Guard, world: dict[str, str], ec2: Any) -> None:
    device = ec2.create_customer_gateway(Type="ipsec.1", IpAddress="198.51.100.10", BgpAsn=65010)
    ends = {"CustomerGatewayId": device["CustomerGateway"]["CustomerGatewayId"], "TransitGatewayId": world["tgw"]}
    ec2.create_vpn_connection(Type="ipsec.1", **ends)
    options = {
        "endpoint_url": guard.url,
        "connections": [{"name": "berlin", "public_ip": "198.51.100.10"}],
        "adopt": True,
    }
    guard.policies = [EVERYTHING]
    assert "ec2:CreateTags" in run("vpn_adoption", **options)["msg"]
    guard.policies = [READ, ADOPT]
    assert run("vpn_adoption", **options)["changed"]
