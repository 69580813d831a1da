# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CustomerGatewayConfiguration: the XML document a device is configured from."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree


def parse(connection: dict[str, Any]) -> ElementTree.Element:
    return ElementTree.fromstring(connection["CustomerGatewayConfiguration"])  # noqa: S314  # our own document


def by_outside_address(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    path = "vpn_gateway/tunnel_outside_address/ip_address"
    return {tunnel.findtext(path, ""): tunnel for tunnel in root.findall("ipsec_tunnel")}


def texts(element: ElementTree.Element, *paths: str) -> list[str | None]:
    return [element.findtext(path) for path in paths]


def test_a_bgp_connection_on_a_virtual_private_gateway(region: Any) -> None:
    gateway_id = region.vpn_gateway(AmazonSideAsn=65100)
    sent = {"TunnelInsideCidr": "169.254.20.8/30", "PreSharedKey": "my.key_1234"}
    connection = region.connection(tunnels=[sent], VpnGatewayId=gateway_id)
    text = connection["CustomerGatewayConfiguration"]
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<vpn_connection id="vpn-')
    root = parse(connection)
    assert root.get("id") == connection["VpnConnectionId"]
    assert root.findtext("customer_gateway_id") == connection["CustomerGatewayId"]
    assert root.findtext("vpn_gateway_id") == gateway_id
    assert root.findtext("vpn_connection_type") == "ipsec.1"
    assert root.find("vpn_connection_attributes") is None

    first, second = connection["Options"]["TunnelOptions"]
    found = by_outside_address(root)
    assert set(found) == {first["OutsideIpAddress"], second["OutsideIpAddress"]}
    tunnel = found[first["OutsideIpAddress"]]
    inside = ("ip_address", "network_mask", "network_cidr")
    assert texts(tunnel, *(f"vpn_gateway/tunnel_inside_address/{one}" for one in inside)) == [
        "169.254.20.9",
        "255.255.255.252",
        "30",
    ]
    assert texts(tunnel, *(f"customer_gateway/tunnel_inside_address/{one}" for one in inside)) == [
        "169.254.20.10",
        "255.255.255.252",
        "30",
    ]
    assert tunnel.findtext("customer_gateway/tunnel_outside_address/ip_address") == "198.51.100.10"
    assert texts(tunnel, "customer_gateway/bgp/asn", "vpn_gateway/bgp/asn") == ["65010", "65100"]
    assert texts(tunnel, "customer_gateway/bgp/hold_time", "vpn_gateway/bgp/hold_time") == ["30", "30"]
    assert tunnel.findtext("ike/pre_shared_key") == "my.key_1234"
    assert found[second["OutsideIpAddress"]].findtext("ike/pre_shared_key") == second["PreSharedKey"]


def test_a_static_connection_says_so_and_has_no_bgp(region: Any) -> None:
    root = parse(region.connection(Options={"StaticRoutesOnly": True}))
    assert root.findtext("vpn_connection_attributes") == "NoBGPVPNConnection"
    assert root.findall(".//bgp") == []


def test_on_a_transit_gateway_the_gateway_id_is_empty_and_the_asn_is_its_own(region: Any) -> None:
    transit_gateway_id = region.transit_gateway(Options={"AmazonSideAsn": 64999})
    connection = region.connection(TransitGatewayId=transit_gateway_id)
    root = parse(connection)
    assert root.findtext("vpn_gateway_id") == ""
    assert transit_gateway_id not in connection["CustomerGatewayConfiguration"]
    assert {one.text for one in root.findall("ipsec_tunnel/vpn_gateway/bgp/asn")} == {"64999"}


def test_the_crypto_is_the_compatibility_minimum_whatever_the_options_say(region: Any) -> None:
    strong = {
        "Phase1EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
        "Phase1DHGroupNumbers": [{"Value": 20}],
        "Phase2DHGroupNumbers": [{"Value": 20}],
        "IKEVersions": [{"Value": "ikev2"}],
        "Phase1LifetimeSeconds": 14400,
    }
    root = parse(region.connection(tunnels=[strong, strong]))
    for tunnel in root.findall("ipsec_tunnel"):
        ike = {one.tag: one.text for one in tunnel.findall("ike/*")}
        ike.pop("pre_shared_key")
        assert ike == {
            "authentication_protocol": "sha1",
            "encryption_protocol": "aes-128-cbc",
            "lifetime": "28800",
            "perfect_forward_secrecy": "group2",
            "mode": "main",
        }
        ipsec = {one.tag: one.text for one in tunnel.findall("ipsec/*") if not len(one)}
        assert ipsec == {
            "protocol": "esp",
            "authentication_protocol": "hmac-sha1-96",
            "encryption_protocol": "aes-128-cbc",
            "lifetime": "3600",
            "perfect_forward_secrecy": "group2",
            "mode": "tunnel",
            "clear_df_bit": "true",
            "fragmentation_before_encryption": "true",
            "tcp_mss_adjustment": "1379",
        }
        detection = "ipsec/dead_peer_detection/"
        assert texts(tunnel, f"{detection}interval", f"{detection}retries") == ["10", "3"]


def test_ipv6_inside_addresses(region: Any) -> None:
    connection = region.connection(
        tunnels=[{"TunnelInsideIpv6Cidr": "fd00:1::4/126"}],
        Options={"TunnelInsideIpVersion": "ipv6"},
        TransitGatewayId=region.transit_gateway(),
    )
    outside = connection["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    tunnel = by_outside_address(parse(connection))[outside]
    assert tunnel.find("vpn_gateway/tunnel_inside_address") is None
    path = "{}/tunnel_inside_ipv6_address/{}"
    assert tunnel.findtext(path.format("vpn_gateway", "ip_address")) == "fd00:1::5"
    assert tunnel.findtext(path.format("customer_gateway", "ip_address")) == "fd00:1::6"
    assert tunnel.findtext(path.format("customer_gateway", "prefix_length")) == "128"


def test_the_order_of_the_tunnels_is_not_that_of_the_options(region: Any) -> None:
    is_same = set()
    for _each in range(40):
        connection = region.connection(
            CustomerGatewayId=region.customer_gateway(), TransitGatewayId=region.transit_gateway()
        )
        options = [one["OutsideIpAddress"] for one in connection["Options"]["TunnelOptions"]]
        is_same.add(list(by_outside_address(parse(connection))) == options)
        if len(is_same) == 2:
            break
    assert is_same == {True, False}


def test_it_follows_a_new_key(region: Any, ec2: Any) -> None:
    connection = region.connection()
    outside = connection["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    ec2.modify_vpn_tunnel_options(
        VpnConnectionId=connection["VpnConnectionId"],
        VpnTunnelOutsideIpAddress=outside,
        TunnelOptions={"PreSharedKey": "rotated.key_1"},
    )
    tunnel = by_outside_address(parse(region.show(connection["VpnConnectionId"])))[outside]
    assert tunnel.findtext("ike/pre_shared_key") == "rotated.key_1"
