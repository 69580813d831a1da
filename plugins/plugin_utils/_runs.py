# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parts of an inventory for a run: what was found of it in AWS, and its gateways in batches."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory import batches, found
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._plain import plain, text_only


def site_connections(inventory: Mapping[str, Any], connections: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The connections of C(site_list) among those that C(vpn_connection_info) found."""
    known: dict[str, Any] = text_only(found.site_connections(plain(inventory), plain(connections)))
    return known


def batch_sizes(gateways: Iterable[str], inventory: Mapping[str, Any], size: object = None) -> list[int]:
    """The sizes of the batches of these gateways of C(site_list)."""
    hosts = plain(inventory)["hosts"]
    sites = {name: host["site"] for name, host in hosts.items()}
    apart = {name for name, host in hosts.items() if host.get("allow_daemon_swap")}
    try:
        return batches.batch_sizes(plain(list(gateways)), sites, plain(size), apart)
    except InvalidInput as error:
        raise AnsibleFilterError("\n".join(error.problems)) from error
