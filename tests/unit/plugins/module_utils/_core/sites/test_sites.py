# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of sites: every problem at once, and what is returned per site."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Attachment,
    Connection,
    CustomerGateway,
    Observed,
    Site,
    StaticRoute,
    Telemetry,
    TransitGateway,
    Tunnel,
    TunnelWanted,
    VpnGateway,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import sites

GOOD = Site(
    "berlin",
    "198.51.100.10",
    65010,
    transit_gateway_id="tgw-0123456789abcdef0",
    local_cidrs=("10.20.0.0/16",),
    remote_cidrs=("10.0.0.0/16",),
)


def test_a_good_site_has_no_problems() -> None:
    assert sites.problems([GOOD], "eu-central-1") == []


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"public_ip": "10.0.0.1"}, "berlin: public_ip=10.0.0.1: "),
        ({"bgp_asn": 7224}, "berlin: bgp_asn=7224: reserved by AWS"),
        ({"bgp_asn": None}, "berlin: bgp_asn: missing: BGP needs"),
        ({"local_cidrs": ("10.20.0.1/16",)}, "berlin: local_cidrs=10.20.0.1/16: "),
        ({"remote_cidrs": ("nonsense",)}, "berlin: remote_cidrs=nonsense: "),
        ({"tags": {"hybridnet:site": "x"}}, "berlin: tags.hybridnet:site: "),
        ({"tags": {"aws:x": "x"}}, "berlin: tags.aws:x: "),
        ({"tunnels": (TunnelWanted(),) * 3}, "berlin: tunnels=3: "),
        ({"tunnels": (TunnelWanted({"inside_cidr": "10.0.0.0/30"}),)}, "berlin: tunnels[1].inside_cidr=10.0.0.0/30: "),
        ({"tunnels": (TunnelWanted({"inside_cidr": "169.254.9.0/30"}),) * 2}, "berlin: tunnels: tunnel 1 and tunnel 2"),
        (
            {"vpn_gateway": VpnGatewayWanted("vpc-0123456789abcdef0", 7224), "transit_gateway_id": None},
            "berlin: target.vpn_gateway.amazon_side_asn=7224: ",
        ),
    ],
)
def test_problems_name_site_option_value_and_rule(changes: dict[str, Any], start: str) -> None:
    (problem,) = sites.problems([dataclasses.replace(GOOD, **changes)], "eu-central-1")
    assert problem.startswith(start)


def test_a_problem_with_a_key_does_not_show_it() -> None:
    bad = dataclasses.replace(GOOD, tunnels=(TunnelWanted({"pre_shared_key": Secret("MARKER key!")}),))
    (problem,) = sites.problems([bad])
    assert problem.startswith("berlin: tunnels[1].pre_shared_key: ")
    assert "MARKER" not in problem


def other_site(name: str, **changes: Any) -> Site:
    """A second good site."""
    return dataclasses.replace(GOOD, name=name, public_ip="198.51.100.11", local_cidrs=("10.30.0.0/16",), **changes)


def test_every_problem_of_every_site_at_once() -> None:
    bad = [
        dataclasses.replace(site, name=name, public_ip=name, bgp_asn=7224)
        for name, site in (("a", GOOD), ("b", other_site("b")))
    ]
    assert len(sites.problems(bad)) == 4


def test_problems_between_sites() -> None:
    assert sites.problems([GOOD, other_site("bonn")]) == []
    assert sites.problems([GOOD, other_site("berlin")]) == ["berlin: name: is given 2 times"]
    same_address = dataclasses.replace(other_site("bonn"), public_ip=GOOD.public_ip)
    (found,) = sites.problems([GOOD, same_address])
    assert found.startswith("bonn: public_ip=198.51.100.10: also the address of berlin")
    assert sites.problems([GOOD, dataclasses.replace(same_address, device_name="fw-2")]) == []
    (found,) = sites.problems([GOOD, dataclasses.replace(other_site("bonn"), local_cidrs=("10.20.5.0/24",))])
    assert found == "bonn: local_cidrs=10.20.5.0/24: overlaps 10.20.0.0/16 of berlin"


def test_sites_on_one_vpc_describe_the_same_virtual_private_gateway() -> None:
    gateway = VpnGatewayWanted("vpc-0123456789abcdef0", 64512, ("rtb-0a1b2c3d",))
    on_vpc = dataclasses.replace(GOOD, transit_gateway_id=None, vpn_gateway=gateway)
    other = other_site("bonn", transit_gateway_id=None)
    unsaid = dataclasses.replace(gateway, amazon_side_asn=None)
    assert sites.problems([on_vpc, dataclasses.replace(other, vpn_gateway=unsaid)]) == []
    different = VpnGatewayWanted("vpc-0123456789abcdef0", 64513, ("rtb-0a1b2c3e",))
    found = sites.problems([on_vpc, dataclasses.replace(other, vpn_gateway=different)])
    assert [text.split(": ")[1].split("=")[0] for text in found] == [
        "target.vpn_gateway.amazon_side_asn",
        "target.vpn_gateway.propagate_to",
    ]


def test_two_sites_without_an_address_are_told_apart_by_certificate_or_name() -> None:
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678"
    first = dataclasses.replace(GOOD, public_ip=None, certificate_arn=certificate)
    other = dataclasses.replace(other_site("bonn"), public_ip=None, certificate_arn=certificate)
    (found,) = sites.problems([first, other])
    assert found.startswith(f"bonn: certificate_arn={certificate}: also the certificate of berlin")
    assert sites.problems([first, dataclasses.replace(other, device_name="fw-2")]) == []


