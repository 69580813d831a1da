# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law for what AWS changes in place: targets, customer gateways, options, tunnels, the place of the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApplyFailed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    SECRETS_MANAGER,
    STANDARD,
    Consent,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites

INTERRUPT = Consent(allow_interruption=True)
EVERYTHING = Consent(allow_interruption=True, force_tunnel_change=True, allow_replacement=True)
MARKER = "MARKER_key.1"
LOGS = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"


def only(aws: Any) -> str:
    (connection,) = aws.connections
    return str(connection)


def classes(plan: Any) -> dict[str, list[str]]:
    """The interruption classes of the actions, by what they do it to."""
    found: dict[str, list[str]] = {}
    for action in plan.actions:
        found.setdefault(action.resource, []).append(action.interruption.value)
    return found


# Connection options.


# With BGP the tunnels carry 169.254.0.0/16 too.
WIDE = "128.0.0.0/1"
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "networks": {"local_ipv4_network_cidr": WIDE, "remote_ipv4_network_cidr": "160.0.0.0/3"},
    "bandwidth": {"tunnel_bandwidth": "large"},
}


@pytest.mark.parametrize("change", OPTIONS)
def test_options_of_the_connection(aws: Any, change: str) -> None:
    aws.run(aws.berlin())
    connection = only(aws)
    changed = aws.berlin(options=OPTIONS[change])
    assert "allow_interruption" in aws.plan(changed, consent=Consent()).refusals[0]
    plan = aws.run(changed, consent=INTERRUPT)
    assert classes(plan) == {"vpn_connection": ["both_tunnels"]}
    assert plan.lines[1].startswith(f"berlin  change vpn connection {connection} set ")
    assert plan.lines[1].endswith("[interrupts both tunnels]")
    assert only(aws) == connection
    # What is not asked for any more is left alone.
    assert not aws.run(aws.berlin()).has_changes


@pytest.mark.parametrize(
    ("option", "name", "value"),
    [("enable_acceleration", "EnableAcceleration", True), ("tunnel_bandwidth", "TunnelBandwidth", "large")],
)
def test_options_at_creation(aws: Any, option: str, name: str, value: object) -> None:
    aws.run(aws.berlin(options={option: value, "local_ipv4_network_cidr": WIDE}))
    (found,) = aws.connections.values()
    assert found["Options"][name] == value
    assert found["Options"]["LocalIpv4NetworkCidr"] == WIDE


def test_ipv6_inside(aws: Any) -> None:
    aws.run(aws.berlin(options={"tunnel_inside_ip_version": "ipv6", "local_ipv6_network_cidr": "2001:db8::/32"}))
    changed = {"tunnel_inside_ip_version": "ipv6", "local_ipv6_network_cidr": "2001:db8:1::/48"}
    assert classes(aws.run(aws.berlin(options=changed), consent=INTERRUPT)) == {"vpn_connection": ["both_tunnels"]}


# Targets and customer gateways.


def test_unattached_and_attached_later(aws: Any) -> None:
    aws.run(aws.berlin(transit_gateway_id=None, unattached=True))
    connection = only(aws)
    assert aws.connections[connection]["GatewayAssociationState"] == "not-associated"
    plan = aws.run(aws.berlin(), consent=INTERRUPT)
    assert classes(plan) == {"vpn_connection": ["both_tunnels"]}
    assert only(aws) == connection


def test_concentrator(aws: Any) -> None:
    aws.run(aws.berlin(**aws.concentrator()))
    (found,) = aws.connections.values()
    result = sites.results([aws.berlin(**aws.concentrator())], aws.observe(aws.berlin(**aws.concentrator())))["berlin"]
    assert result["vpn_concentrator_id"] == found["VpnConcentratorId"]
    assert not aws.run(aws.berlin(**aws.concentrator())).has_changes


MOVES: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "to another transit gateway": lambda aws: {"transit_gateway_id": aws.other_tgw},
    "to a virtual private gateway": lambda aws: aws.vpc_gateway(),
    "and another device": lambda aws: {**aws.vpc_gateway(), "public_ip": "198.51.100.99"},
    "and another ASN": lambda aws: {"transit_gateway_id": aws.other_tgw, "bgp_asn": 4200000009},
}


