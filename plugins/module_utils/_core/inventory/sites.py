# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All gateways of a play: read, judged by the rules of the model, and completed, as plain data without keys."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..model.access import OPTIONS
from ..model.names import part_problem
from ..options.problem import Problem, line
from ..options.value_rules import TUNNELS_PER_CONNECTION
from ..sites import description
from ..sites import sites as site_model
from ..sites.entry import ConnectionEntry
from ..vpc.wanted import places as vpc_places
from ..vpc.wanted import wants
from .gateway_limits import gateway_problems
from .host import ReadConnection, ReadHost, read_host
from .reader import Host

Tunnels = Callable[[ReadConnection], "list[dict[str, Any]]"]
# What vpn_sites is told only where the inventory says it.
_OPTIONAL = (*OPTIONS, "site", "certificate_arn", "device_name", "options", "pre_shared_key_storage", "shared_networks")
_KEY = "pre_shared_key"
# What all gateways of a run must say alike, and how it is called.
_ONE_FOR_A_RUN = {
    "endpoint_url": "endpoint",
    "checks": "list of checks",
    "verify_wait": "time to wait",
    "report_dir": "directory for reports",
}


def check_sites(variables: Iterable[Mapping[str, object]]) -> dict[str, Any]:
    """Gateways, ready for vpn_sites but for their keys, and every problem of every one.

    With any problem there are no gateways at all, so that nothing acts on half an inventory.

    gateways: one dictionary for each gateway; hosts: by inventory hostname, every option of the gateway with its
    default, and each of its connections by name; keys_from_aws: the connections whose keys have to be read from AWS;
    regions: each Region and account of a connection, once, as vpn_connection_info takes them, and region_labels: how a
    person calls them; vpcs: what of the VPCs the playbook has to look at, once for each Region and account, none if it
    does nothing there; gateway_problems: what the AWS side can do and the gateways here cannot.
    """
    read = [read_host(each) for each in variables]
    _refuse_second_values(read)
    model = [entry for each in read for entry in description.entries(_entry(each, _with_keys))]
    problems = _problems(read, model)
    beyond = _beyond(read, model)
    if problems:
        lists = ("gateways", "keys_from_aws", "regions", "region_labels", "vpcs")
        return {"hosts": {}, **{name: [] for name in lists}, "problems": problems, "gateway_problems": beyond}
    accesses = list(dict.fromkeys(entry.access for entry in model))
    hosts = {each.host.name: _host(each) for each in read}
    return {
        "gateways": [_entry(each, _without_keys) for each in read],
        "hosts": hosts,
        "keys_from_aws": [
            own.host.name for each in read for own in each.connections if len(_keyed(own)) < TUNNELS_PER_CONNECTION
        ],
        "regions": [{option: value for option, value in asdict(each).items() if value} for each in accesses],
        "region_labels": [each.label for each in accesses],
        "vpcs": vpc_places(wants(hosts)),
        "problems": [],
        "gateway_problems": beyond,
    }


def _problems(read: Sequence[ReadHost], model: Sequence[ConnectionEntry]) -> list[str]:
    """What could not be read, and the rules broken by what could, host by host."""
    lines = {each.host.name: [source.line(one) for source in each.sources for one in source.problems] for each in read}
    by_name = _by_name(read)
    for names, problem in site_model.findings(model):
        host = by_name[names[-1]]
        owner = _owner(host, names[-1], problem)
        if owner and not owner.is_refused(problem.option):
            # There is no variable for the name of a host.
            is_name = owner is host.host and problem.option == "name"
            text = line(names, f"the name of the host: {problem.rule}") if is_name else owner.line_of(names, problem)
            lines[host.host.name].append(text)
    return list(dict.fromkeys(text for found in lines.values() for text in found))


def _beyond(read: Sequence[ReadHost], model: Sequence[ConnectionEntry]) -> list[str]:
    """What the gateways cannot do."""
    by_name = _by_name(read)
    found = []
    for each in model:
        host = by_name[each.gateway]
        for problem in gateway_problems(each, host.gateway["ipsec"], host.gateway["allow_weak_crypto"]):
            owner = _owner(host, each.name, problem)
            found += [owner.line(problem)] if owner else []
    return list(dict.fromkeys([*found, *(each.host.line(problem) for each in read for problem in _mixed(each))]))


def _mixed(read: ReadHost) -> list[Problem]:
    kinds = sorted({each.entry["routing"] for each in read.connections})
    rule = f"the connections of one gateway have {' and '.join(kinds)}, and the gateways of this version use one kind"
    return [Problem("connections", rule)] if len(kinds) > 1 else []


def _by_name(read: Sequence[ReadHost]) -> dict[str, ReadHost]:
    """The gateways by their names and by those of their connections."""
    found = {own.host.name: each for each in read for own in each.connections}
    return {**found, **{each.host.name: each for each in read}}


def _owner(read: ReadHost, name: str, problem: Problem) -> Host | None:
    """Who says what the problem is about: the connection of that name, or its gateway.

    Nobody does where the list of connections could not be read, which is a problem already.
    """
    own = [each.host for each in read.connections if each.host.name == name]
    option = re.split(r"[.\[]", problem.option, maxsplit=1)[0]
    # A host with a bad name has the same name as its main connection.
    if own and (option not in read.entry or (option == "name" and not part_problem(read.host.name))):
        return own[0]
    return read.host if option in read.entry else None


def _entry(read: ReadHost, tunnels: Tunnels) -> dict[str, Any]:
    """The gateway as vpn_sites takes it: flat, or with its list of connections."""
    own = [{**_given(each.entry), "tunnels": tunnels(each)} for each in read.connections]
    if read.has_list:
        return {**_given(read.entry), "connections": own}
    return {**_given(read.entry), **own[0], "name": read.host.name}


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value or key not in _OPTIONAL}


def _host(read: ReadHost) -> dict[str, Any]:
    """What roles and other plays ask about a gateway."""
    site = read.entry["site"] or read.host.name
    connections = {
        each.host.name: {**each.entry, **each.besides, "tunnels": _without_keys(each), "keyed_tunnels": _keyed(each)}
        for each in read.connections
    }
    probes = [
        {
            "connection": each.host.name,
            "address": each.besides["vpc_probe_address"],
            "host": each.besides["vpc_probe_host"],
        }
        for each in read.connections
    ]
    routing = read.connections[0].entry["routing"] if read.connections else None
    return {
        **read.entry,
        **read.gateway,
        "site": site,
        "routing": routing,
        "connections": connections,
        "vpc_probes": probes,
    }


def _with_keys(read: ReadConnection) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read.entry["tunnels"]
    return found


def _without_keys(read: ReadConnection) -> list[dict[str, Any]]:
    return [{name: value for name, value in tunnel.items() if name != _KEY} for tunnel in read.entry["tunnels"]]


def _keyed(read: ReadConnection) -> list[int]:
    return [number for number, tunnel in enumerate(read.entry["tunnels"], 1) if _KEY in tunnel]


def _refuse_second_values(read: Sequence[ReadHost]) -> None:
    """One run speaks to one endpoint, and verifies all gateways alike."""
    for host in read[1:]:
        for option, what in _ONE_FOR_A_RUN.items():
            here, there = host.gateway[option], read[0].gateway[option]
            if here != there:
                rule = (
                    f"{read[0].host.name} has {_words(there) or 'none'}: one run can use only one {what}, see --limit"
                )
                host.host.refuse(option, rule, _words(here))


def _words(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(value) or None
    return None if value is None else str(value)
