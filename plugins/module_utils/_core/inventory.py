# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The site_vpn_* variables of every host, read, checked and completed; private to hybridnet.aws_vpn.

Room: core. One host of the inventory is one site. Everything wrong with one site is found here; what sites must not
do to each other is in site_set.py. A problem is one line: host, option, value and the rule it breaks. A value that
is, or may be, a secret is never part of it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import fields, rules, validate
from .inventory_options import read_options, read_storage, read_tunnels, refuse_combinations
from .inventory_target import read_target

PREFIX = "site_vpn_"
ROUTING = ("bgp", "static")
IPSEC = ("strongswan",)
# Every option of a site, with what to say when a required one is missing.
OPTIONS: dict[str, str | None] = {
    "region": "the AWS Region of the VPN, such as eu-central-1",
    "endpoint_url": None,
    "target": "what the VPN ends on in AWS: one of " + ", ".join(validate.TARGET_KEYS),
    "routing": None,
    "ipsec": None,
    "public_ip": "the public IPv4 address AWS sees the gateway at",
    "bgp_asn": "BGP needs the ASN of the gateway, such as 65010 (or set site_vpn_routing: static)",
    "certificate_arn": None,
    "device_name": None,
    "options": None,
    "pre_shared_key_storage": None,
    "local_cidrs": "the list of networks behind the gateway",
    "remote_cidrs": "the list of networks to reach in AWS",
    "tunnels": None,
    "tags": None,
    "gateway_address": None,
    "lan_address": None,
    "probe_host": None,
    "vpc_probe_host": None,
    "vpc_probe_address": None,
}
# Words to the play rather than about a site; they may come with -e, show up on every host, and hold credentials.
PLAY_OPTIONS = ("hosts", "environment")
OWN_TAG_PREFIX = "hybridnet:"
# Everything without a better route goes to such a site, so it gets in the way of no network.
DEFAULT_ROUTE = "0.0.0.0/0"

_WHOLE = re.compile(r"-?[0-9]+\Z")
_DEVICE_ROWS = {row.name: row for row in fields.CUSTOMER_GATEWAY}
_URL = re.compile(r"https?://[A-Za-z0-9._\-\[\]:]+(/[^\s@]*)?\Z")

Rule = Callable[[object], "str | None"]


@dataclass(frozen=True)
class Unreadable:
    """Stands for a variable whose template cannot be evaluated."""

    reason: str


