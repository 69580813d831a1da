# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What keeps tunnels from working on one gateway, in words."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, ip_network
from typing import Any, Callable

from ..grouping import grouped
from ..model import values
from ..text import shortened, shown
from . import selectors, unsupported
from .settings import Settings

LINK_LOCAL = IPv4Network("169.254.0.0/16")
# So much of a wrong value is shown.
_SHOWN = 100

_REQUIRED = (
    "vpn_connection_id",
    "number",
    "outside_address",
    "customer_address",
    "inside_cidr",
    "aws_inside_address",
    "customer_inside_address",
)

Format = tuple[Callable[[Any], bool], str]

_ADDRESS: Format = (lambda value: values.ipv4_address(value) is not None, "an IPv4 address")
_NETWORK: Format = (lambda value: values.ipv4_network(value) is not None, "an IPv4 network, or has host bits set")
_ANY_NETWORK: Format = (lambda value: values.network(value) is not None, "a network, or has host bits set")
_NUMBER: Format = (lambda value: values.number(value) is not None, "a whole number of 32 bits")
_LIST: Format = (lambda value: isinstance(value, (list, tuple)), "a list")

_DICTIONARY: Format = (lambda value: isinstance(value, Mapping), "a dictionary")
_ROUNDS: Format = (
    lambda value: isinstance(value, (list, tuple)) and all(isinstance(entry, Mapping) for entry in value),
    "a list of dictionaries",
)

_OF_A_TUNNEL: Mapping[str, Format] = {
    "vpn_connection_id": (lambda value: values.is_id(value, "vpn"), "the id of a VPN connection"),
    "number": (lambda value: values.number(value) in (1, 2), "1 or 2"),
    "preference": (values.is_preference, "a number from 1 to 9"),
    "outside_address": _ADDRESS,
    "customer_address": _ADDRESS,
    "inside_cidr": _NETWORK,
    "aws_inside_address": _ADDRESS,
    "customer_inside_address": _ADDRESS,
    "amazon_side_asn": _NUMBER,
    "customer_asn": _NUMBER,
    "options": _DICTIONARY,
    "connection_options": _DICTIONARY,
    "local_cidrs": _LIST,
    "remote_cidrs": _LIST,
}
_OF_ITS_OPTIONS: Mapping[str, Format] = {
    **dict.fromkeys(("ike_versions", "phase1_encryption_algorithms", "phase2_encryption_algorithms"), _LIST),
    **dict.fromkeys(("phase1_integrity_algorithms", "phase2_integrity_algorithms"), _LIST),
    **dict.fromkeys(("phase1_dh_group_numbers", "phase2_dh_group_numbers"), _LIST),
    **dict.fromkeys(("phase1_lifetime_seconds", "phase2_lifetime_seconds", "replay_window_size"), _NUMBER),
    **dict.fromkeys(("rekey_margin_time_seconds", "rekey_fuzz_percentage"), _NUMBER),
    **dict.fromkeys(("phase1_additional_key_exchanges", "phase2_additional_key_exchanges"), _ROUNDS),
}
_OF_ITS_CONNECTION: Mapping[str, Format] = dict.fromkeys(selectors.OPTIONS, _NETWORK)
_OF_THE_NETWORKS: Mapping[str, Format] = {
    **dict.fromkeys(("local_cidrs", "remote_cidrs", "allowed_cidrs"), _NETWORK),
    "unreachable_cidrs": _ANY_NETWORK,
}
_OF_THE_SETTINGS: Mapping[str, Format] = {
    "local_address": _ADDRESS,
    "lan_address": _ADDRESS,
    "bgp_router_id": _ADDRESS,
    "bgp_maximum_prefix": _NUMBER,
    "path_mtu": _NUMBER,
}

# What stands in files without quotes, whatever the file: one word; or an address with the length of its prefix.
_WORD = re.compile(r"[A-Za-z0-9:][A-Za-z0-9._:|-]{0,99}\Z")
_WITH_LENGTH = re.compile(r"[0-9A-Fa-f.:]{2,45}/[0-9]{1,3}\Z")
_MAY_HAVE_A_LENGTH = (
    "local_cidrs",
    "remote_cidrs",
    "allowed_cidrs",
    "unreachable_cidrs",
    "inside_interface",
    "local_network_cidr",
    "remote_network_cidr",
)


def name_of(tunnel: Mapping[str, Any]) -> str:
    return f"{tunnel['vpn_connection_id']}-{tunnel['number']}"


def subject(tunnel: Mapping[str, Any]) -> str:
    """A tunnel that may have no name, or a strange one."""
    number, connection = tunnel.get("number", "?"), tunnel.get("vpn_connection_id", "an unnamed connection")
    return f"tunnel {_shown(number).strip(chr(39))} of {_shown(connection).strip(chr(39))}"


