# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What strongSwan says of its tunnels: the output of swanctl, and charon's journal."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..model.tunnel_states import Esp, Failure, Ike
from .sa import Journal, Line, journal_entries, latest_failures, no_sa

# The states of charon that count as up.
_IKE_UP = ("ESTABLISHED", "REKEYING", "REKEYED")
_ESP_UP = ("INSTALLED", "REKEYING", "UPDATING")
# What an SA carries, and how charon lists it.
_NETWORKS = {"local": "local-ts", "remote": "remote-ts"}

_JOURNAL = Journal(
    failures=(
        (Failure.AUTHENTICATION_FAILED, re.compile(r"AUTH_FAILED|MAC mismatched|^authentication of .* failed\Z")),
        (Failure.NO_SHARED_KEY, re.compile(r"no (shared|private) key found")),
        (Failure.NO_PROPOSAL_CHOSEN, re.compile(r"proposals unacceptable|no acceptable proposal")),
        (Failure.TS_UNACCEPTABLE, re.compile(r"traffic selectors .* unacceptable")),
        (Failure.KERNEL_REFUSED, re.compile(r"unable to (install .* in kernel|add SAD entry|install policy)")),
        (Failure.NO_ANSWER, re.compile(r"^retransmit \d+ of request|^giving up after|peer not responding")),
    ),
    notification=re.compile(r"^received ([A-Z_]+) notify( error|, no CHILD_SA built)"),
    new_attempt=re.compile(r"^initiating (Main Mode )?IKE_SA|trying again"),
    answered=re.compile(r"^parsed .* response"),
    up=re.compile(r"^(inbound )?CHILD_SA .* established"),
)


def sections(text: str) -> dict[str, Any]:
    """The sections of ``swanctl --pretty`` as nested dictionaries; repeated top-level messages are merged."""
    root: dict[str, Any] = {}
    stack: list[Any] = [root]
    for raw in text.splitlines():
        line = raw.strip()
        if line in ("}", "]"):
            if len(stack) > 1:
                stack.pop()
        elif line.endswith("{"):
            stack.append(stack[-1].setdefault(line[:-1].strip(), {}))
        elif line.endswith("= ["):
            stack.append(stack[-1].setdefault(line[:-3].strip(), []))
        elif isinstance(stack[-1], list):
            stack[-1].append(line)
        elif " = " in line or line.endswith(" ="):
            key, _separator, value = line.partition(" =")
            stack[-1][key.strip()] = value.strip()
    return root


def security_associations(text: str) -> dict[str, dict[str, Any]]:
    """By connection name: the best state of its IKE SAs, and of their ESP SAs with the bytes of the one in use.

    While one is replaced there are two. An event of ``swanctl --list-sas --pretty`` holds one IKE SA, so two of
    them with one name must not be merged: the text is taken event by event.
    """
    found: dict[str, dict[str, Any]] = {}
    for event in re.split(r"(?m)^(?=list-sa event)", text):
        for connections in sections(event).values():
            for name, sa in connections.items():
                if isinstance(sa, dict) and "state" in sa:
                    _merge(found.setdefault(name, no_sa()), sa)
    return found


def _merge(best: dict[str, Any], sa: Mapping[str, Any]) -> None:
    if sa["state"] in _IKE_UP:
        best["ike"] = Ike.ESTABLISHED.value
    elif sa["state"] in ("CREATED", "CONNECTING") and best["ike"] == Ike.DOWN:
        best["ike"] = Ike.CONNECTING.value
    for child in sa.get("child-sas", {}).values():
        if child.get("state") in _ESP_UP:
            best["esp"] = Esp.INSTALLED.value
            best["bytes_in"] += int(child.get("bytes-in", 0))
            best["bytes_out"] += int(child.get("bytes-out", 0))
            for side, listed in _NETWORKS.items():
                best[f"{side}_networks"] += child.get(listed, [])


def loaded_connections(text: str) -> list[str]:
    """Names of the connections the daemon has loaded."""
    return sorted(name for message in sections(text).values() for name in message)


def evidence(lines: Iterable[str]) -> dict[str, list[str]]:
    """By connection: why its latest attempt failed, as far as charon's journal (one JSON object a line) tells."""
    entries = (
        (entry.get("IKE_SA_NAME"), entry.get("MESSAGE"), str(entry.get("IKE_SA_UNIQUE_ID", "")))
        for entry in journal_entries(lines)
    )
    return latest_failures(
        (
            Line(name, message, sa)
            for name, message, sa in entries
            if isinstance(name, str) and isinstance(message, str)
        ),
        _JOURNAL,
    )
