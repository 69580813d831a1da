# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Turns AWS's answers about single tunnels and about device types into the model."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..._core.devices.types import DeviceType
from ..._core.model.tunnel_status import ActiveStatus, KeyExchange, Maintenance, Negotiated
from . import answers


def maintenance(raw: Mapping[str, Any]) -> Maintenance:
    """Maintenance in store for the endpoint of a tunnel."""
    details = raw.get("MaintenanceDetails") or {}
    return Maintenance(
        pending=details.get("PendingMaintenance"),
        auto_applied_after=_moment(details.get("MaintenanceAutoAppliedAfter")),
        last_applied=_moment(details.get("LastMaintenanceApplied")),
    )


def active_status(raw: Mapping[str, Any]) -> ActiveStatus:
    """What the two ends of a tunnel agreed on."""
    status = raw.get("ActiveVpnTunnelStatus") or {}
    return ActiveStatus(
        status.get("ProvisioningStatus"),
        status.get("ProvisioningStatusReason"),
        status.get("IkeVersion"),
        _negotiated(status, "Phase1"),
        _negotiated(status, "Phase2"),
    )


def device_type(raw: Mapping[str, Any]) -> DeviceType:
    """A device AWS has a sample configuration for."""
    return DeviceType(
        str(raw.get("VpnConnectionDeviceTypeId", "")),
        raw.get("Vendor", ""),
        raw.get("Platform", ""),
        raw.get("Software", ""),
    )


def _negotiated(status: Mapping[str, Any], phase: str) -> Negotiated:
    return Negotiated(
        status.get(f"{phase}EncryptionAlgorithm"),
        status.get(f"{phase}IntegrityAlgorithm"),
        answers.number(status, f"{phase}DHGroup"),
        tuple(
            KeyExchange(
                answers.number(entry, "AdditionalKeyExchangeRound") or 0,
                answers.number(entry, "KeyExchangeMethod") or 0,
            )
            for entry in status.get(f"{phase}AdditionalKeyExchanges", [])
        ),
    )


def _moment(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)
