# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulated AWS account: its clock and delays, its calls, its faults and quotas.

No other account sees any of it, so tests that use one account each can run at the same time and need no reset.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .calls import CallLog
from .clock import Clock
from .customer_devices import CustomerDevice, EndpointReport
from .faults import Buckets, Faults
from .quotas import Quotas

DEFAULT_ACCOUNT = "123456789012"


class Delays:
    """Seconds that a passing state lasts, by kind.

    A customer gateway is only a record, so it is usable at once, as on AWS. A virtual private gateway is deleted before
    a client asks again: public ones delete without waiting, and expect that.
    """

    KINDS = (
        "concentrator",
        "customer_gateway",
        "deleting",
        "modifying",
        "route",
        "transit",
        "vpc_attachment",
        "vpn_connection",
        "vpn_gateway",
        "vpn_gateway_deletion",
    )

    def __init__(self, seconds: float = 2.0, kinds: Mapping[str, float] | None = None) -> None:
        self.seconds = seconds
        self._kinds = {"customer_gateway": 0.0, "vpn_gateway_deletion": 0.0, **(kinds or {})}

    def of(self, kind: str) -> float:
        return self._kinds.get(kind, self.seconds)

    def set(self, **kinds: float) -> None:
        """`set(modifying=1200)`: from the next change on."""
        unknown = set(kinds) - {*self.KINDS, "seconds"}
        if unknown:
            raise ValueError(f"no such delay: {', '.join(sorted(unknown))}")
        self.seconds = float(kinds.pop("seconds", self.seconds))
        self._kinds.update({kind: float(seconds) for kind, seconds in kinds.items()})

    def describe(self) -> dict[str, float]:
        return {"seconds": self.seconds, **{kind: self.of(kind) for kind in self.KINDS}}

    def copy(self) -> Delays:
        return Delays(self.seconds, self._kinds)


class Created(Protocol):
    """A resource, as far as an account knows of it."""

    id: str
    # Seconds of the clock; later than now while AWS has not told all of its servers of it.
    visible_from: float


@dataclass
class Account:
    id: str
    clock: Clock
    delays: Delays
    quotas: Quotas
    calls: Counter[str] = field(default_factory=Counter)
    log: CallLog = field(default_factory=CallLog)
    faults: Faults = field(default_factory=Faults)
    buckets: Buckets = field(init=False)
    # What DescribeVpnConnections shows of a key in Secrets Manager: nothing, or REDACTED; AWS did both.
    stored_key_text: str = ""
    # What the present call created.
    created: list[Created] = field(default_factory=list)
    # Former tags that are still shown instead of the new ones: until when, by resource id.
    old_tags: dict[str, tuple[float, Mapping[str, str]]] = field(default_factory=dict)
    # All customer gateway devices, where no data plane has real ones. None: every tunnel is DOWN.
    customer_device: CustomerDevice | None = None
    # By outside address; these go before `customer_device`.
    endpoint_reports: dict[str, EndpointReport] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.buckets = Buckets(self.clock)

    def seen_tags(self, resource_id: str, tags: Mapping[str, str]) -> Mapping[str, str]:
        """The tags of a resource, or those it had, while the present ones are not to be seen."""
        until, old = self.old_tags.get(resource_id, (float("-inf"), tags))
        return old if self.clock.now() < until else tags
