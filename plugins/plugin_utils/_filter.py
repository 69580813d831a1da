# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter gateway_peers: finished values of tunnels, whose problems become one error of the filter."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.errors import InvalidInput
from ..module_utils._core.gateway.peers import peers
from ..module_utils._core.gateway.settings import Settings
from ._plain import text_only


def gateway_peers(tunnels: Sequence[Mapping[str, Any]], **settings: Any) -> list[dict[str, Any]]:
    """The peers of one gateway."""
    try:
        found: list[dict[str, Any]] = text_only(peers(tunnels, Settings(**settings)))
    except InvalidInput as error:
        raise AnsibleFilterError("\n".join(f"gateway_peers: {problem}" for problem in error.problems)) from error
    return found
