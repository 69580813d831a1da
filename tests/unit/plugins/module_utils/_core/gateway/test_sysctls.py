# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has the last word about a sysctl at boot."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import sysctls

OURS = "/etc/sysctl.d/60-aws-vpn.conf"
FORWARD = "net.ipv4.ip_forward"
OUR_TEXT = f"{FORWARD} = 1\n"


def test_the_files_are_read_by_name_and_the_first_directory_wins() -> None:
    paths = [
        "/usr/lib/sysctl.d/50-default.conf",
        "/usr/lib/sysctl.d/99-protect.conf",
        "/run/sysctl.d/70-run.conf",
        "/etc/sysctl.d/99-protect.conf",
        OURS,
    ]
    assert sysctls.in_order(paths) == [
        "/usr/lib/sysctl.d/50-default.conf",
        OURS,
        "/run/sysctl.d/70-run.conf",
        "/etc/sysctl.d/99-protect.conf",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "net.ipv4.ip_forward = 0",
        "net.ipv4.ip_forward=0",
        "  -net.ipv4.ip_forward = 0",
        "net/ipv4/ip_forward=0",
        "net.ipv4.conf.all.forwarding = 0",
        "net.ipv4.conf.*.forwarding = 0",
    ],
)
def test_a_line_that_switches_forwarding_off(line: str) -> None:
    files = {OURS: OUR_TEXT, "/etc/sysctl.d/99-hardening.conf": f"# by the owner\n{line}\n"}
    assert sysctls.others(files, OURS, [FORWARD]) == {
        FORWARD: {
            "where": "/etc/sysctl.d/99-hardening.conf:2",
            "line": line.strip(),
            "value": "0",
            "is_later": True,
        }
    }


@pytest.mark.parametrize(
    "line", ["#net.ipv4.ip_forward = 0", "; net.ipv4.ip_forward = 0", "net.ipv4.conf.default.forwarding = 0", "net"]
)
def test_a_line_that_does_not(line: str) -> None:
    files = {OURS: OUR_TEXT, "/etc/sysctl.d/99-hardening.conf": line}
    assert sysctls.others(files, OURS, [FORWARD]) == {FORWARD: None}


def test_the_last_line_counts() -> None:
    files = {
        "/etc/sysctl.d/10-first.conf": "net.ipv4.ip_forward = 0\nnet.ipv4.fib_multipath_hash_policy = 2",
        OURS: OUR_TEXT,
        "/etc/sysctl.d/70-next.conf": "net.ipv4.ip_forward = 0",
        sysctls.LAST: "net.ipv4.ip_forward = 1",
    }
    found = sysctls.others(files, OURS, [FORWARD, "net.ipv4.fib_multipath_hash_policy"])
    assert found[FORWARD] == {
        "where": "/etc/sysctl.conf:1",
        "line": "net.ipv4.ip_forward = 1",
        "value": "1",
        "is_later": True,
    }
    policy = found["net.ipv4.fib_multipath_hash_policy"]
    assert policy
    assert (policy["value"], policy["is_later"]) == ("2", False)
