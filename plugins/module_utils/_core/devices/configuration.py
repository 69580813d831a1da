# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The customer gateway configuration AWS renders: addresses, ASNs and keys out of the XML, never algorithms.

The algorithms in it are the compatibility minimum and not what the tunnel is set to; the order of its tunnels is not
that of Options.TunnelOptions either, so readers join on the outside address of the AWS side.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network
from xml.etree import ElementTree

from ..model import values
from ..model.secret import Secret


@dataclass(frozen=True)
class DeviceTunnel:
    """What the XML says of one tunnel."""

    outside_address: str
    inside_cidr: str | None
    amazon_side_asn: int | None
    customer_asn: int | None
    pre_shared_key: Secret | None


def parse(text: str) -> tuple[DeviceTunnel, ...]:
    """The tunnels of a customer gateway configuration; none when the text is no such document."""
    if "<!DOCTYPE" in text:
        # A document type may define entities, which can grow without end. AWS writes none.
        return ()
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  # without a document type there are no entities
    except ElementTree.ParseError:
        return ()
    return tuple(tunnel for node in root.iter("ipsec_tunnel") if (tunnel := _tunnel(node)) is not None)


def _tunnel(node: ElementTree.Element) -> DeviceTunnel | None:
    outside = _text(node, "vpn_gateway/tunnel_outside_address/ip_address")
    if outside is None or values.address(outside) is None:
        return None
    key = _text(node, "ike/pre_shared_key")
    return DeviceTunnel(
        outside,
        _inside(node),
        _number(node, "vpn_gateway/bgp/asn"),
        _number(node, "customer_gateway/bgp/asn"),
        Secret(key) if key and key != "REDACTED" else None,
    )


def _inside(node: ElementTree.Element) -> str | None:
    address = _text(node, "vpn_gateway/tunnel_inside_address/ip_address")
    length = _text(node, "vpn_gateway/tunnel_inside_address/network_cidr")
    if length != "30" or values.ipv4_address(address) is None:
        return None
    return str(IPv4Network(f"{address}/30", strict=False))


def _text(node: ElementTree.Element, path: str) -> str | None:
    found = node.findtext(path)
    return found.strip() if found and found.strip() else None


def _number(node: ElementTree.Element, path: str) -> int | None:
    return values.number(_text(node, path))
