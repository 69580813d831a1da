# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One host of the inventory while it is read: its variables taken out one by one, and what is wrong with them.

A problem is one line: host, option, value and
the rule it breaks. A value that is, or may be, a secret is never part of it.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..options import value_rules

PREFIX = "site_vpn_"
# Every option of a site, with what to say when a required one is missing.
OPTIONS: dict[str, str | None] = {
    "region": "the AWS Region of the VPN, such as eu-central-1",
    "endpoint_url": None,
    "target": "what the VPN ends on in AWS: one of " + ", ".join(value_rules.TARGET_KEYS),
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

_WHOLE = re.compile(r"-?[0-9]+\Z")
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
        at = option if value is None else f"{option}={shown(value)}"
        self.problems.append(f"{self.prefix}{at}: {rule}")

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
        return self.text(option, lambda value: not_one_of(value, choices)) or choices[0]

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
            problem = value_rules.cidr_problem(entry, version)
            if problem:
                self.refuse(option, problem, entry)
            else:
                kept.append(str(entry))
        for cidr, _numbers in value_rules.duplicates([(cidr, str(number)) for number, cidr in enumerate(kept)]):
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


def not_one_of(value: object, choices: tuple[str, ...]) -> str | None:
    if value in choices:
        return None
    return f"must be {' or '.join(choices)}" + did_you_mean(str(value), choices)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion to add to a refusal, empty when nothing comes near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f", did you mean {near[0]}?" if near else ""


def shown(value: object) -> str:
    """A value as it stands in a problem: one short line."""
    if isinstance(value, (dict, list)):
        return "(a dictionary)" if isinstance(value, dict) else "(a list)"
    text = value if isinstance(value, str) and value.isprintable() else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
