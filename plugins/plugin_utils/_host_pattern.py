# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The hosts of a play by a pattern, whose names must be names of the inventory."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible import context
from ansible.errors import AnsibleFilterError
from ansible.inventory.manager import split_host_pattern
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import did_you_mean

# What begins with ! is taken away, and may be missing. What is no plain name matches what it matches.
_NAME = re.compile(r"&?([^!~*?\[\]&]+)\Z")


def host_pattern(pattern: Any, groups: Mapping[str, Sequence[str]]) -> Any:
    """The pattern as it is. Nothing is checked without any host, as in an empty slice, and in a check of the syntax."""
    if not groups["all"] or context.CLIARGS.get("syntax"):
        return pattern
    known = [*groups, *groups["all"], "localhost"]
    for term in split_host_pattern(pattern):
        name = _NAME.match(term)
        if name and name[1] not in known:
            rule = f"there is no group and no host {name[1]} in the inventory"
            raise AnsibleFilterError(f"site_vpn_hosts: {rule}{did_you_mean(name[1], known)}")
    return pattern
