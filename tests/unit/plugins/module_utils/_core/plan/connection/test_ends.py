# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the two ends of a connection shall be: what is named, what is left alone, and what a move comes to."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    Ref,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import rules
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import (
    Ends,
    certificate_problems,
    final_ends,
    is_movable,
    is_retargeted,
    must_gateway_follow,
    new_customer_gateway,
    supported_options,
)

TGW = {"transit_gateway_id": "tgw-1"}
VGW = {"vpn_gateway_id": "vgw-1"}
VCN = {"vpn_concentrator_id": "vcn-1"}
NEW_GATEWAY = Ref("vpn_gateway", "vpc-1")


def existing(routing: str = "bgp", **target: Any) -> Connection:
    ends: dict[str, Any] = {"vpn_gateway_id": None, "transit_gateway_id": None, **target}
    return Connection(id="vpn-1", state="available", customer_gateway_id="cgw-1", routing=routing, **ends)


def ends(customer_gateway: Any = "cgw-1", **target: Any) -> Ends:
    return Ends(customer_gateway, **target)


@pytest.mark.parametrize(
    ("target", "shown", "text", "kind"),
    [
        ({"transit_gateway_id": "tgw-1"}, {"transit_gateway_id": "tgw-1"}, "tgw-1", rules.TRANSIT_GATEWAY),
        ({"vpn_gateway": "vgw-1"}, {"vpn_gateway_id": "vgw-1"}, "vgw-1", rules.VPN_GATEWAY),
        ({"vpn_gateway": NEW_GATEWAY}, {"vpn_gateway_id": "(new)"}, "the vpn gateway of vpc-1", rules.VPN_GATEWAY),
        ({"vpn_concentrator": "vcn-1"}, {"vpn_concentrator_id": "vcn-1"}, "vcn-1", rules.VPN_CONCENTRATOR),
        # A connection on a concentrator is on its transit gateway too.
        (
            {"vpn_concentrator": "vcn-1", "transit_gateway_id": "tgw-1"},
            {"vpn_concentrator_id": "vcn-1"},
            "vcn-1",
            rules.VPN_CONCENTRATOR,
        ),
        ({"unattached": True}, {}, "no target", rules.UNATTACHED),
        ({}, {}, "no target", None),
    ],
)
def test_targets(target: dict[str, Any], shown: dict[str, str], text: str, kind: str | None) -> None:
    found = ends(**target)
    assert (found.target, found.target_text, found.setting("bgp").target) == (shown, text, kind)
    # None at all is a target too; one that is not named is left alone.
    assert found.has_target is bool(target)
    assert found.is_on_vpn_gateway is (kind == rules.VPN_GATEWAY)


@pytest.mark.parametrize("target", [TGW, VGW, VCN, {}])
def test_the_present_ends_of_a_connection_are_no_move(target: dict[str, str]) -> None:
    present = Ends.of(existing(**target))
    assert present.target == target
    assert present.has_target
    assert present.unattached is (target == {})
    assert not is_retargeted(existing(**target), present)
    assert new_customer_gateway(existing(**target), present) is None
    assert final_ends(existing(**target), present) == present


def test_what_is_not_named_stays() -> None:
    kept = final_ends(existing(**VGW), Ends(None, public_ip="198.51.100.10", has_certificate=True))
    assert (kept.customer_gateway, kept.vpn_gateway) == ("cgw-1", "vgw-1")
    assert (kept.public_ip, kept.has_certificate) == ("198.51.100.10", True)
    moved = final_ends(existing(**VGW), Ends("cgw-2", transit_gateway_id="tgw-1"))
    assert (moved.customer_gateway, moved.vpn_gateway, moved.transit_gateway_id) == ("cgw-2", None, "tgw-1")


@pytest.mark.parametrize(
    ("have", "want", "retargeted", "movable"),
    [
        (TGW, {"vpn_gateway": "vgw-1"}, True, True),
        (VGW, {"vpn_gateway": NEW_GATEWAY}, True, True),
        ({}, {"transit_gateway_id": "tgw-1"}, True, True),
        ({}, {"unattached": True}, False, True),
        (TGW, {}, False, True),
        # AWS has no call for these.
        (TGW, {"unattached": True}, True, False),
        (TGW, {"vpn_concentrator": "vcn-1"}, True, False),
        (VCN, {"transit_gateway_id": "tgw-1"}, True, False),
    ],
)
def test_moves(have: dict[str, str], want: dict[str, Any], retargeted: bool, movable: bool) -> None:
    assert is_retargeted(existing(**have), ends(**want)) is retargeted
    assert is_movable(existing(**have), ends(**want)) is movable


@pytest.mark.parametrize(
    ("routing", "want", "follows"),
    [
        ("bgp", ends("cgw-1"), False),
        ("bgp", ends("cgw-2"), True),
        ("static", ends("cgw-2"), True),
        # Another target has another ASN, which matters to BGP alone.
        ("bgp", ends(transit_gateway_id="tgw-2"), True),
        ("static", ends(transit_gateway_id="tgw-2"), False),
    ],
)
def test_when_the_gateway_must_be_told(routing: str, want: Ends, follows: bool) -> None:
    assert must_gateway_follow(existing(routing, **TGW), want) is follows


OPTIONS = {
    "enable_acceleration": True,
    "tunnel_inside_ip_version": "ipv6",
    "tunnel_bandwidth": "standard",
    "local_ipv4_network_cidr": "10.20.0.0/16",
}


@pytest.mark.parametrize(
    ("target", "dropped"),
    [
        ({"transit_gateway_id": "tgw-1"}, set()),
        ({"unattached": True}, set()),
        ({"vpn_gateway": "vgw-1"}, {"enable_acceleration", "tunnel_inside_ip_version"}),
        ({"vpn_concentrator": "vcn-1"}, {"enable_acceleration"}),
    ],
)
def test_options_that_a_target_cannot_have_are_dropped(target: dict[str, Any], dropped: set[str]) -> None:
    assert set(OPTIONS) - set(supported_options(ends(**target), OPTIONS)) == dropped


def test_with_a_certificate_there_is_no_key_to_ask_for() -> None:
    key = (TunnelWanted({"pre_shared_key": Secret("MARKER_psk.1")}),)
    wanted = ConnectionWanted("berlin", tunnels=key, pre_shared_key_storage="Standard")
    assert certificate_problems(wanted, ends()) == ()
    found = certificate_problems(wanted, ends(has_certificate=True))
    assert [text.split(": ")[1] for text in found] == ["pre_shared_key_storage", "tunnels.pre_shared_key"]
    assert "MARKER" not in "".join(found)
