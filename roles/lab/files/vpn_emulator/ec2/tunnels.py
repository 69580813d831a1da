# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One of the two tunnels of a connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..addresses import inside_addresses
from .telemetry import Telemetry


class Tunnel:
    """An endpoint at AWS: its outside address never changes, its options may."""

    def __init__(self, number: int, outside_address: str, options: Mapping[str, Any], telemetry: Telemetry) -> None:
        self.number = number
        self.outside_address = outside_address
        # Under the names of the answer, only what was sent or generated.
        self.options: dict[str, Any] = dict(options)
        self.telemetry = telemetry
        # The key is kept in Secrets Manager, so the API does not show it.
        self.is_key_stored = False
        # The endpoint's own, where both sides show certificates.
        self.certificate_arn: str | None = None
        # Raised by a change that interrupts this endpoint.
        self.generation = 1
        # When the endpoint is there again after that change; seconds of the clock.
        self.back_at = float("-inf")
        # When AWS applies pending maintenance by itself, and when it was last applied; seconds of the clock.
        self.maintenance_due: float | None = None
        self.maintained_at: float | None = None
        # By log, what its endpoint had said when its lines were last written.
        self.published: dict[str, frozenset[str]] = {}

    @property
    def psk(self) -> str:
        return str(self.options.get("PreSharedKey", ""))

    @property
    def inside_cidr(self) -> str:
        return str(self.options.get("TunnelInsideCidr") or self.options["TunnelInsideIpv6Cidr"])

    @property
    def aws_inside_address(self) -> str:
        return inside_addresses(self.inside_cidr)[0]

    @property
    def customer_inside_address(self) -> str:
        return inside_addresses(self.inside_cidr)[1]

    def describe(self, hidden_key: str | None = None) -> dict[str, Any]:
        """What was set, and whether there are logs. A hidden key is shown as that word; an empty one not at all."""
        logs = {"LogEnabled": False, **self.options.get("LogOptions", {}).get("CloudWatchLogOptions", {})}
        options = {**self.options, "LogOptions": {"CloudWatchLogOptions": logs}}
        answer = {"OutsideIpAddress": self.outside_address, **options}
        if hidden_key is not None:
            answer.pop("PreSharedKey", None)
        if hidden_key:
            answer["PreSharedKey"] = hidden_key
        return answer
