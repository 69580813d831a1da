# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway in plain words as the model has it: one spelling, keys as secrets, and nothing that was not said."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    TransitRouting,
    VpnConcentratorWanted,
    VpnGatewayWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites import description
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

KEY = "MARKER_psk.1"
OURS = {"hybridnet:collection": "hybridnet.aws_vpn"}


def entry(**said: Any) -> ConnectionEntry:
    (found,) = description.entries({"name": "berlin", "routing": "bgp", **said})
    return found


@pytest.mark.parametrize("unsaid", [{}, {"target": None, "tunnels": None, "tags": None, "options": None}])
def test_a_gateway_that_is_only_a_name(unsaid: dict[str, Any]) -> None:
    assert entry(**unsaid) == ConnectionEntry(gateway="berlin", public_ip=None, bgp_asn=None)


def test_addresses_and_networks_have_one_spelling() -> None:
    found = entry(public_ip="2001:DB8::0010", local_cidrs=["2001:DB8:20:0::/48"], remote_cidrs=["10.0.0.0/16"])
    assert found.public_ip == "2001:db8::10"
    assert (found.local_cidrs, found.remote_cidrs) == (("2001:db8:20::/48",), ("10.0.0.0/16",))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"transit_gateway_id": "tgw-1"}, {"transit_gateway_id": "tgw-1"}),
        ({"vpn_gateway_id": "vgw-1"}, {"vpn_gateway_id": "vgw-1"}),
        ({"vpn_concentrator_id": "vcn-1"}, {"vpn_concentrator_id": "vcn-1"}),
        ({"unattached": True}, {"unattached": True}),
        (
            {"vpn_gateway": {"vpc_id": "vpc-1", "amazon_side_asn": 64620, "propagate_to": ["rtb-2", "rtb-1", "rtb-2"]}},
            {
                "vpn_gateway": VpnGatewayWanted(
                    vpc_id="vpc-1",
                    amazon_side_asn=64620,
                    propagate_to=("rtb-1", "rtb-2"),
                    tags={"Name": "vpc-1", **OURS, "hybridnet:vpc": "vpc-1"},
                    named_by="berlin",
                )
            },
        ),
        (
            {"vpn_concentrator": {"transit_gateway_id": "tgw-1"}},
            {
                "vpn_concentrator": VpnConcentratorWanted(
                    transit_gateway_id="tgw-1",
                    tags={"Name": "tgw-1", **OURS, "hybridnet:transit-gateway": "tgw-1"},
                    named_by="berlin",
                )
            },
        ),
    ],
)
def test_targets(target: dict[str, Any], expected: dict[str, Any]) -> None:
    found = entry(target=target)
    kinds = ("transit_gateway_id", "vpn_gateway_id", "vpn_gateway", "vpn_concentrator_id", "vpn_concentrator")
    assert {kind: getattr(found, kind) for kind in (*kinds, "unattached") if getattr(found, kind)} == expected


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({}, None),
        ({"associate_with": "tgw-rtb-1"}, TransitRouting(associate_with="tgw-rtb-1", cidrs=("10.20.0.0/16",))),
        ({"propagate_to": []}, TransitRouting(propagate_to=(), cidrs=("10.20.0.0/16",))),
        (
            {"static_routes_to": ["tgw-rtb-2", "tgw-rtb-1"]},
            TransitRouting(static_routes_to=("tgw-rtb-1", "tgw-rtb-2"), cidrs=("10.20.0.0/16",)),
        ),
    ],
)
def test_route_tables_know_the_networks_of_the_gateway(tables: dict[str, Any], expected: TransitRouting | None) -> None:
    found = entry(target={"transit_gateway_id": "tgw-1", **tables}, local_cidrs=["10.20.0.0/16"])
    assert found.transit_routing == expected


@pytest.mark.parametrize(
    ("said", "tables"),
    [({}, None), ({"propagate_to": []}, ()), ({"propagate_to": ["rtb-2", "rtb-1"]}, ("rtb-1", "rtb-2"))],
)
def test_propagation_is_left_alone_or_emptied_or_set(said: dict[str, Any], tables: tuple[str, ...] | None) -> None:
    assert description.vpn_gateway({"vpc_id": "vpc-1", **said}).propagate_to == tables


def test_the_gateway_of_a_vpc_may_be_of_nobody_and_have_tags() -> None:
    found = description.vpn_gateway({"vpc_id": "vpc-1", "state": "absent", "purge_tags": True, "tags": {"env": "lab"}})
    assert (found.named_by, found.present, found.purge_tags, found.tags["env"]) == ("", False, True, "lab")


def test_tags_are_text() -> None:
    assert entry(tags={"env": None, "floor": 3, 4: "x"}).tags == {"env": "", "floor": "3", "4": "x"}


def test_keys_become_secrets_and_options_that_were_not_given_are_left_out() -> None:
    found = entry(tunnels=[{"pre_shared_key": KEY, "dpd_timeout_seconds": None}, {"dpd_timeout_seconds": 60}])
    first, second = found.tunnels
    assert first.options == {"pre_shared_key": Secret(KEY)}
    assert second.options == {"dpd_timeout_seconds": 60}
    assert KEY not in repr(found)


def test_options_have_one_spelling_too() -> None:
    found = entry(options={"local_ipv6_network_cidr": "2001:DB8::/48"}, tunnels=[{"inside_ipv6_cidr": "FD00:20::/126"}])
    assert found.options == {"local_ipv6_network_cidr": "2001:db8::/48"}
    assert found.tunnels[0].options == {"inside_ipv6_cidr": "fd00:20::/126"}
