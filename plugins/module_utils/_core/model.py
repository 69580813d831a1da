# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""What exists on the AWS side and what is wanted there, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union

from .secret import Secret

COLLECTION = "hybridnet.aws_vpn"
COLLECTION_TAG = "hybridnet:collection"
SITE_TAG = "hybridnet:site"
VPC_TAG = "hybridnet:vpc"
IDENTITY_PREFIX = "hybridnet:"

BGP = "bgp"
STATIC = "static"

# What exists.


@dataclass(frozen=True)
class CustomerGateway:
    """AWS's picture of the device at a site."""

    id: str
    state: str
    public_ip: str | None
    bgp_asn: int | None
    device_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Attachment:
    """The bond between a virtual private gateway and a VPC; detached ones stay listed."""

    vpc_id: str
    state: str


@dataclass(frozen=True)
class VpnGateway:
    """A virtual private gateway."""

    id: str
    state: str
    amazon_side_asn: int | None
    attachments: tuple[Attachment, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    def attachment(self, vpc_id: str) -> Attachment | None:
        """The attachment to this VPC, detached ones aside."""
        for attachment in self.attachments:
            if attachment.vpc_id == vpc_id and attachment.state != "detached":
                return attachment
        return None


@dataclass(frozen=True)
class RouteTable:
    """A route table, with the virtual private gateways that propagate into it."""

    id: str
    vpc_id: str
    propagating: tuple[str, ...] = ()


@dataclass(frozen=True)
class TransitGateway:
    """A transit gateway a connection ends on; never changed here."""

    id: str
    state: str
    amazon_side_asn: int | None


@dataclass(frozen=True)
class Telemetry:
    """What AWS says of one tunnel, seconds to minutes late."""

    status: str
    status_message: str = ""
    accepted_route_count: int = 0
    last_status_change: str | None = None


@dataclass(frozen=True)
class Tunnel:
    """One tunnel of a connection, in the order of Options.TunnelOptions."""

    number: int
    outside_address: str | None
    inside_cidr: str | None
    pre_shared_key: Secret | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    telemetry: Telemetry | None = None


@dataclass(frozen=True)
class StaticRoute:
    """A static route of a connection."""

    cidr: str
    state: str


@dataclass(frozen=True)
class Connection:
    """A VPN connection."""

    id: str
    state: str
    customer_gateway_id: str
    vpn_gateway_id: str | None
    transit_gateway_id: str | None
    routing: str
    options: Mapping[str, Any] = field(default_factory=dict)
    tunnels: tuple[Tunnel, ...] = ()
    routes: tuple[StaticRoute, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    pre_shared_key_arn: str | None = None
    device_amazon_side_asn: int | None = None


@dataclass(frozen=True)
class Observed:
    """Everything one look at a Region brought back."""

    customer_gateways: tuple[CustomerGateway, ...] = ()
    vpn_gateways: tuple[VpnGateway, ...] = ()
    connections: tuple[Connection, ...] = ()
    transit_gateways: tuple[TransitGateway, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    vpc_ids: tuple[str, ...] = ()
    # Resources of others that stand in the way of a creation: same address and ASN, or attached to the same VPC.
    foreign_customer_gateways: tuple[CustomerGateway, ...] = ()
    foreign_vpn_gateways: tuple[VpnGateway, ...] = ()


# What is wanted.


@dataclass(frozen=True)
class Ref:
    """A resource that may not exist yet: the id of it once it does."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} of {self.key}"


Id = Union[str, Ref]


@dataclass(frozen=True)
class CustomerGatewayWanted:
    """A customer gateway found by its name, or its removal."""

    name: str
    public_ip: str | None = None
    bgp_asn: int | None = None
    device_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    purge_tags: bool = False
    present: bool = True

    @property
    def ref(self) -> Ref:
        return Ref("customer_gateway", self.name)


@dataclass(frozen=True)
class VpnGatewayWanted:
    """The virtual private gateway of a VPC, or its removal; C(propagate_to) None leaves propagation alone."""

    vpc_id: str
    amazon_side_asn: int | None = None
    propagate_to: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    purge_tags: bool = False
    present: bool = True
    site: str = ""

    @property
    def ref(self) -> Ref:
        return Ref("vpn_gateway", self.vpc_id)


@dataclass(frozen=True)
class TunnelWanted:
    """What is asked of one tunnel: only the named options, the rest is left alone."""

    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ConnectionWanted:
    """A VPN connection found by its name, or its removal; None leaves a part alone."""

    name: str
    customer_gateway: Id | None = None
    vpn_gateway: Id | None = None
    transit_gateway_id: str | None = None
    routing: str = BGP
    tunnels: tuple[TunnelWanted, ...] = ()
    static_routes: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    purge_tags: bool = False
    present: bool = True

    @property
    def ref(self) -> Ref:
        return Ref("vpn_connection", self.name)


@dataclass(frozen=True)
class Wanted:
    """Everything one run is asked for."""

    customer_gateways: tuple[CustomerGatewayWanted, ...] = ()
    vpn_gateways: tuple[VpnGatewayWanted, ...] = ()
    connections: tuple[ConnectionWanted, ...] = ()


@dataclass(frozen=True)
class Consent:
    """What the user allows beyond changes that interrupt nothing or one tunnel whose twin carries the traffic."""

    allow_interruption: bool = False
    force_tunnel_change: bool = False


@dataclass(frozen=True)
class Site:
    """One site as the inventory describes it; the networks are for the gateway side."""

    name: str
    public_ip: str
    bgp_asn: int | None
    transit_gateway_id: str | None = None
    vpn_gateway_id: str | None = None
    vpn_gateway: VpnGatewayWanted | None = None
    routing: str = BGP
    local_cidrs: tuple[str, ...] = ()
    remote_cidrs: tuple[str, ...] = ()
    tunnels: tuple[TunnelWanted, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
