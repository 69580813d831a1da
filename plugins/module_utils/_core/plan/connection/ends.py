# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two ends of a connection, its customer gateway and its target: what they are, and what they are to be."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...model.resources import BGP, Connection, ConnectionWanted, Id, Ref
from ...options.rules import Setting, target_of

NEW = "(new)"
# What only a transit gateway or a core network can carry, by option: the values a virtual private gateway takes.
_ON_VPN_GATEWAY: Mapping[str, Any] = {
    "enable_acceleration": False,
    "tunnel_inside_ip_version": "ipv4",
    "outside_ip_address_type": "PublicIpv4",
    "tunnel_bandwidth": "standard",
}
_ON_CONCENTRATOR: Mapping[str, Any] = {"enable_acceleration": False, "tunnel_bandwidth": "standard"}


@dataclass(frozen=True)
class Ends:
    """Where the two ends of a connection shall be, as far as these resources exist already."""

    customer_gateway: Id | None
    vpn_gateway: Id | None = None
    transit_gateway_id: str | None = None
    vpn_concentrator: Id | None = None
    unattached: bool = False
    # Of the customer gateway, as far as it is known.
    public_ip: str | None = None
    has_certificate: bool = False

    @classmethod
    def of(cls, actual: Connection) -> Ends:
        """The present ends of a connection."""
        gateway, transit = actual.vpn_gateway_id, actual.transit_gateway_id
        concentrator = actual.vpn_concentrator_id
        return cls(
            customer_gateway=actual.customer_gateway_id,
            vpn_gateway=gateway,
            transit_gateway_id=transit,
            vpn_concentrator=concentrator,
            unattached=not (gateway or transit or concentrator),
        )

    @property
    def has_target(self) -> bool:
        """Whether a target is named, be it none at all; otherwise the present one is left alone."""
        return bool(self.vpn_gateway or self.transit_gateway_id or self.vpn_concentrator or self.unattached)

    @property
    def is_on_vpn_gateway(self) -> bool:
        """Whether the target is a virtual private gateway."""
        return bool(self.vpn_gateway) and not self.transit_gateway_id and not self.vpn_concentrator

    @property
    def target(self) -> dict[str, str]:
        """The target as plans show and compare it."""
        if self.vpn_concentrator:
            return {"vpn_concentrator_id": _shown(self.vpn_concentrator)}
        if self.transit_gateway_id:
            return {"transit_gateway_id": self.transit_gateway_id}
        return {"vpn_gateway_id": _shown(self.vpn_gateway)} if self.vpn_gateway else {}

    @property
    def target_text(self) -> str:
        """The target as a person reads it."""
        target: Any = self.vpn_concentrator or self.transit_gateway_id or self.vpn_gateway or "no target"
        return f"the {target}" if isinstance(target, Ref) else str(target)

    def setting(self, routing: str | None) -> Setting:
        """What the rules about options go by."""
        target = target_of(
            vpn_concentrator=self.vpn_concentrator,
            transit_gateway_id=self.transit_gateway_id,
            vpn_gateway=self.vpn_gateway,
            unattached=self.unattached,
        )
        return Setting(target, routing, self.public_ip, self.has_certificate and self.public_ip is None)

    @property
    def customer_gateway_text(self) -> str | None:
        """The customer gateway as plans show it."""
        return None if self.customer_gateway is None else _shown(self.customer_gateway)


def final_ends(actual: Connection, ends: Ends) -> Ends:
    """The ends afterwards: those that are named, else the present ones."""
    kept = Ends.of(actual)
    return dataclasses.replace(
        ends if ends.has_target else kept,
        customer_gateway=ends.customer_gateway or kept.customer_gateway,
        public_ip=ends.public_ip,
        has_certificate=ends.has_certificate,
    )


def is_retargeted(actual: Connection, ends: Ends) -> bool:
    """Whether another target is asked for than the connection has."""
    return ends.has_target and ends.target != Ends.of(actual).target


def new_customer_gateway(actual: Connection, ends: Ends) -> Id | None:
    """The customer gateway to change to, None when it stays."""
    return None if ends.customer_gateway in (None, actual.customer_gateway_id) else ends.customer_gateway


def is_movable(actual: Connection, ends: Ends) -> bool:
    """Whether AWS moves the connection to that target: no way leads to, or from, a concentrator, nor to none."""
    return not (actual.vpn_concentrator_id or ends.vpn_concentrator or (ends.unattached and Ends.of(actual).target))


def supported_options(ends: Ends, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a connection without those its target cannot have."""
    limits = _limits(ends)
    return {name: value for name, value in options.items() if name not in limits or value == limits[name]}


def must_gateway_follow(actual: Connection, ends: Ends) -> bool:
    """Whether the gateway at the site must be told of a move before its tunnels come back."""
    return new_customer_gateway(actual, ends) is not None or (is_retargeted(actual, ends) and actual.routing == BGP)


def certificate_problems(wanted: ConnectionWanted, ends: Ends) -> tuple[str, ...]:
    """Options about keys, where the customer gateway has a certificate instead."""
    if not ends.has_certificate:
        return ()
    given = ["pre_shared_key_storage"] if wanted.pre_shared_key_storage is not None else []
    given += ["tunnels.pre_shared_key"] if any("pre_shared_key" in tunnel.options for tunnel in wanted.tunnels) else []
    return tuple(
        f"{wanted.name}: {option}: its customer gateway has a certificate, so there is no pre-shared key"
        for option in given
    )


def _limits(ends: Ends) -> Mapping[str, Any]:
    if ends.vpn_concentrator:
        return _ON_CONCENTRATOR
    return _ON_VPN_GATEWAY if ends.is_on_vpn_gateway else {}


def _shown(end: Id) -> str:
    return NEW if isinstance(end, Ref) else end