@pytest.mark.parametrize("move", MOVES)
def test_move_there_and_back(aws: Any, move: str) -> None:
    aws.run(aws.berlin())
    connection = only(aws)
    plan = aws.run(aws.berlin(**MOVES[move](aws)), consent=INTERRUPT)
    assert set(classes(plan)["vpn_connection"]) == {"both_tunnels"}
    aws.run(aws.berlin(), consent=INTERRUPT)
    assert only(aws) == connection
    assert len(aws.client.describe_customer_gateways(Filters=[{"Name": "state", "Values": ["available"]}])) > 0


def test_a_device_of_the_asn_of_the_gateway_it_leaves(aws: Any) -> None:
    aws.run(aws.berlin(**aws.vpc_gateway()))
    connection = only(aws)
    aws.run(aws.berlin(bgp_asn=64512), consent=INTERRUPT)
    assert only(aws) == connection


def test_static_routes_go_before_the_move_to_a_transit_gateway(aws: Any) -> None:
    aws.run(aws.madrid())
    connection = only(aws)
    moved = aws.madrid(vpn_gateway=None, transit_gateway_id=aws.tgw)
    plan = aws.run(moved, consent=INTERRUPT)
    assert [action.resource for action in plan.actions][:2] == ["static_route", "vpn_connection"]
    assert only(aws) == connection
    aws.run(aws.madrid(), consent=INTERRUPT)
    assert [route["DestinationCidrBlock"] for route in aws.connections[connection]["Routes"]] == ["10.30.0.0/16"]


def test_options_the_new_target_cannot_have_are_refused(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin(options={"tunnel_bandwidth": "large"}))
    (refusal,) = aws.plan(aws.berlin(**aws.vpc_gateway())).refusals
    assert "tunnel_bandwidth" in refusal


# Tunnels, one at a time.

BOTH = {"startup_action": "start", "ike_versions": ["ikev2"], "dpd_timeout_action": "restart"}
QUIET = {"replay_window_size": 512, "phase1_lifetime_seconds": 7200, "log_enabled": True, "log_group_arn": LOGS}


def test_both_tunnels_one_after_the_other_while_the_twin_is_up(aws: Any) -> None:
    aws.run(aws.berlin())
    connection = only(aws)
    changed = aws.berlin(tunnels=(TunnelWanted(QUIET), TunnelWanted(QUIET)))
    # As long as both are down there is nothing to protect.
    assert aws.plan(changed, consent=Consent()).refusals == ()
    aws.up(connection, recovery=30.0)
    began = aws.emulator.clock.now()
    plan = aws.run(changed, consent=Consent())
    assert classes(plan) == {"vpn_tunnel": ["one_tunnel", "one_tunnel"]}
    # The second tunnel is not touched before the first is back.
    assert aws.emulator.clock.now() - began >= 30.0
    assert aws.writes["ModifyVpnTunnelOptions"] == 2


def test_a_first_tunnel_that_stays_down_saves_the_second(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin())
    connection = only(aws)
    aws.up(connection, recovery=None)
    with pytest.raises(ApplyFailed, match="to be UP"):
        aws.run(aws.berlin(tunnels=(TunnelWanted(QUIET),) * 2), consent=Consent())
    assert aws.writes["ModifyVpnTunnelOptions"] == 1


def test_tunnels_wait_until_other_changes_are_over(aws: Any) -> None:
    aws.run(aws.berlin())
    aws.up(only(aws), recovery=30.0)
    changed = aws.berlin(options={"tunnel_bandwidth": "large"}, tunnels=(TunnelWanted(QUIET),))
    plan = aws.run(changed, consent=INTERRUPT)
    assert classes(plan) == {"vpn_connection": ["both_tunnels"], "vpn_tunnel": ["one_tunnel"]}


