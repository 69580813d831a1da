# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open the firewall of the owner of the gateway for the tunnels, and close it again.

The role hybridnet.aws_vpn.gateway installs this program, and activate.py uses it. The files of the owner's firewall
have the openings too, for the next boot. Python 3.8, standard library.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from commands import call, must

RULES = Path("/etc/aws-vpn/openings.nft")
COMMENT = "hybridnet.aws_vpn"
# What loads the file of a manager again, and what says whether the manager is at work.
MANAGERS = {
    "firewalld": (("firewall-cmd", "--state"), ("firewall-cmd", "--reload")),
    "ufw": (("ufw", "status"), ("ufw", "reload")),
}


def reload_managers(todo: Iterable[str]) -> None:
    for label, (question, command) in MANAGERS.items():
        if label in todo and call(*question).returncode == 0:
            must(*command)


def chain_of(line: str) -> str:
    """The chain of a command of nft."""
    return " ".join(line.split()[2:5])


def chains(loaded: Iterable[Mapping[str, Any]]) -> set[str]:
    found = (entry["chain"] for entry in loaded if "chain" in entry)
    return {" ".join((chain["family"], chain["table"], chain["name"])) for chain in found}


def own_rules(loaded: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    rules = (entry["rule"] for entry in loaded if "rule" in entry)
    return [rule for rule in rules if rule.get("comment") == COMMENT]


def missing(loaded: Iterable[Mapping[str, Any]], wanted: str) -> list[str]:
    """Chains that are there and have another number of our rules than they should."""
    entries = list(loaded)
    needed = Counter(chain_of(line) for line in wanted.splitlines() if line.startswith("insert rule "))
    found = Counter("{family} {table} {chain}".format(**rule) for rule in own_rules(entries))
    return sorted(chain for chain in chains(entries) & (needed.keys() | found.keys()) if needed[chain] != found[chain])


def commands(loaded: Iterable[Mapping[str, Any]], wanted: str) -> Iterator[str]:
    """Delete our rules, and insert those that are wanted into the chains that are there."""
    entries = list(loaded)
    for rule in own_rules(entries):
        yield "delete rule {family} {table} {chain} handle {handle}".format(**rule)
    for line in wanted.splitlines():
        if line.startswith("insert rule ") and chain_of(line) in chains(entries):
            yield line


def load(wanted: str) -> None:
    """In one transaction."""
    loaded = json.loads(must("nft", "--json", "list", "ruleset"))["nftables"]
    batch = list(commands(loaded, wanted))
    if batch:
        must("nft", "--file", "-", given="\n".join(batch) + "\n")


def apply(todo: Iterable[str]) -> None:
    reload_managers(todo)
    if "openings" in todo:
        load(RULES.read_text(encoding="utf-8"))


def close(todo: Iterable[str]) -> None:
    """The files of the managers are without our openings by now."""
    reload_managers(todo)
    load("")
