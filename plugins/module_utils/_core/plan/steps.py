# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps a plan is made of: each is one call to the EC2 API, and declares what it is and what it needs."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from .. import nouns
from ..model.resources import Id, Ref, TunnelWanted
from .stages import CHANGE, CREATE, DELETE, REPLACE, Interruption, Stage


class Step:
    """One call to the EC2 API, with what a plan shows of it and what has to be true before it."""

    # Empty for tags, which every resource has.
    resource: ClassVar[str] = ""
    verb: ClassVar[str]
    stage: ClassVar[Stage]
    interruption: ClassVar[Interruption] = Interruption.NONE

    @property
    def needs(self) -> tuple[Id, ...]:
        """What has to be usable before: customer gateways, virtual private gateways, VPN concentrators."""
        return ()

    @property
    def shared(self) -> tuple[Id, ...]:
        """What it makes, uses, changes or deletes that several sites may share."""
        return self.needs

    @property
    def after(self) -> tuple[str, ...]:
        """Connections that have to be gone before: they are being deleted, and AWS counts them as users until then."""
        return ()

    @property
    def goes_down(self) -> tuple[str, str, str] | None:
        """A connection, the outside address of the tunnel that goes down, and its twin's, which has to be up before."""
        return None


@dataclass(frozen=True)
class Creation(Step):
    """Makes a resource, whose id is not known before."""

    verb, stage = CREATE, Stage.ENDS

    ref: Ref


@dataclass(frozen=True)
class CreateCustomerGateway(Creation):
    resource = nouns.CUSTOMER_GATEWAY

    public_ip: str | None
    bgp_asn: int
    device_name: str | None
    tags: Mapping[str, str]
    certificate_arn: str | None = None


@dataclass(frozen=True)
class SharedCreation(Creation):
    """The creation of what several sites may share."""

    @property
    def shared(self) -> tuple[Id, ...]:
        return (self.ref,)


@dataclass(frozen=True)
class CreateVpnGateway(SharedCreation):
    resource = nouns.VPN_GATEWAY

    amazon_side_asn: int | None
    tags: Mapping[str, str]


@dataclass(frozen=True)
class CreateConcentrator(SharedCreation):
    resource = nouns.VPN_CONCENTRATOR

    transit_gateway_id: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class VpnGatewayStep(Step):
    """A change of the attachment or of the propagation of a virtual private gateway."""

    vpn_gateway: Id

    @property
    def needs(self) -> tuple[Id, ...]:
        return (self.vpn_gateway,)


@dataclass(frozen=True)
class AttachVpnGateway(VpnGatewayStep):
    resource, verb, stage = nouns.VPN_GATEWAY_ATTACHMENT, CREATE, Stage.CONNECTIONS

    vpc_id: str


@dataclass(frozen=True)
class EnablePropagation(VpnGatewayStep):
    resource, verb, stage = nouns.ROUTE_PROPAGATION, CREATE, Stage.ROUTES

    route_table_id: str


@dataclass(frozen=True)
class DisablePropagation(VpnGatewayStep):
    resource, verb, stage = nouns.ROUTE_PROPAGATION, DELETE, Stage.ROUTES

    route_table_id: str


@dataclass(frozen=True)
class CreateConnection(Creation):
    resource, stage = nouns.VPN_CONNECTION, Stage.CONNECTIONS

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

    @property
    def needs(self) -> tuple[Id, ...]:
        return _given(self.customer_gateway, self.vpn_gateway, self.vpn_concentrator)


@dataclass(frozen=True)
class ModifyConnection(Step):
    """Moves a connection to another customer gateway or another target; both tunnels go down."""

    resource, verb, stage = nouns.VPN_CONNECTION, CHANGE, Stage.CONNECTIONS
    interruption = Interruption.BOTH_TUNNELS

    connection_id: str
    customer_gateway: Id | None = None
    vpn_gateway: Id | None = None
    transit_gateway_id: str | None = None

    @property
    def needs(self) -> tuple[Id, ...]:
        return _given(self.customer_gateway, self.vpn_gateway)


@dataclass(frozen=True)
class ModifyConnectionOptions(Step):
    """Changes options of the connection itself; both tunnels go down."""

    resource, verb, stage = nouns.VPN_CONNECTION, CHANGE, Stage.OPTIONS
    interruption = Interruption.BOTH_TUNNELS

    connection_id: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class TunnelStep(Step):
    """A change of the endpoint of one tunnel, which goes down."""

    resource, verb, stage = nouns.VPN_TUNNEL, CHANGE, Stage.FIRST_TUNNEL
    interruption = Interruption.ONE_TUNNEL

    connection_id: str
    outside_address: str
    # Outside address of the other tunnel, which has to be up before unless this one is down; None with the user's
    # override.
    twin: str | None

    @property
    def goes_down(self) -> tuple[str, str, str] | None:
        return (self.connection_id, self.outside_address, self.twin) if self.twin else None


