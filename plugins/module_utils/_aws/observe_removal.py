# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""One look at a Region before a removal: what is ours, and who else uses it."""

from __future__ import annotations

import dataclasses

from .._core import match
from .._core.model import VPC_TAG, Observed
from .._core.removal import Removal
from .ec2 import Ec2
from .filters import in_chunks
from .observe import OURS


def observe_removal(ec2: Ec2, removal: Removal) -> Observed:
    """Everything of the collection, and every connection of the Region: one of others may use a gateway of ours."""
    by_vpc = removal.everything or bool(removal.vpcs)
    found = Observed(
        customer_gateways=tuple(ec2.customer_gateways([OURS])),
        vpn_gateways=tuple(ec2.vpn_gateways([OURS])) if by_vpc else (),
        connections=tuple(ec2.connections([])),
    )
    vpcs = {each.tags[VPC_TAG] for each in found.vpn_gateways if VPC_TAG in each.tags and each.state not in match.GONE}
    going = vpcs if removal.everything else vpcs & set(removal.vpcs)
    return dataclasses.replace(found, route_tables=tuple(in_chunks(ec2.route_tables, "vpc-id", sorted(going))))
