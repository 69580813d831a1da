# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outside addresses of tunnels, by OutsideIpAddressType: the pool they come from, and what each type needs."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from ..environment import Environment
from . import errors
from .connection_options import Target
from .customer_gateways import CustomerGateway
from .transit import TransitGateways

PUBLIC = "PublicIpv4"
PRIVATE = "PrivateIpv4"
IPV6 = "Ipv6"
TYPES = (PUBLIC, PRIVATE, IPV6)
_TRANSPORT = "TransportTransitGatewayAttachmentId"


def check(options: Mapping[str, Any], target: Target, customer_gateway: CustomerGateway) -> None:
    """What the type of the outside addresses asks of the rest of the request."""
    kind = options.get("OutsideIpAddressType", PUBLIC)
    if kind not in TYPES:
        raise errors.invalid_value("OutsideIpAddressType", kind)
    is_ipv6 = ":" in (customer_gateway.ip_address or "")
    if is_ipv6 != (kind == IPV6) and customer_gateway.ip_address is not None:
        raise errors.invalid_combination("OutsideIpAddressType Ipv6 and an IPv6 customer gateway need each other")
    if kind != PUBLIC and (target.is_vpn_gateway or target.is_concentrator):
        raise errors.invalid_combination(f"OutsideIpAddressType {kind} needs a transit gateway")
    if kind != PUBLIC and options.get("EnableAcceleration"):
        raise errors.invalid_combination(f"EnableAcceleration is not supported with OutsideIpAddressType {kind}")
    if (kind == PRIVATE) != (options.get(_TRANSPORT) is not None):
        if kind == PRIVATE:
            raise errors.missing([_TRANSPORT])
        raise errors.invalid_combination(f"{_TRANSPORT} is only for OutsideIpAddressType PrivateIpv4")


def check_transport(options: Mapping[str, Any], transit_gateway_id: str | None, gateways: TransitGateways) -> None:
    """A private connection runs over a Direct Connect gateway that is attached to the same transit gateway."""
    if options.get("OutsideIpAddressType", PUBLIC) != PRIVATE:
        return
    if transit_gateway_id is None:
        raise errors.invalid_combination("OutsideIpAddressType PrivateIpv4 needs a transit gateway")
    attachment = gateways.tables.available_attachment(options[_TRANSPORT])
    is_usable = attachment.resource_type == "direct-connect-gateway"
    if not is_usable or attachment.transit_gateway_id != transit_gateway_id:
        raise errors.invalid_value(_TRANSPORT, attachment.id)


def take(
    kind: str, *, environment: Environment, transit_gateway_id: str | None, gateways: TransitGateways, used: set[str]
) -> tuple[str, str] | None:
    """Two addresses, or None when there are no more."""
    if kind == PUBLIC:
        return environment.outside_addresses.take_pair()
    if environment.data_plane is not None:
        raise errors.unsupported(f"The data plane has no endpoints of OutsideIpAddressType {kind}")
    if kind == IPV6:
        return environment.outside_addresses.take_ipv6_pair()
    return _private_pair(gateways.cidr_blocks(transit_gateway_id or ""), used)


def _private_pair(blocks: list[str], used: set[str]) -> tuple[str, str] | None:
    """The first free ones of the transit gateway's own blocks; AWS was seen to begin with the network's address."""
    found: list[str] = []
    for block in blocks:
        network = ipaddress.ip_network(block)
        if network.version != 4:
            continue
        for address in network:
            if str(address) not in used:
                found.append(str(address))
                if len(found) == 2:
                    return found[0], found[1]
    if not blocks:
        raise errors.invalid_combination("The transit gateway has no CIDR block for private tunnel addresses")
    return None
