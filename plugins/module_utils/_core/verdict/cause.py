# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cause why a tunnel is not up, and the form of a check that looks for one."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .observation import Observation


class Cause(NamedTuple):
    """Why a tunnel is not up, and what to check."""

    text: str
    check: str


Check = Callable[[Observation], "Cause | None"]
