# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law for what AWS fixes at creation: a new connection beside the old one, or after it, whatever happens."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import Ambiguous, ApplyFailed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Consent, TunnelWanted
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from botocore.exceptions import ClientError

REPLACE = Consent(allow_replacement=True)
DELETE_FIRST = Consent(allow_replacement=True, delete_first=True)
ACCELERATED = {"options": {"enable_acceleration": True}}
PINNED = (TunnelWanted({"inside_cidr": "169.254.20.0/30"}), TunnelWanted({"inside_cidr": "169.254.20.4/30"}))

CHANGES: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "acceleration": lambda _aws: ACCELERATED,
    "inside version": lambda _aws: {"options": {"tunnel_inside_ip_version": "ipv6"}},
    "outside type": lambda _aws: {"options": {"outside_ip_address_type": "Ipv6"}, "public_ip": "2001:db8::10"},
    "routing": lambda _aws: {"routing": "static"},
    "concentrator": lambda aws: aws.concentrator(),
    "unattached": lambda _aws: {"transit_gateway_id": None, "unattached": True},
    "acceleration and target": lambda aws: {**ACCELERATED, "transit_gateway_id": aws.other_tgw},
    "acceleration and device": lambda _aws: {**ACCELERATED, "public_ip": "198.51.100.99"},
}


def only(aws: Any) -> str:
    (connection,) = aws.connections
    return str(connection)


def is_outgoing(connection: Mapping[str, Any]) -> bool:
    return any(tag["Key"] == "hybridnet:outgoing" for tag in connection["Tags"])


def devices(aws: Any) -> int:
    found = aws.client.describe_customer_gateways()["CustomerGateways"]
    return len([each for each in found if each["State"] not in ("deleting", "deleted")])


@pytest.mark.parametrize("change", CHANGES)
def test_made_before_the_old_one_goes(aws: Any, change: str) -> None:
    aws.run(aws.berlin())
    old = only(aws)
    changed = aws.berlin(**CHANGES[change](aws))
    (refusal,) = aws.plan(changed, consent=Consent(allow_interruption=True, force_tunnel_change=True)).refusals
    assert "allow_replacement" in refusal

    plan = aws.run(changed, consent=REPLACE)
    assert plan.counts["replace"] == 1
    (replaced,) = [action for action in plan.actions if action.verb == "replace"]
    assert replaced.interruption.value == "replace"
    assert replaced.line.endswith("[replaces the connection: new outside addresses]")
    (new,) = set(aws.connections) - {old}
    assert is_outgoing(aws.connections[old])
    assert not is_outgoing(aws.connections[new])

    # As long as the new one is down both stay, and a warning names them.
    again = aws.plan(changed, consent=Consent())
    assert not again.has_changes
    assert any(old in text and new in text for text in again.warnings)
    result = sites.results([changed], observe(aws.ec2(), sites.wanted([changed])))["berlin"]
    assert (result["vpn_connection_id"], result["outgoing_connection_ids"]) == (new, [old])

    aws.up(new, 1)
    farewell = aws.run(changed, consent=Consent())
    assert [(action.verb, action.id) for action in farewell.actions if action.resource == "vpn_connection"] == [
        ("delete", old)
    ]
    assert only(aws) == new
    assert devices(aws) == 1


@pytest.mark.parametrize("change", CHANGES)
def test_made_after_the_old_one_is_gone(aws: Any, change: str) -> None:
    aws.run(aws.berlin())
    old = only(aws)
    plan = aws.run(aws.berlin(**CHANGES[change](aws)), consent=DELETE_FIRST)
    assert [action.interruption.value for action in plan.actions if action.id == old] == ["both_tunnels", "replace"]
    assert only(aws) != old
    assert devices(aws) == 1


def test_static_routes_and_shared_gateway(aws: Any) -> None:
    aws.run(aws.madrid())
    old = only(aws)
    changed = aws.madrid(routing="bgp", bgp_asn=65020)
    aws.run(changed, consent=REPLACE)
    (new,) = set(aws.connections) - {old}
    aws.up(new)
    aws.run(changed, consent=Consent())
    assert (only(aws), devices(aws)) == (new, 1)


def test_what_is_not_asked_for_is_taken_over(aws: Any) -> None:
    tunnel = TunnelWanted({"ike_versions": ["ikev2"], "startup_action": "start"})
    before = aws.berlin(tunnels=(TunnelWanted(), tunnel), options={"local_ipv4_network_cidr": "128.0.0.0/1"})
    aws.run(before)
    old = only(aws)
    aws.run(aws.berlin(**ACCELERATED), consent=REPLACE)
    (new,) = set(aws.connections) - {old}
    options = aws.connections[new]["Options"]
    assert options["LocalIpv4NetworkCidr"] == "128.0.0.0/1"
    assert options["TunnelOptions"][1]["IkeVersions"] == [{"Value": "ikev2"}]
    assert not aws.plan(before, consent=Consent(allow_replacement=True)).refusals


def test_pinned_inside_networks_leave_no_room_on_a_virtual_private_gateway(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.madrid(tunnels=PINNED))
    changed = aws.madrid(tunnels=PINNED, routing="bgp", bgp_asn=65020)
    refusals = aws.plan(changed, consent=REPLACE).refusals
    assert len(refusals) == 2
    assert all("replacement_order=delete_first" in text for text in refusals)
    aws.run(changed, consent=DELETE_FIRST)
    assert len(aws.connections) == 1


