# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a connection takes over from the one it replaces."""

from __future__ import annotations

import dataclasses

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    StaticRoute,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.inheritance import inherited

from .builders import existing, wanted

TGW = Ends("cgw-1", transit_gateway_id="tgw-1")
VGW = Ends("cgw-1", vpn_gateway="vgw-1")
VCN = Ends("cgw-1", vpn_concentrator="vcn-1")
FAST = {"enable_acceleration": True}


def test_the_successor_takes_over_what_is_left_alone() -> None:
    log = {"log_group_arn": "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/a"}
    have = existing()
    tunnel = dataclasses.replace(have.tunnels[1], options={"ike_versions": ["ikev2"], "log_enabled": False, **log})
    have = dataclasses.replace(
        have,
        tunnels=(have.tunnels[0], tunnel),
        options={"static_routes_only": False, "local_ipv4_network_cidr": "10.20.0.0/16", "tunnel_bandwidth": "large"},
        tags={**have.tags, "env": "lab", "aws:cloudformation:stack-name": "x"},
    )
    heir = inherited(wanted(options=FAST, tunnels=(TunnelWanted({"startup_action": "start"}),)), have, TGW)
    # Large bandwidth and acceleration exclude each other.
    assert heir.options == {"local_ipv4_network_cidr": "10.20.0.0/16", **FAST}
    assert [each.options for each in heir.tunnels] == [
        {"startup_action": "start"},
        {"ike_versions": ["ikev2"], "log_enabled": False},
    ]
    assert heir.tags == {**tags.connection_tags("berlin", {}), "env": "lab"}

    six = inherited(wanted(options={"tunnel_inside_ip_version": "ipv6"}), have, TGW)
    assert six.options == {"tunnel_inside_ip_version": "ipv6", "tunnel_bandwidth": "large"}
    assert "tunnel_bandwidth" not in inherited(wanted(), have, VCN).options
    without_address = dataclasses.replace(TGW, has_certificate=True)
    assert "tunnel_bandwidth" not in inherited(wanted(), have, without_address).options
    asked = inherited(wanted(options={"tunnel_bandwidth": "large"}), have, without_address)
    assert asked.options["tunnel_bandwidth"] == "large"


def test_static_routes_are_taken_over_on_a_virtual_private_gateway() -> None:
    routes = (StaticRoute("10.1.0.0/16", "available"), StaticRoute("10.2.0.0/16", "deleted"))
    have = existing(vpn_gateway_id="vgw-1", transit_gateway_id=None, routing="static", routes=routes)
    assert inherited(wanted(routing="static"), have, VGW).static_routes == ("10.1.0.0/16",)
    assert inherited(wanted(routing="bgp"), have, VGW).static_routes is None
