# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What exists on the AWS side and what is wanted there, as plain frozen values."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

from ..nouns import CUSTOMER_GATEWAY, DETACHED, VPN_CONCENTRATOR, VPN_CONNECTION, VPN_GATEWAY
from .names import GATEWAY_TAG, tagged_name
from .secret import Secret

COLLECTION = "hybridnet.aws_vpn"
COLLECTION_TAG = "hybridnet:collection"
VPC_TAG = "hybridnet:vpc"
TRANSIT_TAG = "hybridnet:transit-gateway"
# On a connection whose successor is made, until a tunnel of the successor is up.
OUTGOING_TAG = "hybridnet:outgoing"
IDENTITY_PREFIX = "hybridnet:"

BGP, STATIC = "bgp", "static"

# Where AWS keeps the pre-shared keys.
STANDARD, SECRETS_MANAGER = "Standard", "SecretsManager"

# What exists.


@dataclass(frozen=True)
class CustomerGateway:
    """AWS's picture of a gateway."""

    id: str
    state: str
    public_ip: str | None
    bgp_asn: int | None
    device_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    certificate_arn: str | None = None

    @property
    def gateway(self) -> str | None:
        """The gateway that its tags name."""
        return self.tags.get(GATEWAY_TAG)


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

    @property
    def live_attachments(self) -> list[Attachment]:
        """The attachments without the detached ones, which AWS lists for a while."""
        return [each for each in self.attachments if each.state != DETACHED]

    def attachment(self, vpc_id: str) -> Attachment | None:
        """The live attachment to this VPC."""
        return next((each for each in self.live_attachments if each.vpc_id == vpc_id), None)


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
    ecmp: bool | None = None
    # The route tables new attachments are associated with and propagate into; None where that is switched off.
    default_association_table: str | None = None
    default_propagation_table: str | None = None


@dataclass(frozen=True)
class TransitAttachment:
    """The bond between a transit gateway and a VPN connection, made by AWS with the connection."""

    id: str
    state: str
    transit_gateway_id: str
    connection_id: str
    association_table: str | None = None
    association_state: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TransitRoute:
    """A static route of a transit gateway's route table; a blackhole has no attachment."""

    cidr: str
    attachment_id: str | None
    state: str
    # What the attachment stands for; known even of one that is gone.
    connection_id: str | None = None


@dataclass(frozen=True)
class TransitRouteTable:
    """A route table of a transit gateway, with the attachments that propagate into it."""

    id: str
    transit_gateway_id: str
    state: str
    propagating: tuple[str, ...] = ()
    static_routes: tuple[TransitRoute, ...] = ()


@dataclass(frozen=True)
class VpnConcentrator:
    """A VPN concentrator: one attachment of a transit gateway for many small sites."""

    id: str
    state: str
    transit_gateway_id: str | None
    transit_gateway_attachment_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Telemetry:
    """What AWS says of one tunnel, seconds to minutes late."""

    status: str
    status_message: str = ""
    accepted_route_count: int = 0
    last_status_change: str | None = None
    # Of the AWS side, where both sides show certificates.
    certificate_arn: str | None = None


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
    vpn_concentrator_id: str | None = None
    gateway_association_state: str | None = None

    @property
    def name(self) -> str | None:
        """The name that its tags say."""
        return tagged_name(self.tags)

    def storage_of(self, tunnel: Tunnel) -> str:
        """Where the key of one tunnel lies. AWS does not say, and the ARN stays set after switching back."""
        hidden = self.pre_shared_key_arn is not None and tunnel.pre_shared_key is None
        return SECRETS_MANAGER if hidden else STANDARD

    @property
    def pre_shared_key_storage(self) -> str:
        """Where the keys lie; while the tunnels differ, in the service itself."""
        modes = {self.storage_of(tunnel) for tunnel in self.tunnels}
        return SECRETS_MANAGER if modes == {SECRETS_MANAGER} else STANDARD

    @property
    def is_outgoing(self) -> bool:
        """Whether a successor was made, so that this one goes once the successor carries traffic."""
        return OUTGOING_TAG in self.tags


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
    vpn_concentrators: tuple[VpnConcentrator, ...] = ()
    transit_attachments: tuple[TransitAttachment, ...] = ()
    transit_route_tables: tuple[TransitRouteTable, ...] = ()


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
    """The customer gateway of a gateway, or its removal; C(named_by) is a connection that it is made for."""

    name: str
    public_ip: str | None = None
    bgp_asn: int | None = None
    device_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    purge_tags: bool = False
    present: bool = True
    certificate_arn: str | None = None
    named_by: str = ""

    @property
    def ref(self) -> Ref:
        return Ref(CUSTOMER_GATEWAY, self.name)


