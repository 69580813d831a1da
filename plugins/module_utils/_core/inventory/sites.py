# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All sites of a play: read, judged by the rules of the model, and completed, as plain data without keys."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..options.value_rules import TUNNELS_PER_CONNECTION
from ..sites import sites as site_model
from ..sites.description import site
from ..sites.entry import ConnectionEntry
from .gateway_limits import gateway_problems
from .host import ReadHost, read_host

# What vpn_sites is told only where the inventory says it.
_OPTIONAL = ("certificate_arn", "device_name", "options", "pre_shared_key_storage", "shared_networks")
_KEY = "pre_shared_key"


def check_sites(variables: Iterable[Mapping[str, object]], known_hosts: Iterable[str] | None = None) -> dict[str, Any]:
    """Sites, ready for vpn_sites but for their keys, and every problem of every site.

    With any problem there are no sites at all, so that nothing acts on half an inventory.

    sites: one dictionary for each site; hosts: by inventory hostname, every option of the site with its default, and
    the numbers of the tunnels whose keys the inventory gives (keyed_tunnels); keys_from_aws: the sites whose keys have
    to be read from AWS; gateway_problems: what the AWS side can do and the gateways here cannot.
    """
    names = None if known_hosts is None else tuple(known_hosts)
    read = [read_host(each, names) for each in variables]
    _refuse_second_region(read)
    model = [site(each.entry) for each in read]
    problems = _problems(read, model)
    beyond = [
        each.host.line(problem) for each, described in zip(read, model) for problem in gateway_problems(described)
    ]
    if problems:
        return {"gateways": [], "hosts": {}, "keys_from_aws": [], "problems": problems, "gateway_problems": beyond}
    return {
        "gateways": [_entry(each) for each in read],
        "hosts": {each.host.name: _host(each) for each in read},
        "keys_from_aws": [each.host.name for each in read if len(_keyed(each)) < TUNNELS_PER_CONNECTION],
        "problems": [],
        "gateway_problems": beyond,
    }


def _problems(read: Sequence[ReadHost], model: Sequence[ConnectionEntry]) -> list[str]:
    """What could not be read, and the rules broken by what could, host by host."""
    hosts = {each.host.name: each.host for each in read}
    lines = {name: [host.line(problem) for problem in host.problems] for name, host in hosts.items()}
    for names, problem in site_model.findings(model, read[0].gateway["region"] if read else None):
        owner = hosts[names[-1]]
        if not owner.is_refused(problem.option):
            lines[owner.name].append(owner.line_of(names, problem))
    return [line for found in lines.values() for line in found]


def _entry(read: ReadHost) -> dict[str, Any]:
    entry = {key: value for key, value in read.entry.items() if value or key not in _OPTIONAL}
    return {**entry, "tunnels": _without_keys(read)}


def _host(read: ReadHost) -> dict[str, Any]:
    return {**read.entry, **read.gateway, "tunnels": _without_keys(read), "keyed_tunnels": _keyed(read)}


def _without_keys(read: ReadHost) -> list[dict[str, Any]]:
    return [{name: value for name, value in tunnel.items() if name != _KEY} for tunnel in read.entry["tunnels"]]


def _keyed(read: ReadHost) -> list[int]:
    return [number for number, tunnel in enumerate(read.entry["tunnels"], 1) if _KEY in tunnel]


def _refuse_second_region(read: Sequence[ReadHost]) -> None:
    """One run speaks to one endpoint of one Region."""
    for each in read[1:]:
        for option in ("region", "endpoint_url"):
            here, there = each.gateway[option], read[0].gateway[option]
            if here != there and (option == "endpoint_url" or None not in (here, there)):
                rule = f"{read[0].host.name} has {there}: one run can use only one Region, see --limit"
                each.host.refuse(option, rule, here)
