# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One static route of a connection, and its states."""

from __future__ import annotations

from ..account import Account
from .lifecycle import AVAILABLE, DELETED, DELETING, PENDING, Lifecycle


class StaticRoute:
    def __init__(self, account: Account, cidr: str) -> None:
        self.cidr = cidr
        self._delays = account.delays
        self.lifecycle = Lifecycle(account.clock, PENDING)
        self.lifecycle.pass_through(PENDING, AVAILABLE, self._delays.of("route"))

    @property
    def is_live(self) -> bool:
        return self.lifecycle.state in (PENDING, AVAILABLE)

    @property
    def is_listed(self) -> bool:
        """Unlike a connection, a deleted route is not listed: public clients would take it for an existing one."""
        return self.lifecycle.state != DELETED

    def delete(self) -> None:
        self.lifecycle.pass_through(DELETING, DELETED, self._delays.of("route"))

    def describe(self) -> dict[str, str]:
        return {"DestinationCidrBlock": self.cidr, "Source": "Static", "State": self.lifecycle.state}
