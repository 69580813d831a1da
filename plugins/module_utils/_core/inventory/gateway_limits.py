# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS can do on a connection and the gateways of this version cannot.

Said before AWS is asked for anything, because a tunnel whose gateway cannot follow is only half made. The
AWS side alone, by the role cloud or the module vpn_sites, may do all of it.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..gateway import proposals, unsupported
from ..gateway.peers import DAEMONS
from ..model.resources import SECRETS_MANAGER
from ..options.problem import Problem
from ..sites.entry import ConnectionEntry

_WEAK = (
    f"only weak values ({proposals.WEAK}), which a gateway does not use by default: add a stronger value, or set"
    " site_vpn_allow_weak_crypto to true"
)
_ALONE = "the gateways of this version {}; only the role cloud supports it"


def gateway_problems(entry: ConnectionEntry, daemon: str | None, allow_weak: bool = False) -> list[Problem]:
    """One problem for each thing its gateway could not follow, or would follow only if weak is allowed."""
    in_secrets_manager = entry.pre_shared_key_storage == SECRETS_MANAGER
    checks = (
        ("target.unattached", entry.unattached, "need a target"),
        ("certificate_arn", entry.certificate_arn, "support only pre-shared keys"),
        ("pre_shared_key_storage", in_secrets_manager, "cannot read keys from Secrets Manager"),
    )
    found = [(option, rule) for option, is_given, rule in checks if is_given]
    found += [(f"options.{option}", rule) for option, rule in unsupported.of_connection(entry.options)]
    for number, tunnel in enumerate(entry.tunnels, 1):
        found += [(f"tunnels[{number}].{option}", rule) for option, rule in _tunnel_problems(tunnel.options, daemon)]
    problems = [Problem(option, _ALONE.format(rule)) for option, rule in found]
    return problems if allow_weak else [*problems, *_weak_problems(entry)]


def _weak_problems(entry: ConnectionEntry) -> Iterator[Problem]:
    for number, tunnel in enumerate(entry.tunnels, 1):
        for phase in (1, 2):
            for option in proposals.weak_options(tunnel.options, phase):
                yield Problem.of(f"tunnels[{number}].{option}", ", ".join(map(str, tunnel.options[option])), _WEAK)


def _tunnel_problems(tunnel: Mapping[str, Any], daemon: str | None) -> list[tuple[str, str]]:
    found = unsupported.of_tunnel(tunnel)
    # A daemon that is none of these is a problem of its own. Without a word about it the distribution chooses.
    lacking = DAEMONS[daemon].LACKING_DH_GROUPS if daemon in DAEMONS else frozenset()
    for phase in (1, 2):
        try:
            # Weak ones are a problem of their own.
            proposals.choose(tunnel, phase, allow_weak=True, lacking=lacking)
        except proposals.NoProposal as reason:
            found.append((str(reason).split(":", 1)[0], f"support none of these{f' with {daemon}' if lacking else ''}"))
    return found
