# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The output of tools that tell why packets do not pass a gateway whose tunnels are there."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# What a packet passes on its way through a host.
HOOKS = ("input", "forward", "output")
# Our own table drops what is not allowed, and that is wanted.
_OWN_TABLE = "aws_vpn"
_ENDS = ("drop", "reject")
_LEGACY = re.compile(r"-P (INPUT|FORWARD|OUTPUT) DROP")
_DIRECTIONS = {"BGP Notification send": "sent ", "BGP Notification received": "received "}
# What FRR says of a session that has not been tried yet.
_NO_REASON = ("", "none", "No AFI/SAFI activated for peer", "Waiting for peer OPEN")


def dropping_chains(ruleset: str, legacy: str = "") -> list[dict[str, str]]:
    """Where the host drops each packet that no rule accepts: by policy, or by a last rule that takes everything.

    From ``nft --json list ruleset`` and ``iptables-legacy -S``.
    """
    entries = _json(ruleset).get("nftables") or []
    rules: dict[tuple[str, ...], Any] = {}
    for rule in (entry["rule"] for entry in entries if "rule" in entry):
        rules[_key(rule, rule["chain"])] = rule.get("expr") or []
    found = []
    for chain in (entry["chain"] for entry in entries if "chain" in entry):
        if chain.get("hook") not in HOOKS or chain["table"] == _OWN_TABLE:
            continue
        ending = "policy drop" if chain.get("policy") == "drop" else _ending(rules.get(_key(chain, chain["name"]), []))
        if ending:
            name = f"{chain['family']} {chain['table']} {chain['name']}"
            found.append({"hook": chain["hook"], "chain": name, "ending": ending})
    for policy in filter(None, map(_LEGACY.fullmatch, legacy.splitlines())):
        found.append({"hook": policy[1].lower(), "chain": policy[1], "ending": "policy drop"})
    return found


def _key(entry: Mapping[str, Any], chain: str) -> tuple[str, ...]:
    return (entry["family"], entry["table"], chain)


def _ending(last: list[Mapping[str, Any]]) -> str | None:
    """How a chain ends whose last rule drops all that is left; counters and logs do not choose."""
    choosing = [each for each in last if not {"counter", "log"} & set(each)]
    if len(choosing) != 1:
        return None
    return next((f"last rule {word}" for word in _ENDS if word in choosing[0]), None)


def bgp_reasons(text: str) -> dict[str, str]:
    """By neighbor: why its session ended the last time, from ``show bgp neighbors json``."""
    found = {neighbor: _reason(peer) for neighbor, peer in _json(text).items() if isinstance(peer, dict)}
    return {neighbor: reason for neighbor, reason in found.items() if reason}


def _reason(peer: Mapping[str, Any]) -> str:
    ended, notification = str(peer.get("lastResetDueTo") or ""), str(peer.get("lastNotificationReason") or "")
    if ended in _DIRECTIONS and notification:
        return _DIRECTIONS[ended] + notification
    return "" if ended in _NO_REASON else ended


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
