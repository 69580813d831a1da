# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The firewall of the owner of a gateway: who manages it, which chains can be opened there, and which cannot."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .diagnosis import dropping_chains

FIREWALLD, UFW, NFTABLES = "firewalld", "ufw", "nftables"
# The tables that a manager opens itself. ufw uses iptables, whose chains have no table where they are not in nftables.
_IPTABLES = ("INPUT", "FORWARD", "OUTPUT")
_TABLES: dict[str, tuple[str, ...]] = {
    FIREWALLD: ("inet firewalld ", "ip firewalld "),
    UFW: ("ip filter ", *_IPTABLES),
    NFTABLES: (),
}
# The packets outside and inside of the tunnels are IPv4.
_FAMILIES = ("ip ", "inet ", *_IPTABLES)
# Words of a rule that lets the tunnels through, whoever wrote it.
_WORDS = {
    "input": ("4500",),
    "output": ("4500",),
    "forward": tuple(f"{before}{name}" for name in ("vpn", "ipsec") for before in ('"', "-i ", "-o ")),
}


def manager(has_firewalld: bool, ufw: str) -> str:
    """Who starts at boot, from the unit of firewalld and ``ufw.conf``."""
    if has_firewalld:
        return FIREWALLD
    return UFW if "ENABLED=yes" in ufw.split() else NFTABLES


def firewall(managed_by: str, ruleset: str, legacy: str, of_file: str) -> dict[str, Any]:
    """What drops packets that no rule accepts: the chains that the role opens, and those that it cannot open.

    From the rule set that is loaded, that of iptables-legacy, and the one that the file of nftables makes alone.
    """
    own = [chain for chain in dropping_chains(of_file) if _is_ipv4(chain)] if managed_by == NFTABLES else []
    known = [chain["chain"] for chain in own]
    closed = [
        chain
        for chain in dropping_chains(ruleset, legacy)
        if _is_ipv4(chain) and chain["chain"] not in known and not chain["chain"].startswith(_TABLES[managed_by])
        if not _lets_through(chain, _rules(ruleset, legacy, chain["chain"]))
    ]
    return {"manager": managed_by, "chains": own, "closed": closed}


def _is_ipv4(chain: Mapping[str, str]) -> bool:
    return chain["chain"].startswith(_FAMILIES)


def _rules(ruleset: str, legacy: str, chain: str) -> Iterable[str]:
    """The rules of the table of a chain, as text: a chain can jump to any other there."""
    family, _space, table = chain.rpartition(" ")[0].partition(" ")
    if not family:
        return legacy.splitlines()
    entries: Sequence[Mapping[str, Any]] = json.loads(ruleset)["nftables"]
    rules = (entry["rule"] for entry in entries if "rule" in entry)
    return [json.dumps(rule) for rule in rules if (rule["family"], rule["table"]) == (family, table)]


def _lets_through(chain: Mapping[str, str], rules: Iterable[str]) -> bool:
    return any(word in rule for rule in rules for word in _WORDS[chain["hook"]])
