# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection: made, changed in place, replaced or refused."""

from __future__ import annotations

import dataclasses
from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import (
    Connection,
    ConnectionWanted,
    Consent,
    Ref,
    Telemetry,
    Tunnel,
    TunnelWanted,
)
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan import tags
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.connection import connection_part
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.connection.ends import Ends
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.plan.plan import Part

CIDRS = ("169.254.20.0/30", "169.254.20.4/30")
ENDS = Ends("cgw-1", transit_gateway_id="tgw-1")
NEITHER = Consent()
MARKER = "MARKER_psk.1"


def existing(up: tuple[str, str] = ("UP", "UP"), **changes: Any) -> Connection:
    tunnels = tuple(
        Tunnel(
            number=number,
            outside_address=f"198.18.0.{number}",
            inside_cidr=cidr,
            pre_shared_key=Secret(f"old_key_{number}").sealed(),
            options={},
            telemetry=Telemetry(status),
        )
        for number, (cidr, status) in enumerate(zip(CIDRS, up, strict=True), 1)
    )
    base = Connection(
        id="vpn-1",
        state="available",
        customer_gateway_id="cgw-1",
        vpn_gateway_id=None,
        transit_gateway_id="tgw-1",
        routing="bgp",
        tunnels=tunnels,
        tags=tags.site_tags("berlin", {}),
    )
    return dataclasses.replace(base, **changes)


def wanted(*tunnels: dict[str, Any], **changes: Any) -> ConnectionWanted:
    base = ConnectionWanted(
        name="berlin",
        customer_gateway=Ref("customer_gateway", "berlin"),
        transit_gateway_id="tgw-1",
        tunnels=tuple(TunnelWanted(each) for each in tunnels),
        tags=tags.site_tags("berlin", {}),
    )
    return dataclasses.replace(base, **changes)


def plan(want: ConnectionWanted, have: Connection | None, ends: Ends = ENDS, consent: Consent = NEITHER) -> Part:
    part = connection_part(want, have, ends, consent)
    assert MARKER not in repr(part)
    assert MARKER not in "".join(action.line for action in part.actions)
    return part


def test_another_routing_would_be_a_replacement_and_is_refused() -> None:
    part = plan(wanted(routing="static"), existing(), consent=Consent(True, True))
    assert any("new connection" in text for text in part.refusals)