def malformed(tunnel: Mapping[str, Any]) -> list[str]:
    """The values of a tunnel that are not what their names say."""
    found = _wrong(tunnel, _OF_A_TUNNEL)
    for name, formats in (("options", _OF_ITS_OPTIONS), ("connection_options", _OF_ITS_CONNECTION)):
        options = tunnel.get(name)
        found += _wrong(options, formats) if isinstance(options, Mapping) else []
    return found


def unusable(tunnel: Mapping[str, Any]) -> list[str]:
    """What keeps a tunnel from being looked at any further."""
    wrong = malformed(tunnel)
    if not wrong:
        found = unsupported.of_connection(tunnel.get("connection_options") or {})
        found += unsupported.of_tunnel(tunnel.get("options") or {})
        wrong = [f"{option}: the gateways of this version {rule}" for option, rule in found]
        if wrong:
            # It may have no IPv4 address inside, for instance.
            return wrong
    return [f"no {key}" for key in _REQUIRED if tunnel.get(key) in (None, "")] + wrong


def broken(tunnel: Mapping[str, Any], settings: Settings) -> list[str]:
    """What is wrong with one tunnel, whose own values are well formed."""
    found = _wrong(vars(settings), _OF_THE_SETTINGS)
    for key, (is_right, words) in _OF_THE_NETWORKS.items():
        found += [f"{key} {_shown(cidr)} is not {words}" for cidr in vars(settings)[key] if not is_right(cidr)]
    if found:
        return found
    inside = IPv4Network(tunnel["inside_cidr"])
    ends = [IPv4Address(tunnel[key]) for key in ("aws_inside_address", "customer_inside_address")]
    if inside.prefixlen != 30 or not inside.subnet_of(LINK_LOCAL):
        found.append(f"inside CIDR {inside} is not a /30 of {LINK_LOCAL}")
    elif sorted(ends) != list(inside.hosts()):
        found.append(f"inside addresses {ends[0]} and {ends[1]} are not the two hosts of {inside}")
    unreachable = [ip_network(cidr) for cidr in settings.unreachable_cidrs]
    found += [f"unreachable CIDR {cidr} is a default route" for cidr in unreachable if cidr.prefixlen == 0]
    if not settings.remote_cidrs:
        found.append("no remote CIDR")
    both = [cidr for cidr in settings.local_cidrs if cidr in settings.remote_cidrs]
    found += [f"{cidr} is a local CIDR and a remote CIDR: it can only be on one side" for cidr in both]
    return found + _broken_routing(tunnel, settings) + selectors.broken(tunnel, settings)


def _wrong(given: Mapping[str, Any], formats: Mapping[str, Format]) -> list[str]:
    return [
        f"{key} {_shown(given[key])} is not {words}"
        for key, (is_right, words) in formats.items()
        if given.get(key) not in (None, "") and not is_right(given[key])
    ]


def _shown(value: object) -> str:
    return shortened(repr(value), _SHOWN)


def unquotable(value: Any, place: str = "peers") -> Iterator[str]:
    """The values of finished peers that could be more than one word in the file they are written to."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from unquotable(each, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from unquotable(each, place)
    elif not (value is None or isinstance(value, int) or _is_word(value, place)):
        yield f"{place} {_shown(value)} is not one word"


def _is_word(value: object, place: str) -> bool:
    if not isinstance(value, str):
        return False
    return bool(_WORD.match(value) or (place.endswith(_MAY_HAVE_A_LENGTH) and _WITH_LENGTH.match(value)))


def _broken_routing(tunnel: Mapping[str, Any], settings: Settings) -> list[str]:
    if settings.routing not in ("bgp", "static"):
        return [f"unknown routing {shown(settings.routing)}, known: bgp, static"]
    if settings.routing == "static":
        return []
    found = [f"BGP needs {key}" for key in ("amazon_side_asn", "customer_asn") if not tunnel.get(key)]
    return found if settings.local_cidrs else [*found, "BGP needs a local CIDR to announce"]


def clashes(tunnels: Sequence[tuple[Mapping[str, Any], Settings]]) -> list[str]:
    """What two tunnels on one gateway must not share, and what all of them must."""
    found = []
    for key, why in (
        ("inside_cidr", "one gateway cannot tell them apart"),
        ("outside_address", "one peer is one tunnel"),
    ):
        holders = grouped((str(tunnel[key]), name_of(tunnel)) for tunnel, _settings in tunnels)
        found += [
            f"{key} {value} is used by {' and '.join(names)}: {why}"
            for value, names in holders.items()
            if len(names) > 1
        ]
    asns = sorted({int(tunnel["customer_asn"]) for tunnel, _settings in tunnels if tunnel.get("customer_asn")})
    if len(asns) > 1:
        found.append(f"the tunnels of one gateway have several customer ASNs: {', '.join(map(str, asns))}")
    kinds = sorted({str(settings.routing) for _tunnel, settings in tunnels})
    if len(kinds) > 1:
        found.append(f"the tunnels of one gateway have several kinds of routing: {', '.join(kinds)}")
    return found