@dataclass
class Host:
    """One host of the inventory: what it says, what is wrong with it, and the site read from it."""

    name: str
    given: Mapping[str, object]
    problems: list[str] = field(default_factory=list)
    site: dict[str, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What every problem of this host begins with."""
        return f"{self.name}: {PREFIX}"

    def refuse(self, option: str, rule: str, value: object = None) -> None:
        """Note a problem; a value of None is not shown."""
        shown = "" if value is None else f"={_shown(value)}"
        self.problems.append(f"{self.prefix}{option}{shown}: {rule}")

    def value(self, option: str, required: bool = False) -> object:
        """What the inventory says, None when it says nothing (or nothing that can be read)."""
        value = self.given.get(PREFIX + option)
        if isinstance(value, Unreadable):
            self.refuse(option, f"cannot be evaluated: {value.reason}")
            return None
        if required and (value is None or value == ""):
            self.refuse(option, f"missing: {OPTIONS[option]}")
            return None
        return value

    def text(self, option: str, rule: Rule | None = None, required: bool = False) -> str | None:
        """A string that keeps the rule."""
        value = self.value(option, required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(option, "a string is expected", value)
            return None
        problem = rule(value) if rule else None
        if problem:
            self.refuse(option, problem, value)
        return None if problem else value

    def choice(self, option: str, choices: tuple[str, ...]) -> str:
        """One word of a few, the first by default."""
        return self.text(option, lambda value: _not_one_of(value, choices)) or choices[0]

    def whole(self, option: str, value: object, rule: Rule) -> int | None:
        """A whole number that keeps the rule; digits in a string pass, INI inventories have nothing else."""
        if value is None:
            return None
        number = int(value) if isinstance(value, str) and _WHOLE.match(value) else value
        problem = rule(number)
        if problem or not isinstance(number, int):
            self.refuse(option, problem or "a whole number is expected", value)
            return None
        return number

    def networks(self, option: str, version: int) -> list[str]:
        """A list of CIDRs of one family, each once; one within another is a route of its own."""
        kept = []
        for entry in self.entries(option, self.value(option, required=True)):
            problem = validate.cidr_problem(entry, version)
            if problem:
                self.refuse(option, problem, entry)
            else:
                kept.append(str(entry))
        for cidr, _numbers in validate.duplicates([(cidr, str(number)) for number, cidr in enumerate(kept)]):
            self.refuse(option, "is in the list twice", cidr)
        return kept

    def entries(self, option: str, value: object) -> list[object]:
        """A list that is not empty."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(option, "a list is expected, also for one entry: [10.20.0.0/16]", value)
            return []
        if not value:
            self.refuse(option, f"the list is empty: {OPTIONS.get(option) or 'leave it out instead'}")
        return value

    def only(self, option: str, mapping: Mapping[object, object], known: tuple[str, ...]) -> None:
        """Refuse keys nobody reads; their values may be anything, so they are not shown."""
        for key in mapping:
            if key not in known:
                self.refuse(f"{option}{key}", "unknown option" + did_you_mean(str(key), known))


def read_host(variables: Mapping[str, object], known_hosts: Iterable[str] | None) -> Host:
    """Everything one host says about its site, with every problem that needs no other site to see."""
    name = str(variables.get("inventory_hostname"))
    host = Host(name, {key: value for key, value in variables.items() if str(key).startswith(PREFIX)})
    _refuse_unknown_options(host)
    region = host.text("region", validate.region_problem, required=True)
    certificate_arn = _device_option(host, "certificate_arn")
    options = read_options(host)
    version = rules.network_version(options)
    host.site = {
        "name": name,
        "region": region,
        "endpoint_url": _endpoint_url(host),
        "target": read_target(host),
        "routing": host.choice("routing", ROUTING),
        "ipsec": host.choice("ipsec", IPSEC),
        # Without an address AWS takes the gateway from anywhere, if it shows the certificate.
        "public_ip": host.text("public_ip", required=certificate_arn is None),
        "certificate_arn": certificate_arn,
        "device_name": _device_option(host, "device_name"),
        "options": options,
        "pre_shared_key_storage": read_storage(host),
    }
    host.site["bgp_asn"] = host.whole(
        "bgp_asn",
        host.value("bgp_asn", required=host.site["routing"] == "bgp"),
        lambda asn: validate.customer_asn_problem(asn, region),
    )
    host.site["local_cidrs"] = host.networks("local_cidrs", version)
    host.site["remote_cidrs"] = host.networks("remote_cidrs", version)
    host.site["tunnels"] = read_tunnels(host)
    host.site["tags"] = _tags(host)
    _read_places(host, known_hosts)
    _refuse_asns_and_networks(host)
    refuse_combinations(host)
    return host


def _device_option(host: Host, option: str) -> str | None:
    return host.text(option, _DEVICE_ROWS[option].problem)


def _refuse_unknown_options(host: Host) -> None:
    known = tuple(PREFIX + option for option in OPTIONS)
    passed = tuple(PREFIX + option for option in PLAY_OPTIONS)
    for key in host.given:
        if key not in known + passed:
            host.refuse(key[len(PREFIX) :], "unknown option" + did_you_mean(key, known))


def _tags(host: Host) -> dict[str, str]:
    value = host.value("tags")
    if value is None:
        return {}
    if not isinstance(value, dict):
        host.refuse("tags", "a dictionary is expected", value)
        return {}
    for key, tag in value.items():
        problem = _tag_problem(key, tag)
        if problem:
            host.refuse(f"tags.{_shown(key)}", problem)
    return {str(key): str(tag) for key, tag in value.items()}


def _tag_problem(key: object, tag: object) -> str | None:
    if isinstance(tag, (dict, list, bool)) or tag is None:
        return "the value of a tag is a string (quote it)"
    if not 1 <= len(str(key)) <= 128 or len(str(tag)) > 256:
        return "a tag has a key of 1 to 128 and a value of up to 256 characters"
    if str(key).lower().startswith("aws:"):
        return "AWS keeps keys that start with aws: to itself"
    if str(key).startswith(OWN_TAG_PREFIX):
        return f"the collection keeps keys that start with {OWN_TAG_PREFIX} to itself: it finds its resources by them"
    return None


def _read_places(host: Host, known_hosts: Iterable[str] | None) -> None:
    """Where the gateway and the probes are."""
    for option, networks in (("gateway_address", None), ("lan_address", "local"), ("vpc_probe_address", "remote")):
        value = host.text(option, _address_problem)
        host.site[option] = value
        inside = host.site[f"{networks}_cidrs"] if networks else []
        if value and inside and not validate.clashes([f"{value}/32"], inside):
            host.refuse(option, f"lies in none of {PREFIX}{networks}_cidrs ({', '.join(inside)})", value)
    names = None if known_hosts is None else tuple(known_hosts)
    for option in ("probe_host", "vpc_probe_host"):
        value = host.text(option)
        host.site[option] = value
        if value and names is not None and value not in names:
            host.refuse(option, "no such host in the inventory" + did_you_mean(value, names), value)


def _refuse_asns_and_networks(host: Host) -> None:
    local = [cidr for cidr in host.site["local_cidrs"] if cidr != DEFAULT_ROUTE]
    for cidr, other in validate.clashes(local, host.site["remote_cidrs"]):
        host.refuse("local_cidrs", f"overlaps {other} of {PREFIX}remote_cidrs", cidr)
    amazon_side_asn = host.site["target"].get("vpn_gateway", {}).get("amazon_side_asn")
    if amazon_side_asn is None:
        return
    asn = host.site["bgp_asn"]
    if asn is not None:
        problem = validate.asn_pair_problem(asn, amazon_side_asn)
        if problem:
            host.refuse("bgp_asn", problem, asn)
    elif host.site["routing"] == "static":
        problem = validate.asn_pair_problem(validate.DEFAULT_STATIC_CUSTOMER_ASN, amazon_side_asn)
        if problem:
            host.refuse("bgp_asn", f"not set, so {validate.DEFAULT_STATIC_CUSTOMER_ASN}: {problem}")


def _endpoint_url(host: Host) -> str | None:
    value = host.value("endpoint_url")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _URL.match(value):
        # Not shown: a URL may carry a password.
        host.refuse("endpoint_url", "not an http or https address without user name, such as http://127.0.0.1:5055")
        return None
    return value


def _address_problem(value: object) -> str | None:
    return None if validate.address(value) else "not an IPv4 address"


def _not_one_of(value: object, choices: tuple[str, ...]) -> str | None:
    if value in choices:
        return None
    return f"must be {' or '.join(choices)}" + did_you_mean(str(value), choices)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion to add to a refusal, empty when nothing comes near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f", did you mean {near[0]}?" if near else ""


def _shown(value: object) -> str:
    """A value as it stands in a problem: one short line."""
    if isinstance(value, (dict, list)):
        return "(a dictionary)" if isinstance(value, dict) else "(a list)"
    text = value if isinstance(value, str) and value.isprintable() else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
