# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at a Region: what is ours, what is named, what stands in the way, and nothing else."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.observe.region import (
    attached_vpn_gateway,
    customer_gateways_by_id,
    find_connections,
    find_vpn_gateway,
    observe,
    observe_connections,
    vpn_gateways_by_id,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import Ambiguous
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    CustomerGatewayWanted,
    Observed,
    VpnGatewayWanted,
    Wanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites


def device(aws: Any, address: str = "198.51.100.10", asn: int = 65010) -> str:
    """A customer gateway that another tool made."""
    made = aws.client.create_customer_gateway(Type="ipsec.1", IpAddress=address, BgpAsn=asn)
    return str(made["CustomerGateway"]["CustomerGatewayId"])


def gateway(aws: Any, vpc: str | None = None) -> str:
    """A virtual private gateway that another tool made."""
    made = str(aws.client.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"])
    if vpc:
        aws.client.attach_vpn_gateway(VpnGatewayId=made, VpcId=vpc)
    return made


def connection(aws: Any, customer_gateway_id: str, **target: str) -> str:
    made = aws.client.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=customer_gateway_id, **target)
    return str(made["VpnConnection"]["VpnConnectionId"])


def ids(found: Any) -> list[str]:
    return [each.id for each in found]


def test_what_is_there_of_the_sites_asked_about(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin(), aws.madrid())
    found = aws.observe(aws.berlin(), aws.madrid())
    assert sorted(each.tags["hybridnet:gateway"] for each in found.customer_gateways) == ["berlin", "madrid"]
    assert sorted(each.tags["hybridnet:gateway"] for each in found.connections) == ["berlin", "madrid"]
    assert [each.attachment(aws.vpc) is not None for each in found.vpn_gateways] == [True]
    assert ids(found.transit_gateways) == [aws.tgw]
    assert {table.id: len(table.propagating) for table in found.route_tables if table.id in aws.tables} == {
        aws.tables[0]: 1,
        aws.tables[1]: 0,
    }
    assert [each.connection_id for each in found.transit_attachments] == [
        each.id for each in found.connections if each.transit_gateway_id
    ]
    # Nothing is to be made, so nothing can stand in the way.
    assert found.foreign_customer_gateways == found.foreign_vpn_gateways == found.vpc_ids == ()


def test_what_others_made_is_not_ours(quick_aws: Any) -> None:
    aws = quick_aws
    connection(aws, device(aws, "198.51.100.99"), VpnGatewayId=gateway(aws))
    found = aws.observe(aws.berlin(), aws.madrid())
    assert found == Observed(
        transit_gateways=found.transit_gateways, route_tables=found.route_tables, vpc_ids=(aws.vpc,)
    )


def test_what_stands_in_the_way_of_a_creation(quick_aws: Any) -> None:
    aws = quick_aws
    same_address, attached = device(aws), gateway(aws, aws.vpc)
    device(aws, "198.51.100.99")
    gateway(aws)
    found = aws.observe(aws.berlin(), aws.madrid())
    assert ids(found.foreign_customer_gateways) == [same_address]
    assert ids(found.foreign_vpn_gateways) == [attached]
    assert found.customer_gateways == found.vpn_gateways == ()


def test_a_gateway_of_ours_that_was_moved_is_none_of_others(quick_aws: Any) -> None:
    aws = quick_aws
    moved = gateway(aws, aws.vpc)
    ours = [{"Key": key, "Value": value} for key, value in tags.vpc_tags("vpc-0", {}).items()]
    aws.client.create_tags(Resources=[moved], Tags=ours)
    found = aws.observe(aws.madrid())
    assert (ids(found.vpn_gateways), found.foreign_vpn_gateways) == ([moved], ())


def test_a_target_that_is_named_by_its_id_is_seen_whoever_made_it(quick_aws: Any) -> None:
    aws = quick_aws
    theirs = gateway(aws)
    site = dataclasses.replace(aws.madrid(), vpn_gateway=None, vpn_gateway_id=theirs)
    assert ids(aws.observe(site).vpn_gateways) == [theirs]


