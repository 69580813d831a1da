# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 says of one tunnel and of devices, and what it leaves out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api import convert_tunnels
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.devices.types import DeviceType
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_status import (
    ActiveStatus,
    KeyExchange,
    Maintenance,
    Negotiated,
)

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, Maintenance()),
        ({"MaintenanceDetails": None}, Maintenance()),
        ({"MaintenanceDetails": {"PendingMaintenance": "Not Available"}}, Maintenance("Not Available")),
        # The SDK makes moments of the answer; an answer read from a file has text.
        (
            {"MaintenanceDetails": {"MaintenanceAutoAppliedAfter": NOON, "LastMaintenanceApplied": "2026-01-01"}},
            Maintenance(None, "2026-01-30T12:00:00+00:00", "2026-01-01"),
        ),
    ],
)
def test_maintenance(raw: dict[str, Any], expected: Maintenance) -> None:
    assert convert_tunnels.maintenance(raw) == expected


@pytest.mark.parametrize("raw", [{}, {"ActiveVpnTunnelStatus": None}, {"ActiveVpnTunnelStatus": {}}])
def test_nothing_is_negotiated_on_a_tunnel_that_is_down(raw: dict[str, Any]) -> None:
    assert convert_tunnels.active_status(raw) == ActiveStatus()


def test_each_phase_has_its_own_algorithms() -> None:
    status = {
        "ProvisioningStatus": "failed",
        "ProvisioningStatusReason": "no proposal chosen",
        "IkeVersion": "ikev2",
        "Phase1EncryptionAlgorithm": "AES256",
        "Phase1IntegrityAlgorithm": "SHA2-384",
        "Phase1DHGroup": 20,
        "Phase2EncryptionAlgorithm": "AES256-GCM-16",
        "Phase2DHGroup": 21,
        "Phase2AdditionalKeyExchanges": [
            {"AdditionalKeyExchangeRound": 1, "KeyExchangeMethod": 36},
            {"AdditionalKeyExchangeRound": 2, "KeyExchangeMethod": 37},
        ],
    }
    assert convert_tunnels.active_status({"ActiveVpnTunnelStatus": status}) == ActiveStatus(
        "failed",
        "no proposal chosen",
        "ikev2",
        Negotiated("AES256", "SHA2-384", 20),
        Negotiated("AES256-GCM-16", None, 21, (KeyExchange(1, 36), KeyExchange(2, 37))),
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, DeviceType("9005b6c1", "", "", "")),
        (
            {"Vendor": "Strongswan", "Platform": "Ubuntu 16.04", "Software": "Strongswan 5.5.1+"},
            DeviceType("9005b6c1", "Strongswan", "Ubuntu 16.04", "Strongswan 5.5.1+"),
        ),
    ],
)
def test_device_type(more: dict[str, str], expected: DeviceType) -> None:
    assert convert_tunnels.device_type({"VpnConnectionDeviceTypeId": "9005b6c1", **more}) == expected
