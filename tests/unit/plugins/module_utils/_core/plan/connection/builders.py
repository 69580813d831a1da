# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections of one name as AWS has them and as they are wanted, for the tests of their plans."""

from __future__ import annotations

import dataclasses
from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    OUTGOING_TAG,
    Connection,
    ConnectionWanted,
    Ref,
    Telemetry,
    Tunnel,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags

CIDRS = ("169.254.20.0/30", "169.254.20.4/30")
OURS = tags.connection_tags("berlin", {})


def existing(number: int = 1, up: tuple[str, str] = ("DOWN", "DOWN"), **changes: Any) -> Connection:
    """A connection on a transit gateway, whose tunnels have these statuses; with the number other ids and addresses."""
    tunnels = tuple(
        Tunnel(
            number=each,
            outside_address=f"198.18.{number}.{each}",
            inside_cidr=cidr,
            pre_shared_key=Secret(f"old_key_{each}").sealed(),
            options={},
            telemetry=Telemetry(status),
        )
        for each, (cidr, status) in enumerate(zip(CIDRS, up, strict=True), 1)
    )
    base = Connection(
        id=f"vpn-{number}",
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tunnels=tunnels,
        tags=OURS,
    )
    return dataclasses.replace(base, **changes)


def established(up: tuple[str, str] = ("UP", "UP"), **changes: Any) -> Connection:
    """The same in use."""
    return existing(1, up, **changes)


def outgoing(number: int = 1, **changes: Any) -> Connection:
    """The same with the mark of one that has a successor."""
    return existing(number, tags={**OURS, OUTGOING_TAG: "true"}, **changes)


def wanted(*tunnels: dict[str, Any], **changes: Any) -> ConnectionWanted:
    """What the connection of that name shall be; what is not said is not wanted."""
    base = ConnectionWanted(
        name="berlin",
        customer_gateway=Ref("customer_gateway", "berlin"),
        transit_gateway_id="tgw-1",
        tunnels=tuple(TunnelWanted(each) for each in tunnels),
        tags=OURS,
    )
    return dataclasses.replace(base, **changes)
