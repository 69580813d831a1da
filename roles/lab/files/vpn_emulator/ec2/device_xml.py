# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CustomerGatewayConfiguration: the XML as AWS renders it.

The crypto values are the compatibility minimum whatever the tunnel options say, as on AWS: take addresses, ASNs and
keys from it and the rest from Options.TunnelOptions. The order of the tunnels is not that of the options either.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

_HOLD_TIME = 30
_IKE = {
    "authentication_protocol": "sha1",
    "encryption_protocol": "aes-128-cbc",
    "lifetime": "28800",
    "perfect_forward_secrecy": "group2",
    "mode": "main",
}
_IPSEC = {
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


@dataclass(frozen=True)
class End:
    """One side of a tunnel; no ASN means static routing."""

    outside_address: str
    inside_address: str
    asn: int | None


@dataclass(frozen=True)
class DeviceTunnel:
    customer: End
    aws: End
    inside_cidr: str
    psk: str


@lru_cache(maxsize=4096)
def render(
    connection_id: str,
    *,
    customer_gateway_id: str,
    vpn_gateway_id: str | None,
    connection_type: str,
    is_static: bool,
    tunnels: tuple[DeviceTunnel, ...],
) -> str:
    root = ElementTree.Element("vpn_connection", {"id": connection_id})
    _add(root, "customer_gateway_id", customer_gateway_id)
    _add(root, "vpn_gateway_id", vpn_gateway_id or "")
    _add(root, "vpn_connection_type", connection_type)
    if is_static:
        _add(root, "vpn_connection_attributes", "NoBGPVPNConnection")
    # Half of the connections show tunnel 2 first: nobody may rely on the order.
    is_reversed = int(connection_id[-1], 16) % 2 == 1
    for tunnel in reversed(tunnels) if is_reversed else tunnels:
        _add_tunnel(root, tunnel)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text


def _add_tunnel(root: ElementTree.Element, tunnel: DeviceTunnel) -> None:
    element = ElementTree.SubElement(root, "ipsec_tunnel")
    for tag, end in (("customer_gateway", tunnel.customer), ("vpn_gateway", tunnel.aws)):
        _add_end(ElementTree.SubElement(element, tag), end, ipaddress.ip_network(tunnel.inside_cidr))
    ike = ElementTree.SubElement(element, "ike")
    for tag, text in _IKE.items():
        _add(ike, tag, text)
    _add(ike, "pre_shared_key", tunnel.psk)
    ipsec = ElementTree.SubElement(element, "ipsec")
    for tag, text in _IPSEC.items():
        _add(ipsec, tag, text)
    detection = ElementTree.SubElement(ipsec, "dead_peer_detection")
    _add(detection, "interval", "10")
    _add(detection, "retries", "3")


def _add_end(parent: ElementTree.Element, end: End, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> None:
    _add(ElementTree.SubElement(parent, "tunnel_outside_address"), "ip_address", end.outside_address)
    if network.version == 4:
        inside = ElementTree.SubElement(parent, "tunnel_inside_address")
        _add(inside, "ip_address", end.inside_address)
        _add(inside, "network_mask", str(network.netmask))
        _add(inside, "network_cidr", str(network.prefixlen))
    else:
        inside = ElementTree.SubElement(parent, "tunnel_inside_ipv6_address")
        _add(inside, "ip_address", end.inside_address)
        _add(inside, "prefix_length", "128")
    if end.asn is not None:
        bgp = ElementTree.SubElement(parent, "bgp")
        _add(bgp, "asn", str(end.asn))
        _add(bgp, "hold_time", str(_HOLD_TIME))
