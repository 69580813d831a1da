# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the owner of a gateway says of it. What is not said is taken from each tunnel."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Settings:
    """The options of the filter gateway_peers; empty ones are not set."""

    routing: str | None = None
    local_address: str | None = None
    lan_address: str | None = None
    local_cidrs: Sequence[str] = ()
    remote_cidrs: Sequence[str] = ()
    allowed_cidrs: Sequence[str] = ()
    unreachable_cidrs: Sequence[str] = ()
    unreachable_without_tunnel: bool = True
    bgp_router_id: str | None = None
    bgp_maximum_prefix: int = 1000
    path_mtu: int = 1500
    allow_weak: bool = False
    daemon: str = "strongswan"
    daemon_version: str = "6.0"

    def completed(self, tunnel: Mapping[str, Any]) -> Settings:
        """The settings as they are for this tunnel."""
        local_address = self.local_address or tunnel["customer_address"]
        return replace(
            self,
            routing=self.routing or tunnel.get("routing") or "bgp",
            local_address=local_address,
            local_cidrs=list(self.local_cidrs or tunnel.get("local_cidrs") or ()),
            remote_cidrs=list(self.remote_cidrs or tunnel.get("remote_cidrs") or ()),
            bgp_router_id=self.bgp_router_id or local_address,
        )
