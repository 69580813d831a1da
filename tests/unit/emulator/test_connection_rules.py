# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules for options that AWS enforces when a connection is created."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from vpn_emulator import addresses

LOG_GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpn"


def values(*items: Any) -> list[dict[str, Any]]:
    return [{"Value": item} for item in items]


ACCEPTED = [
    {"TunnelInsideCidr": "169.254.255.252/30"},
    {"TunnelInsideCidr": "169.254.6.0/30"},
    {"PreSharedKey": "abcdefgh"},
    {"PreSharedKey": "1._" + "x" * 61},
    {"Phase1LifetimeSeconds": 901, "Phase2LifetimeSeconds": 900, "RekeyMarginTimeSeconds": 60},
    {"Phase1LifetimeSeconds": 28800, "Phase2LifetimeSeconds": 3600},
    {"RekeyMarginTimeSeconds": 1800},
    {"RekeyFuzzPercentage": 0},
    {"RekeyFuzzPercentage": 100},
    {"ReplayWindowSize": 64},
    {"ReplayWindowSize": 2048},
    {"DPDTimeoutSeconds": 30},
    {"DPDTimeoutAction": "none"},
    {"Phase1EncryptionAlgorithms": values("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")},
    {"Phase2IntegrityAlgorithms": values("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")},
    {"Phase1DHGroupNumbers": values(2, 14, 24, 35)},
    {"Phase2DHGroupNumbers": values(2, 5, 14, 24, 35, 36, 37)},
    {"StartupAction": "start"},
    {"EnableTunnelLifecycleControl": True},
    {"LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": LOG_GROUP, "LogOutputFormat": "text"}}},
    {"LogOptions": {"CloudWatchLogOptions": {"BgpLogEnabled": True, "BgpLogGroupArn": LOG_GROUP}}},
    {
        "Phase1DHGroupNumbers": values(20),
        "Phase1AdditionalKeyExchanges": [
            {"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": values(36, 37)},
            {"AdditionalKeyExchangeRound": 2, "KeyExchangeMethods": [], "Requirement": "optional"},
        ],
    },
]

REFUSED = [
    {"TunnelInsideCidr": "169.254.20.1/30"},
    {"TunnelInsideCidr": "169.254.20.0/29"},
    {"TunnelInsideCidr": "10.0.0.0/30"},
    {"TunnelInsideCidr": "169.254.20.0"},
    *({"TunnelInsideCidr": f"169.254.{third}.0/30"} for third in range(6)),
    {"TunnelInsideCidr": "169.254.169.252/30"},
    {"PreSharedKey": "0abcdefgh"},
    {"PreSharedKey": "short12"},
    {"PreSharedKey": "x" * 65},
    {"PreSharedKey": "has+plus.sign"},
    {"PreSharedKey": "has a blank"},
    {"Phase1LifetimeSeconds": 899},
    {"Phase1LifetimeSeconds": 28801},
    {"Phase2LifetimeSeconds": 899},
    {"Phase2LifetimeSeconds": 3601},
    {"Phase1LifetimeSeconds": 3600},
    {"Phase1LifetimeSeconds": 1800, "Phase2LifetimeSeconds": 1800},
    {"RekeyMarginTimeSeconds": 59},
    {"RekeyMarginTimeSeconds": 1801},
    {"Phase2LifetimeSeconds": 900, "RekeyMarginTimeSeconds": 451},
    {"RekeyFuzzPercentage": 101},
    {"ReplayWindowSize": 63},
    {"ReplayWindowSize": 2049},
    {"DPDTimeoutSeconds": 29},
    {"DPDTimeoutAction": "hold"},
    {"Phase1EncryptionAlgorithms": values("3DES")},
    {"Phase2EncryptionAlgorithms": values("AES256", "AES192")},
    {"Phase1IntegrityAlgorithms": values("MD5")},
    {"Phase1DHGroupNumbers": values(5)},
    {"Phase1DHGroupNumbers": values(36)},
    {"Phase2DHGroupNumbers": values(1)},
    {"IKEVersions": values("ikev3")},
    {"StartupAction": "stop"},
    {"LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True}}},
    {"LogOptions": {"CloudWatchLogOptions": {"LogEnabled": False, "LogOutputFormat": "xml"}}},
    {"Phase1AdditionalKeyExchanges": [{"AdditionalKeyExchangeRound": 8, "KeyExchangeMethods": values(36)}]},
    {"Phase1AdditionalKeyExchanges": [{"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": []}]},
    {"Phase1AdditionalKeyExchanges": [{"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": values(99)}]},
    {
        "Phase2AdditionalKeyExchanges": [
            {"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": values(36)},
            {"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": values(37)},
        ]
    },
]

REFUSED_TOGETHER = [
    {"StartupAction": "start", "IKEVersions": values("ikev1")},
    {
        "IKEVersions": values("ikev1"),
        "Phase1AdditionalKeyExchanges": [{"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": values(36)}],
    },
    {
        "Phase1DHGroupNumbers": values(20),
        "Phase1AdditionalKeyExchanges": [{"AdditionalKeyExchangeRound": 1, "KeyExchangeMethods": values(20)}],
    },
    {"TunnelInsideIpv6Cidr": "fd00::/126"},
]


@pytest.mark.parametrize("tunnel", ACCEPTED, ids=str)
def test_accepted(region: Any, tunnel: dict[str, Any]) -> None:
    region.connection(tunnels=[tunnel])


@pytest.mark.parametrize("tunnel", REFUSED, ids=str)
def test_refused(region: Any, ec2: Any, refused: Any, tunnel: dict[str, Any]) -> None:
    with refused("InvalidParameterValue"):
        region.connection(tunnels=[{}, tunnel])
    assert ec2.describe_vpn_connections()["VpnConnections"] == []


@pytest.mark.parametrize("tunnel", REFUSED_TOGETHER, ids=str)
def test_refused_together(region: Any, refused: Any, tunnel: dict[str, Any]) -> None:
    with refused("InvalidParameterCombination"):
        region.connection(tunnels=[tunnel])


def test_a_refused_key_is_not_repeated(region: Any) -> None:
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError) as caught:
        region.connection(tunnels=[{"PreSharedKey": "marker+key"}])
    assert "marker" not in str(caught.value)
    assert "PreSharedKey" in str(caught.value)


