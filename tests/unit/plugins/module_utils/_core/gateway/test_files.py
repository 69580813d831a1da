# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are only partly ours."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import files

THEIRS = "log syslog informational\n!\nrouter ospf\n"


def test_a_block_is_added_replaced_and_removed_without_a_trace() -> None:
    added = files.with_block(THEIRS, "router bgp 65010\n", "!")
    assert added == THEIRS + "! BEGIN hybridnet.aws_vpn\nrouter bgp 65010\n! END hybridnet.aws_vpn\n"
    replaced = files.with_block(added, "router bgp 65011", "!")
    assert "65010" not in replaced
    assert replaced.startswith(THEIRS)
    assert files.with_block(replaced, "router bgp 65011\n", "!") == replaced
    assert files.with_block(replaced, "", "!") == THEIRS


def test_what_stands_after_the_block_stays_there() -> None:
    text = files.with_block(THEIRS, "one", "!") + "line vty\n"
    assert files.with_block(text, "two", "!").endswith("two\n! END hybridnet.aws_vpn\nline vty\n")
    assert files.with_block(text, "", "!") == THEIRS + "line vty\n"


def test_a_last_line_without_an_end_gets_one() -> None:
    assert (
        files.with_block("theirs", "ours", "#") == "theirs\n# BEGIN hybridnet.aws_vpn\nours\n# END hybridnet.aws_vpn\n"
    )


def test_ours_and_theirs_are_the_whole() -> None:
    text = files.with_block(THEIRS, "ours", "!") + "line vty\n"
    assert files.own_block(text, "!") == "! BEGIN hybridnet.aws_vpn\nours\n! END hybridnet.aws_vpn\n"
    assert files.outside_block(text, "!") == THEIRS + "line vty\n"
    assert files.own_block(THEIRS, "!") == ""


@pytest.mark.parametrize("secret", ["hunter2", "a+b/c==", "!?$", "1", "two words", "un-der_score"])
def test_words_of_others_are_masked(secret: str) -> None:
    others = f"line vty\n neighbor 192.0.2.1 password {secret}\n"
    for quoted in (secret, f"'{secret}'", f"password: {secret}.", *secret.split()):
        masked = files.masked(f"line 12: unknown command {quoted}", others)
        assert masked.startswith("*** 12: unknown command ")
        assert not set(secret.split()) & set(masked.replace("'", " ").replace(".", " ").split())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("zebra=yes\nbgpd=no\n", "zebra=yes\nbgpd=yes  # ours\n"),
        ("bgpd=no", "bgpd=yes  # ours\n"),
        ("bgpd=yes\n", "bgpd=yes\n"),
        ("", ""),
    ],
)
def test_lines_are_replaced_only_where_they_match(before: str, after: str) -> None:
    assert files.with_lines(before, [{"pattern": "^bgpd=no", "line": "bgpd=yes  # ours"}]) == after


def test_of_replaced_lines_the_pattern_is_shown() -> None:
    edits = [{"pattern": "^bgpd=no", "line": "bgpd=yes"}]
    text = "zebra=yes\nbgpd=no # theirs\n"
    assert files.own_lines(text, edits) == ("(a line that matches ^bgpd=no)\n", "bgpd=yes\n")
    assert files.outside_lines(text, edits) == "zebra=yes\n"
    assert files.own_lines("zebra=yes\n", edits) == ("", "")


def test_what_is_pending_adds_up() -> None:
    assert files.pending(None, []) == []
    assert files.pending('["ike"]', ["keys", "ike"]) == ["ike", "keys"]
