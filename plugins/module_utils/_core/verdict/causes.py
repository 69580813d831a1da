# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a tunnel is not up from both ends: checks in the order in which a tunnel comes up; the first to fail counts."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from . import ipsec_causes, path_causes
from .cause import Cause
from .observation import Observation

_CHECKS = (*ipsec_causes.CHECKS, *path_causes.CHECKS)


def cause_of(observed: Observation) -> Cause | None:
    """The first cause that can be seen, None when the tunnel is up from both ends."""
    for check in _CHECKS:
        cause = check(observed)
        if cause:
            return cause.with_drift(observed.drift(cause.parts))
    return None