def test_pinned_inside_networks_are_shared_on_a_transit_gateway(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin(tunnels=PINNED))
    aws.run(aws.berlin(tunnels=PINNED, **ACCELERATED), consent=REPLACE)
    assert len(aws.connections) == 2


def test_several_times_before_the_gateway_follows(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin())
    aws.run(aws.berlin(**ACCELERATED), consent=REPLACE)
    aws.run(aws.berlin(routing="static", **ACCELERATED), consent=REPLACE)
    assert len(aws.connections) == 3
    (new,) = [name for name, found in aws.connections.items() if not is_outgoing(found)]
    aws.up(new)
    aws.run(aws.berlin(routing="static", **ACCELERATED), consent=Consent())
    assert only(aws) == new


def test_two_that_are_not_outgoing_stay_ambiguous(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin())
    old = only(aws)
    aws.run(aws.berlin(**ACCELERATED), consent=REPLACE)
    aws.client.delete_tags(Resources=[old], Tags=[{"Key": "hybridnet:outgoing"}])
    with pytest.raises(Ambiguous):
        aws.plan(aws.berlin(**ACCELERATED))


# Runs that stop on the way.


class Refusal:
    """A client whose one call is refused, once or always."""

    def __init__(self, client: Any, call: str, code: str) -> None:
        self._client, self._call, self._code = client, call, code

    def __getattr__(self, name: str) -> Any:
        if name != self._call:
            return getattr(self._client, name)

        def refused(**_request: Any) -> Any:
            raise ClientError({"Error": {"Code": self._code, "Message": "no"}}, name)

        refused.__name__ = name
        return refused


def stop(aws: Any, site: Any, call: str, code: str, consent: Consent) -> ApplyFailed:
    """A run that is refused one call."""
    ec2 = aws.ec2(Refusal(aws.client, call, code))
    wanted = sites.wanted([site])
    observed = observe(ec2, wanted)
    with pytest.raises(ApplyFailed) as error:
        Applier(ec2, 2400).apply(region.plan(wanted, observed, consent), observed=observed)
    return error.value


QUOTAS = ["VpnConnectionLimitExceeded", "InvalidCustomerGateway.DuplicateIpAddress"]


@pytest.mark.parametrize("code", QUOTAS)
def test_no_room_says_what_would_do_and_that_does(aws: Any, code: str) -> None:
    aws.run(aws.berlin())
    old = only(aws)
    changed = aws.berlin(**ACCELERATED)
    failed = stop(aws, changed, "create_vpn_connection", code, REPLACE)
    assert "replacement_order=delete_first" in str(failed)
    assert old in str(failed)
    (refusal,) = aws.plan(changed, consent=Consent(delete_first=True)).refusals
    assert "allow_replacement" in refusal
    aws.run(changed, consent=DELETE_FIRST)
    assert only(aws) != old


@pytest.mark.parametrize("consent", [REPLACE, DELETE_FIRST], ids=["create first", "delete first"])
@pytest.mark.parametrize("call", ["create_tags", "create_vpn_connection", "delete_vpn_connection"])
def test_the_same_command_heals(aws: Any, call: str, consent: Consent) -> None:
    aws.run(aws.berlin(tunnels=(TunnelWanted({"startup_action": "add"}), TunnelWanted({"replay_window_size": 512}))))
    old = only(aws)
    changed = aws.berlin(**ACCELERATED)
    happens = {"create_tags": REPLACE, "delete_vpn_connection": DELETE_FIRST}.get(call, consent)
    if happens == consent:
        stop(aws, changed, call, "SomethingElse", consent)
    aws.run(changed, consent=consent)
    (new,) = [name for name, found in aws.connections.items() if not is_outgoing(found)]
    assert new != old
    assert len(aws.connections) == (2 if consent is REPLACE else 1)
    if consent is REPLACE:
        # What the successor takes over is not lost with the run that stopped.
        tunnel = aws.connections[new]["Options"]["TunnelOptions"][1]
        assert tunnel["ReplayWindowSize"] == 512


def test_a_change_of_mind_keeps_the_old_one(aws: Any) -> None:
    aws.run(aws.berlin())
    old = only(aws)
    stop(aws, aws.berlin(**ACCELERATED), "create_vpn_connection", "SomethingElse", REPLACE)
    plan = aws.run(aws.berlin(), consent=Consent())
    assert [action.verb for action in plan.actions] == ["change"]
    assert not is_outgoing(aws.connections[old])


def test_removal_takes_the_outgoing_one_along(aws: Any) -> None:
    aws.run(aws.berlin())
    aws.run(aws.berlin(**ACCELERATED), consent=REPLACE)
    wanted = sites.wanted([aws.berlin()])
    aws.converge(
        dataclasses.replace(
            wanted,
            customer_gateways=tuple(dataclasses.replace(each, present=False) for each in wanted.customer_gateways),
            connections=tuple(dataclasses.replace(each, present=False) for each in wanted.connections),
        )
    )
    assert (aws.connections, devices(aws)) == ({}, 0)


def test_an_accelerated_connection_does_not_take_over_large_bandwidth(aws: Any) -> None:
    aws.run(aws.berlin(options={"tunnel_bandwidth": "large"}))
    aws.run(aws.berlin(options={"enable_acceleration": True}), consent=REPLACE)
    (made,) = [each for each in aws.connections.values() if not is_outgoing(each)]
    assert made["Options"]["EnableAcceleration"] is True
    assert "TunnelBandwidth" not in made["Options"]
