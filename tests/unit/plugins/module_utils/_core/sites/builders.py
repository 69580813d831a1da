# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection as users describe it, without a mistake, and as AWS has it."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    CustomerGateway,
    Observed,
    StaticRoute,
    Telemetry,
    TransitGateway,
    Tunnel,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.sites.entry import ConnectionEntry

GOOD = ConnectionEntry(
    "berlin",
    "198.51.100.10",
    65010,
    transit_gateway_id="tgw-0123456789abcdef0",
    local_cidrs=("10.20.0.0/16",),
    remote_cidrs=("10.0.0.0/16",),
)

TUNNEL = Tunnel(
    1,
    "203.0.113.2",
    "169.254.20.0/30",
    Secret("MARKER_key"),
    {"ike_versions": ["ikev2"]},
    Telemetry("UP", "1 BGP ROUTES", 1, "2026-01-01T00:00:00+00:00"),
)

OBSERVED = Observed(
    customer_gateways=(
        CustomerGateway("cgw-1", "available", "198.51.100.10", 65010, tags=tags.gateway_tags("berlin", {})),
    ),
    connections=(
        Connection(
            "vpn-1",
            "available",
            "cgw-1",
            None,
            "tgw-0123456789abcdef0",
            "bgp",
            tunnels=(TUNNEL,),
            routes=(StaticRoute("10.9.0.0/16", "deleted"),),
            tags=tags.connection_tags("berlin", {}),
        ),
    ),
    transit_gateways=(TransitGateway("tgw-0123456789abcdef0", "available", 64777),),
)
