# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has just made may be unknown to AWS's next answers: the run tries again, for its own resources only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vpn_emulator import Emulator

Run = Callable[..., dict[str, Any]]

BERLIN = {
    "name": "berlin",
    "public_ip": "198.51.100.10",
    "bgp_asn": 64496,
    "local_cidrs": ["10.20.0.0/16"],
    "remote_cidrs": ["10.0.0.0/16"],
}
ATTACHMENT = "InvalidTransitGatewayAttachmentID.NotFound"


@pytest.fixture(autouse=True)
def usable_at_once(emulator: Emulator) -> None:
    """As AWS answers: available, although the next call may not find it."""
    emulator.delays.set(customer_gateway=0, vpn_gateway=0)


def on_transit(world: dict[str, str], **routing: Any) -> list[dict[str, Any]]:
    return [{**BERLIN, "target": {"transit_gateway_id": world["tgw"], **routing}}]


def on_vpc(world: dict[str, str]) -> list[dict[str, Any]]:
    gateway = {"vpc_id": world["vpc"], "propagate_to": [world["table"]]}
    return [{**BERLIN, "routing": "static", "target": {"vpn_gateway": gateway}}]


@pytest.mark.parametrize("target", [on_transit, on_vpc])
@pytest.mark.parametrize("action", ["CreateCustomerGateway", "CreateVpnGateway", "CreateVpnConnection"])
def test_a_site_whose_new_resources_are_not_seen_for_a_while(
    run: Run, emulator: Emulator, world: dict[str, str], target: Callable[..., Any], action: str
) -> None:
    emulator.faults.add("invisible", action, call=1, seconds=4)
    done = run("vpn_sites", gateways=target(world))
    assert "failed" not in done, done.get("msg")
    site = done["connections"]["berlin"]
    assert site["customer_gateway_id"] and site["state"] == "available"
    for create in ("CreateCustomerGateway", "CreateVpnConnection"):
        assert emulator.calls[create] >= 1
    made = [call for call in emulator.log if call.action.startswith("Create") and not call.error]
    assert len({call.action for call in made}) == len(made)
    emulator.faults.clear()
    assert run("vpn_sites", gateways=target(world))["changed"] is False


def test_a_concentrator_that_is_not_seen_for_a_while(run: Run, emulator: Emulator, world: dict[str, str]) -> None:
    emulator.faults.add("invisible", "CreateVpnConcentrator", call=1, seconds=20)
    sites = [{**BERLIN, "target": {"vpn_concentrator": {"transit_gateway_id": world["tgw"]}}}]
    done = run("vpn_sites", gateways=sites)
    assert "failed" not in done, done.get("msg")
    assert emulator.calls["CreateVpnConcentrator"] == 1
    assert done["connections"]["berlin"]["vpn_concentrator_id"]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("AssociateTransitGatewayRouteTable", ATTACHMENT),
        ("EnableTransitGatewayRouteTablePropagation", ATTACHMENT),
        ("CreateTransitGatewayRoute", ATTACHMENT),
    ],
)
def test_a_new_attachment_that_comes_and_goes(
    run: Run, emulator: Emulator, world: dict[str, str], ec2: Any, action: str, code: str
) -> None:
    table = ec2.create_transit_gateway_route_table(TransitGatewayId=world["tgw"])["TransitGatewayRouteTable"]
    table_id = table["TransitGatewayRouteTableId"]
    emulator.faults.add("refuse", action, code=code, times=2)
    routing = {"associate_with": table_id, "propagate_to": [table_id], "static_routes_to": [table_id]}
    done = run("vpn_sites", gateways=on_transit(world, **routing))
    assert "failed" not in done, done.get("msg")
    assert emulator.calls[action] == 3
    # An attachment that was there before is not of this run: that it is gone is told at once.
    other = ec2.create_transit_gateway_route_table(TransitGatewayId=world["tgw"])["TransitGatewayRouteTable"]
    other_id = other["TransitGatewayRouteTableId"]
    emulator.faults.add("refuse", action, code=code, times=1)
    moved = {"associate_with": other_id, "propagate_to": [other_id], "static_routes_to": [other_id]}
    assert code in run("vpn_sites", gateways=on_transit(world, **moved), allow_interruption=True)["msg"]
    assert emulator.calls[action] == 4


