# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether the tunnels of a connection carry the networks that it is for."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.values import is_within, network
from ..options import rules
from ..options.problem import Problem
from .entry import ConnectionEntry


def selector_problems(entry: ConnectionEntry) -> list[Problem]:
    """Networks of a connection outside of the network that it carries, where one is asked for."""
    version = rules.network_version(entry.options)
    found = []
    for option, cidrs in (("local_cidrs", entry.local_cidrs), ("remote_cidrs", entry.remote_cidrs)):
        name = f"{option.split('_', 1)[0]}_ipv{version}_network_cidr"
        carried = entry.options.get(name)
        for cidr in cidrs:
            # What is no network is a problem of its own.
            if network(cidr) and network(carried) and not is_within(cidr, carried):
                rule = f"not in {carried}, all that the tunnels carry: widen options.{name}, or leave this network out"
                found.append(Problem.of(option, cidr, rule))
    return found
