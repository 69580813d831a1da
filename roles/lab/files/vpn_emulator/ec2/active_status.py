# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetActiveVpnTunnelStatus: what the two ends really negotiated, as the data plane reports it, or nothing."""

from __future__ import annotations

from typing import Any

from .lifecycle import AVAILABLE
from .tunnels import Tunnel
from .vpn_connection import VpnConnection

_NEGOTIATED = (
    "Phase1EncryptionAlgorithm",
    "Phase2EncryptionAlgorithm",
    "Phase1IntegrityAlgorithm",
    "Phase2IntegrityAlgorithm",
    "Phase1DHGroup",
    "Phase2DHGroup",
    "IkeVersion",
    "Phase1AdditionalKeyExchanges",
    "Phase2AdditionalKeyExchanges",
)


def describe(connection: VpnConnection, tunnel: Tunnel) -> dict[str, Any]:
    plane = connection.environment.data_plane
    if plane is not None and plane.last_error is not None:
        return {"ProvisioningStatus": "failed", "ProvisioningStatusReason": plane.last_error}
    if connection.state != AVAILABLE:
        return {"ProvisioningStatus": "pending"}
    endpoint = connection.endpoint_status(tunnel)
    active = (endpoint or {}).get("active") or {}
    negotiated = {name: active[name] for name in _NEGOTIATED if active.get(name) is not None}
    return {"ProvisioningStatus": "available", **negotiated}
