# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What charon and BIRD of an endpoint wrote into their logs, in the words and fields of AWS's log of a tunnel.

AWS's words: https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html. A line for which that page has no words
is left out, and so is every number that the daemons do not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Record = dict[str, Any]

CHARON_TIME = "%Y-%m-%dT%H:%M:%S%z"
_CHARON = re.compile(r"(\S+) \d+\[[A-Z]{3}\] (.*)")
# BIRD writes the local time of the machine.
_BIRD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) <\w+> customer: (.*)")

_NO_MATCH = "No Proposal Match Found by AWS"
_NOTIFIES = 'No Proposal Match Found. Notifying with "No proposal chosen"'
_REFUSES = "AWS tunnel is sending AUTHENTICATION_FAILED as the response"
_WRONG_KEY = "AWS tunnel payload decryption was unsuccessful due to invalid Pre-shared Key"
# What charon says, and what AWS says then.
_ACTIVITY = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"tried \d+ shared keys? for .* but MAC mismatched",
            "AWS tunnel detected a pre-shared key mismatch with cgw: {cgw}",
        ),
        (r"received proposals unacceptable|no acceptable proposal found", _NO_MATCH),
        (r"no IKE config found for .* sending NO_PROPOSAL_CHOSEN", _NO_MATCH),
        (r"generating \S+ (?:response|request) .* \[ N\((?:NO_PROP|NO_PROPOSAL_CHOSEN)\) \]", _NOTIFIES),
        (r"generating IKE_AUTH response .* N\(AUTH_FAILED\)", _REFUSES),
        (r"generating \S+ .* N\(AUTH_FAILED\)", _REFUSES),
        (r"(?:invalid HASH_V1|invalid ID_V1) payload length, decryption failed|could not decrypt payloads", _WRONG_KEY),
        (r"received TS_UNACCEPTABLE notify", "AWS: Traffic Selector: TS_UNACCEPTABLE: received from responder"),
        (
            r"failed to establish CHILD_SA, keeping IKE_SA",
            "AWS tunnel Phase 2 was unable to establish while keeping Phase 1",
        ),
        (r"giving up after (?P<n>\d+) retransmits", "AWS tunnel DPD timed out after {n} retransmits"),
        (r"received DELETE for IKE_SA", "AWS tunnel received DELETE for IKE_SA from CGW"),
        (
            r"received DELETE for ESP CHILD_SA with SPI (?P<spi>\w+)",
            "AWS tunnel received DELETE for Phase 2 SA with SPI: 0x{spi}",
        ),
        (
            r"deleting half open IKE_SA with \S+ after timeout",
            "AWS tunnel Timeout: deleting un-established Phase 1 IKE_SA with cgw: {cgw}",
        ),
        (r"parsed CREATE_CHILD_SA request (?P<n>\d+)", "AWS tunnel processed request (id={n}) for CREATE_CHILD_SA"),
        (
            r"generating CREATE_CHILD_SA response (?P<n>\d+)",
            "AWS tunnel is sending response (id={n}) for CREATE_CHILD_SA",
        ),
        (
            r"generating CREATE_CHILD_SA request (?P<n>\d+)",
            "AWS tunnel is sending request (id={n}) for CREATE_CHILD_SA",
        ),
        (r"parsed CREATE_CHILD_SA response (?P<n>\d+)", "AWS tunnel processed response (id={n}) for CREATE_CHILD_SA"),
    )
)
_CEASES = {
    "Maximum number of prefixes reached": "6/1 (Cease/Maximum Number of Prefixes Reached)",
    "Administrative shutdown": "6/2 (Cease/Administrative Shutdown)",
    "Peer de-configured": "6/3 (Cease/Peer Unconfigured)",
    "Administrative reset": "6/4 (Cease/Administrative Reset)",
    "Connection rejected": "6/5 (Cease/Connection Rejected)",
    "Other configuration change": "6/6 (Cease/Other Configuration Change)",
    "Connection collision resolution": "6/7 (Cease/Connection Collision Resolution)",
}
_CHANGED = "AWS-side peer BGP session state has changed from {} to {} with neighbor {{neighbor}}"
_UNCONNECTED = _CHANGED.format("Connect", "Active")
_BGP = tuple(
    (re.compile(pattern), status, words)
    for pattern, status, words in (
        (r"Connecting to ", "DOWN", "AWS-side peer is initiating a connection (via Connect) to neighbor {neighbor}"),
        (r"Connection (?:lost|closed)", "DOWN", _UNCONNECTED),
        (r"BGP session established", "UP", _CHANGED.format("OpenConfirm", "Established")),
        (r"BGP session closed", "DOWN", _CHANGED.format("Established", "Idle")),
        (
            r"Error: Bad peer AS: (?P<asn>\d+)",
            "DOWN",
            "AWS-side peer detected a bad OPEN message from neighbor {neighbor}"
            " - remote AS is {asn}, expected {expected}",
        ),
        (
            r"Error: Hold timer expired",
            "DOWN",
            "AWS-side peer sent a Hold Timer Expired notification to neighbor {neighbor}",
        ),
        *(
            (rf"{sign}: {name}", "DOWN", f"AWS-side peer {verb} {code} {way} neighbor {{neighbor}}")
            for name, code in _CEASES.items()
            for sign, verb, way in (
                ("Received", "received notification", "from"),
                ("Error", "sent a notification", "to"),
            )
        ),
    )
)


