# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Connections that AWS has of the gateways of a run, and that its list does not have: they stay, but are named."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence

from ..model.access import Access
from ..model.names import connection_of, gateway_of
from ..model.resources import Observed
from ..nouns import GONE
from ..plan import identity
from ..text import shown
from .entry import ConnectionEntry

_RULE = (
    "{name} ({id}, {place}) is in AWS, but not among the connections given for {gateway}. It stays. To remove it, run"
    " vpn_sites there with state=absent and gateways=[{{name: {gateway}, connections: [{{name: {connection}}}]}}]."
)


def warnings(given: Sequence[ConnectionEntry], access: Access, observed: Observed) -> list[str]:
    """A line for each such connection in one Region and account; C(given) are the connections of all of them.

    What is given in the same Region counts, whatever its account: two ways can lead into one account.
    """
    gateways = {each.gateway for each in given}
    listed = {each.name for each in given if each.access.region == access.region}
    return [
        _RULE.format(
            name=shown(each.name),
            id=each.id,
            place=access.label,
            gateway=shown(gateway_of(each.name)),
            connection=shown(connection_of(each.name)),
        )
        for each in observed.connections
        if each.name and gateway_of(each.name) in gateways and each.name not in listed
        if identity.is_ours(each) and each.state not in GONE
    ]
