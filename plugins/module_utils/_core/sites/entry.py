# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One connection of a gateway with everything that belongs to it, as a user describes it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.access import Access
from ..model.names import MAIN, connection_name
from ..model.resources import BGP, TransitRouting, TunnelWanted, VpnConcentratorWanted, VpnGatewayWanted


@dataclass(frozen=True)
class ConnectionEntry:
    """One connection of a gateway; the networks and the preference are for the gateway side."""

    gateway: str
    public_ip: str | None
    bgp_asn: int | None
    transit_gateway_id: str | None = None
    vpn_gateway_id: str | None = None
    vpn_gateway: VpnGatewayWanted | None = None
    routing: str | None = BGP
    local_cidrs: tuple[str, ...] = ()
    remote_cidrs: tuple[str, ...] = ()
    tunnels: tuple[TunnelWanted, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    vpn_concentrator_id: str | None = None
    vpn_concentrator: VpnConcentratorWanted | None = None
    unattached: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    pre_shared_key_storage: str | None = None
    transit_routing: TransitRouting | None = None
    certificate_arn: str | None = None
    device_name: str | None = None
    shared_networks: bool = False
    # What the connection is called on its gateway.
    connection: str = MAIN
    # 1 is preferred; traffic uses equal ones side by side where the routing can.
    preference: int = 1
    # Where the gateway stands, if that has a name of its own.
    place: str | None = None
    # Where in AWS it is.
    access: Access = field(default_factory=Access)

    @property
    def name(self) -> str:
        """The name of the connection."""
        return connection_name(self.gateway, self.connection)

    @property
    def site(self) -> str:
        """Where the gateway stands."""
        return self.place or self.gateway
