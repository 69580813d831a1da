# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one emulator process shares over all accounts and regions: addresses, data plane, and the accounts themselves.

moto builds a backend from account and region only, so the environment is found here, not handed over.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from .account import DEFAULT_ACCOUNT, Account, Delays
from .addresses import OutsideAddresses
from .clock import Clock
from .dataplane import DataPlane
from .quotas import Quotas


@dataclass
class Environment:
    """`delays` and `quotas` are what a new account starts with; `clock` is the default account's."""

    clock: Clock = field(default_factory=Clock)
    delays: Delays = field(default_factory=Delays)
    outside_addresses: OutsideAddresses = field(default_factory=OutsideAddresses)
    data_plane: DataPlane | None = None
    # Injected fault: endpoints (by outside address) that hold another key than the API says.
    endpoint_keys: dict[str, str] = field(default_factory=dict)
    # One request at a time: the state is small, and the answers are then those of some order of the calls.
    lock: threading.RLock = field(default_factory=threading.RLock)
    quotas: Quotas = field(default_factory=Quotas)
    accounts: dict[str, Account] = field(default_factory=dict)

    def account(self, account_id: str = DEFAULT_ACCOUNT) -> Account:
        """The account, which is made when it is first asked for."""
        with self.lock:
            if account_id not in self.accounts:
                clock = self.clock if account_id == DEFAULT_ACCOUNT else self.clock.fresh_copy()
                self.accounts[account_id] = Account(account_id, clock, self.delays.copy(), self.quotas.copy())
            return self.accounts[account_id]

    def new_account(self) -> Account:
        """One that was not asked for so far."""
        with self.lock:
            number = 111100000000 + len(self.accounts)
            while str(number) in self.accounts:
                number += 1
            return self.account(str(number))


class _InUse:
    environment = Environment()


def current() -> Environment:
    return _InUse.environment


def use(environment: Environment) -> None:
    _InUse.environment = environment
