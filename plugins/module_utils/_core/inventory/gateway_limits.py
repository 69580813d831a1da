# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS can do for a site and the gateways of this version cannot.

Said before AWS is asked for anything, because a tunnel whose gateway cannot follow is only half made. The
AWS side alone, by the role cloud or the module vpn_sites, may do all of it.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..gateway import proposals
from ..model.resources import SECRETS_MANAGER
from ..options.field import live_rounds
from ..options.problem import Problem
from ..sites.entry import ConnectionEntry

_ALONE = "the gateways of this version {}; only the role cloud supports it"


def gateway_problems(site: ConnectionEntry) -> list[Problem]:
    """One problem for each thing the gateway of this site could not follow."""
    inside, outside = (site.options.get(name) for name in ("tunnel_inside_ip_version", "outside_ip_address_type"))
    in_secrets_manager = site.pre_shared_key_storage == SECRETS_MANAGER
    checks = (
        ("target.unattached", site.unattached, "need a target"),
        ("certificate_arn", site.certificate_arn, "support only pre-shared keys"),
        ("pre_shared_key_storage", in_secrets_manager, "cannot read keys from Secrets Manager"),
        ("options.tunnel_inside_ip_version", inside == "ipv6", "support only IPv4 inside"),
        ("options.outside_ip_address_type", outside == "Ipv6", "support only IPv4 outside"),
    )
    found = [(option, rule) for option, is_given, rule in checks if is_given]
    for number, tunnel in enumerate(site.tunnels, 1):
        found += [(f"tunnels[{number}].{option}", rule) for option, rule in _tunnel_problems(tunnel.options)]
    return [Problem(option, _ALONE.format(rule)) for option, rule in found]


def _tunnel_problems(tunnel: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    versions = tunnel.get("ike_versions")
    if versions and "ikev2" not in versions:
        found.append(("ike_versions", "support only IKEv2"))
    for phase in (1, 2):
        option = f"phase{phase}_additional_key_exchanges"
        rounds = live_rounds(tunnel.get(option))
        if any(requirement == "required" for _methods, requirement in rounds.values()):
            found.append((option, "do not support additional key exchanges"))
        try:
            # Whether weak algorithms are welcome is for the role to say.
            proposals.choose(tunnel, phase, allow_weak=True)
        except proposals.NoProposal as reason:
            found.append((str(reason).split(":", 1)[0], "support none of these"))
    return found