def test_everything_at_once_with_the_override(aws: Any) -> None:
    aws.run(aws.berlin())
    connection = only(aws)
    everything = {
        "public_ip": "198.51.100.99",
        "transit_gateway_id": aws.other_tgw,
        "options": {"local_ipv4_network_cidr": WIDE, "tunnel_bandwidth": "large"},
        "tunnels": (TunnelWanted({**BOTH, "pre_shared_key": Secret(MARKER)}), TunnelWanted(BOTH)),
        "tags": {"env": "lab"},
    }
    plan = aws.run(aws.berlin(**everything))
    assert MARKER not in repr(plan)
    assert only(aws) == connection


# Where the keys lie.


def test_keys_in_secrets_manager(aws: Any) -> None:
    aws.run(aws.berlin(pre_shared_key_storage=SECRETS_MANAGER))
    (found,) = aws.connections.values()
    assert found["PreSharedKeyArn"]


@pytest.mark.parametrize("tunnels", [(), (TunnelWanted({"pre_shared_key": Secret(MARKER)}),)], ids=["", "with a key"])
def test_keys_move_to_secrets_manager_and_back(aws: Any, tunnels: tuple[TunnelWanted, ...]) -> None:
    aws.run(aws.berlin(tunnels=tunnels))
    connection = only(aws)
    aws.up(connection, recovery=30.0)
    for storage in (SECRETS_MANAGER, STANDARD):
        plan = aws.run(aws.berlin(tunnels=tunnels, pre_shared_key_storage=storage), consent=Consent())
        assert classes(plan) == {"vpn_tunnel": ["one_tunnel", "one_tunnel"]}
        assert MARKER not in repr(plan)
        aws.emulator.clock.advance(60)
    tunnel = aws.connections[connection]["Options"]["TunnelOptions"][0]
    assert not tunnels or tunnel["PreSharedKey"] == MARKER


def test_keys_in_secrets_manager_are_not_compared(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin(pre_shared_key_storage=SECRETS_MANAGER))
    plan = aws.plan(aws.berlin(tunnels=(TunnelWanted({"pre_shared_key": Secret(MARKER)}),)))
    assert not plan.has_changes
    assert "not compared" in plan.warnings[0]


# Customer gateways without an address.

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"


def test_a_certificate_instead_of_an_address(aws: Any) -> None:
    aws.run(aws.berlin(public_ip=None, certificate_arn=CERTIFICATE))
    connection = only(aws)
    renewed = aws.berlin(public_ip=None, certificate_arn=CERTIFICATE[:-1] + "6", device_name="berlin 2")
    plan = aws.run(renewed, consent=INTERRUPT)
    assert [action.verb for action in plan.actions] == ["create", "change", "delete"]
    assert only(aws) == connection


def test_a_key_with_a_certificate_is_refused(quick_aws: Any) -> None:
    keys = (TunnelWanted({"pre_shared_key": Secret(MARKER)}),)
    site = quick_aws.berlin(certificate_arn=CERTIFICATE, tunnels=keys, pre_shared_key_storage=SECRETS_MANAGER)
    refusals = quick_aws.plan(site).refusals
    assert len(refusals) == 2
    assert MARKER not in repr(refusals)


def test_from_keys_to_certificates_and_back(aws: Any) -> None:
    aws.run(aws.berlin())
    connection = only(aws)
    aws.run(aws.berlin(certificate_arn=CERTIFICATE, device_name="certified"), consent=INTERRUPT)
    aws.run(aws.berlin(), consent=INTERRUPT)
    assert only(aws) == connection


def test_no_rounds_of_key_exchange_are_the_same_as_none(quick_aws: Any) -> None:
    """An empty list cannot be sent, so AWS has nothing to say of it."""
    rounds = [{"round": 1, "methods": [36], "requirement": "required"}]
    for wanted in ([], rounds, []):
        options = {"ike_versions": ["ikev2"], "phase1_additional_key_exchanges": wanted}
        quick_aws.run(quick_aws.berlin(tunnels=(TunnelWanted(options),)), consent=EVERYTHING)
