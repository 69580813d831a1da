# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds the options that the installed SDK does not know, so that they are refused before anything is changed."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..._core.model.resources import ConnectionWanted, Wanted
from ..._core.options import fields
from .convert import customer_gateway_request

_CREATE = "CreateVpnConnection"

# Whether an operation takes a parameter; lists on the way are stepped into.
Knows = Callable[..., bool]


def knows(service_model: Any, operation: str, *path: str) -> bool:
    """Whether the service model has the parameter of the operation."""
    if operation not in service_model.operation_names:
        return False
    shape = service_model.operation_model(operation).input_shape
    for step in path:
        while shape.type_name == "list":
            shape = shape.member
        if shape.type_name != "structure" or step not in shape.members:
            return False
        shape = shape.members[step]
    return True


def unknown_options(wanted: Wanted, known: Knows) -> list[str]:
    """What is asked for and unknown to the SDK, each option where it is met first."""
    first: dict[tuple[str, ...], str] = {}
    for path, place in _asked(wanted):
        first.setdefault(path, place)
    return [
        f"{place}: the installed botocore does not know {path[-1]} of {path[0]}, a newer one is needed"
        for path, place in first.items()
        if not known(*path)
    ]


def _asked(wanted: Wanted) -> Iterator[tuple[tuple[str, ...], str]]:
    """The parameters a run may send, with who asks for them."""
    for gateway in wanted.customer_gateways:
        if gateway.present:
            request = customer_gateway_request(gateway.public_ip, gateway.bgp_asn or 0, None)
            for name in request:
                yield ("CreateCustomerGateway", name), f"{gateway.name}: bgp_asn={gateway.bgp_asn}"
    for connection in wanted.connections:
        yield from _asked_of(connection)


def _asked_of(connection: ConnectionWanted) -> Iterator[tuple[tuple[str, ...], str]]:
    where = connection.name
    if connection.present:
        for row in fields.CONNECTION:
            if connection.options.get(row.name) is not None:
                yield (_CREATE, "Options", row.request), f"{where}: options.{row.name}"
        for number, tunnel in enumerate(connection.tunnels, 1):
            for row in fields.TUNNEL:
                if tunnel.options.get(row.name) is not None:
                    path = (_CREATE, "Options", "TunnelOptions", *row.path, row.request)
                    yield path, f"{where}: tunnels[{number}].{row.name}"
        if connection.pre_shared_key_storage:
            yield (_CREATE, "PreSharedKeyStorage"), f"{where}: pre_shared_key_storage"
        if connection.vpn_concentrator:
            yield (_CREATE, "VpnConcentratorId"), f"{where}: vpn_concentrator"
