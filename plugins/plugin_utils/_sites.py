# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From Ansible's variables, lazy and templated, to the plain ones the core checks."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.reader import Unreadable, is_unset
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.sites import check_sites
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.variables import PLAY_OPTIONS, PREFIX
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.names import connection_name, connection_of
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.fields import tunnel_field
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.value_rules import psk_problem
from ansible_collections.hybridnet.aws_vpn.plugins.plugin_utils._plain import plain, text_only

TUNNELS = f"{PREFIX}tunnels"
CONNECTIONS = f"{PREFIX}connections"
ENVIRONMENT = f"{PREFIX}environment"
KEY = tunnel_field("pre_shared_key")
KEY_NAMES = (KEY.name, *KEY.aliases)
_NOT_ABOUT_THE_GATEWAY = tuple(PREFIX + option for option in PLAY_OPTIONS)
_UNDEFINED = re.compile(r"'[A-Za-z_][A-Za-z0-9_]*' is undefined")
_WRAPPING = "A captured exception marker was tripped: "


def site_list(hosts: Any) -> dict[str, Any]:
    """The gateways that these hosts are, and every problem with them."""
    if isinstance(hosts, (str, Mapping)) or not isinstance(hosts, Iterable):
        raise AnsibleFilterError(
            "site_list takes a list of hosts' variables: ansible_play_hosts_all | map('extract', hostvars)"
        )
    found: dict[str, Any] = text_only(check_sites([_site_variables(host) for host in hosts]))
    return found


def site_keys(inventory: Any, hosts: Any) -> list[dict[str, Any]]:
    """The gateways of C(site_list) with the keys their inventory gives; C(hosts) are hostvars."""
    if not isinstance(inventory, Mapping) or "gateways" not in inventory:
        raise AnsibleFilterError("site_keys takes what site_list returns")
    return [_with_keys(each, inventory["hosts"][each["name"]]["connections"], hosts) for each in inventory["gateways"]]


def _with_keys(gateway: Mapping[str, Any], checked: Mapping[str, Any], hosts: Any) -> dict[str, Any]:
    """One gateway with its keys. Variables of a host without a key are not read."""
    if not any(each["keyed_tunnels"] for each in checked.values()):
        return dict(gateway)
    host = hosts[gateway["name"]]
    given = {"tunnels": host.get(TUNNELS), "connections": host.get(CONNECTIONS)}
    if "connections" not in gateway:
        return {**gateway, "tunnels": _keyed(gateway["tunnels"], gateway["name"], checked, given)}
    connections = [
        {**each, "tunnels": _keyed(each["tunnels"], connection_name(gateway["name"], each["name"]), checked, given)}
        for each in gateway["connections"]
    ]
    return {**gateway, "connections": connections}


def _keyed(tunnels: Any, name: str, checked: Mapping[str, Any], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    keyed = checked[name]["keyed_tunnels"]
    keys = given_keys(given, name) if keyed else {}
    return [
        {**tunnel, KEY.name: keys[number]} if number in keyed else tunnel for number, tunnel in enumerate(tunnels, 1)
    ]


def given_keys(given: Any, name: str) -> dict[int, str]:
    """The keys that an inventory gives for a connection, by the number of the tunnel."""
    tunnels = (given or {}).get("tunnels")
    for each in (given or {}).get("connections") or ():
        if each.get("name") == connection_of(name) and not is_unset(each.get("tunnels")):
            tunnels = each["tunnels"]
    found = {}
    for number, tunnel in enumerate(tunnels or (), 1):
        keys = [tunnel[alias] for alias in KEY_NAMES if tunnel and tunnel.get(alias)]
        if keys:
            found[number] = keys[0]
    return found


def tunnel_keys(tunnels: Any, given: Any = None, read: Any = None) -> dict[str, str]:
    """The key of each tunnel by its outside address: the inventory's own, else the one C(read) from AWS.

    What AWS would not accept as a key is none.
    """
    found = {}
    for tunnel in tunnels:
        address = tunnel["outside_address"]
        own = given_keys(given, tunnel.get("connection_name") or "")
        key = plain(own.get(tunnel["number"]) or (read or {}).get(address))
        if psk_problem(key) is None:
            found[address] = key
    return found


def _site_variables(host: Any) -> dict[str, Any]:
    """The variables about the gateway, as plain containers. Nothing else of the host is evaluated."""
    if not isinstance(host, Mapping) or "inventory_hostname" not in host:
        raise AnsibleFilterError("site_list needs the variables of each host, with inventory_hostname among them")
    names = [name for name in host if str(name).startswith(PREFIX) and name not in _NOT_ABOUT_THE_GATEWAY]
    return {"inventory_hostname": host["inventory_hostname"], **{name: _read(host, name) for name in names}}


def _read(host: Mapping[str, Any], name: str) -> Any:
    """One variable, or the reason why it has no value."""
    try:
        return plain(host[name])
    except Exception as error:  # noqa: BLE001 - templates raise what they like; it becomes one problem among the others
        return Unreadable(_reason(name, str(error)))


def _reason(name: str, message: str) -> str:
    undefined = _UNDEFINED.search(message)
    if undefined:
        return undefined.group()
    if "vault" in message.lower():
        return "its vaulted value cannot be decrypted (is the vault password given?)"
    if name in (TUNNELS, CONNECTIONS, ENVIRONMENT):
        return "its template fails; the message is not shown because it can contain a secret"
    return message.replace(_WRAPPING, "")