def test_tags_of_a_new_attachment_that_comes_and_goes(run: Run, emulator: Emulator, world: dict[str, str]) -> None:
    emulator.faults.add("refuse", "CreateTags", code=ATTACHMENT, times=2)
    (site,) = on_transit(world)
    done = run("vpn_sites", gateways=[{**site, "tags": {"env": "lab"}}])
    assert "failed" not in done, done.get("msg")
    assert emulator.calls["CreateTags"] == 3


def test_a_route_of_a_new_connection_that_comes_and_goes(run: Run, emulator: Emulator, world: dict[str, str]) -> None:
    code = "InvalidVpnConnectionID.NotFound"
    emulator.faults.add("refuse", "CreateVpnConnectionRoute", code=code, times=2)
    done = run("vpn_sites", gateways=on_vpc(world))
    assert "failed" not in done, done.get("msg")
    emulator.faults.add("refuse", "CreateVpnConnectionRoute", code=code, times=1)
    (site,) = on_vpc(world)
    assert code in run("vpn_sites", gateways=[{**site, "local_cidrs": ["10.21.0.0/16"]}])["msg"]


def test_what_is_not_of_this_run_is_missed_at_once(run: Run, emulator: Emulator, world: dict[str, str]) -> None:
    """Also in a call that names something new."""
    code = "InvalidTransitGatewayID.NotFound"
    emulator.faults.add("refuse", "CreateVpnConnection", code=code, times=1)
    before = emulator.clock.now()
    assert code in run("vpn_sites", gateways=on_transit(world))["msg"]
    assert emulator.calls["CreateVpnConnection"] == 1
    assert emulator.clock.now() - before < 4


def test_what_never_shows_is_told_after_the_deadline(run: Run, emulator: Emulator, world: dict[str, str]) -> None:
    emulator.faults.add("invisible", "CreateCustomerGateway", seconds=1e6)
    before = emulator.clock.now()
    failed = run("vpn_sites", gateways=on_transit(world), wait_timeout=100)
    assert "InvalidCustomerGatewayID.NotFound" in failed["msg"]
    assert 100 <= emulator.clock.now() - before < 140
    assert any("create customer gateway cgw-" in line for line in failed["applied"])


@pytest.mark.parametrize(
    ("module", "action", "options", "made"),
    [
        (
            "customer_gateway",
            "CreateCustomerGateway",
            {"name": "oslo", "public_ip": "198.51.100.20", "bgp_asn": 64497},
            "customer_gateway",
        ),
        ("vpn_gateway", "CreateVpnGateway", {"vpc_id": "vpc"}, "vpn_gateway"),
        ("vpn_concentrator", "CreateVpnConcentrator", {"transit_gateway_id": "tgw"}, "vpn_concentrator"),
    ],
)
@pytest.mark.parametrize("kind", ["invisible", "invisible_tags"])
@pytest.mark.parametrize("wait", [True, False])
def test_a_module_returns_what_it_has_made(
    run: Run,
    emulator: Emulator,
    world: dict[str, str],
    module: str,
    action: str,
    options: dict[str, Any],
    made: str,
    kind: str,
    wait: bool,
) -> None:
    emulator.faults.add(kind, action, call=1, seconds=20)
    given = {name: world.get(value, value) for name, value in options.items()}
    done = run(module, **given, wait=wait)
    assert "failed" not in done, done.get("msg")
    assert done[made] is not None
    assert emulator.calls[action] == 1


def test_a_resource_that_never_shows_is_named(run: Run, emulator: Emulator) -> None:
    emulator.faults.add("invisible", "CreateCustomerGateway", seconds=1e6)
    failed = run("customer_gateway", name="oslo", public_ip="198.51.100.20", bgp_asn=64497)
    assert failed["changed"] is True
    assert "cgw-" in failed["msg"] and "not visible yet" in failed["msg"]
