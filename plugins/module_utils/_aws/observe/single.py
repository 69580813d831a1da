# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads VPN concentrators, and the maintenance of single tunnels."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence

from ..._core.model.resources import VpnConcentrator
from ..._core.model.tunnel_status import Maintenance
from ..._core.plan import identity
from ..api.ec2 import Ec2


def concentrators_by_id(ec2: Ec2, ids: Sequence[str]) -> dict[str, VpnConcentrator]:
    """VPN concentrators by id."""
    return {found.id: found for found in ec2.vpn_concentrators() if found.id in ids}


def concentrators_of(ec2: Ec2, transit_gateway_id: str) -> list[VpnConcentrator]:
    """Every VPN concentrator made for a transit gateway, the one with the lowest id first."""
    found = identity.vpn_concentrators(ec2.vpn_concentrators()).all(transit_gateway_id)
    return sorted(found, key=lambda each: each.id)


def tunnel_key(connection_id: str, outside_address: str) -> str:
    """One name for a tunnel."""
    return f"{connection_id} tunnel {outside_address}"


def maintenance_by_tunnel(ec2: Ec2, keys: Sequence[str]) -> dict[str, Maintenance]:
    """Maintenance by tunnel; AWS has no call for several."""
    return {key: ec2.maintenance(*key.split(" tunnel ")) for key in keys}
