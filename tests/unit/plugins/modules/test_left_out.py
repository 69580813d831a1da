# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not given is not wanted: no default of a module is compared with what exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]
Made = dict[str, Any]

ADDRESS = {"name": "berlin", "public_ip": "198.51.100.10"}
NETWORKS = {"local_cidrs": ["10.20.0.0/16"], "remote_cidrs": ["10.0.0.0/16"]}


def site(world: dict[str, str], **given: Any) -> dict[str, Any]:
    return {**ADDRESS, **NETWORKS, "target": {"vpn_gateway": {"vpc_id": world["vpc"]}}, **given}


@pytest.fixture
def static(run: Run, world: dict[str, str]) -> dict[str, Any]:
    """A static site on a virtual private gateway, with an ASN and an AWS side that are no defaults."""
    target = {"vpn_gateway": {"vpc_id": world["vpc"], "amazon_side_asn": 64600}}
    tunnels = [{"replay_window_size": 128, "log_enabled": False}]
    made = run("vpn_sites", gateways=[site(world, routing="static", bgp_asn=64500, target=target, tunnels=tunnels)])
    assert "failed" not in made, made.get("msg")
    return made


@pytest.mark.usefixtures("static")
def test_the_routing_of_a_connection_is_left_alone(run: Run, emulator: Emulator) -> None:
    done = run("vpn_connection", name="berlin", tags={"team": "network"})
    assert "failed" not in done, done.get("msg")
    (action,) = done["plan"]["actions"]
    assert (action["verb"], action["interruption"]) == ("change", "none")
    assert done["connection"]["routing"] == "static"
    assert emulator.calls["CreateVpnConnection"] == 1
    routes = ["10.20.0.0/16", "10.21.0.0/16"]
    assert run("vpn_connection", name="berlin", static_routes=routes)["connection"]["static_routes"] == routes


@pytest.mark.usefixtures("static")
def test_nothing_of_a_site_is_compared_with_a_default(run: Run, world: dict[str, str]) -> None:
    again = run("vpn_sites", gateways=[site(world)])
    assert "failed" not in again, again.get("msg")
    assert again["changed"] is False
    assert (again["connections"]["berlin"]["routing"], again["connections"]["berlin"]["customer_asn"]) == (
        "static",
        64500,
    )
    assert again["connections"]["berlin"]["static_routes"] == ["10.20.0.0/16"]
    more = run("vpn_sites", check=True, gateways=[site(world, local_cidrs=["10.20.0.0/16", "10.21.0.0/16"])])
    assert [action["resource"] for action in more["plan"]["actions"]] == ["static_route"]


@pytest.mark.usefixtures("static")
def test_nothing_of_single_resources_is_compared_with_a_default(run: Run, world: dict[str, str]) -> None:
    assert run("customer_gateway", **ADDRESS)["changed"] is False
    assert run("customer_gateway", **ADDRESS)["customer_gateway"]["bgp_asn"] == 64500
    assert run("vpn_gateway", vpc_id=world["vpc"])["changed"] is False
    # What is given counts, also where it is the default.
    assert run("customer_gateway", check=True, **ADDRESS, bgp_asn=65000)["plan"]["counts"]["create"] == 1
    changed = run("vpn_connection", check=True, name="berlin", routing="bgp")
    assert "allow_replacement" in changed["msg"]


def test_a_new_customer_gateway_keeps_the_asn_of_the_old_one(run: Run, static: Made) -> None:
    del static
    moved = run("customer_gateway", check=True, name="berlin", public_ip="198.51.100.11")
    assert moved["plan"]["actions"][0]["detail"] == "198.51.100.11 ASN 64500"


def test_defaults_are_for_what_is_new(run: Run, world: dict[str, str]) -> None:
    made = run("customer_gateway", **ADDRESS)
    assert made["customer_gateway"]["bgp_asn"] == 65000
    assert run("vpn_connection", name="berlin", transit_gateway_id=world["tgw"])["connection"]["routing"] == "bgp"
    assert run("customer_gateway", **ADDRESS)["changed"] is False


def test_what_a_default_leaves_open_is_refused_before_the_first_write(
    run: Run, world: dict[str, str], emulator: Emulator
) -> None:
    without = run("vpn_sites", gateways=[site(world)])
    assert without["msg"].startswith("Nothing was changed: ")
    assert "berlin: bgp_asn: missing: BGP needs the ASN of the gateway" in without["msg"]
    run("customer_gateway", **ADDRESS, bgp_asn=64500)
    on_vpc = {"name": "berlin", "static_routes": ["10.20.0.0/16"]}
    gateway = run("vpn_gateway", vpc_id=world["vpc"])["vpn_gateway"]["vpn_gateway_id"]
    routes = run("vpn_connection", **on_vpc, vpn_gateway_id=gateway)
    assert "berlin: static_routes: only with routing=static" in routes["msg"]
    assert not emulator.calls["CreateVpnConnection"]


def test_static_routes_of_an_existing_connection_need_static_routing(run: Run, world: dict[str, str]) -> None:
    run("customer_gateway", **ADDRESS, bgp_asn=64500)
    run("vpn_connection", name="berlin", transit_gateway_id=world["tgw"])
    refused = run("vpn_connection", name="berlin", static_routes=["10.20.0.0/16"])
    assert "berlin: static_routes: only with routing=static" in refused["msg"]
