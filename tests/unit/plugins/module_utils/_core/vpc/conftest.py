# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that want something of a VPC, and what the information modules of amazon.aws say of it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc import found as answers
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc.found import Found
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc.wanted import Want, wants

TGW, OTHER_TGW, RTB, VPC, SUBNET = "tgw-1", "tgw-2", "rtb-1", "vpc-1", "subnet-1"


def connection(**given: Any) -> dict[str, Any]:
    """One connection of an inventory as site_list returns it, as far as the VPC side reads it."""
    return {
        "region": "eu-central-1",
        "profile": None,
        "target": {"transit_gateway_id": TGW},
        "vpc_route_tables": [RTB],
        "probe_instance": True,
        "probe_subnet": SUBNET,
        "vpc_probe_address": "10.0.1.10",
        "tags": {},
        **given,
    }


def hosts(**networks: Any) -> dict[str, Any]:
    """Gateways with a connection each: by name their networks, or networks and what the connection gives."""
    found = {}
    for name, given in networks.items():
        local, own = given if isinstance(given, tuple) else (given, {})
        found[name] = {"local_cidrs": local, "connections": {name: connection(**own)}}
    return found


def wanted(**networks: Any) -> list[Want]:
    return wants(hosts(**networks))


def looks(**given: Any) -> dict[str, list[dict[str, Any]]]:
    """A VPC with one table, which has a route to the internet, and one subnet."""
    routes = [
        {"destination_cidr_block": "10.0.0.0/16", "gateway_id": "local", "origin": "CreateRouteTable"},
        {"destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1", "origin": "CreateRoute"},
        {"destination_prefix_list_id": "pl-1", "gateway_id": "vpce-1", "origin": "CreateRoute"},
    ]
    found = {
        "route_tables": [{"route_table_id": RTB, "vpc_id": VPC, "routes": [*routes, *given.pop("routes", [])]}],
        "attachments": [{"transit_gateway_id": TGW, "vpc_id": VPC, "state": "available"}],
        "subnets": [{"subnet_id": SUBNET, "vpc_id": VPC, "cidr_block": "10.0.1.0/24"}],
        "instances": [],
        "security_groups": [],
        **given,
    }
    return {kind: [{kind: each}] for kind, each in found.items()}


def route(destination: str, **target: str) -> dict[str, str]:
    return {"destination_cidr_block": destination, "origin": "CreateRoute", **(target or {"transit_gateway_id": TGW})}


def instance(address: str = "10.0.1.10", state: str = "running") -> dict[str, Any]:
    tags = {"hybridnet:probe": SUBNET}
    return {"instance_id": "i-1", "private_ip_address": address, "state": {"name": state}, "tags": tags}


def group(*networks: str) -> dict[str, Any]:
    pings = {"ip_protocol": "icmp", "from_port": 8, "ip_ranges": [{"cidr_ip": each} for each in networks]}
    ssh = {"ip_protocol": "tcp", "from_port": 22, "ip_ranges": [{"cidr_ip": "10.8.0.0/16"}]}
    tags = {"hybridnet:probe": SUBNET}
    return {"group_id": "sg-1", "ip_permissions": [pings, ssh], "tags": tags}


def found(**given: Any) -> Found:
    return answers.read(looks(**given))


@pytest.fixture
def empty() -> Found:
    return found()
