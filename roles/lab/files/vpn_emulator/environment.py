# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one emulator process shares over all accounts and regions: clock, delays, addresses, data plane, counters.

moto builds a backend from account and region only, so the environment is found here, not handed over.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .addresses import OutsideAddresses
from .clock import Clock

if TYPE_CHECKING:
    from .dataplane import DataPlane


@dataclass
class Settle:
    """Seconds a passing state lasts. A customer gateway is only a record, so it is usable at once, as on AWS."""

    seconds: float = 2.0
    customer_gateway: float = 0.0


@dataclass
class Environment:
    clock: Clock = field(default_factory=Clock)
    settle: Settle = field(default_factory=Settle)
    outside_addresses: OutsideAddresses = field(default_factory=OutsideAddresses)
    data_plane: DataPlane | None = None
    calls: Counter[str] = field(default_factory=Counter)
    # Injected fault: endpoints (by outside address) that hold another key than the API says.
    endpoint_keys: dict[str, str] = field(default_factory=dict)
    # One request at a time: the state is small, and the answers are then those of some order of the calls.
    lock: threading.RLock = field(default_factory=threading.RLock)


class _InUse:
    environment = Environment()


def current() -> Environment:
    return _InUse.environment


def use(environment: Environment) -> None:
    _InUse.environment = environment