def test_connections_of_others_on_what_is_to_go(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin(), aws.madrid())
    seen = aws.observe(aws.berlin(), aws.madrid())
    ours = {each.tags["hybridnet:gateway"]: each.id for each in seen.customer_gateways}
    on_device = connection(aws, ours["berlin"], TransitGatewayId=aws.other_tgw)
    on_gateway = connection(aws, device(aws, "198.51.100.99"), VpnGatewayId=seen.vpn_gateways[0].id)
    connection(aws, device(aws, "198.51.100.98"), TransitGatewayId=aws.tgw)
    removal = Wanted(
        customer_gateways=(CustomerGatewayWanted("berlin", present=False),),
        vpn_gateways=(VpnGatewayWanted(aws.vpc, present=False),),
    )
    found = observe(aws.ec2(), removal)
    assert set(ids(found.connections)) - set(ids(seen.connections)) == {on_device, on_gateway}


def test_after_a_run_only_results_are_read(quick_aws: Any) -> None:
    aws = quick_aws
    device(aws)
    wanted = sites.wanted([aws.berlin(), aws.madrid()])
    aws.emulator.calls.clear()
    found = observe(aws.ec2(), wanted, before_writing=False)
    assert found.foreign_customer_gateways == found.vpc_ids == ()
    assert "DescribeVpcs" not in aws.emulator.calls


def test_connections_with_the_gateways_they_end_on(quick_aws: Any) -> None:
    aws = quick_aws
    customer_gateway_id, gateway_id = device(aws), gateway(aws)
    first = connection(aws, customer_gateway_id, VpnGatewayId=gateway_id)
    second = connection(aws, customer_gateway_id, TransitGatewayId=aws.tgw)
    device(aws, "198.51.100.99")
    found = observe_connections(aws.ec2(), aws.ec2().connections([]))
    assert set(ids(found.connections)) == {first, second}
    assert (ids(found.customer_gateways), ids(found.vpn_gateways)) == ([customer_gateway_id], [gateway_id])
    assert ids(found.transit_gateways) == [aws.tgw]
    assert [each.connection_id for each in found.transit_attachments] == [second]


def test_by_id_what_is_not_there_is_left_out(quick_aws: Any) -> None:
    aws = quick_aws
    customer_gateway_id, gateway_id = device(aws), gateway(aws)
    assert set(customer_gateways_by_id(aws.ec2(), [customer_gateway_id, "cgw-0"])) == {customer_gateway_id}
    assert set(vpn_gateways_by_id(aws.ec2(), [gateway_id, "vgw-0"])) == {gateway_id}


def test_connections_are_found_by_the_name_of_their_site(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin(), aws.madrid())
    by_name = {each.tags["hybridnet:gateway"]: each.id for each in aws.observe(aws.berlin(), aws.madrid()).connections}
    for names in (["berlin"], ["berlin", "madrid", "oslo"]):
        found = find_connections(aws.ec2(), names)
        assert {name: each.id for name, each in found.items()} == {
            name: by_name[name] for name in names if name in by_name
        }
    # The mark of an outgoing connection may not be visible yet, so the run says which one does not count.
    assert find_connections(aws.ec2(), ["berlin"], [by_name["berlin"]]) == {}
    aws.client.create_tags(Resources=[by_name["berlin"]], Tags=[{"Key": OUTGOING_TAG, "Value": "true"}])
    assert find_connections(aws.ec2(), ["berlin"]) == {}


def test_two_connections_of_one_name_are_ambiguous(quick_aws: Any) -> None:
    aws = quick_aws
    aws.run(aws.berlin())
    ((first, made),) = aws.connections.items()
    second = connection(aws, made["CustomerGatewayId"], TransitGatewayId=aws.tgw)
    aws.client.create_tags(Resources=[second], Tags=made["Tags"])
    with pytest.raises(Ambiguous) as error:
        find_connections(aws.ec2(), ["berlin"])
    assert error.value.ids == sorted([first, second])


def test_the_gateway_made_for_a_vpc_and_the_one_it_has(quick_aws: Any) -> None:
    aws = quick_aws
    theirs = gateway(aws, aws.vpc)
    assert find_vpn_gateway(aws.ec2(), aws.vpc) is None
    has = attached_vpn_gateway(aws.ec2(), aws.vpc)
    assert has is not None and has.id == theirs
    aws.client.detach_vpn_gateway(VpnGatewayId=theirs, VpcId=aws.vpc)
    assert attached_vpn_gateway(aws.ec2(), aws.vpc) is None
    aws.run(aws.madrid())
    ours = find_vpn_gateway(aws.ec2(), aws.vpc)
    assert ours is not None and ours == attached_vpn_gateway(aws.ec2(), aws.vpc)
