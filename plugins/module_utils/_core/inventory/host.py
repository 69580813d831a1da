# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The site_vpn_* variables of one host, read into what vpn_sites takes and what its gateway needs besides.

One host of the inventory is one site.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model import values
from ..model.resources import SECRETS_MANAGER, STANDARD
from ..options import value_rules
from ..options.problem import shown
from . import environment
from .options import read_options, read_tunnels
from .reader import OPTIONS, PREFIX, Host, did_you_mean, not_one_of, whole
from .target import read_target

ROUTING = ("bgp", "static")
IPSEC = ("strongswan",)
STORAGES = (STANDARD, SECRETS_MANAGER)
PLAY_OPTIONS = ("hosts",)

_URL = re.compile(r"https?://[A-Za-z0-9._\-\[\]:]+(/[^\s@]*)?\Z")


@dataclass
class ReadHost:
    """What one host says, in the two shapes it is used in."""

    host: Host
    # An entry of the list of sites that vpn_sites takes; may hold keys.
    entry: dict[str, Any]
    # What is said besides: the Region, the gateway's own addresses, the hosts that ping.
    gateway: dict[str, Any] = field(default_factory=dict)


def read_host(variables: Mapping[str, object], known_hosts: Iterable[str] | None) -> ReadHost:
    """Everything one host says about its site, in the right types; what has another one is refused and left out."""
    name = str(variables.get("inventory_hostname"))
    host = Host(name, {key: value for key, value in variables.items() if str(key).startswith(PREFIX)})
    _refuse_unknown_options(host)
    gateway = {
        "region": _region(host),
        "endpoint_url": _endpoint_url(host),
        "ipsec": host.choice("ipsec", IPSEC),
        "environment": _environment(host),
    }
    entry = {
        "name": name,
        "public_ip": host.text("public_ip"),
        "bgp_asn": whole(host.value("bgp_asn")),
        "target": read_target(host),
        "routing": host.choice("routing", ROUTING),
        "local_cidrs": host.strings("local_cidrs", host.value("local_cidrs")) or [],
        "remote_cidrs": host.strings("remote_cidrs", host.value("remote_cidrs")) or [],
        "shared_networks": host.flag("shared_networks"),
        "tunnels": read_tunnels(host),
        "tags": _tags(host),
        "certificate_arn": host.text("certificate_arn"),
        "device_name": host.text("device_name"),
        "options": read_options(host),
        "pre_shared_key_storage": host.text("pre_shared_key_storage", lambda value: not_one_of(value, STORAGES)),
    }
    gateway.update(_places(host, entry, known_hosts))
    return ReadHost(host, entry, gateway)


def _refuse_unknown_options(host: Host) -> None:
    known = tuple(PREFIX + option for option in OPTIONS)
    passed = tuple(PREFIX + option for option in PLAY_OPTIONS)
    for key in host.given:
        if key not in known + passed:
            host.refuse(key[len(PREFIX) :], "unknown option" + did_you_mean(key, known))


def _region(host: Host) -> str | None:
    region = host.text("region", value_rules.region_problem)
    if region is None and not host.is_refused("region"):
        host.refuse("region", "missing: the AWS Region of the VPN, such as eu-central-1")
    return region


def _environment(host: Host) -> dict[str, str]:
    """What the AWS SDK gets besides the controller's own environment."""
    found = environment.problems(host.value("environment"))
    host.problems.extend(problem.below("environment") for problem in found)
    return {} if found else environment.variables(host.value("environment"))


def _tags(host: Host) -> dict[str, str]:
    found = {}
    for key, tag in host.mapping("tags").items():
        if isinstance(tag, (dict, list, bool)) or tag is None:
            host.refuse(f"tags.{shown(key)}", "the value of a tag is a string (quote it)")
        else:
            found[str(key)] = str(tag)
    return found


def _places(host: Host, entry: Mapping[str, Any], known_hosts: Iterable[str] | None) -> dict[str, str | None]:
    """Where the gateway and the probes are."""
    found: dict[str, str | None] = {}
    for option, networks in (("gateway_address", None), ("lan_address", "local"), ("vpc_probe_address", "remote")):
        value = host.text(option, _address_problem)
        found[option] = value
        inside = entry[f"{networks}_cidrs"] if networks else []
        if value and inside and not value_rules.clashes([f"{value}/32"], inside):
            host.refuse(option, f"is in none of {PREFIX}{networks}_cidrs ({', '.join(inside)})", value)
    names = None if known_hosts is None else tuple(known_hosts)
    for option in ("probe_host", "vpc_probe_host"):
        value = host.text(option)
        found[option] = value
        if value and names is not None and value not in names:
            host.refuse(option, "no such host in the inventory" + did_you_mean(value, names), value)
    return found


def _endpoint_url(host: Host) -> str | None:
    value = host.value("endpoint_url")
    if value is None:
        return None
    if not isinstance(value, str) or not _URL.match(value):
        # Not shown: a URL may carry a password.
        host.refuse("endpoint_url", "not an http or https address without user name, such as http://127.0.0.1:5055")
        return None
    problem = value_rules.endpoint_problem(value)
    if problem:
        host.refuse("endpoint_url", problem, value)
    return None if problem else value


def _address_problem(value: object) -> str | None:
    return None if values.ipv4_address(value) else "not an IPv4 address"
