# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The device types of GetVpnConnectionDeviceTypes, and sample configurations in a format of the emulator's own.

Of AWS's samples only the facts are the same (addresses, keys, compatibility crypto), not one line of their text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from . import errors
from .lifecycle import DELETED, DELETING
from .tunnels import Tunnel
from .vpn_connection import VpnConnection

# Ids seen in public; those of the others are made up.
_SEEN = {
    ("Barracuda", "NextGen Firewall F-Series", "6.2+"): "36ef5d04",
    ("Fortinet", "Fortigate 40+ Series", "FortiOS 5.0+"): "9d9470de",
    ("Juniper Networks, Inc.", "J-Series Routers", "JunOS 9.5+"): "5fb8ab34",
    ("Palo Alto Networks", "PA Series", "PANOS 4.1.2+"): "754a6372",
    ("Palo Alto Networks", "PA Series", "PANOS 4.1.2+ (GUI)"): "9612cbed",
    ("Palo Alto Networks", "PA Series", "PANOS 7.0+"): "5fb390ba",
}
_OTHERS = (
    ("Checkpoint", "Gaia", "R80.10+"),
    ("Cisco Meraki", "MX Series", "15.12+ (WebUI)"),
    ("Cisco Systems, Inc.", "ASA 5500 Series", "ASA 9.7+ VTI"),
    ("Cisco Systems, Inc.", "CSRv AMI", "IOS 12.4+"),
    ("Generic", "Generic", "Vendor Agnostic"),
    ("Juniper Networks, Inc.", "SRX Routers", "JunOS 11.0+"),
    ("Libreswan", "Libreswan", "Libreswan 5.0+"),
    ("MikroTik", "RouterOS", "6.36"),
    ("Openswan", "Openswan", "Openswan 2.6.38+"),
    ("pfSense", "pfSense", "pfSense 2.2.5+(GUI)"),
    ("SonicWall", "NSA, TZ", "OS 6.5"),
    ("Sophos", "Sophos Firewall", "v19+"),
    ("Strongswan", "Ubuntu 16.04", "Strongswan 5.5.1+"),
    ("WatchGuard, Inc.", "XTM, Firebox", "Fireware OS 11.12.2+ (WebUI)"),
    ("Yamaha", "RT107e, RTX1200, RTX1210, RTX1500, RTX3000, SRT100", "Rev.10.01.16+"),
)


def _made_up(device: tuple[str, str, str]) -> str:
    return hashlib.sha256("/".join(device).encode()).hexdigest()[:8]


DEVICES: Mapping[str, tuple[str, str, str]] = {
    device_id: device
    for device, device_id in sorted({**_SEEN, **{device: _made_up(device) for device in _OTHERS}}.items())
}


def describe() -> list[dict[str, str]]:
    return [
        {"VpnConnectionDeviceTypeId": device_id, "Vendor": vendor, "Platform": platform, "Software": software}
        for device_id, (vendor, platform, software) in DEVICES.items()
    ]


def sample(connection: VpnConnection, request: Mapping[str, Any]) -> str:
    """The configuration of both tunnels, keys included; the same one at every call."""
    device = DEVICES.get(request["VpnConnectionDeviceTypeId"])
    if device is None:
        raise errors.invalid_value("VpnConnectionDeviceTypeId", request["VpnConnectionDeviceTypeId"])
    if connection.state in (DELETING, DELETED):
        raise errors.connection_state(connection.id, connection.state)
    version = _ike_version(request)
    head = [
        f"# Sample of the emulated AWS for {' / '.join(device)}",
        "# A form of the emulator's own: not one line of it is AWS's.",
        f"# VPN connection: {connection.id}",
        f"# Customer gateway: {connection.customer_gateway.id}",
        f"# AWS side: {connection.vpn_gateway_id or connection.transit_gateway_id or connection.concentrator_id}",
    ]
    return "\n".join(
        [*head, *(line for tunnel in connection.tunnels for line in _section(connection, tunnel, version))]
    )


def _ike_version(request: Mapping[str, Any]) -> str:
    kind = request.get("SampleType", "compatibility")
    version = request.get("InternetKeyExchangeVersion") or ("ikev2" if kind == "recommended" else "ikev1")
    if kind not in ("compatibility", "recommended"):
        raise errors.invalid_value("SampleType", kind)
    if version not in ("ikev1", "ikev2"):
        raise errors.invalid_value("InternetKeyExchangeVersion", version)
    if kind == "recommended" and version == "ikev1":
        raise errors.unsupported("There is no recommended sample with IKEv1")
    return str(version)


def _section(connection: VpnConnection, tunnel: Tunnel, version: str) -> list[str]:
    lines = [
        "",
        f"[tunnel {tunnel.number}]",
        f"ike_version = {version}",
        "ike_proposal = aes128-sha1-modp1024",
        "esp_proposal = aes128-sha1-modp1024",
        f"local_address = {connection.customer_gateway.ip_address or '%any'}",
        f"remote_address = {tunnel.outside_address}",
        f"local_inside_address = {tunnel.customer_inside_address}",
        f"remote_inside_address = {tunnel.aws_inside_address}",
        f"pre_shared_key = {_key(connection, tunnel)}",
    ]
    if not connection.is_static:
        lines += [f"local_asn = {connection.customer_gateway.asn}", f"remote_asn = {connection.amazon_side_asn}"]
    return lines


def _key(connection: VpnConnection, tunnel: Tunnel) -> str:
    if connection.uses_certificates:
        return "(certificates)"
    return f"(in {connection.key_arn})" if tunnel.is_key_stored else tunnel.psk
