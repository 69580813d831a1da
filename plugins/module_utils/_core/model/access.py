# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which Region of which account is meant, and how it is reached; no credentials are in it."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Access:
    """One Region of one account. Without a profile and a role the account is that of the task's own credentials."""

    region: str | None = None
    profile: str | None = None
    assume_role_arn: str | None = None
    external_id: str | None = None
    role_session_name: str | None = None

    @classmethod
    def of(cls, entry: Mapping[str, Any], own: Access | None = None) -> Access:
        """What an entry says; Region and profile are those of the task where it does not say them."""
        own = own or cls()
        given = cls(**{name: entry.get(name) or None for name in OPTIONS})
        defaults = {"region": given.region or own.region, "profile": given.profile or own.profile}
        return cls(**{**asdict(given), **defaults})

    @property
    def account(self) -> str | None:
        """What tells the account from others: the role, else the profile; None for the task's own credentials."""
        return self.assume_role_arn or self.profile

    def as_result(self) -> dict[str, str | None]:
        """Region and account as a module returns them."""
        return {"region": self.region, "account": self.account}

    @property
    def label(self) -> str:
        """Region and account as a person reads them."""
        return ", ".join(filter(None, (self.region, self.account)))


OPTIONS = tuple(each.name for each in fields(Access))
