# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Operations that are younger than the oldest SDK this collection works with."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from ..._core.errors import InvalidInput
from .caller import Method, api_name


def operation(client: Any, name: str) -> Method:
    """The method of an operation; an SDK that does not have it is an error that says what to do."""
    method: Method | None = getattr(client, name, None)
    if method is None:
        raise InvalidInput([f"the installed botocore does not know {api_name(name)}, a newer one is needed"])
    return method
