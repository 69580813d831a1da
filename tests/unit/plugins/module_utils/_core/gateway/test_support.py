# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a gateway has every command, and an end."""

from __future__ import annotations

from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import support


def test_units_are_asked_about_and_logged() -> None:
    wanted = support.commands(["frr.service", "aws-vpn*"])
    assert [each for each in wanted if each[0] == "systemctl"][0][-2:] == ("frr.service", "aws-vpn*")
    logs = [each[-2:] for each in wanted if each[0] == "journalctl"]
    assert logs[:2] == [("--unit", "frr.service"), ("--unit", "aws-vpn*")]
    assert logs[2][1] == "--dmesg"


def test_no_command_shows_a_configuration_with_keys() -> None:
    words = " ".join(" ".join(each) for each in support.commands([]))
    assert "running-config" not in words
    assert "/etc/" not in words.replace("/etc/os-release", "")
    assert "xfrm state list nokeys" in words


def test_the_newest_lines_of_a_long_output() -> None:
    text = support.report([(("journalctl",), "old\n" + "x" * support.SECTION_LIMIT + "new\n\n")])
    assert text.startswith("===== journalctl\n(7 characters before are left out)\nx")
    assert text.endswith("new\n\n")


def test_a_report_has_an_end() -> None:
    sections = [(("one", str(number)), "x" * support.SECTION_LIMIT) for number in range(20)]
    assert support.REPORT_LIMIT < len(support.report(sections)) < support.REPORT_LIMIT + 100
    assert support.report([]) == ""
