# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law and a Region to hold it against: apply, observe, plan again is empty; what was predicted is observed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Consent,
    Observed,
    VpnConcentratorWanted,
    VpnGatewayWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.nouns import (
    CUSTOMER_GATEWAY,
    TRANSIT_ATTACHMENT,
    TRANSIT_ROUTING,
    VPN_CONCENTRATOR,
    VPN_CONNECTION,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region, tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.concentrators import concentrator_model
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import NEW
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.shown import (
    AWS_CHOICE,
    connection_model,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.customer_gateways import (
    customer_gateway_model,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.transit import route_tables
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.vpn_gateways import vpn_gateway_model
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import Session

if TYPE_CHECKING:
    from vpn_emulator import Emulator

EVERYTHING = Consent(allow_interruption=True, force_tunnel_change=True)


class Region:
    """The emulated Region and what is in it from the start; sleeping moves the emulator's clock."""

    def __init__(self, emulator: Emulator, client: Any) -> None:
        self.emulator = emulator
        self.client = client
        self.vpc = self.client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.tables = [self.client.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"] for _each in "ab"]
        self.tgw, self.other_tgw = [
            self.client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for _each in "ab"
        ]
        emulator.calls.clear()

    def ec2(self, client: Any = None) -> Ec2:
        clock = self.emulator.clock
        return Ec2(client or self.client, Clock(clock.now, clock.advance, lambda: 1.0))

    def berlin(self, **changes: Any) -> ConnectionEntry:
        """A gateway with BGP on a transit gateway."""
        base = ConnectionEntry(
            gateway="berlin",
            public_ip="198.51.100.10",
            bgp_asn=65010,
            transit_gateway_id=self.tgw,
            local_cidrs=("10.20.0.0/16",),
        )
        return dataclasses.replace(base, **changes)

    def madrid(self, **changes: Any) -> ConnectionEntry:
        """A gateway with static routes on a virtual private gateway."""
        base = ConnectionEntry(
            gateway="madrid", public_ip="192.0.2.10", bgp_asn=None, routing="static", local_cidrs=("10.30.0.0/16",)
        )
        gateway = VpnGatewayWanted(
            vpc_id=self.vpc,
            amazon_side_asn=None,
            propagate_to=(self.tables[0],),
            tags=tags.vpc_tags(self.vpc, {}),
            named_by="madrid",
        )
        return dataclasses.replace(base, **{"vpn_gateway": gateway, **changes})

    def vpc_gateway(self, name: str = "berlin") -> dict[str, Any]:
        """The changes that move a connection to the virtual private gateway of the VPC."""
        gateway = VpnGatewayWanted(
            vpc_id=self.vpc, amazon_side_asn=None, propagate_to=(), tags=tags.vpc_tags(self.vpc, {}), named_by=name
        )
        return {"transit_gateway_id": None, "vpn_gateway": gateway}

    def concentrator(self, name: str = "berlin") -> dict[str, Any]:
        """The changes that put a connection on the VPN concentrator of the transit gateway."""
        wanted = VpnConcentratorWanted(self.tgw, tags.transit_tags(self.tgw, {}), named_by=name)
        return {"transit_gateway_id": None, "vpn_concentrator": wanted}

    def plan(self, *given: ConnectionEntry, consent: Consent = EVERYTHING) -> Plan:
        """What a run would do."""
        wanted = sites.wanted(given)
        return region.plan(wanted, observe(self.ec2(), wanted), consent)

    def observe(self, *given: ConnectionEntry) -> Observed:
        """What a run for these connections sees."""
        return observe(self.ec2(), sites.wanted(given))

    def run(self, *given: ConnectionEntry, consent: Consent = EVERYTHING, client: Any = None) -> Plan:
        """One run for these connections, with the law checked at its end."""
        return self.converge(sites.wanted(given), consent, client)

    def converge(self, wanted: Wanted, consent: Consent = EVERYTHING, client: Any = None) -> Plan:
        """One run as the modules make it, with the law checked at its end."""
        ec2 = self.ec2(client)
        observed = observe(ec2, wanted)
        plan = region.plan(wanted, observed, consent)
        assert plan.refusals == ()
        Applier(ec2, 2400).apply(plan, observed=observed)
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

    @property
    def connections(self) -> dict[str, dict[str, Any]]:
        """The connections that are not deleted, by id, as AWS describes them."""
        found = self.client.describe_vpn_connections()["VpnConnections"]
        return {each["VpnConnectionId"]: each for each in found if each["State"] not in ("deleting", "deleted")}

    def up(self, connection_id: str, *numbers: int, recovery: float | None = 5.0) -> None:
        """Lets tunnels of a connection be UP; after an interruption they are again in so many seconds, or never."""
        tunnels = self.connections[connection_id]["Options"]["TunnelOptions"]
        for number in numbers or (1, 2):
            self.emulator.telemetry(tunnels[number - 1]["OutsideIpAddress"], "UP", recovery)

    @property
    def writes(self) -> dict[str, int]:
        """The calls that were not mere reads, counted."""
        reads = ("Describe", "Get", "Search")
        return {action: count for action, count in self.emulator.calls.items() if not action.startswith(reads)}


def observed_model(observed: Observed, resource: str, owner: str, wanted: Wanted) -> dict[str, Any]:
    """What is there, in the words of the plan; empty for what is not there."""
    # A second one of its kind, which only a removal knows, has its id behind it.
    resource = resource.partition(" ")[0]
    matches = region.Matches(wanted, observed)
    if resource == CUSTOMER_GATEWAY:
        device = matches.customer_gateways[owner].current
        return customer_gateway_model(device) if device else {}
    if resource == VPN_CONNECTION:
        connection = matches.connections[owner]
        return connection_model(connection, matches.outgoing[owner]) if connection else {}
    if resource == TRANSIT_ROUTING:
        connection = matches.connections[owner]
        found = route_tables.live_attachments(observed)
        attachment = found.get((connection.id, connection.transit_gateway_id)) if connection else None
        (routing,) = [each.transit_routing for each in wanted.connections if each.name == owner]
        return route_tables.TablesByAttachment(observed.transit_route_tables).model(routing, attachment)
    if resource == TRANSIT_ATTACHMENT:
        connection = matches.connections[owner]
        found = route_tables.live_attachments(observed)
        return {"tags": dict(found[connection.id, connection.transit_gateway_id].tags)} if connection else {}
    if resource == VPN_CONCENTRATOR:
        (concentrator,) = matches.vpn_concentrators.values()
        return concentrator_model(concentrator) if concentrator else {}
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


@pytest.fixture(scope="session")
def _one_client(_emulator_server: Emulator) -> tuple[Any, Credentials]:
    """One client for all: to make one takes longer than most tests."""
    options = _emulator_server.client_options()
    session = Session()
    session.set_credentials(options.pop("aws_access_key_id"), options.pop("aws_secret_access_key"))
    return session.create_client("ec2", **options, config=Config(**client_config())), session.get_credentials()


@pytest.fixture
def law_client(_one_client: tuple[Any, Credentials], emulator: Emulator) -> Any:
    """The client, in the account of this test."""
    client, credentials = _one_client
    credentials.access_key = emulator.client_options()["aws_access_key_id"]
    return client


@pytest.fixture(params=[0.0, 20.0], ids=["at once", "slow"])
def aws(emulator: Emulator, law_client: Any, request: pytest.FixtureRequest) -> Iterator[Region]:
    """An AWS that settles at once, and one that takes its time."""
    emulator.settle = request.param
    yield Region(emulator, law_client)
    emulator.settle = 0.0


@pytest.fixture
def quick_aws(emulator: Emulator, law_client: Any) -> Region:
    """An AWS that settles at once."""
    return Region(emulator, law_client)
