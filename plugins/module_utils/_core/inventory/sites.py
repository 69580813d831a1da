# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All sites of a play together: what they must not do to each other, and what is handed on.

Reading one host is in host.py.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..options import rules, value_rules
from .gateway_limits import gateway_problems
from .host import DEFAULT_ROUTE, read_host
from .options import connection
from .reader import Host

# What the vpn_sites module takes for one site.
_SITE_KEYS = ("name", "public_ip", "bgp_asn", "target", "routing", "local_cidrs", "remote_cidrs", "tunnels", "tags")
# The same, left out where nothing is said about them.
_FURTHER_KEYS = ("certificate_arn", "device_name", "options", "pre_shared_key_storage")


def check_sites(variables: Iterable[Mapping[str, object]], known_hosts: Iterable[str] | None = None) -> dict[str, Any]:
    """Sites, ready for vpn_sites, and every problem of every site.

    With any problem there are no sites at all, so that nothing acts on half an inventory.

    sites: one dictionary for each site; hosts: by inventory hostname, every option of the site with its default,
    without tunnels (they may hold keys); gateway_problems: what the AWS side can do and the gateways here cannot.
    """
    names = None if known_hosts is None else tuple(known_hosts)
    hosts = [read_host(each, names) for each in variables]
    _refuse_second_region(hosts)
    _refuse_shared_addresses(hosts)
    _refuse_shared_networks(hosts)
    for gateway_hosts in _by_vpn_gateway(hosts):
        _refuse_two_descriptions(gateway_hosts)
    problems = [problem for host in hosts for problem in host.problems]
    problems += rules.shared_inside_problems([connection(host.site) for host in hosts])
    beyond = [problem for host in hosts for problem in gateway_problems(host)]
    if problems:
        return {"sites": [], "hosts": {}, "problems": problems, "gateway_problems": beyond}
    return {
        "sites": [_site(host) for host in hosts],
        "hosts": {host.name: {key: host.site[key] for key in host.site if key != "tunnels"} for host in hosts},
        "problems": [],
        "gateway_problems": beyond,
    }


def _site(host: Host) -> dict[str, Any]:
    further = {key: host.site[key] for key in _FURTHER_KEYS if host.site[key]}
    return {**{key: host.site[key] for key in _SITE_KEYS}, **further}


def _refuse_shared_addresses(hosts: list[Host]) -> None:
    """AWS keeps one customer gateway per address and device name, and a site has one of its own."""
    first: dict[object, str] = {}
    for host in hosts:
        address, device = host.site["public_ip"], host.site["device_name"]
        if address is None:
            continue
        if (address, device) in first:
            host.refuse(
                "public_ip", f"also the public address of {first[address, device]}, each site has its own", address
            )
        first.setdefault((address, device), host.name)


def _refuse_second_region(hosts: list[Host]) -> None:
    """One run speaks to one endpoint of one Region."""
    for host in hosts[1:]:
        for option in ("region", "endpoint_url"):
            here, there = host.site[option], hosts[0].site[option]
            if here != there and (option == "endpoint_url" or None not in (here, there)):
                host.refuse(option, f"{hosts[0].name} says {there}: one run serves one Region, see --limit", here)


def _refuse_shared_networks(hosts: list[Host]) -> None:
    by_name = {host.name: host for host in hosts}
    owned = [(cidr, host.name) for host in hosts for cidr in host.site["local_cidrs"] if cidr != DEFAULT_ROUTE]
    for (cidr, owner), (other, other_owner) in value_rules.overlaps(owned):
        if owner != other_owner:
            by_name[other_owner].refuse("local_cidrs", f"overlaps {cidr} of {owner}", other)


def _by_vpn_gateway(hosts: list[Host]) -> list[list[Host]]:
    """Hosts whose connections end on the same virtual private gateway; a VPC has one at most."""
    groups: dict[tuple[object, object], list[Host]] = {}
    for host in hosts:
        target = host.site["target"]
        identity = target.get("vpn_gateway", {}).get("vpc_id") or target.get("vpn_gateway_id")
        if isinstance(identity, str):
            groups.setdefault((host.site["region"], identity), []).append(host)
    return [group for group in groups.values() if len(group) > 1]


def _refuse_two_descriptions(hosts: list[Host]) -> None:
    """Sites that share a virtual private gateway must describe the same one."""
    first = hosts[0]
    for host in hosts[1:]:
        for key in ("amazon_side_asn", "propagate_to"):
            here, there = _described(host, key), _described(first, key)
            # An ASN has a default, so none of it was refused already.
            refused = key == "amazon_side_asn" and None in (here, there)
            if here != there and not refused:
                host.refuse(
                    f"target.vpn_gateway.{key}",
                    f"{first.name} says {_words(there)} for the same virtual private gateway",
                    _words(here),
                )


def _described(host: Host, key: str) -> object:
    value = host.site["target"].get("vpn_gateway", {}).get(key)
    return sorted(str(entry) for entry in value) if isinstance(value, list) else value


def _words(value: object) -> str:
    if value is None:
        return "nothing"
    return (", ".join(value) or "no route table") if isinstance(value, list) else str(value)
