# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filter host_vars_yaml: variables as the YAML of an inventory file. Documented in host_vars_yaml.yml."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def host_vars_yaml(*arguments: Any, **options: Any) -> Any:
    """The filter, imported when it is used: Ansible loads every filter of a collection in each of its processes."""
    from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils import _host_vars

    return _host_vars.host_vars_yaml(*arguments, **options)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"host_vars_yaml": host_vars_yaml}
