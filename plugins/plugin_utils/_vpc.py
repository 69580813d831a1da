# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan for the VPC side of an inventory, out of what the information modules of amazon.aws returned."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.vpc import plan
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._plain import plain, text_only


def vpc_plan(
    inventory: Mapping[str, Any], looks: Mapping[str, Any], others: Any = None, connections: Any = ()
) -> dict[str, Any]:
    """What is to be done in the VPCs; with C(others), the gateways that stay, what is to be removed."""
    wanted, answers = plain(inventory), plain(looks)
    if others is None:
        found = plan.present(wanted, answers)
    else:
        found = plan.absent(wanted, answers, plain(others), plain(connections))
    made: dict[str, Any] = text_only(found)
    return made
