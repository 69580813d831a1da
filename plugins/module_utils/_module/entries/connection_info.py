# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module vpn_connection_info: selects connections, and waits for their tunnels when asked to."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..._aws.api.ec2 import Ec2
from ..._aws.api.filters import FILTER_VALUES
from ..._aws.api.logs import Logs
from ..._aws.api.roles import Role
from ..._aws.observe.region import observe_connections
from ..._core.errors import InvalidInput, Several, VpnError
from ..._core.model.access import Access
from ..._core.model.names import GATEWAY_TAG, gateway_of
from ..._core.model.resources import Connection
from ..._core.nouns import GONE
from ..._core.options.access_rules import access_problems
from ..._core.plan import ready
from ..._core.sites.results import GatewayLookup, connection_result
from ..options import one_connection
from ..run.clients import cloudwatch_logs, connect, own_access, profile_problems
from ..run.engine import side_by_side
from .tunnel_details import add_details
from .tunnel_logs import add_logs

# AWS itself renews telemetry less often than this.
PAUSE = 3.0


def vpn_connection_info(module: AnsibleAWSModule) -> dict[str, Any]:
    """The connections the options select, with their keys when these were asked for."""
    found = _found(module)
    keys = {"pre_shared_keys": _pre_shared_keys(found)} if module.params["include_secrets"] else {}
    return {"changed": False, "connections": found, **keys}


def _found(module: AnsibleAWSModule) -> list[dict[str, Any]]:
    """The connections in all Regions and accounts, which are read side by side."""
    params, own = module.params, own_access(module)
    given = params["regions"] or ()
    accesses = list(dict.fromkeys(Access.of(each, own) for each in given)) or [own]
    problems = [f"regions[{number}].{text}" for number, each in enumerate(given, 1) for text in access_problems(each)]
    problems += profile_problems(module, accesses)
    if problems:
        raise InvalidInput(problems)
    if params["vpn_connection_ids"] == [] or params["names"] == []:
        return []
    places = [_Place.of(module, access) for access in accesses]
    answers = side_by_side(lambda place: _read(place, params), places)
    errors = [(access.label, each) for access, each in zip(accesses, answers) if isinstance(each, VpnError)]
    if errors:
        raise errors[0][1] if len(answers) == 1 else Several(errors)
    found = [entry for each in answers if isinstance(each, list) for entry in each]
    missing = sorted(set(params["vpn_connection_ids"] or ()) - {entry["id"] for entry in found})
    if missing and params["names"] is None and not params["filters"]:
        raise one_connection.not_found(missing[0])
    return sorted(found, key=lambda entry: (entry["name"] or "", entry["id"]))


@dataclass(frozen=True)
class _Place:
    """One Region of one account."""

    access: Access
    ec2: Ec2
    # Only where logs are asked for.
    logs: Logs | None

    @classmethod
    def of(cls, module: AnsibleAWSModule, access: Access) -> _Place:
        role = Role(access)
        ec2 = connect(module, access, role)
        return cls(access, ec2, cloudwatch_logs(module, access, role, ec2) if module.params["log_tunnels"] else None)


def _read(place: _Place, params: Mapping[str, Any]) -> list[dict[str, Any]] | VpnError:
    """The connections in one Region of one account, or why they cannot be read."""
    try:
        shown = _connections(place.ec2, params)
    except VpnError as error:
        return error
    if place.logs:
        add_logs(place.logs, shown, params["log_tunnels"])
    return [{**entry, **place.access.as_result()} for entry in shown]


def _connections(ec2: Ec2, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    deadline = ec2.clock.now() + params["telemetry_timeout"]
    found = _selected(ec2, params)
    while ec2.clock.now() < deadline and not _are_up(found, params["telemetry_tunnels"]):
        ec2.clock.sleep(min(PAUSE, max(0.0, deadline - ec2.clock.now())))
        found = _selected(ec2, params)
    lookup = GatewayLookup(observe_connections(ec2, found))
    shown = [connection_result(each, lookup, include_secrets=params["include_secrets"]) for each in found]
    add_details(ec2, found, shown, params)
    return shown


def _pre_shared_keys(shown: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """By connection and outside address, the keys that AWS shows."""
    return {
        connection["id"]: {
            tunnel["outside_address"]: tunnel["pre_shared_key"]
            for tunnel in connection["tunnels"]
            if tunnel["pre_shared_key"]
        }
        for connection in shown
    }


def _selected(ec2: Ec2, params: Mapping[str, Any]) -> list[Connection]:
    ids, names, filters = params["vpn_connection_ids"], params["names"], _filters(params)
    found = ec2.connections(filters, params["include_secrets"])
    gone_too = bool(ids) or "state" in params["filters"]
    return [
        connection
        for connection in found
        if (gone_too or connection.state not in GONE)
        and (ids is None or connection.id in ids)
        and (names is None or connection.name in names)
    ]


def _filters(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    filters = [
        {"Name": name, "Values": [_text(value) for value in (values if isinstance(values, list) else [values])]}
        for name, values in params["filters"].items()
    ]
    # A longer list is selected here rather than in several calls.
    gateways = [gateway_of(name) for name in params["names"] or ()]
    for name, values in (("vpn-connection-id", params["vpn_connection_ids"]), (f"tag:{GATEWAY_TAG}", gateways)):
        if values and len(values) <= FILTER_VALUES:
            filters.append({"Name": name, "Values": sorted(set(values))})
    return filters


def _are_up(found: list[Connection], addresses: Collection[str] | None) -> bool:
    """Whether AWS reports these tunnels as up, or all."""
    tunnels = [tunnel for connection in found for tunnel in connection.tunnels]
    awaited = [each for each in tunnels if addresses is None or each.outside_address in addresses]
    return all(ready.is_tunnel_up(tunnel) for tunnel in awaited)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
