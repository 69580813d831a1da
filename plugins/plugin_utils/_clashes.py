# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter gateway_clashes: what the owner of a gateway has configured and the role cannot configure beside it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.gateway.clashes import Wanted, clashes
from ._plain import text_only


def gateway_clashes(owner: Mapping[str, Any], **wanted: Any) -> list[str]:
    """The clashes of one gateway, in words."""
    found: list[str] = text_only(clashes(owner, Wanted(**wanted)))
    return found
