# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between the SDK's dicts and the model, in both directions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import convert
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Attachment, StaticRoute
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields

MARKER = "MARKER_psk.1"
ANSWER: dict[str, Any] = {
    "VpnConnectionId": "vpn-1",
    "State": "available",
    "CustomerGatewayId": "cgw-1",
    "VpnGatewayId": "",
    "TransitGatewayId": "tgw-1",
    "Options": {
        "StaticRoutesOnly": False,
        "EnableAcceleration": False,
        "TunnelOptions": [
            {
                "OutsideIpAddress": "203.0.113.2",
                "TunnelInsideCidr": "169.254.20.0/30",
                "PreSharedKey": MARKER,
                "DpdTimeoutSeconds": 45,
                "IkeVersions": [{"Value": "ikev2"}],
                "Phase1DHGroupNumbers": [{"Value": 20}, {"Value": 14}],
                "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:1"}},
                "Phase1AdditionalKeyExchanges": [
                    {"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": [{"Value": 36}], "Requirement": "required"}
                ],
            },
            {"OutsideIpAddress": "203.0.113.6"},
        ],
    },
    "Routes": [{"DestinationCidrBlock": "10.1.0.0/16", "Source": "Static", "State": "available"}],
    "Tags": [{"Key": "Name", "Value": "berlin"}],
    "VgwTelemetry": [
        {
            "OutsideIpAddress": "203.0.113.6",
            "Status": "UP",
            "StatusMessage": "2 BGP ROUTES",
            "AcceptedRouteCount": 2,
            "LastStatusChange": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        }
    ],
    "CustomerGatewayConfiguration": """<?xml version="1.0" encoding="UTF-8"?>
<vpn_connection id="vpn-1"><ipsec_tunnel><vpn_gateway>
<tunnel_outside_address><ip_address>203.0.113.6</ip_address></tunnel_outside_address>
<tunnel_inside_address><ip_address>169.254.20.5</ip_address><network_cidr>30</network_cidr></tunnel_inside_address>
<bgp><asn>64777</asn></bgp></vpn_gateway><ike><pre_shared_key>MARKER_xml.key</pre_shared_key></ike>
</ipsec_tunnel></vpn_connection>""",
}


def test_connection() -> None:
    found = convert.connection(ANSWER)
    assert (found.id, found.state, found.routing) == ("vpn-1", "available", "bgp")
    assert (found.vpn_gateway_id, found.transit_gateway_id) == (None, "tgw-1")
    assert found.options == {"static_routes_only": False, "enable_acceleration": False}
    assert found.routes == (StaticRoute("10.1.0.0/16", "available"),)
    assert found.tags == {"Name": "berlin"}
    assert found.device_amazon_side_asn == 64777
    first, second = found.tunnels
    assert first.options == {
        "dpd_timeout_seconds": 45,
        "ike_versions": ["ikev2"],
        "phase1_dh_group_numbers": [14, 20],
        "log_enabled": True,
        "log_group_arn": "arn:1",
        "phase1_additional_key_exchanges": [{"round": 1, "methods": [36], "requirement": "required"}],
    }
    assert first.telemetry is None
    assert second.options == {}
    assert second.telemetry is not None
    assert second.telemetry.last_status_change == "2026-01-02T03:04:05+00:00"


def test_what_the_options_leave_out_comes_from_the_device_configuration() -> None:
    second = convert.connection(ANSWER).tunnels[1]
    assert second.inside_cidr == "169.254.20.4/30"
    assert second.pre_shared_key == Secret("MARKER_xml.key")


def test_keys_are_sealed_and_the_device_configuration_is_not_kept() -> None:
    found = convert.connection(ANSWER)
    assert "MARKER" not in repr(found)
    for tunnel in found.tunnels:
        assert tunnel.pre_shared_key is not None
        assert tunnel.pre_shared_key.is_sealed


def test_keys_are_kept_when_asked_for() -> None:
    first = convert.connection(ANSWER, keep_secrets=True).tunnels[0]
    assert first.pre_shared_key is not None
    assert first.pre_shared_key.reveal() == MARKER


@pytest.mark.parametrize("stored", [{"PreSharedKey": "REDACTED"}, {}])
def test_a_key_in_secrets_manager_is_none(stored: dict[str, str]) -> None:
    raw = {
        "VpnConnectionId": "vpn-1",
        "PreSharedKeyArn": "arn:aws:secretsmanager:x",
        "Options": {"TunnelOptions": [{"OutsideIpAddress": "203.0.113.2", **stored}]},
    }
    found = convert.connection(raw)
    assert found.tunnels[0].pre_shared_key is None
    assert found.pre_shared_key_arn


