# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections whose customer gateway has a certificate: no keys, but a certificate for each tunnel endpoint."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from . import errors
from .customer_gateways import CustomerGateway
from .vpn_connection import VpnConnection


def check(customer_gateway: CustomerGateway, tunnels: Sequence[Mapping[str, Any]], storage: str | None) -> None:
    if customer_gateway.certificate_arn is None:
        return
    if storage is not None or any("PreSharedKey" in one for one in tunnels):
        raise errors.invalid_combination("A connection that uses certificates has no pre-shared key")


def issue(connection: VpnConnection, region: str) -> None:
    """Each endpoint that has none gets its certificate."""
    for tunnel in connection.tunnels:
        if connection.uses_certificates and tunnel.certificate_arn is None:
            tunnel.certificate_arn = new_arn(connection, region)


def new_arn(connection: VpnConnection, region: str) -> str:
    return f"arn:aws:acm:{region}:{connection.account.id}:certificate/{uuid.uuid4()}"
