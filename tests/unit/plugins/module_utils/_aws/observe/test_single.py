# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of one resource, or of one tunnel at a time."""

from __future__ import annotations

from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.single import (
    concentrators_by_id,
    concentrators_of,
    maintenance_by_tunnel,
    tunnel_key,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags


def make(aws: Any, transit_gateway_id: str, own: dict[str, str]) -> str:
    request = [{"Key": key, "Value": value} for key, value in own.items()]
    made = aws.client.create_vpn_concentrator(
        Type="ipsec.1",
        TransitGatewayId=transit_gateway_id,
        TagSpecifications=[{"ResourceType": "vpn-concentrator", "Tags": request}],
    )
    return str(made["VpnConcentrator"]["VpnConcentratorId"])


def test_every_run_sees_the_concentrators_of_a_transit_gateway_in_one_order(quick_aws: Any) -> None:
    aws = quick_aws
    ours = tags.transit_tags(aws.tgw, {})
    made = [make(aws, aws.tgw, ours) for _each in range(3)]
    foreign = make(aws, aws.tgw, {"Name": "hub"})
    other = make(aws, aws.other_tgw, tags.transit_tags(aws.other_tgw, {}))
    assert [each.id for each in concentrators_of(aws.ec2(), aws.tgw)] == sorted(made)
    assert [each.id for each in concentrators_of(aws.ec2(), aws.other_tgw)] == [other]
    # By id it does not matter whose they are.
    assert set(concentrators_by_id(aws.ec2(), [foreign, other, "vcn-0"])) == {foreign, other}


def test_maintenance_is_asked_for_tunnel_by_tunnel(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin())
    ((connection_id, connection),) = aws.connections.items()
    addresses = [each["OutsideIpAddress"] for each in connection["Options"]["TunnelOptions"]]
    aws.emulator.maintenance(addresses[1])
    keys = [tunnel_key(connection_id, address) for address in addresses]
    aws.emulator.calls.clear()
    found = maintenance_by_tunnel(aws.ec2(), keys)
    assert [found[key].is_pending for key in keys] == [False, True]
    assert sum(aws.emulator.calls.values()) == 2
