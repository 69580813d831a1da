# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law, against the emulated AWS: apply, observe, plan again is empty; what was predicted is what is observed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.apply.applier import Applier
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import observe
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import ApplyFailed
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Consent,
    TunnelWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from botocore.exceptions import ReadTimeoutError

EVERYTHING = Consent(allow_interruption=True, force_tunnel_change=True)
# Describes of a run that changes nothing, at most, whatever the number of sites.
NO_OP_CALLS = 8

# The fixtures aws and quick_aws, and the check of the law, are in conftest.py.


def test_create(aws: Any) -> None:
    plan = aws.converge(sites.wanted([aws.berlin(), aws.madrid()]))
    assert plan.counts["create"] == 8
    assert aws.writes == {
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
CHANGES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "tunnels": lambda _aws: {"tunnels": TUNNELS},
    "keys": lambda _aws: {"tunnels": (TunnelWanted({"pre_shared_key": Secret("MARKER_other2")}),) * 2},
    "address": lambda _aws: {"public_ip": "198.51.100.99"},
    "asn": lambda _aws: {"bgp_asn": 4200000009},
    "tags": lambda _aws: {"tags": {"env": "lab", "Name": "another name"}},
    "target": lambda aws: {"transit_gateway_id": aws.other_tgw},
    "target vgw": lambda aws: aws.vpc_gateway(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_berlin(aws: Any, change: str) -> None:
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
def test_change_madrid(aws: Any, changes: dict[str, Any]) -> None:
    aws.converge(sites.wanted([aws.madrid()]))
    given = {**changes, **({"transit_gateway_id": aws.other_tgw} if "transit_gateway_id" in changes else {})}
    assert aws.converge(sites.wanted([aws.madrid(**given)])).has_changes


def test_propagation_moves(aws: Any) -> None:
    site = aws.madrid()
    aws.converge(sites.wanted([site]))
    assert site.vpn_gateway
    moved = dataclasses.replace(site, vpn_gateway=dataclasses.replace(site.vpn_gateway, propagate_to=(aws.tables[1],)))
    plan = aws.converge(sites.wanted([moved]))
    assert plan.counts["create"] == plan.counts["delete"] == 1


def test_nothing_to_do_costs_few_reads_at_any_number(aws: Any) -> None:
    many = [aws.berlin(gateway=f"s{number}", public_ip=f"198.51.100.{number}") for number in range(1, 31)]
    wanted = sites.wanted([*many, aws.madrid()])
    aws.converge(wanted)
    aws.emulator.calls.clear()
    ec2 = aws.ec2()
    assert not region.plan(wanted, observe(ec2, wanted), EVERYTHING).has_changes
    assert aws.writes == {}
    assert sum(aws.emulator.calls.values()) <= NO_OP_CALLS


def test_removal(aws: Any) -> None:
    present = sites.wanted([aws.madrid()])
    aws.converge(present)
    connections = tuple(dataclasses.replace(want, present=False) for want in present.connections)
    devices = tuple(dataclasses.replace(want, present=False) for want in present.customer_gateways)
    gateways = tuple(dataclasses.replace(want, present=False) for want in present.vpn_gateways)
    plan = aws.converge(Wanted(devices, gateways, connections))
    assert plan.counts["delete"] == 5


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
def test_a_lost_answer_doubles_nothing(quick_aws: Any, call: str, after: bool) -> None:
    aws = quick_aws
    aws.converge(sites.wanted([aws.madrid()]), client=Trouble(aws.client, call, after))
    assert len(aws.client.describe_customer_gateways()["CustomerGateways"]) == 1
    assert len(aws.client.describe_vpn_gateways()["VpnGateways"]) == 1
    assert len(aws.client.describe_vpn_connections()["VpnConnections"]) == 1


@pytest.mark.parametrize("call", CALLS)
def test_a_run_that_stops_half_way_says_so_and_is_resumed(quick_aws: Any, call: str) -> None:
    aws = quick_aws
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
    assert len(error.value.failed_steps) == 1
    assert len(error.value.applied) + len(error.value.not_begun) + 1 == len(plan.actions)
    assert aws.converge(wanted).has_changes
