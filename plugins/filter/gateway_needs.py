# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter gateway_needs: what a gateway needs on its distribution. Documented in gateway_needs.yml."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def gateway_needs(*arguments: Any, **options: Any) -> Any:
    """The filter, imported when it is used: Ansible loads every filter of a collection in each of its processes."""
    from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils import _host

    return _host.gateway_needs(*arguments, **options)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"gateway_needs": gateway_needs}
