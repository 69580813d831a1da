# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that name one existing connection, and the search for it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._aws.api.ec2 import Ec2
from ..._aws.api.filters import where
from ..._aws.observe.region import OURS
from ..._core.errors import InvalidInput, NotFound
from ..._core.model.names import GATEWAY_TAG, gateway_of
from ..._core.model.resources import Connection
from ..._core.plan import identity


def spec() -> dict[str, Any]:
    """The options that name a connection."""
    return {"vpn_connection_id": {"type": "str"}, "name": {"type": "str"}}


ONE_OF = ("vpn_connection_id", "name")


def find(ec2: Ec2, params: Mapping[str, Any]) -> Connection:
    """The connection that is meant, whoever made it when it is named by id."""
    connection_id, name = params["vpn_connection_id"], params["name"]
    if connection_id is not None:
        for found in ec2.connections([where("vpn-connection-id", connection_id)]):
            return found
        raise not_found(connection_id)
    ours = ec2.connections([OURS, where(f"tag:{GATEWAY_TAG}", gateway_of(name))])
    one = identity.connections(ours).one(name)
    if one is None:
        raise InvalidInput([f"name={name}: no connection of this collection has that name in this Region"])
    return one


def not_found(connection_id: str) -> NotFound:
    """The error for an id that AWS does not list."""
    return NotFound("DescribeVpnConnections", "InvalidVpnConnectionID.NotFound", "no such connection", connection_id)
