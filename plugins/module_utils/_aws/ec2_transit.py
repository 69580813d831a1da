# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""The calls about the transit gateway side of a connection: attachments, route tables, their routes."""

from __future__ import annotations

from typing import Any

from .caller import Caller


class TransitCalls(Caller):
    """A part of the EC2 API of one Region."""

    _client: Any