@pytest.mark.parametrize(
    ("changes", "routes"),
    [
        ({}, None),
        ({"routing": "static"}, ()),
        (
            {"routing": "static", "transit_gateway_id": None, "vpn_gateway_id": "vgw-0123456789abcdef0"},
            ("10.20.0.0/16",),
        ),
        ({"transit_gateway_id": None, "vpn_gateway_id": "vgw-0123456789abcdef0"}, None),
    ],
)
def test_static_routes_are_the_local_cidrs_on_a_virtual_private_gateway(
    changes: dict[str, Any], routes: tuple[str, ...] | None
) -> None:
    (connection,) = sites.wanted([dataclasses.replace(GOOD, **changes)]).connections
    assert connection.static_routes == routes


def test_a_static_site_gets_an_asn_and_a_name_given_as_a_tag_wins() -> None:
    site = dataclasses.replace(GOOD, routing="static", bgp_asn=None, tags={"Name": "Berlin office"})
    (device,) = sites.wanted([site]).customer_gateways
    assert device.bgp_asn == 65000
    assert device.tags == {
        "Name": "Berlin office",
        "hybridnet:collection": "hybridnet.aws_vpn",
        "hybridnet:site": "berlin",
    }


TUNNEL = Tunnel(
    1,
    "203.0.113.2",
    "169.254.20.0/30",
    Secret("MARKER_key"),
    {"ike_versions": ["ikev2"]},
    Telemetry("UP", "1 BGP ROUTES", 1, "2026-01-01T00:00:00+00:00"),
)
OBSERVED = Observed(
    customer_gateways=(
        CustomerGateway("cgw-1", "available", "198.51.100.10", 65010, tags=tags.site_tags("berlin", {})),
    ),
    connections=(
        Connection(
            "vpn-1",
            "available",
            "cgw-1",
            None,
            "tgw-0123456789abcdef0",
            "bgp",
            tunnels=(TUNNEL,),
            routes=(StaticRoute("10.9.0.0/16", "deleted"),),
            tags=tags.site_tags("berlin", {}),
        ),
    ),
    transit_gateways=(TransitGateway("tgw-0123456789abcdef0", "available", 64777),),
)


def test_result_of_a_site() -> None:
    result = sites.results([GOOD], OBSERVED)["berlin"]
    assert "MARKER" not in str(result)
    del result["tunnels"]
    assert result == {
        "name": "berlin",
        "customer_gateway_id": "cgw-1",
        "vpn_connection_id": "vpn-1",
        "vpn_gateway_id": None,
        "transit_gateway_id": "tgw-0123456789abcdef0",
        "transit_gateway_attachment_id": None,
        "state": "available",
        "routing": "bgp",
        "amazon_side_asn": 64777,
        "customer_asn": 65010,
        "public_ip": "198.51.100.10",
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "static_routes": [],
        "options": {},
        "pre_shared_key_storage": "Standard",
        "vpn_concentrator_id": None,
        "outgoing_connection_ids": [],
    }


def test_result_of_a_tunnel() -> None:
    (tunnel,) = sites.results([GOOD], OBSERVED)["berlin"]["tunnels"]
    assert tunnel == {
        "vpn_connection_id": "vpn-1",
        "number": 1,
        "outside_address": "203.0.113.2",
        "customer_address": "198.51.100.10",
        "inside_cidr": "169.254.20.0/30",
        "aws_inside_address": "169.254.20.1",
        "customer_inside_address": "169.254.20.2",
        "amazon_side_asn": 64777,
        "customer_asn": 65010,
        "routing": "bgp",
        "local_cidrs": ["10.20.0.0/16"],
        "remote_cidrs": ["10.0.0.0/16"],
        "options": {"ike_versions": ["ikev2"]},
        "telemetry": {
            "status": "UP",
            "status_message": "1 BGP ROUTES",
            "accepted_route_count": 1,
            "last_status_change": "2026-01-01T00:00:00+00:00",
            "certificate_arn": None,
        },
    }


def test_result_of_a_site_that_does_not_exist_yet() -> None:
    result = sites.results([GOOD], Observed())["berlin"]
    assert result["tunnels"] == []
    assert [result[key] for key in ("customer_gateway_id", "vpn_connection_id", "state", "amazon_side_asn")] == [
        None
    ] * 4
    assert result["customer_asn"] == 65010


def test_result_names_the_gateway_of_the_vpc() -> None:
    site = dataclasses.replace(GOOD, transit_gateway_id=None, vpn_gateway=VpnGatewayWanted("vpc-0123456789abcdef0"))
    gateway = VpnGateway(
        "vgw-0123456789abcdef0",
        "available",
        64512,
        (Attachment("vpc-0123456789abcdef0", "attached"),),
        tags.vpc_tags("vpc-0123456789abcdef0", {}),
    )
    assert (
        sites.results([site], Observed(vpn_gateways=(gateway,)))["berlin"]["vpn_gateway_id"] == "vgw-0123456789abcdef0"
    )
    assert sites.results([site], Observed())["berlin"]["vpn_gateway_id"] is None


def test_the_asn_of_a_target_of_another_account_comes_from_the_device_configuration() -> None:
    connection = dataclasses.replace(OBSERVED.connections[0], device_amazon_side_asn=64999)
    observed = dataclasses.replace(OBSERVED, connections=(connection,), transit_gateways=())
    assert sites.results([GOOD], observed)["berlin"]["amazon_side_asn"] == 64999
