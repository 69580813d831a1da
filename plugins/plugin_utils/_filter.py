# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filters' way into the core: core functions whose refusals become errors of the filter."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.errors import InvalidInput
from ..module_utils._core.gateway import peers


def as_filter(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The core function, with every problem it names in one filter error."""

    @wraps(function)
    def filtered(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except InvalidInput as error:
            raise AnsibleFilterError(f"{name}: " + "; ".join(error.problems)) from error

    return filtered


gateway_peers = as_filter(peers.peers, "gateway_peers")