def test_a_connection_has_two_tunnels(region: Any, refused: Any) -> None:
    with refused("InvalidParameterValue"):
        region.connection(tunnels=[{"StartupAction": "add"}] * 3)


def test_an_entry_belongs_to_the_tunnel_of_its_number(region: Any) -> None:
    """An empty first entry is not on the wire at all."""
    first, second = region.connection(tunnels=[{}, {"StartupAction": "start"}])["Options"]["TunnelOptions"]
    assert "StartupAction" not in first
    assert second["StartupAction"] == "start"


def test_inside_cidrs_are_unique_per_virtual_private_gateway(region: Any, ec2: Any, refused: Any) -> None:
    mine = {"TunnelInsideCidr": "169.254.20.0/30"}
    with refused("InvalidParameterValue"):
        region.connection(tunnels=[mine, mine])
    gateway_id = region.vpn_gateway()
    first = region.connection(tunnels=[mine], VpnGatewayId=gateway_id)
    with refused("InvalidParameterValue"):
        region.connection(tunnels=[{}, mine], VpnGatewayId=gateway_id)
    region.connection(tunnels=[mine])
    ec2.delete_vpn_connection(VpnConnectionId=first["VpnConnectionId"])
    region.connection(tunnels=[mine], VpnGatewayId=gateway_id)