@dataclass(frozen=True)
class VpnGatewayWanted:
    """The virtual private gateway of a VPC, or its removal; C(propagate_to) None leaves propagation alone.

    C(named_by) is the first connection that describes it; it is empty where it is asked for by itself.
    """

    vpc_id: str
    amazon_side_asn: int | None = None
    propagate_to: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    purge_tags: bool = False
    present: bool = True
    named_by: str = ""

    @property
    def ref(self) -> Ref:
        return Ref(VPN_GATEWAY, self.vpc_id)


@dataclass(frozen=True)
class VpnConcentratorWanted:
    """The VPN concentrator of a transit gateway, or its removal; all connections that name it share it."""

    transit_gateway_id: str
    tags: Mapping[str, str] = field(default_factory=dict)
    purge_tags: bool = False
    present: bool = True
    named_by: str = ""

    @property
    def ref(self) -> Ref:
        return Ref(VPN_CONCENTRATOR, self.transit_gateway_id)


@dataclass(frozen=True)
class TransitRouting:
    """What route tables of the transit gateway know of a connection; None leaves a part alone, empty means none."""

    associate_with: str | None = None
    propagate_to: tuple[str, ...] | None = None
    static_routes_to: tuple[str, ...] | None = None
    # The networks of the gateway: what the static routes lead to.
    cidrs: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any] | None, cidrs: Sequence[str]) -> TransitRouting | None:
        """What a description says about route tables, None when it says nothing."""
        names = ("associate_with", "propagate_to", "static_routes_to")
        associate, propagate, static = ((given or {}).get(name) for name in names)
        if associate is None and propagate is None and static is None:
            return None
        return cls(associate, unique(propagate), unique(static), tuple(cidrs))


def unique(values: Sequence[str] | None) -> tuple[str, ...] | None:
    """A list without order, each entry once; None stays None."""
    return None if values is None else tuple(sorted(set(values)))


@dataclass(frozen=True)
class TunnelWanted:
    """What is asked of one tunnel: only the named options, the rest is left alone."""

    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ConnectionWanted:
    """A VPN connection, or its removal; None leaves a part alone. C(networks) are its routes if routing is static."""

    name: str
    customer_gateway: Id | None = None
    vpn_gateway: Id | None = None
    transit_gateway_id: str | None = None
    routing: str | None = BGP
    tunnels: tuple[TunnelWanted, ...] = ()
    static_routes: tuple[str, ...] | None = None
    networks: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    purge_tags: bool = False
    present: bool = True
    vpn_concentrator: Id | None = None
    # Without a target, for Cloud WAN to attach later; no target and not this leaves the present one alone.
    unattached: bool = False
    # Options of the connection itself by the names of the field table; only the named ones, the rest is left alone.
    options: Mapping[str, Any] = field(default_factory=dict)
    pre_shared_key_storage: str | None = None
    transit_routing: TransitRouting | None = None

    @property
    def ref(self) -> Ref:
        return Ref(VPN_CONNECTION, self.name)


@dataclass(frozen=True)
class Wanted:
    """Everything one run is asked for."""

    customer_gateways: tuple[CustomerGatewayWanted, ...] = ()
    vpn_gateways: tuple[VpnGatewayWanted, ...] = ()
    connections: tuple[ConnectionWanted, ...] = ()
    vpn_concentrators: tuple[VpnConcentratorWanted, ...] = ()


@dataclass(frozen=True)
class Consent:
    """What the user allows beyond changes that interrupt nothing or one tunnel whose twin carries the traffic."""

    allow_interruption: bool = False
    force_tunnel_change: bool = False
    # A new connection with new outside addresses in place of one that cannot be changed as asked.
    allow_replacement: bool = False
    # The old connection goes before the new one is made, where quotas or addresses leave no room for both.
    delete_first: bool = False
