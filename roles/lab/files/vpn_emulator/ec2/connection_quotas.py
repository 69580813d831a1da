# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas that a connection counts for. That AWS counts sites of a concentrator as connections is not verified."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from ..quotas import Quotas
from . import errors
from .connection_options import Target, is_large
from .vpn_connection import VpnConnection

# What a connection with these options on this target is counted together with; None: it is not counted.
Group = Callable[[Mapping[str, Any], Target], Hashable]

_GROUPS: Mapping[str, Group] = {
    "accelerated_connections": lambda options, _target: options["EnableAcceleration"] or None,
    "large_bandwidth_connections": lambda options, _target: is_large(options) or None,
    "unattached_connections": lambda _options, target: target.is_none or None,
    "vpn_connections": lambda _options, _target: True,
    "vpn_connections_per_vpn_concentrator": lambda _options, target: target.concentrator_id,
    "vpn_connections_per_vpn_gateway": lambda _options, target: target.vpn_gateway_id,
}


def check(
    quotas: Quotas,
    connections: Iterable[VpnConnection],
    options: Mapping[str, Any],
    target: Target,
    changed: VpnConnection | None = None,
) -> None:
    """Whether there is room for one more, or for an existing one where it is not counted yet."""
    everyone = list(connections)
    for name, group_of in _GROUPS.items():
        group = group_of(options, target)
        if group is None or (changed is not None and group == group_of(changed.options, changed.target)):
            continue
        if quotas.is_full(name, (group == group_of(one.options, one.target) and one.is_live for one in everyone)):
            raise errors.limit("VpnConnectionLimitExceeded")
