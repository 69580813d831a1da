# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Libreswan says of its tunnels: the output of ipsec, with the numbers of older releases, and pluto's journal."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..model.tunnel_states import Esp, Failure, Ike
from .sa import Journal, Line, journal_entries, latest_failures, no_sa

_NUMBER = r"(?m)^(?:\d{3} )?"
_STATE = re.compile(_NUMBER + r'#\d+: "([^"]+)":\d+ (?:STATE_V2_)?([A-Z0-9_]+) \(')
_TRAFFIC = re.compile(_NUMBER + r'#\d+: "([^"]+)", .*?inBytes=(\d+), outBytes=(\d+)')
_CONNECTION = re.compile(_NUMBER + r'"([^"]+)": .*===')
# An SA that is rekeyed stays in one of these states.
_IKE_UP, _ESP_UP = "ESTABLISHED_IKE_SA", "ESTABLISHED_CHILD_SA"

_MESSAGE = re.compile(r'(?:ERROR: )?"([^"]+)"(?: #\d+)?: (.*)', re.DOTALL)
_JOURNAL = Journal(
    failures=(
        (Failure.NO_SHARED_KEY, re.compile(r"no PSK found|Failed to find our PreShared Key")),
        (Failure.AUTHENTICATION_FAILED, re.compile(r"^authentication failed")),
        (Failure.KERNEL_REFUSED, re.compile(r"^cannot (route|install)|netlink response for (Add|Update) ")),
        (
            Failure.NO_ANSWER,
            re.compile(r": retransmission; will wait|second timeout exceeded|asynchronous network error"),
        ),
    ),
    notification=re.compile(
        r"(?:rejected by peer: |rejected Child SA with |error notification |(?:response|message) containing )"
        r"([A-Z]+(?:_[A-Z]+)+)"
    ),
    new_attempt=re.compile(r"^initiating IKEv2 connection"),
    answered=re.compile(r"^(sent IKE_AUTH request|processed IKE_SA_INIT response|initiator established IKE SA)"),
    up=re.compile(r"^(initiator|responder) established Child SA"),
)


def security_associations(states: str, traffic: str) -> dict[str, dict[str, Any]]:
    """By connection name: the best state of its IKE SAs, and of their ESP SAs with the bytes of the one in use.

    From ``ipsec showstates`` and ``ipsec trafficstatus``. Libreswan takes no SA for less than it has proposed, so
    there are no networks to compare.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, state in _STATE.findall(states):
        sa = found.setdefault(name, no_sa())
        if state == _ESP_UP:
            sa["esp"] = Esp.INSTALLED.value
        elif state == _IKE_UP:
            sa["ike"] = Ike.ESTABLISHED.value
        elif sa["ike"] == Ike.DOWN and "CHILD" not in state:
            sa["ike"] = Ike.CONNECTING.value
    for name, bytes_in, bytes_out in _TRAFFIC.findall(traffic):
        sa = found.setdefault(name, no_sa())
        sa["bytes_in"] += int(bytes_in)
        sa["bytes_out"] += int(bytes_out)
    return found


def loaded_connections(text: str) -> list[str]:
    """Names of the connections the daemon has loaded, from ``ipsec status``."""
    return sorted(set(_CONNECTION.findall(text)))


def evidence(lines: Iterable[str]) -> dict[str, list[str]]:
    """By connection: why its latest attempt failed, as far as pluto's journal (one JSON object a line) tells."""
    messages = (_MESSAGE.match(str(entry.get("MESSAGE"))) for entry in journal_entries(lines))
    return latest_failures((Line(*match.groups()) for match in messages if match), _JOURNAL)