def test_what_aws_chooses_is_unique_per_virtual_private_gateway_until_no_cidr_is_left(
    region: Any, emulator: Any, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight networks instead of 16,377, so that they are used up by four connections."""
    monkeypatch.setattr(addresses, "INSIDE_IPV4", ipaddress.IPv4Network("169.254.20.0/27"))
    emulator.quotas.lift()
    gateway_id = region.vpn_gateway()
    connections = [region.connection(VpnGatewayId=gateway_id) for _each in range(4)]
    cidrs = {one["TunnelInsideCidr"] for each in connections for one in each["Options"]["TunnelOptions"]}
    assert len(cidrs) == 8
    with refused("InsufficientAddressCapacity"):
        region.connection(VpnGatewayId=gateway_id)
    # Another gateway, of whichever kind, has all of them again.
    first, second = region.connection(VpnGatewayId=region.vpn_gateway())["Options"]["TunnelOptions"]
    assert {first["TunnelInsideCidr"], second["TunnelInsideCidr"]} < cidrs
    assert first["TunnelInsideCidr"] != second["TunnelInsideCidr"]
    region.connection(TransitGatewayId=region.transit_gateway())


def test_a_full_pool_is_noticed() -> None:
    every = {str(cidr) for cidr in ipaddress.IPv4Network("169.254.0.0/16").subnets(new_prefix=30)}
    assert addresses.pick_inside_ipv4(every) is None
    assert addresses.pick_inside_ipv4(every - {"169.254.20.0/30", "169.254.0.0/30"}) == "169.254.20.0/30"


def test_inside_ipv6_cidrs_are_unique_per_transit_gateway(region: Any, ec2: Any, refused: Any) -> None:
    options = {"TunnelInsideIpVersion": "ipv6"}
    mine = {"TunnelInsideIpv6Cidr": "fd00:20::/126"}
    gateway_id, other_id = region.transit_gateway(), region.transit_gateway()
    with refused("InvalidParameterValue"):
        region.connection(tunnels=[mine, mine], Options=options, TransitGatewayId=gateway_id)
    region.connection(tunnels=[mine], Options=options, TransitGatewayId=gateway_id)
    with refused("InvalidParameterValue"):
        region.connection(tunnels=[{}, mine], Options=options, TransitGatewayId=gateway_id)
    concentrator = ec2.create_vpn_concentrator(Type="ipsec.1", TransitGatewayId=gateway_id)["VpnConcentrator"]
    with refused("InvalidParameterValue"):
        region.connection(tunnels=[mine], Options=options, VpnConcentratorId=concentrator["VpnConcentratorId"])
    elsewhere = region.connection(tunnels=[mine], Options=options, TransitGatewayId=other_id)
    with refused("InvalidParameterValue"):
        ec2.modify_vpn_connection(VpnConnectionId=elsewhere["VpnConnectionId"], TransitGatewayId=gateway_id)


def test_inside_cidrs_may_be_used_again_on_a_transit_gateway(region: Any) -> None:
    transit_gateway_id = region.transit_gateway()
    for _each in range(2):
        region.connection(tunnels=[{"TunnelInsideCidr": "169.254.20.0/30"}], TransitGatewayId=transit_gateway_id)


def test_ipv6_inside_needs_a_transit_gateway_and_its_own_cidrs(region: Any, refused: Any) -> None:
    options = {"TunnelInsideIpVersion": "ipv6", "LocalIpv6NetworkCidr": "2001:db8::/32"}
    with refused("InvalidParameterCombination"):
        region.connection(Options=options)
    transit_gateway_id = region.transit_gateway()
    with refused("InvalidParameterCombination"):
        region.connection(
            tunnels=[{"TunnelInsideCidr": "169.254.20.0/30"}], Options=options, TransitGatewayId=transit_gateway_id
        )
    with refused("InvalidParameterValue"):
        region.connection(
            tunnels=[{"TunnelInsideIpv6Cidr": "2001:db8::/126"}], Options=options, TransitGatewayId=transit_gateway_id
        )
    sent = {"TunnelInsideIpv6Cidr": "fdff:ffff::/126"}
    connection = region.connection(tunnels=[sent], Options=options, TransitGatewayId=transit_gateway_id)
    shown = connection["Options"]
    assert (shown["LocalIpv6NetworkCidr"], shown["RemoteIpv6NetworkCidr"]) == ("2001:db8::/32", "::/0")
    assert "LocalIpv4NetworkCidr" not in shown
    first, second = shown["TunnelOptions"]
    assert first["TunnelInsideIpv6Cidr"] == "fdff:ffff::/126"
    assert second["TunnelInsideIpv6Cidr"].endswith("/126")
    assert "TunnelInsideCidr" not in second


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"TunnelInsideIpVersion": "ipv5"}, "InvalidParameterValue"),
        ({"LocalIpv4NetworkCidr": "10.20.0.1/16"}, "InvalidParameterValue"),
        ({"RemoteIpv4NetworkCidr": "everything"}, "InvalidParameterValue"),
        ({"LocalIpv6NetworkCidr": "2001:db8::/32"}, "InvalidParameterCombination"),
        ({"EnableAcceleration": True}, "InvalidParameterCombination"),
        ({"TunnelBandwidth": "large"}, "InvalidParameterCombination"),
        ({"TunnelBandwidth": "huge"}, "InvalidParameterValue"),
        ({"OutsideIpAddressType": "Public"}, "InvalidParameterValue"),
    ],
)
def test_connection_options_refused_on_a_virtual_private_gateway(
    region: Any, refused: Any, options: dict[str, Any], code: str
) -> None:
    with refused(code):
        region.connection(Options=options)


def test_a_transit_gateway_has_acceleration_and_bandwidth(region: Any) -> None:
    target = {"TransitGatewayId": region.transit_gateway()}
    for options in ({"EnableAcceleration": True, "StaticRoutesOnly": True}, {"TunnelBandwidth": "large"}):
        assert options.items() <= region.connection(Options=options, **target)["Options"].items()


def test_the_type_must_be_ipsec(ec2: Any, region: Any, refused: Any) -> None:
    with refused("InvalidParameterValue"):
        ec2.create_vpn_connection(Type="ipsec.2", CustomerGatewayId=region.customer_gateway())