@dataclass(frozen=True)
class ModifyTunnel(TunnelStep):
    """Changes options of one tunnel."""

    options: Mapping[str, Any]
    pre_shared_key_storage: str | None = None


@dataclass(frozen=True)
class ReplaceTunnel(TunnelStep):
    """Replaces the endpoint of one tunnel, and applies what maintenance is pending."""

    verb = REPLACE

    apply_pending: bool


class RotateCertificate(TunnelStep):
    """Gives the endpoint of one tunnel a new certificate."""


@dataclass(frozen=True)
class RouteStep(Step):
    """A change of the static routes of a connection."""

    resource, stage = nouns.STATIC_ROUTE, Stage.ROUTES

    connection: Id
    cidr: str


class CreateRoute(RouteStep):
    verb = CREATE


class DeleteRoute(RouteStep):
    verb = DELETE


# The attachment of a connection exists once the connection does, so these name the connection.


@dataclass(frozen=True)
class AttachmentStep(Step):
    """A change of the attachment of a connection to a transit gateway; the plan may not know the attachment yet."""

    connection: Id


@dataclass(frozen=True)
class TagAttachment(AttachmentStep):
    """The first tags of an attachment that AWS has yet to make: there is no call that makes it with them."""

    resource, verb, stage = nouns.TRANSIT_ATTACHMENT, CHANGE, Stage.TRANSIT

    tags: Mapping[str, str]


@dataclass(frozen=True)
class TransitStep(AttachmentStep):
    """A change of what a route table of a transit gateway knows of the attachment of a connection."""

    route_table_id: str


class AssociateTransit(TransitStep):
    resource, verb, stage = nouns.TRANSIT_ASSOCIATION, CREATE, Stage.TRANSIT


class DisassociateTransit(TransitStep):
    resource, verb, stage = nouns.TRANSIT_ASSOCIATION, CHANGE, Stage.TRANSIT_DETACH


class EnableTransitPropagation(TransitStep):
    resource, verb, stage = nouns.TRANSIT_PROPAGATION, CREATE, Stage.TRANSIT


class DisableTransitPropagation(TransitStep):
    resource, verb, stage = nouns.TRANSIT_PROPAGATION, DELETE, Stage.TRANSIT_LEAVE


@dataclass(frozen=True)
class TransitRouteStep(TransitStep):
    """A change of a static route in a route table of a transit gateway."""

    resource, stage = nouns.TRANSIT_ROUTE, Stage.TRANSIT

    cidr: str


class CreateTransitRoute(TransitRouteStep):
    verb = CREATE


class ReplaceTransitRoute(TransitRouteStep):
    """Changes a route that leads elsewhere, so that it leads to this connection."""

    verb = CHANGE


class DeleteTransitRoute(TransitRouteStep):
    verb, stage = DELETE, Stage.TRANSIT_LEAVE


@dataclass(frozen=True)
class SharedStep(Step):
    """A change of an existing resource that several sites may share."""

    resource_id: str

    @property
    def shared(self) -> tuple[Id, ...]:
        return (self.resource_id,)


class TagStep(SharedStep):
    """A change of the tags of a resource of any kind."""

    verb, stage = CHANGE, Stage.ENDS


@dataclass(frozen=True)
class SetTags(TagStep):
    tags: Mapping[str, str]


@dataclass(frozen=True)
class RemoveTags(TagStep):
    keys: tuple[str, ...]


@dataclass(frozen=True)
class DeleteConnection(Step):
    resource, verb, stage = nouns.VPN_CONNECTION, DELETE, Stage.REMOVE_CONNECTIONS
    interruption = Interruption.BOTH_TUNNELS

    connection_id: str


@dataclass(frozen=True)
class DetachVpnGateway(SharedStep):
    resource, verb, stage = nouns.VPN_GATEWAY_ATTACHMENT, DELETE, Stage.DETACH

    vpc_id: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeleteVpnGateway(SharedStep):
    resource, verb, stage = nouns.VPN_GATEWAY, DELETE, Stage.REMOVE_ENDS

    after: tuple[str, ...] = ()
    # An earlier run began the detachment, and it is not over.
    is_detaching: bool = False


@dataclass(frozen=True)
class DeleteConcentrator(SharedStep):
    resource, verb, stage = nouns.VPN_CONCENTRATOR, DELETE, Stage.REMOVE_ENDS

    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeleteCustomerGateway(Step):
    resource, verb, stage = nouns.CUSTOMER_GATEWAY, DELETE, Stage.REMOVE_ENDS

    customer_gateway_id: str
    after: tuple[str, ...] = ()


def _given(*ends: Id | None) -> tuple[Id, ...]:
    return tuple(end for end in ends if end is not None)
