# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS reports about the endpoint of a tunnel: what both ends negotiated, and its maintenance."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

# PendingMaintenance is a text without a list of values; the console shows Available and None.
_NOTHING = ("", "none")


@dataclass(frozen=True)
class Maintenance:
    """Maintenance of the endpoint of one tunnel; C(pending) is AWS's own word."""

    pending: str | None = None
    auto_applied_after: str | None = None
    last_applied: str | None = None

    @property
    def is_pending(self) -> bool:
        """Whether maintenance is pending; a word that is not known counts as pending."""
        return (self.pending or "").strip().lower() not in _NOTHING

    @property
    def state(self) -> str:
        """The state, in the words of a wait."""
        return f"with pending maintenance ({self.pending})" if self.is_pending else "without pending maintenance"

    def as_result(self) -> dict[str, Any]:
        """The maintenance as modules return it."""
        return {
            "is_pending": self.is_pending,
            "pending_maintenance": self.pending,
            "maintenance_auto_applied_after": self.auto_applied_after,
            "last_maintenance_applied": self.last_applied,
        }


@dataclass(frozen=True)
class KeyExchange:
    """An additional key exchange in use (RFC 9370)."""

    round: int
    method: int


@dataclass(frozen=True)
class Negotiated:
    """What one phase of a tunnel uses at the moment; nothing while the tunnel is down."""

    encryption_algorithm: str | None = None
    integrity_algorithm: str | None = None
    dh_group: int | None = None
    additional_key_exchanges: tuple[KeyExchange, ...] = ()

    def as_result(self, prefix: str) -> dict[str, Any]:
        shown = {**asdict(self), "additional_key_exchanges": [asdict(each) for each in self.additional_key_exchanges]}
        return {f"{prefix}_{name}": value for name, value in shown.items()}


@dataclass(frozen=True)
class ActiveStatus:
    """What the two ends of a tunnel agreed on."""

    provisioning_status: str | None = None
    provisioning_status_reason: str | None = None
    ike_version: str | None = None
    phase1: Negotiated = Negotiated()
    phase2: Negotiated = Negotiated()

    def as_result(self) -> dict[str, Any]:
        """The status as modules return it."""
        return {
            "provisioning_status": self.provisioning_status,
            "provisioning_status_reason": self.provisioning_status_reason,
            "ike_version": self.ike_version,
            **self.phase1.as_result("phase1"),
            **self.phase2.as_result("phase2"),
        }
