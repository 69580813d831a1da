# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a support case of a gateway needs: the commands that show its state, and the report made of their output."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from typing import Tuple

Command = Tuple[str, ...]

# In characters. Of what is longer the end counts: the newest lines of a log.
SECTION_LIMIT = 60_000
REPORT_LIMIT = 500_000
MINUTES = 60
LINES = 300

_SYSCTLS = (
    r"^net\.(core\.xfrm.*|ipv4\.(ip_forward|ip_no_pmtu_disc|tcp_mtu_probing|fib_multipath_hash_policy)"
    r"|ipv[46]\.conf\..*\.(forwarding|rp_filter|disable_policy|disable_xfrm|accept_redirects|send_redirects))$"
)
_STATE: tuple[Command, ...] = (
    ("uname", "-a"),
    ("cat", "/etc/os-release"),
    ("swanctl", "--version"),
    ("ipsec", "--version"),
    ("nft", "--version"),
    ("ip", "-Version"),
    ("vtysh", "-c", "show version"),
    ("swanctl", "--list-sas"),
    ("swanctl", "--list-conns"),
    ("ipsec", "status"),
    ("ip", "-statistics", "-details", "link", "show"),
    ("ip", "address", "show"),
    ("ip", "rule", "show"),
    ("ip", "route", "show", "table", "all"),
    ("ip", "-6", "rule", "show"),
    # Without their keys; what an older ip prints all the same is taken out.
    ("ip", "-statistics", "xfrm", "state", "list", "nokeys"),
    ("ip", "-statistics", "xfrm", "policy", "list"),
    ("cat", "/proc/net/xfrm_stat"),
    ("nft", "list", "ruleset"),
    ("iptables-legacy", "-S"),
    ("sysctl", "--all", "--pattern", _SYSCTLS),
    ("vtysh", "-c", "show bgp summary"),
    ("vtysh", "-c", "show bgp ipv4 unicast"),
    ("vtysh", "-c", "show bgp neighbors"),
)


def commands(units: Sequence[str]) -> tuple[Command, ...]:
    """What shows the state of the gateway, and what these units logged."""
    show = ("systemctl", "--no-pager", "--full", "--lines=0", "status", *units)
    log = ("journalctl", "--no-pager", "--quiet", "--output=short-iso", f"--since=-{MINUTES}min", f"--lines={LINES}")
    # Each by itself, so that one that logs much does not push out the others.
    return (*_STATE, show, *((*log, "--unit", unit) for unit in units), (*log, "--dmesg"))


def report(sections: Sequence[tuple[Command, str]]) -> str:
    """One text with the output of each command, which ends where it would be too long."""
    text = "".join(f"===== {' '.join(command)}\n{_end_of(output)}\n\n" for command, output in sections)
    return text if len(text) <= REPORT_LIMIT else text[:REPORT_LIMIT] + "\n(the rest is left out)\n"


def _end_of(output: str) -> str:
    output = output.rstrip()
    left_out = len(output) - SECTION_LIMIT
    return output if left_out <= 0 else f"({left_out} characters before are left out)\n{output[-SECTION_LIMIT:]}"