@dataclass
class _States:
    """What is established, as far as the log was read."""

    nat: bool = False
    is_negotiating: bool = False
    ike: set[str] = field(default_factory=set)
    esp: set[str] = field(default_factory=set)

    def follow(self, said: str) -> None:
        """Take in what a line says before AWS would write its own."""
        if re.match(r"Starting (?:IKE charon daemon|charon)", said):
            self.__init__()  # type: ignore[misc]  # the daemon begins again with nothing
        elif re.search(r"is initiating an? |^initiating ", said):
            self.is_negotiating = True
            self.nat = False if not self.ike else self.nat
        elif "remote host is behind NAT" in said:
            self.nat = True
        elif "giving up after" in said:
            self.ike, self.esp, self.is_negotiating = set(), set(), False
        elif re.search(r"deleting half open IKE_SA|N\((?:NO_PROP|AUTH_FAILED)\)", said):
            self.is_negotiating = False
        else:
            self._count(said)

    def _count(self, said: str) -> None:
        for name, known in (("IKE_SA", self.ike), ("CHILD_SA", self.esp)):
            made = re.search(rf"{name} vpn[\[{{](\d+)[\]}}] established", said)
            gone = re.search(rf"(?:deleting|closing|received DELETE for) {name} vpn[\[{{](\d+)", said)
            known.update(made.groups() if made else ())
            known.difference_update(gone.groups() if gone else ())
        if not self.ike:
            self.esp.clear()
        elif not self.esp:
            self.is_negotiating = False

    def phase(self, established: set[str]) -> str:
        """In AWS's words."""
        return "Established" if established else "Negotiating" if self.is_negotiating else "Down"


def activity(lines: Iterable[str], customer: str, is_watched: bool) -> Iterator[Record]:
    """The tunnel activity log, from the log of charon."""
    states = _States()
    for line in lines:
        found = _CHARON.match(line)
        if not found:
            continue
        states.follow(found[2])
        words = next(((match, text) for each, text in _ACTIVITY if (match := each.search(found[2]))), None)
        if words:
            yield {
                "log": "tunnel",
                "at": datetime.strptime(found[1], CHARON_TIME).timestamp(),
                "details": words[1].format(cgw=customer, **words[0].groupdict()),
                "dpd_enabled": is_watched,
                "nat_t_detected": states.nat,
                "ike_phase1_state": states.phase(states.ike),
                "ike_phase2_state": states.phase(states.esp),
            }


def bgp(lines: Iterable[str], neighbor: str, asn: int) -> Iterator[Record]:
    """The BGP log, from the log of BIRD about the session with the customer."""
    is_connecting = False
    for line in lines:
        found = _BIRD.match(line)
        if not found:
            continue
        for pattern, status, words in _BGP:
            match = pattern.match(found[2])
            # A connection can be lost in every state; AWS has words for this one.
            if match and (is_connecting or words != _UNCONNECTED):
                details = words.format(neighbor=neighbor, expected=asn, **match.groupdict())
                at = datetime.fromisoformat(found[1]).timestamp()
                yield {"log": "bgp", "at": at, "type": "BGPStatus", "status": status, "details": details}
                break
        is_connecting = found[2].startswith("Connecting to ")
