# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a whole run: sites to actions, order, refusals, and what is left alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import Ambiguous
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Attachment,
    Connection,
    Consent,
    CustomerGateway,
    Observed,
    RouteTable,
    Telemetry,
    TransitGateway,
    Tunnel,
    VpnGateway,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import region, tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Interruption, Plan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.steps import DeleteCustomerGateway
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

BERLIN = ConnectionEntry(
    gateway="berlin",
    public_ip="198.51.100.10",
    bgp_asn=65010,
    transit_gateway_id="tgw-1",
    local_cidrs=("10.20.0.0/16",),
)
GATEWAY = VpnGatewayWanted(
    vpc_id="vpc-1", amazon_side_asn=None, propagate_to=("rtb-1",), tags=tags.vpc_tags("vpc-1", {}), named_by="madrid"
)
MADRID = ConnectionEntry(
    gateway="madrid",
    public_ip="192.0.2.10",
    bgp_asn=None,
    vpn_gateway=GATEWAY,
    routing="static",
    local_cidrs=("10.30.0.0/16",),
)
EMPTY = Observed(
    transit_gateways=(TransitGateway("tgw-1", "available", 64512),),
    route_tables=(RouteTable("rtb-1", "vpc-1"), RouteTable("rtb-2", "vpc-1"), RouteTable("rtb-9", "vpc-9", ("vgw-1",))),
    vpc_ids=("vpc-1",),
)
VGW = VpnGateway(
    id="vgw-1",
    state="available",
    amazon_side_asn=64512,
    attachments=(Attachment("vpc-1", "attached"),),
    tags=tags.vpc_tags("vpc-1", {}),
)


def plan(*given: ConnectionEntry, observed: Observed = EMPTY, consent: Consent | None = None) -> Plan:
    return region.plan(sites.wanted(given), observed, consent or Consent())


def device(number: int, name: str = "berlin", ip: str = "198.51.100.10", asn: int = 65010) -> CustomerGateway:
    return CustomerGateway(
        id=f"cgw-{number}", state="available", public_ip=ip, bgp_asn=asn, tags=tags.connection_tags(name, {})
    )


def berlin_exists(**changes: Any) -> Observed:
    connection = Connection(
        id="vpn-1",
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tags=tags.connection_tags("berlin", {}),
        tunnels=(Tunnel(1, "198.18.0.1", None), Tunnel(2, "198.19.0.1", None)),
    )
    return dataclasses.replace(EMPTY, customer_gateways=(device(1),), connections=(connection,), **changes)


def test_an_empty_account() -> None:
    drawn = plan(BERLIN, MADRID)
    assert drawn.refusals == ()
    assert drawn.counts == {"create": 8, "change": 0, "replace": 0, "delete": 0, "unchanged": 0}
    assert drawn.lines == [
        "Plan: 8 to create, 0 to change, 0 to replace, 0 to delete, 0 unchanged.",
        "berlin  create customer gateway 198.51.100.10 ASN 65010",
        "madrid  create customer gateway 192.0.2.10 ASN 65000",
        "madrid  create vpn gateway for vpc-1 ASN 64512",
        "madrid  create vpn gateway attachment to vpc-1",
        "berlin  create vpn connection bgp to tgw-1",
        "madrid  create vpn connection static to the vpn gateway of vpc-1",
        "madrid  create route propagation into rtb-1",
        "madrid  create static route 10.30.0.0/16",
    ]
    assert {action.interruption for action in drawn.actions} == {Interruption.NONE}
    assert drawn.before == {}
    assert set(drawn.after) == {"berlin", "madrid"}


def test_nothing_to_do() -> None:
    drawn = plan(BERLIN, observed=berlin_exists())
    assert not drawn.has_changes
    assert drawn.counts["unchanged"] == 2
    assert (drawn.before, drawn.after) == ({}, {})


def test_sites_on_one_vpc_share_its_gateway() -> None:
    second = dataclasses.replace(MADRID, gateway="porto", public_ip="192.0.2.11", local_cidrs=("10.31.0.0/16",))
    resources = [action.resource for action in plan(MADRID, second).actions]
    assert resources.count("vpn_gateway") == resources.count("vpn_gateway_attachment") == 1
    assert resources.count("vpn_connection") == 2


