# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How many routes AWS takes from the gateway of a connection; it raises none of these quotas.

With more BGP routes AWS ends the session, and the tunnel is down. More static routes it refuses.

https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.resources import STATIC
from .rules import TRANSIT_GATEWAY, VPN_GATEWAY

STATIC_ROUTES = 100
ANNOUNCED = {VPN_GATEWAY: 100, TRANSIT_GATEWAY: 1000}


def networks_problem(count: int, target: str | None, routing: str | None) -> str | None:
    """What is wrong with so many networks behind a gateway: each is a route of the connection."""
    if routing == STATIC:
        return static_problem(count) if target == VPN_GATEWAY else None
    limit = ANNOUNCED.get(target or "")
    if limit is None or count <= limit:
        return None
    return f"{count} networks, and {target} takes {limit} routes from a gateway: replace networks by larger ones" + (
        ", or use a transit gateway" if target == VPN_GATEWAY else ""
    )


def static_problem(count: int) -> str | None:
    """What is wrong with so many static routes of one connection."""
    if count <= STATIC_ROUTES:
        return None
    return f"{count} static routes, and AWS takes {STATIC_ROUTES} for a connection: replace networks by larger ones"
