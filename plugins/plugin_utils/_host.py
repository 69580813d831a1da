# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filters about the host of a gateway: gateway_obstacles and gateway_needs."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.gateway.host import Asked, needs, obstacles
from ._plain import plain, text_only


def gateway_obstacles(status: Mapping[str, Any], **asked: Any) -> list[str]:
    """Why a host cannot be a gateway, in words."""
    found: list[str] = text_only(obstacles(plain(status), Asked(**plain(asked))))
    return found


def gateway_needs(status: Mapping[str, Any], **asked: Any) -> dict[str, Any]:
    """What a gateway needs on its distribution."""
    found: dict[str, Any] = text_only(needs(plain(status), Asked(**plain(asked))))
    return found
