# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads and changes single tunnels, and reads device types and their sample configurations."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ..._core.devices.types import DeviceType
from ..._core.errors import ApiError
from ..._core.model.secret import Secret
from ..._core.model.tunnel_status import ActiveStatus, Maintenance
from . import convert_tunnels
from .caller import Caller, operation


class TunnelCalls(Caller):
    """A part of the EC2 API of one Region."""

    _client: Any

    # Reading.

    def maintenance(self, connection_id: str, outside_address: str) -> Maintenance:
        """What AWS has in store for the endpoint of a tunnel."""
        answer = self.repeatable(
            self._client.get_vpn_tunnel_replacement_status,
            _subject(connection_id, outside_address),
            VpnConnectionId=connection_id,
            VpnTunnelOutsideIpAddress=outside_address,
        )
        return convert_tunnels.maintenance(answer)

    def active_status(self, connection_id: str, outside_address: str) -> ActiveStatus:
        """What the two ends of a tunnel agreed on."""
        answer = self.repeatable(
            operation(self._client, "get_active_vpn_tunnel_status"),
            _subject(connection_id, outside_address),
            VpnConnectionId=connection_id,
            VpnTunnelOutsideIpAddress=outside_address,
        )
        return convert_tunnels.active_status(answer)

    def device_types(self) -> list[DeviceType]:
        """The devices AWS has sample configurations for."""
        raw = self.pages(self._client.get_vpn_connection_device_types, "VpnConnectionDeviceTypes", [])
        return [convert_tunnels.device_type(entry) for entry in raw]

    def device_configuration(
        self, connection_id: str, device_type_id: str, ike_version: str | None, sample_type: str | None
    ) -> Secret:
        """The sample configuration of a device; it holds the keys, so it does not show itself."""
        optional = {"InternetKeyExchangeVersion": ike_version, "SampleType": sample_type}
        answer = self.repeatable(
            self._client.get_vpn_connection_device_sample_configuration,
            f"{connection_id} device type {device_type_id}",
            VpnConnectionId=connection_id,
            VpnConnectionDeviceTypeId=device_type_id,
            **{name: value for name, value in optional.items() if value is not None},
        )
        return Secret(answer.get("VpnConnectionDeviceSampleConfiguration", ""))

    # Changing. A repetition would interrupt the tunnel once more, so repeating is the caller's decision.

    def replace_tunnel(self, connection_id: str, outside_address: str, apply_pending: bool) -> str:
        """Replaces the endpoint of a tunnel; AWS does not say which state its connection is in then."""
        subject = _subject(connection_id, outside_address)
        answer = self.once(
            self._client.replace_vpn_tunnel,
            subject,
            VpnConnectionId=connection_id,
            VpnTunnelOutsideIpAddress=outside_address,
            ApplyPendingMaintenance=apply_pending,
        )
        if answer.get("Return") is False:
            raise ApiError("ReplaceVpnTunnel", "Return false", "AWS did not replace the endpoint", subject)
        return ""

    def rotate_certificate(self, connection_id: str, outside_address: str) -> str:
        """Gives the endpoint of a tunnel a new certificate; the state of its connection then."""
        answer = self.once(
            self._client.modify_vpn_tunnel_certificate,
            _subject(connection_id, outside_address),
            VpnConnectionId=connection_id,
            VpnTunnelOutsideIpAddress=outside_address,
        )
        return str(answer.get("VpnConnection", {}).get("State", ""))


def _subject(connection_id: str, outside_address: str) -> str:
    return f"{connection_id} tunnel {outside_address}"
