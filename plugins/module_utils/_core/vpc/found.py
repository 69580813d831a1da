# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the information modules of amazon.aws say of VPCs, read into what the plan asks."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model.values import IpNetwork, network

# The tag of the instance of a subnet and of its security group.
PROBE_TAG = "hybridnet:probe"
# Everything else of the answer to a ping comes back by itself: security groups are stateful.
ECHO_REQUEST = 8
_TARGETS = (
    "transit_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "vpc_peering_connection_id",
    "egress_only_internet_gateway_id",
    "core_network_arn",
    "carrier_gateway_id",
    "local_gateway_id",
    "instance_id",
    "gateway_id",
)


@dataclass(frozen=True)
class Table:
    """A route table: where its routes to IPv4 networks lead."""

    vpc: str
    routes: Mapping[str, str]


@dataclass(frozen=True)
class Subnet:
    """A subnet of a VPC."""

    vpc: str
    network: IpNetwork | None


@dataclass(frozen=True)
class Instance:
    """The instance of a subnet that answers pings."""

    id: str
    address: str
    state: str


@dataclass(frozen=True)
class Group:
    """Its security group: the networks that can ping it."""

    id: str
    networks: frozenset[str]


@dataclass(frozen=True)
class Found:
    """What is there."""

    tables: Mapping[str, Table]
    # Transit gateway and VPC.
    attached: frozenset[tuple[str, str]]
    subnets: Mapping[str, Subnet]
    instances: Mapping[str, Instance]
    groups: Mapping[str, Group]


def read(answers: Mapping[str, Iterable[Mapping[str, Any]]]) -> Found:
    """The answers by kind: one for each Region and account."""
    return Found(
        tables={each["route_table_id"]: _table(each) for each in _all(answers, "route_tables")},
        attached=frozenset(
            (each["transit_gateway_id"], each["vpc_id"])
            for each in _all(answers, "attachments")
            if each["state"] in ("available", "pending", "modifying")
        ),
        subnets={
            each["subnet_id"]: Subnet(each["vpc_id"], network(each["cidr_block"])) for each in _all(answers, "subnets")
        },
        instances={_probe(each): _instance(each) for each in _all(answers, "instances")},
        groups={_probe(each): _group(each) for each in _all(answers, "security_groups")},
    )


def _all(answers: Mapping[str, Iterable[Mapping[str, Any]]], kind: str) -> list[Mapping[str, Any]]:
    return [each for answer in answers[kind] for each in answer[kind]]


def _probe(tagged: Mapping[str, Any]) -> str:
    return str(tagged["tags"][PROBE_TAG])


def _table(table: Mapping[str, Any]) -> Table:
    routes = {
        route["destination_cidr_block"]: next((route[target] for target in _TARGETS if route.get(target)), "nothing")
        for route in table["routes"]
        if route.get("destination_cidr_block")
    }
    return Table(table["vpc_id"], routes)


def _instance(instance: Mapping[str, Any]) -> Instance:
    return Instance(instance["instance_id"], instance["private_ip_address"], instance["state"]["name"])


def _group(group: Mapping[str, Any]) -> Group:
    networks = {
        entry["cidr_ip"]
        for rule in group["ip_permissions"]
        if rule["ip_protocol"] == "icmp" and rule.get("from_port") == ECHO_REQUEST
        for entry in rule["ip_ranges"]
    }
    return Group(group["group_id"], frozenset(networks))
