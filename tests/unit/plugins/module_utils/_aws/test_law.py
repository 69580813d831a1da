# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law, against the emulated AWS: apply, observe, plan again is empty; what was predicted is what is observed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.throttle import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core import region, sites, tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.connection_model import (
    AWS_CHOICE,
    connection_model,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApplyFailed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateways import (
    customer_gateway_model,
    vpn_gateway_model,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model import (
    Consent,
    Observed,
    Site,
    TunnelWanted,
    VpnGatewayWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.targets import NEW
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

if TYPE_CHECKING:
    from vpn_emulator import Emulator

EVERYTHING = Consent(allow_interruption=True, force_tunnel_change=True)
# Describes of a run that changes nothing, at most, whatever the number of sites.
NO_OP_CALLS = 8


class Region:
    """The emulated Region and what is in it from the start; sleeping moves the emulator's clock."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = boto3.client("ec2", **emulator.client_options(), config=Config(**client_config()))
        self.vpc = self.client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.tables = [self.client.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"] for _each in "ab"]
        self.tgw, self.other_tgw = [
            self.client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for _each in "ab"
        ]
        emulator.calls.clear()

    def ec2(self, client: Any = None) -> Ec2:
        clock = self.emulator.clock
        return Ec2(client or self.client, Clock(clock.now, clock.advance, lambda: 1.0))

    def berlin(self, **changes: Any) -> Site:
        base = Site("berlin", "198.51.100.10", 65010, self.tgw, local_cidrs=("10.20.0.0/16",))
        return dataclasses.replace(base, **changes)

    def madrid(self, **changes: Any) -> Site:
        gateway = VpnGatewayWanted(self.vpc, None, (self.tables[0],), tags.vpc_tags(self.vpc, {}), site="madrid")
        base = Site("madrid", "192.0.2.10", None, vpn_gateway=gateway, routing="static", local_cidrs=("10.30.0.0/16",))
        return dataclasses.replace(base, **changes)

    def converge(self, wanted: Wanted, consent: Consent = EVERYTHING, client: Any = None) -> Plan:
        """One run as the modules make it, with the law checked at its end."""
        ec2 = self.ec2(client)
        plan = region.plan(wanted, observe(ec2, wanted), consent)
        assert plan.refusals == ()
        Applier(ec2, 2400).apply(plan)
        self.check_law(plan, wanted, consent)
        return plan

    def check_law(self, plan: Plan, wanted: Wanted, consent: Consent) -> None:
        observed = observe(self.ec2(), wanted)
        again = region.plan(wanted, observed, consent)
        assert again.lines[1:] == []
        for owner, parts in plan.after.items():
            for resource, predicted in parts.items():
                actual = observed_model(observed, resource, owner, wanted)
                assert fits(predicted, actual), (owner, resource, predicted, actual)


def observed_model(observed: Observed, resource: str, owner: str, wanted: Wanted) -> dict[str, Any]:
    """What is there, in the words of the plan; empty for what is not there."""
    matches = region.Matches(wanted, observed)
    if resource == "customer_gateway":
        device = matches.customer_gateways[owner].current
        return customer_gateway_model(device) if device else {}
    if resource == "vpn_connection":
        connection = matches.connections[owner]
        return connection_model(connection) if connection else {}
    (gateway,) = [found for want, found in zip(wanted.vpn_gateways, matches.vpn_gateways.values(), strict=True)]
    vpc = wanted.vpn_gateways[0].vpc_id
    tables = [table for table in observed.route_tables if table.vpc_id == vpc]
    return vpn_gateway_model(gateway, vpc, tables) if gateway else {}


def fits(predicted: Any, actual: Any) -> bool:
    """Equal but for what AWS fills in."""
    if predicted in (NEW, AWS_CHOICE, "(changed)"):
        return bool(actual)
    if isinstance(predicted, dict):
        return predicted.keys() == actual.keys() and all(fits(predicted[key], actual[key]) for key in predicted)
    if isinstance(predicted, list):
        return len(predicted) == len(actual) and all(map(fits, predicted, actual))
    return bool(predicted == actual)


@pytest.fixture(params=[0.0, 20.0], ids=["at once", "slow"])
def aws(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[Region]:
    """An AWS that settles at once, and one that takes its time."""
    emulator.settle = request.param
    yield Region(emulator)
    emulator.settle = 0.0


def mutating(aws: Region) -> dict[str, int]:
    reads = ("Describe", "Get")
    return {action: count for action, count in aws.emulator.calls.items() if not action.startswith(reads)}


def test_create(aws: Region) -> None:
    plan = aws.converge(sites.wanted([aws.berlin(), aws.madrid()]))
    assert plan.counts["create"] == 8
    assert mutating(aws) == {
        "AttachVpnGateway": 1,
        "CreateCustomerGateway": 2,
        "CreateVpnConnection": 2,
        "CreateVpnConnectionRoute": 1,
        "CreateVpnGateway": 1,
        "EnableVgwRoutePropagation": 1,
    }


TUNNELS = (
    TunnelWanted({"inside_cidr": "169.254.20.0/30", "pre_shared_key": Secret("MARKER_first1")}),
    TunnelWanted({"inside_cidr": "169.254.20.4/30"}),
)
CHANGES: dict[str, Callable[[Region], dict[str, Any]]] = {
    "tunnels": lambda _aws: {"tunnels": TUNNELS},
    "keys": lambda _aws: {"tunnels": (TunnelWanted({"pre_shared_key": Secret("MARKER_other2")}),) * 2},
    "address": lambda _aws: {"public_ip": "198.51.100.99"},
    "asn": lambda _aws: {"bgp_asn": 4200000009},
    "tags": lambda _aws: {"tags": {"env": "lab", "Name": "another name"}},
    "target": lambda aws: {"transit_gateway_id": aws.other_tgw},
    "target vgw": lambda aws: {
        "transit_gateway_id": None,
        "vpn_gateway": VpnGatewayWanted(aws.vpc, None, (), tags.vpc_tags(aws.vpc, {}), site="berlin"),
    },
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_berlin(aws: Region, change: str) -> None:
    aws.converge(sites.wanted([aws.berlin()]))
    connection = aws.client.describe_vpn_connections()["VpnConnections"][0]["VpnConnectionId"]
    plan = aws.converge(sites.wanted([aws.berlin(**CHANGES[change](aws))]))
    assert plan.has_changes
    assert [each["VpnConnectionId"] for each in aws.client.describe_vpn_connections()["VpnConnections"]] == [connection]


@pytest.mark.parametrize(
    "changes",
    [
        {"local_cidrs": ("10.31.0.0/16", "10.32.0.0/16")},
        {"local_cidrs": ()},
        {"transit_gateway_id": "other", "vpn_gateway": None},
        {"public_ip": "192.0.2.99"},
    ],
    ids=str,
)
def test_change_madrid(aws: Region, changes: dict[str, Any]) -> None:
    aws.converge(sites.wanted([aws.madrid()]))
    given = {**changes, **({"transit_gateway_id": aws.other_tgw} if "transit_gateway_id" in changes else {})}
    assert aws.converge(sites.wanted([aws.madrid(**given)])).has_changes


def test_propagation_moves(aws: Region) -> None:
    site = aws.madrid()
    aws.converge(sites.wanted([site]))
    assert site.vpn_gateway
    moved = dataclasses.replace(site, vpn_gateway=dataclasses.replace(site.vpn_gateway, propagate_to=(aws.tables[1],)))
    plan = aws.converge(sites.wanted([moved]))
    assert plan.counts["create"] == plan.counts["delete"] == 1


def test_nothing_to_do_costs_few_reads_at_any_number(aws: Region) -> None:
    many = [aws.berlin(name=f"s{number}", public_ip=f"198.51.100.{number}") for number in range(1, 31)]
    wanted = sites.wanted([*many, aws.madrid()])
    aws.converge(wanted)
    aws.emulator.calls.clear()
    ec2 = aws.ec2()
    assert not region.plan(wanted, observe(ec2, wanted), EVERYTHING).has_changes
    assert mutating(aws) == {}
    assert sum(aws.emulator.calls.values()) <= NO_OP_CALLS


def test_removal(aws: Region) -> None:
    present = sites.wanted([aws.madrid()])
    aws.converge(present)
    connections = tuple(dataclasses.replace(want, present=False) for want in present.connections)
    devices = tuple(dataclasses.replace(want, present=False) for want in present.customer_gateways)
    gateways = tuple(dataclasses.replace(want, present=False) for want in present.vpn_gateways)
    plan = aws.converge(Wanted(devices, gateways, connections))
    assert plan.counts["delete"] == 4


# Trouble on the way.


class Trouble:
    """A client whose one call goes wrong once, before or after AWS did it."""

    def __init__(self, client: Any, call: str, after: bool) -> None:
        self._client = client
        self._call = call
        self._after = after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if name != self._call:
            return method

        def troubled(**request: Any) -> Any:
            if not self._call:
                return method(**request)
            self._call = ""
            if self._after:
                method(**request)
            raise ReadTimeoutError(endpoint_url="http://emulator")

        troubled.__name__ = name
        return troubled


CALLS = [
    "create_customer_gateway",
    "create_vpn_gateway",
    "attach_vpn_gateway",
    "create_vpn_connection",
    "create_vpn_connection_route",
    "enable_vgw_route_propagation",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", CALLS)
def test_a_lost_answer_doubles_nothing(emulator: Emulator, call: str, after: bool) -> None:
    aws = Region(emulator)
    aws.converge(sites.wanted([aws.madrid()]), client=Trouble(aws.client, call, after))
    assert len(aws.client.describe_customer_gateways()["CustomerGateways"]) == 1
    assert len(aws.client.describe_vpn_gateways()["VpnGateways"]) == 1
    assert len(aws.client.describe_vpn_connections()["VpnConnections"]) == 1


@pytest.mark.parametrize("call", CALLS)
def test_a_run_that_stops_half_way_says_so_and_is_resumed(emulator: Emulator, call: str) -> None:
    aws = Region(emulator)
    wanted = sites.wanted([aws.madrid()])
    ec2 = aws.ec2()
    plan = region.plan(wanted, observe(ec2, wanted), EVERYTHING)
    event = f"before-call.ec2.{''.join(word.capitalize() for word in call.split('_'))}"

    def spoil(params: dict[str, Any], **_event: Any) -> None:
        params["body"]["Action"] = "NoSuchAction"

    aws.client.meta.events.register(event, spoil)
    with pytest.raises(ApplyFailed) as error:
        Applier(ec2, 2400).apply(plan)
    aws.client.meta.events.unregister(event, spoil)
    assert len(error.value.failed) == 1
    assert len(error.value.applied) + len(error.value.skipped) + 1 == len(plan.actions)
    assert aws.converge(wanted).has_changes
