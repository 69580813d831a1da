# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The site_vpn_* variables of one host, read into what vpn_sites takes and what its gateway needs besides.

One host of the inventory is one gateway. Its own variables describe its connection, or what its connections have in
common.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..model import access, values
from ..model.names import MAIN, connection_name
from ..options import value_rules
from ..sites import description
from ..text import shown
from . import environment, vpc_side
from .options import read_options, read_tunnels
from .reader import Host, did_you_mean, is_unset, whole
from .target import read_target
from .variables import OPTIONS, PLAY_OPTIONS, PREFIX
from .verification import read_verification

# What a connection can say itself.
OF_A_CONNECTION = (*description.OF_A_CONNECTION, "vpc_probe_address", "vpc_probe_host", *vpc_side.OPTIONS)

_URL = re.compile(r"https?://[A-Za-z0-9._\-\[\]:]+(/[^\s@]*)?\Z")


@dataclass
class ReadConnection:
    """What one connection of a gateway says, in the two shapes it is used in."""

    host: Host
    # What vpn_sites takes; may hold keys.
    entry: dict[str, Any]
    # What is said besides: what is pinged in AWS, and what the VPC gets.
    besides: dict[str, Any] = field(default_factory=dict)


@dataclass
class ReadHost:
    """What one host says of its gateway, in the two shapes it is used in, and of each connection."""

    host: Host
    entry: dict[str, Any]
    # What is said besides: the gateway's own addresses, the host that pings.
    gateway: dict[str, Any]
    connections: list[ReadConnection]
    # Whether it has a list of connections; otherwise it has the one that its own variables describe.
    has_list: bool

    @property
    def sources(self) -> list[Host]:
        """Everything that was read, each with its problems."""
        return [self.host, *(each.host for each in self.connections if each.host is not self.host)]


def read_host(variables: Mapping[str, object]) -> ReadHost:
    """Everything one host says about its gateway, in the right types; what has another one is refused and left out."""
    name = str(variables.get("inventory_hostname"))
    host = Host(name, {key: value for key, value in variables.items() if str(key).startswith(PREFIX)})
    _refuse_unknown_options(host)
    local = host.strings("local_cidrs", host.value("local_cidrs")) or []
    entry = {
        "name": name,
        "site": host.text("site"),
        "public_ip": host.text("public_ip"),
        "bgp_asn": _number(host, "bgp_asn", _asn_problem),
        "certificate_arn": host.text("certificate_arn"),
        "device_name": host.text("device_name"),
        "local_cidrs": local,
        "shared_networks": host.flag("shared_networks"),
    }
    gateway = {
        "endpoint_url": _endpoint_url(host),
        "ipsec": host.word("ipsec"),
        "unreachable": host.choice("unreachable"),
        "allow_daemon_swap": host.flag("allow_daemon_swap"),
        "allow_weak_crypto": host.flag("allow_weak_crypto"),
        "environment": _environment(host),
        "gateway_address": _address(host, "gateway_address"),
        "lan_address": _address(host, "lan_address", "local_cidrs", local),
        "probe_host": host.text("probe_host"),
        **read_verification(host),
    }
    own = _connections(host)
    connections = [_read_connection(MAIN, host)] if own is None else own
    return ReadHost(host, entry, gateway, connections, own is not None)


def _read_connection(name: str, host: Host) -> ReadConnection:
    """What the connection of this name says, and its gateway for it."""
    remote = host.strings("remote_cidrs", host.value("remote_cidrs")) or []
    entry = {
        "name": name,
        **{option: host.text(option) for option in access.OPTIONS},
        "target": read_target(host),
        "routing": host.choice("routing"),
        "remote_cidrs": remote,
        "preference": _number(host, "preference", value_rules.preference_problem) or 1,
        "tunnels": read_tunnels(host),
        "tags": _tags(host),
        "options": read_options(host),
        "pre_shared_key_storage": host.word("pre_shared_key_storage"),
    }
    if entry["region"] is None and not host.is_refused("region"):
        host.refuse("region", "missing: the AWS Region of the VPN, such as eu-central-1")
    probe_address = _address(host, "vpc_probe_address", "remote_cidrs", remote)
    besides = {
        "vpc_probe_address": probe_address,
        "vpc_probe_host": host.text("vpc_probe_host"),
        **vpc_side.read_vpc_side(host, entry, probe_address),
    }
    return ReadConnection(host, entry, besides)


def _connections(host: Host) -> list[ReadConnection] | None:
    """The list of connections; None when there is no list."""
    value = host.value("connections")
    if value is not None and not isinstance(value, list):
        # Not shown: a text may be a list that has keys.
        host.refuse("connections", "a list of dictionaries is expected")
    if not isinstance(value, list):
        return [] if host.is_refused("connections") else None
    found = []
    for position, each in enumerate(value, 1):
        place = f"connections[{position}]"
        if not isinstance(each, dict) or not isinstance(each.get("name"), str) or is_unset(each["name"]):
            host.refuse(place, "a dictionary with at least a name is expected, such as {name: dublin}")
            continue
        given: dict[object, object] = {option: value for option, value in each.items() if option != "name"}
        host.only(f"{place}.", given, OF_A_CONNECTION)
        own = {str(option): value for option, value in given.items() if not is_unset(value)}
        view = host.connection(connection_name(host.name, each["name"]), own, position)
        found.append(_read_connection(each["name"], view))
    return found


def _number(host: Host, option: str, rule: Callable[[object], str | None]) -> int | None:
    """A whole number that keeps the rule."""
    value = whole(host.value(option))
    problem = None if value is None else rule(value)
    if problem:
        host.refuse(option, problem, value)
    return value if isinstance(value, int) and not problem else None


def _asn_problem(value: object) -> str | None:
    """Which numbers are ASNs is a rule of the model."""
    return None if isinstance(value, int) else value_rules.customer_asn_problem(value, None)


def _refuse_unknown_options(host: Host) -> None:
    known = tuple(PREFIX + option for option in OPTIONS)
    passed = tuple(PREFIX + option for option in PLAY_OPTIONS)
    for key in host.given:
        if key not in known + passed:
            host.refuse(shown(key[len(PREFIX) :]), "unknown option" + did_you_mean(key, known))


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


def _address(host: Host, option: str, networks: str = "", inside: Sequence[str] = ()) -> str | None:
    """An address, which is inside of some networks."""
    value = host.text(option, _address_problem)
    if value and inside and not value_rules.clashes([f"{value}/32"], inside):
        host.refuse(option, f"is in none of {PREFIX}{networks} ({shown(', '.join(inside))})", value)
    return value


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