def test_gateways_that_are_not_given_are_not_touched() -> None:
    drawn = plan(MADRID, observed=berlin_exists())
    assert all(action.owner == "madrid" for action in drawn.actions)


def test_a_new_address_swaps_the_customer_gateway() -> None:
    moved = dataclasses.replace(BERLIN, public_ip="198.51.100.11")
    assert "allow_interruption" in plan(moved, observed=berlin_exists()).refusals[0]
    drawn = plan(moved, observed=berlin_exists(), consent=Consent(allow_interruption=True))
    assert drawn.refusals == ()
    assert [(action.verb, action.resource) for action in drawn.actions] == [
        ("create", "customer_gateway"),
        ("change", "vpn_connection"),
        ("delete", "customer_gateway"),
    ]


def test_an_interrupted_swap_is_resumed() -> None:
    moved = dataclasses.replace(BERLIN, public_ip="198.51.100.11")
    half = dataclasses.replace(berlin_exists(), customer_gateways=(device(1), device(2, ip="198.51.100.11")))
    drawn = plan(moved, observed=half, consent=Consent(allow_interruption=True))
    assert [(action.verb, action.id) for action in drawn.actions] == [("change", "vpn-1"), ("delete", "cgw-1")]


def test_two_connections_of_one_name_are_ambiguous() -> None:
    once = berlin_exists()
    twice = dataclasses.replace(once.connections[0], id="vpn-2")
    with pytest.raises(Ambiguous, match="vpn-1, vpn-2"):
        plan(BERLIN, observed=dataclasses.replace(once, connections=(*once.connections, twice)))


@pytest.mark.parametrize(
    ("foreign", "words"),
    [
        (device(7, "old-name"), ("of gateway old-name", "cgw-7", "Check public_ip")),
        (
            CustomerGateway("cgw-8", "available", "198.51.100.10", 65010),
            ("not made by this collection", "cgw-8", "hybridnet:gateway=berlin"),
        ),
    ],
)
def test_a_customer_gateway_of_somebody_else_is_refused(foreign: CustomerGateway, words: tuple[str, ...]) -> None:
    drawn = plan(BERLIN, observed=dataclasses.replace(EMPTY, foreign_customer_gateways=(foreign,)))
    assert all(word in drawn.refusals[0] for word in words)


@pytest.mark.parametrize(
    "foreign",
    [
        CustomerGateway("cgw-8", "deleted", "198.51.100.10", 65010),
        CustomerGateway("cgw-8", "available", "198.51.100.10", 65011),
        CustomerGateway(
            id="cgw-8", state="available", public_ip="198.51.100.10", bgp_asn=65010, device_name="another device"
        ),
    ],
)
def test_what_does_not_stand_in_the_way(foreign: CustomerGateway) -> None:
    assert plan(BERLIN, observed=dataclasses.replace(EMPTY, foreign_customer_gateways=(foreign,))).refusals == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"transit_gateways": ()}, "tgw-1 does not exist"),
        ({"vpc_ids": ()}, "vpc-1 does not exist"),
        ({"route_tables": ()}, "route table rtb-1 does not exist in vpc-1"),
        ({"foreign_vpn_gateways": (dataclasses.replace(VGW, id="vgw-8", tags={}),)}, "vpn_gateway_id: vgw-8"),
    ],
)
def test_what_is_missing_or_in_the_way_is_refused_before_the_first_write(changes: dict[str, Any], word: str) -> None:
    drawn = plan(BERLIN, MADRID, observed=dataclasses.replace(EMPTY, **changes))
    assert any(word in text for text in drawn.refusals)


CONNECTIONS = pytest.mark.parametrize("connection", ["main", "b"])


@CONNECTIONS
def test_equal_asns_on_a_virtual_private_gateway_are_refused(connection: str) -> None:
    site = dataclasses.replace(MADRID, connection=connection, routing="bgp", bgp_asn=64512)
    assert any("must differ" in text for text in plan(site).refusals)


@CONNECTIONS
def test_bgp_without_an_asn_is_refused(connection: str) -> None:
    site = dataclasses.replace(MADRID, connection=connection, routing=None)
    assert any("bgp_asn: missing" in text for text in plan(site).refusals)


CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/1"


def test_a_certificate_stands_for_the_address() -> None:
    site = dataclasses.replace(BERLIN, public_ip=None, certificate_arn=CERTIFICATE)
    drawn = plan(site)
    assert drawn.refusals == ()
    assert drawn.lines[1] == "berlin  create customer gateway without address ASN 65010"
    ours = dataclasses.replace(device(1), public_ip=None, certificate_arn=CERTIFICATE)
    assert not plan(site, observed=dataclasses.replace(berlin_exists(), customer_gateways=(ours,))).has_changes


def test_another_certificate_needs_another_device_name() -> None:
    ours = dataclasses.replace(device(1), certificate_arn=CERTIFICATE)
    have = dataclasses.replace(berlin_exists(), customer_gateways=(ours,))
    everything = Consent(allow_interruption=True)
    renewed = dataclasses.replace(BERLIN, certificate_arn=CERTIFICATE + "2")
    (refusal,) = plan(renewed, observed=have, consent=everything).refusals
    assert "device_name" in refusal
    named = dataclasses.replace(renewed, device_name="second")
    drawn = plan(named, observed=have, consent=everything)
    assert drawn.refusals == ()
    assert [(action.verb, action.resource) for action in drawn.actions] == [
        ("create", "customer_gateway"),
        ("change", "vpn_connection"),
        ("delete", "customer_gateway"),
    ]


def test_a_gateway_of_an_outgoing_connection_stays_as_long_as_it_does() -> None:
    old = berlin_exists().connections[0]
    outgoing = dataclasses.replace(old, tags={**old.tags, "hybridnet:outgoing": "true"})
    heir = dataclasses.replace(old, id="vpn-2", customer_gateway_id="cgw-2")
    have = dataclasses.replace(
        berlin_exists(), connections=(outgoing, heir), customer_gateways=(device(1, ip="198.51.100.9"), device(2))
    )
    drawn = plan(BERLIN, observed=have)
    assert not drawn.has_changes
    assert any("cgw-1 is used by" in text for text in drawn.warnings)
    tunnel = dataclasses.replace(heir.tunnels[0], telemetry=Telemetry("UP"))
    have = dataclasses.replace(have, connections=(outgoing, dataclasses.replace(heir, tunnels=(tunnel,))))
    assert [(action.verb, action.id) for action in plan(BERLIN, observed=have).actions] == [
        ("delete", "vpn-1"),
        ("delete", "cgw-1"),
    ]


@pytest.mark.parametrize(
    ("target", "text"),
    [({"vpn_concentrator_id": "vcn-1"}, "VPN concentrator vcn-1 does not exist"), ({}, "needs a target")],
)
def test_a_target_that_is_not_there_is_refused(target: dict[str, Any], text: str) -> None:
    (refusal,) = plan(dataclasses.replace(BERLIN, transit_gateway_id=None, **target)).refusals
    assert text in refusal


def test_no_target_at_all_when_asked_for() -> None:
    drawn = plan(dataclasses.replace(BERLIN, transit_gateway_id=None, unattached=True))
    assert drawn.refusals == ()
    assert drawn.lines[2] == "berlin  create vpn connection bgp to no target"


def test_a_connection_in_a_core_network_is_not_moved() -> None:
    have = berlin_exists()
    attached = dataclasses.replace(have.connections[0], transit_gateway_id=None, gateway_association_state="associated")
    have = dataclasses.replace(have, connections=(attached,))
    (refusal,) = plan(BERLIN, observed=have, consent=Consent(allow_interruption=True)).refusals
    assert "core network" in refusal


def test_a_gateway_goes_after_the_connection_that_is_on_its_way_out() -> None:
    have = berlin_exists()
    old = dataclasses.replace(have.connections[0], id="vpn-0", state="deleting", customer_gateway_id="cgw-0")
    have = dataclasses.replace(
        have, connections=(old, *have.connections), customer_gateways=(device(0, ip="198.51.100.9"), device(1))
    )
    (delete,) = plan(BERLIN, observed=have).actions
    assert delete.step == DeleteCustomerGateway("cgw-0", ("vpn-0",))
