# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads quotas of EC2 from Service Quotas. Nobody depends on it: what cannot be read is not known, and no error."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .errors import SDK_ERRORS

# AWS has no value for this quota, but may have one for the next.
UNKNOWN = "NoSuchResourceException"


def client_config() -> dict[str, Any]:
    """A service that is out of reach, such as from a private network, must not hold up a run."""
    return {"retries": {"total_max_attempts": 1}, "connect_timeout": 3, "read_timeout": 5}


def limits(client: Any, codes: Sequence[str]) -> dict[str, int]:
    """The quotas that apply to the account, by code; without those that AWS has no value for or that are denied."""
    found: dict[str, int] = {}
    for code in codes:
        try:
            answer = client.get_service_quota(ServiceCode="ec2", QuotaCode=code)
        except SDK_ERRORS as error:
            if _code(error) != UNKNOWN:
                break
        else:
            value = answer.get("Quota", {}).get("Value")
            found.update({} if value is None else {code: int(value)})
    return found


def _code(error: Exception) -> str:
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
