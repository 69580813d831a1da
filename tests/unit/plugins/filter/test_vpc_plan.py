# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter vpc_plan: on what site_list and the information modules of amazon.aws return."""

from __future__ import annotations

from typing import Any

from ansible.template import is_trusted_as_template, trust_as_template
from ansible_collections.hybridnet.aws_vpn.plugins.filter.site_list import FilterModule as SiteList
from ansible_collections.hybridnet.aws_vpn.plugins.filter.vpc_plan import FilterModule

TGW, RTB = "tgw-0123456789abcdef0", "rtb-0123456789abcdef0"
BERLIN = {
    "inventory_hostname": "berlin",
    "site_vpn_region": "eu-central-1",
    "site_vpn_target": {"transit_gateway_id": TGW},
    "site_vpn_public_ip": "198.51.100.10",
    "site_vpn_bgp_asn": 65010,
    "site_vpn_local_cidrs": ["10.20.0.0/16"],
    "site_vpn_remote_cidrs": ["10.0.0.0/16"],
    "site_vpn_vpc_route_tables": [RTB],
}


def vpc_plan(*arguments: Any, **options: Any) -> dict[str, Any]:
    return dict(FilterModule().filters()["vpc_plan"](*arguments, **options))


def inventory(*hosts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = SiteList().filters()["site_list"](list(hosts))
    assert found["problems"] == []
    return found


def looks(*routes: dict[str, str]) -> dict[str, Any]:
    table = {"route_table_id": RTB, "vpc_id": "vpc-1", "routes": list(routes)}
    attachment = {"transit_gateway_id": TGW, "vpc_id": "vpc-1", "state": "available"}
    kinds: dict[str, list[Any]] = {"subnets": [], "instances": [], "security_groups": []}
    return {**kinds, "route_tables": [{"route_tables": [table]}], "attachments": [{"attachments": [attachment]}]}


def test_site_list_says_where_to_look() -> None:
    place = {"region": "eu-central-1", "route_tables": [RTB], "transit_gateways": [TGW], "subnets": []}
    assert inventory(BERLIN)["vpcs"] == [place]
    without = {name: value for name, value in BERLIN.items() if name != "site_vpn_vpc_route_tables"}
    assert inventory(without)["vpcs"] == []


def test_a_route_comes_and_goes() -> None:
    there = {"destination_cidr_block": "10.20.0.0/16", "transit_gateway_id": TGW}
    nobody = {"hosts": {}, "problems": []}
    line = f"route 10.20.0.0/16 to {TGW}"
    assert vpc_plan(inventory(BERLIN), looks())["lines"] == [f"{RTB} (eu-central-1): create {line}"]
    assert vpc_plan(inventory(BERLIN), looks(there))["lines"] == []
    assert vpc_plan(inventory(BERLIN), looks(there), others=nobody)["lines"] == [f"{RTB} (eu-central-1): delete {line}"]


def test_text_from_aws_is_not_evaluated() -> None:
    target = trust_as_template("{{ lookup('pipe', 'id') }}")
    there = {"destination_cidr_block": "10.20.0.0/16", "gateway_id": target}
    (problem,) = vpc_plan(inventory(BERLIN), looks(there))["problems"]
    assert "lookup" in problem
    assert not is_trusted_as_template(problem)