@pytest.mark.parametrize(
    ("raw", "asn"),
    [({"BgpAsn": "65010"}, 65010), ({"BgpAsn": "0", "BgpAsnExtended": "4200000001"}, 4200000001), ({}, None)],
)
def test_customer_gateway_asn(raw: dict[str, str], asn: int | None) -> None:
    assert convert.customer_gateway({"CustomerGatewayId": "cgw-1", **raw}).bgp_asn == asn


def test_gateways() -> None:
    raw = {"VpnGatewayId": "vgw-1", "AmazonSideAsn": 64512, "VpcAttachments": [{"VpcId": "vpc-1", "State": "attached"}]}
    assert convert.vpn_gateway(raw).attachments == (Attachment("vpc-1", "attached"),)
    assert convert.transit_gateway({"TransitGatewayId": "tgw-1", "Options": {"AmazonSideAsn": 1}}).amazon_side_asn == 1
    table = convert.route_table(
        {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "PropagatingVgws": [{"GatewayId": "vgw-1"}]}
    )
    assert table.propagating == ("vgw-1",)


@pytest.mark.parametrize(("asn", "key"), [(65010, "BgpAsn"), (2147483647, "BgpAsn"), (2147483648, "BgpAsnExtended")])
def test_large_asns_go_into_their_own_field(asn: int, key: str) -> None:
    request = convert.customer_gateway_request("198.51.100.10", asn, None)
    assert request == {"Type": "ipsec.1", "IpAddress": "198.51.100.10", key: asn}


def test_a_request_spells_names_its_own_way_and_sends_nothing_unasked() -> None:
    values = {
        "dpd_timeout_seconds": 45,
        "ike_versions": ["ikev2"],
        "pre_shared_key": Secret(MARKER),
        "log_enabled": True,
    }
    assert convert.to_wire(fields.TUNNEL, values) == {
        "DPDTimeoutSeconds": 45,
        "IKEVersions": [{"Value": "ikev2"}],
        "PreSharedKey": MARKER,
        "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True}},
    }
    assert convert.to_wire(fields.TUNNEL, {"inside_cidr": None}) == {}


def test_what_is_read_is_what_was_written() -> None:
    """The rows whose names differ between request and answer are exactly the known ones."""
    values = {
        "ike_versions": ["ikev2"],
        "phase1_additional_key_exchanges": [{"round": 1, "methods": [36], "requirement": "required"}],
        "bgp_log_enabled": False,
    }
    answer = convert.to_wire(fields.TUNNEL, values)
    answer["IkeVersions"] = answer.pop("IKEVersions")
    assert convert.from_wire(fields.TUNNEL, answer) == values


def test_the_inside_version_is_sent_only_where_it_says_something() -> None:
    """Some Regions refuse the option as such."""
    assert convert.to_wire(fields.CONNECTION, {"tunnel_inside_ip_version": "ipv4"}) == {}
    request = convert.to_wire(fields.CONNECTION, {"tunnel_inside_ip_version": "ipv6", "enable_acceleration": False})
    assert request == {"TunnelInsideIpVersion": "ipv6", "EnableAcceleration": False}


def test_a_round_that_is_switched_off_has_no_methods() -> None:
    rounds = [
        {"round": 1, "methods": [], "requirement": "optional"},
        {"round": 2, "methods": [36], "requirement": None},
    ]
    request = convert.to_wire(fields.TUNNEL, {"phase1_additional_key_exchanges": rounds})
    assert request["Phase1AdditionalKeyExchanges"] == [
        {"AdditionalKeyExchangeRound": 1, "Requirement": "optional"},
        {"AdditionalKeyExchangeRound": 2, "Requirement": "required", "KeyExchangeMethods": [{"Value": 36}]},
    ]


def test_what_an_answer_leaves_empty_is_absent() -> None:
    assert convert.from_wire(fields.CONNECTION, {"TransportTransitGatewayAttachmentId": ""}) == {}
    assert convert.from_wire(fields.TUNNEL, {"Phase1IntegrityAlgorithms": [], "LogOptions": None}) == {}
    answer = {"Phase1AdditionalKeyExchanges": [{"AdditionalKeyExchangeRound": 1}]}
    (found,) = convert.from_wire(fields.TUNNEL, answer)["phase1_additional_key_exchanges"]
    assert found == {"round": 1, "methods": [], "requirement": "required"}
