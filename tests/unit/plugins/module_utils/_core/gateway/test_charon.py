# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What strongSwan says of its tunnels, as release 6.0 does."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import charon

NAME = "vpn-0123456789abcdef0-1"


def sa(name: str, state: str, *children: tuple[str, int, int]) -> str:
    """One event of ``swanctl --list-sas --pretty``; a child is its state and its bytes in and out."""
    lines = ["list-sa event {", f"  {name} {{", "    uniqueid = 3", "    version = 2", f"    state = {state}"]
    lines += ["    local-host = 198.51.100.10", "    remote-vips = [", "    ]", "    child-sas {"]
    for number, (child, bytes_in, bytes_out) in enumerate(children, start=1):
        lines += [f"      {name}-{number} {{", f"        name = {name}", f"        state = {child}"]
        lines += [f"        bytes-in = {bytes_in}", f"        bytes-out = {bytes_out}"]
        lines += ["        local-ts = [", "          10.20.0.0/16", "        ]"]
        lines += ["        remote-ts = [", "          10.0.0.0/8", "        ]", "      }"]
    return "\n".join([*lines, "    }", "  }", "}", ""])


def test_sections_keep_the_structure() -> None:
    text = "list-conn event {\n  one {\n    remote_addrs = [\n      203.0.113.2\n    ]\n    dpd_delay = 10\n  }\n}\n"
    assert charon.sections(text) == {"list-conn event": {"one": {"remote_addrs": ["203.0.113.2"], "dpd_delay": "10"}}}
    assert charon.sections("list-sas reply {\n}\n") == {"list-sas reply": {}}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], None),
        ([sa(NAME, "ESTABLISHED", ("INSTALLED", 7, 9))], ("ESTABLISHED", "INSTALLED", 7, 9)),
        ([sa(NAME, "CONNECTING")], ("CONNECTING", "DOWN", 0, 0)),
        ([sa(NAME, "ESTABLISHED")], ("ESTABLISHED", "DOWN", 0, 0)),
        ([sa(NAME, "ESTABLISHED", ("CREATED", 0, 0))], ("ESTABLISHED", "DOWN", 0, 0)),
        ([sa(NAME, "DELETING", ("DELETING", 7, 9))], ("DOWN", "DOWN", 0, 0)),
        # While the IKE SA is rekeyed both are listed, in any order.
        ([sa(NAME, "REKEYED"), sa(NAME, "ESTABLISHED", ("INSTALLED", 7, 9))], ("ESTABLISHED", "INSTALLED", 7, 9)),
        ([sa(NAME, "ESTABLISHED", ("INSTALLED", 7, 9)), sa(NAME, "CONNECTING")], ("ESTABLISHED", "INSTALLED", 7, 9)),
        ([sa(NAME, "ESTABLISHED", ("REKEYED", 5, 5), ("INSTALLED", 7, 9))], ("ESTABLISHED", "INSTALLED", 7, 9)),
    ],
)
def test_security_associations(events: list[str], expected: tuple[str, str, int, int] | None) -> None:
    found = charon.security_associations("".join(events) + "list-sas reply {\n}\n")
    keys = ("ike", "esp", "bytes_in", "bytes_out")
    assert {name: tuple(sa[key] for key in keys) for name, sa in found.items()} == (
        {NAME: expected} if expected else {}
    )


def test_the_networks_of_an_sa_are_those_of_its_children_in_use() -> None:
    found = charon.security_associations(sa(NAME, "ESTABLISHED", ("INSTALLED", 7, 9)))[NAME]
    assert (found["local_networks"], found["remote_networks"]) == (["10.20.0.0/16"], ["10.0.0.0/8"])
    found = charon.security_associations(sa(NAME, "ESTABLISHED", ("CREATED", 0, 0)))[NAME]
    assert (found["local_networks"], found["remote_networks"]) == ([], [])


def test_loaded_connections() -> None:
    text = (
        "list-conn event {\n  b {\n    version = 2\n  }\n}\nlist-conn event {\n  a {\n  }\n}\nlist-conns reply {\n}\n"
    )
    assert charon.loaded_connections(text) == ["a", "b"]


def journal(*messages: str, sa_id: int = 1, name: str = NAME) -> list[str]:
    return [json.dumps({"MESSAGE": text, "IKE_SA_NAME": name, "IKE_SA_UNIQUE_ID": str(sa_id)}) for text in messages]


INITIATING = f"initiating IKE_SA {NAME}[1] to 203.0.113.2"
SENT = "sending packet: from 198.51.100.10[500] to 203.0.113.2[500] (256 bytes)"
ANSWERED = "parsed IKE_SA_INIT response 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) ]"
REFUSED = "received AUTHENTICATION_FAILED notify error"
UP = f"CHILD_SA {NAME}{{3}} established with SPIs ce3224cd_i c0c1111a_o and TS 0.0.0.0/0 === 0.0.0.0/0"


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([INITIATING, SENT, ANSWERED, REFUSED], ["AUTHENTICATION_FAILED"]),
        ([INITIATING, "received NO_PROPOSAL_CHOSEN notify error"], ["NO_PROPOSAL_CHOSEN"]),
        ([INITIATING, "received TS_UNACCEPTABLE notify, no CHILD_SA built"], ["TS_UNACCEPTABLE"]),
        ([INITIATING, "no shared key found for '198.51.100.10' - '203.0.113.2'"], ["NO_SHARED_KEY"]),
        ([INITIATING, "tried 1 shared key for 'a' - 'b', but MAC mismatched"], ["AUTHENTICATION_FAILED"]),
        ([INITIATING, SENT, "retransmit 1 of request with message ID 0"], ["NO_ANSWER"]),
        ([INITIATING, "giving up after 3 retransmits", "peer not responding, trying again (2/0)"], ["NO_ANSWER"]),
        ([INITIATING, "unable to install inbound and outbound IPsec SA (SAD) in kernel"], ["KERNEL_REFUSED"]),
        # An answer says more than its absence before.
        ([INITIATING, "retransmit 1 of request with message ID 0", ANSWERED], []),
        ([INITIATING, "retransmit 1 of request with message ID 0", REFUSED], ["AUTHENTICATION_FAILED"]),
        # Only the latest attempt counts, but it has to have failed itself.
        ([INITIATING, REFUSED, INITIATING, SENT], ["AUTHENTICATION_FAILED"]),
        ([INITIATING, REFUSED, INITIATING, "received NO_PROPOSAL_CHOSEN notify error"], ["NO_PROPOSAL_CHOSEN"]),
        ([INITIATING, REFUSED, INITIATING, UP], []),
        ([INITIATING, UP, INITIATING, "retransmit 2 of request with message ID 0"], ["NO_ANSWER"]),
        ([SENT], []),
    ],
)
def test_evidence(messages: list[str], expected: list[str]) -> None:
    assert charon.evidence(journal(*messages)) == {NAME: expected}


def test_evidence_is_kept_apart_by_connection_and_attempt() -> None:
    lines = [
        *journal(INITIATING, REFUSED, sa_id=1),
        *journal(INITIATING, "giving up after 3 retransmits", sa_id=2, name="other"),
        *journal(INITIATING, "received NO_PROPOSAL_CHOSEN notify error", sa_id=3),
        json.dumps({"MESSAGE": "received AUTHENTICATION_FAILED notify error"}),
        json.dumps({"MESSAGE": [1, 2], "IKE_SA_NAME": NAME}),
        "not JSON",
    ]
    assert charon.evidence(lines) == {NAME: ["NO_PROPOSAL_CHOSEN"], "other": ["NO_ANSWER"]}
