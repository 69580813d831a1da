# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a whole connection: what AWS accepts, and the defaults it shows (unlike those of a tunnel)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import errors

_IPV4_CIDRS = ("LocalIpv4NetworkCidr", "RemoteIpv4NetworkCidr")
_IPV6_CIDRS = ("LocalIpv6NetworkCidr", "RemoteIpv6NetworkCidr")
_REGIONS_WITHOUT_LARGE = ("ap-southeast-4", "ca-west-1", "eu-central-2", "il-central-1", "me-central-1")


class Target(NamedTuple):
    """The gateway that a connection is on; without any it is not attached."""

    vpn_gateway_id: str | None
    transit_gateway_id: str | None
    concentrator_id: str | None

    @property
    def is_vpn_gateway(self) -> bool:
        return self.vpn_gateway_id is not None

    @property
    def is_concentrator(self) -> bool:
        return self.concentrator_id is not None

    @property
    def is_none(self) -> bool:
        return self == (None, None, None)


def require_one_target(request: Mapping[str, Any]) -> None:
    """One at most; AWS says so before it looks whether they are there."""
    has_vpn_gateway, has_transit_gateway = "VpnGatewayId" in request, "TransitGatewayId" in request
    if has_vpn_gateway and has_transit_gateway:
        raise errors.two_targets()
    if "VpnConcentratorId" in request and (has_vpn_gateway or has_transit_gateway):
        raise errors.invalid_combination("A VPN concentrator is named instead of another gateway")


def target_of(request: Mapping[str, Any]) -> Target:
    return Target(request.get("VpnGatewayId"), request.get("TransitGatewayId"), request.get("VpnConcentratorId"))


def for_create(request: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """The connection level Options of the answer; TunnelOptions are not looked at."""
    version = request.get("TunnelInsideIpVersion", "ipv4")
    if version not in ("ipv4", "ipv6"):
        raise errors.invalid_value("TunnelInsideIpVersion", version)
    _check_gateway_needs(request, version, target)
    cidrs = _IPV4_CIDRS if version == "ipv4" else _IPV6_CIDRS
    options: dict[str, Any] = {
        "EnableAcceleration": request.get("EnableAcceleration", False),
        "StaticRoutesOnly": request.get("StaticRoutesOnly", False),
        **dict.fromkeys(cidrs, "0.0.0.0/0" if version == "ipv4" else "::/0"),
        "OutsideIpAddressType": request.get("OutsideIpAddressType", "PublicIpv4"),
        "TunnelInsideIpVersion": version,
    }
    if request.get("TransportTransitGatewayAttachmentId") is not None:
        options["TransportTransitGatewayAttachmentId"] = request["TransportTransitGatewayAttachmentId"]
    options.update(check_cidrs(request, version))
    options.update(check_bandwidth(request))
    return options


def check_cidrs(request: Mapping[str, Any], version: str) -> dict[str, str]:
    """Local is the customer's side, remote is AWS's side."""
    found: dict[str, str] = {}
    for name in (*_IPV4_CIDRS, *_IPV6_CIDRS):
        value = request.get(name)
        if value is None:
            continue
        if name not in (_IPV4_CIDRS if version == "ipv4" else _IPV6_CIDRS):
            raise errors.invalid_combination(f"{name} is not allowed for VPNs using an {version} inside ip version")
        if not is_network(value, 4 if version == "ipv4" else 6):
            raise errors.invalid_value(name, value)
        found[name] = value
    return found


def check_bandwidth(request: Mapping[str, Any]) -> dict[str, str]:
    bandwidth = request.get("TunnelBandwidth")
    if bandwidth is None:
        return {}
    if bandwidth not in ("standard", "large"):
        raise errors.invalid_value("TunnelBandwidth", bandwidth)
    return {"TunnelBandwidth": bandwidth}


def is_large(options: Mapping[str, Any]) -> bool:
    return options.get("TunnelBandwidth") == "large"


def check_large(options: Mapping[str, Any], target: Target, customer_address: str | None, region: str) -> None:
    """What large bandwidth asks of the connection that has it. AWS's codes are not known, but for the Regions."""
    if not is_large(options):
        return
    if region in _REGIONS_WITHOUT_LARGE:
        raise errors.unsupported(f"TunnelBandwidth large is not available in {region}")
    if target.is_vpn_gateway or target.is_concentrator:
        raise errors.invalid_combination("TunnelBandwidth large is only supported on a transit gateway or Cloud WAN")
    if options["EnableAcceleration"]:
        raise errors.invalid_combination("TunnelBandwidth large is not supported with EnableAcceleration")
    if customer_address is None:
        raise errors.invalid_combination("TunnelBandwidth large needs the address of the customer gateway")


def is_network(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_network(value).version == version
    except ValueError:
        return False


def _check_gateway_needs(request: Mapping[str, Any], version: str, target: Target) -> None:
    if target.is_concentrator and request.get("StaticRoutesOnly"):
        raise errors.invalid_combination("StaticRoutesOnly is not supported on a VPN concentrator")
    if not target.is_vpn_gateway:
        return
    if request.get("EnableAcceleration"):
        raise errors.invalid_combination("EnableAcceleration is not supported on a virtual private gateway")
    if version == "ipv6":
        raise errors.invalid_combination("TunnelInsideIpVersion ipv6 is not supported on a virtual private gateway")
