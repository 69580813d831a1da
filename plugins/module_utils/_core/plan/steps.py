# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps a plan is made of: each is one call to the EC2 API, in our words."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union

from ..model.resources import Id, Ref, TunnelWanted


@dataclass(frozen=True)
class CreateCustomerGateway:
    ref: Ref
    public_ip: str | None
    bgp_asn: int
    device_name: str | None
    tags: Mapping[str, str]
    certificate_arn: str | None = None


@dataclass(frozen=True)
class CreateVpnGateway:
    ref: Ref
    amazon_side_asn: int | None
    tags: Mapping[str, str]


@dataclass(frozen=True)
class AttachVpnGateway:
    vpn_gateway: Id
    vpc_id: str


@dataclass(frozen=True)
class CreateConnection:
    ref: Ref
    customer_gateway: Id
    vpn_gateway: Id | None
    transit_gateway_id: str | None
    options: Mapping[str, Any]
    tunnels: tuple[TunnelWanted, ...]
    tags: Mapping[str, str]
    vpn_concentrator: Id | None = None
    pre_shared_key_storage: str | None = None
    # The outgoing connection it takes the place of.
    replaces: str | None = None


@dataclass(frozen=True)
class ModifyConnection:
    """Moves a connection to another customer gateway or another target; both tunnels go down."""

    connection_id: str
    customer_gateway: Id | None = None
    vpn_gateway: Id | None = None
    transit_gateway_id: str | None = None


@dataclass(frozen=True)
class ModifyConnectionOptions:
    """Changes options of the connection itself; both tunnels go down."""

    connection_id: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModifyTunnel:
    """Changes options of one tunnel; that tunnel goes down."""

    connection_id: str
    outside_address: str
    options: Mapping[str, Any] = field(default_factory=dict)
    # Outside address of the tunnel that must be up when this step begins; None with the user's override.
    twin: str | None = None
    pre_shared_key_storage: str | None = None


@dataclass(frozen=True)
class ReplaceTunnel:
    """Replaces the endpoint of one tunnel, and applies what maintenance is pending; that tunnel goes down."""

    connection_id: str
    outside_address: str
    apply_pending: bool
    # As of ModifyTunnel.
    twin: str | None = None


@dataclass(frozen=True)
class RotateCertificate:
    """Gives the endpoint of one tunnel a new certificate; that tunnel goes down."""

    connection_id: str
    outside_address: str
    twin: str | None = None


@dataclass(frozen=True)
class CreateRoute:
    connection: Id
    cidr: str


@dataclass(frozen=True)
class DeleteRoute:
    connection: Id
    cidr: str


@dataclass(frozen=True)
class EnablePropagation:
    vpn_gateway: Id
    route_table_id: str


@dataclass(frozen=True)
class DisablePropagation:
    vpn_gateway: Id
    route_table_id: str


@dataclass(frozen=True)
class CreateConcentrator:
    ref: Ref
    transit_gateway_id: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class DeleteConcentrator:
    vpn_concentrator_id: str
    # Connections on their way out already, which AWS counts as users until they are gone; so wherever C(after) stands.
    after: tuple[str, ...] = ()


# The attachment of a connection exists once the connection does, so these name the connection.


@dataclass(frozen=True)
class AssociateTransit:
    connection: Id
    route_table_id: str


@dataclass(frozen=True)
class DisassociateTransit:
    connection: Id
    route_table_id: str


@dataclass(frozen=True)
class EnableTransitPropagation:
    connection: Id
    route_table_id: str


@dataclass(frozen=True)
class DisableTransitPropagation:
    connection: Id
    route_table_id: str


@dataclass(frozen=True)
class CreateTransitRoute:
    connection: Id
    route_table_id: str
    cidr: str


@dataclass(frozen=True)
class ReplaceTransitRoute:
    """Lets a route lead to this connection that leads elsewhere."""

    connection: Id
    route_table_id: str
    cidr: str


@dataclass(frozen=True)
class DeleteTransitRoute:
    connection: Id
    route_table_id: str
    cidr: str


@dataclass(frozen=True)
class SetTags:
    resource_id: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class RemoveTags:
    resource_id: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class DeleteConnection:
    connection_id: str


@dataclass(frozen=True)
class DetachVpnGateway:
    vpn_gateway_id: str
    vpc_id: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeleteVpnGateway:
    vpn_gateway_id: str
    after: tuple[str, ...] = ()
    # An earlier run left the detachment under way.
    is_detaching: bool = False


@dataclass(frozen=True)
class DeleteCustomerGateway:
    customer_gateway_id: str
    after: tuple[str, ...] = ()


Step = Union[
    CreateCustomerGateway,
    CreateVpnGateway,
    AttachVpnGateway,
    CreateConnection,
    ModifyConnection,
    ModifyConnectionOptions,
    ModifyTunnel,
    ReplaceTunnel,
    RotateCertificate,
    CreateRoute,
    DeleteRoute,
    EnablePropagation,
    DisablePropagation,
    CreateConcentrator,
    DeleteConcentrator,
    AssociateTransit,
    DisassociateTransit,
    EnableTransitPropagation,
    DisableTransitPropagation,
    CreateTransitRoute,
    ReplaceTransitRoute,
    DeleteTransitRoute,
    SetTags,
    RemoveTags,
    DeleteConnection,
    DetachVpnGateway,
    DeleteVpnGateway,
    DeleteCustomerGateway,
]
