# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transit gateways, their route tables and attachments: moto's objects, with states that follow the clock."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import transit_gateway, transit_gateway_attachments, transit_gateway_route_tables

from ..environment import current
from .lifecycle import AVAILABLE, DELETED, DELETING, MODIFYING, Lifecycle
from .resources import Resource


class Deletable:
    """What moto forgets at once, AWS shows as `deleting`, and for a while as `deleted`."""

    id: str
    ec2_backend: Any

    @property
    def state(self) -> str:
        return self.lifecycle.state

    @state.setter
    def state(self, value: str) -> None:
        self._begin(value)

    def _begin(self, state: str) -> None:
        """moto's constructors set a state."""
        self._account = current().account(self.ec2_backend.account_id)
        self._lifecycle = Lifecycle(self._account.clock, state)

    @property
    def lifecycle(self) -> Lifecycle:
        return self._lifecycle

    def delete(self) -> None:
        self._lifecycle.pass_through(DELETING, DELETED, self._account.delays.of("transit"))


class TransitGateway(Deletable, transit_gateway.TransitGateway):  # type: ignore[misc]  # moto ships no types we follow
    pass


class TransitRouteTable(Deletable, transit_gateway_route_tables.TransitGatewayRouteTable):  # type: ignore[misc]  # likewise
    pass


class Attachment(Deletable, transit_gateway_attachments.TransitGatewayAttachment):  # type: ignore[misc]  # likewise
    """Of anything on a transit gateway."""


class VpcAttachment(Deletable, transit_gateway_attachments.TransitGatewayVpcAttachment):  # type: ignore[misc]  # likewise
    pass


class ResourceAttachment(Attachment):
    """Of a connection or a concentrator, whose state it has until the connection moves elsewhere."""

    def __init__(self, backend: Any, resource: Resource, kind: str, gateway: TransitGateway) -> None:
        self.resource = resource
        self._has_left = False
        super().__init__(backend, resource.id, kind, gateway)

    @property
    def state(self) -> str:
        state = self.lifecycle.state
        return AVAILABLE if state == MODIFYING else state

    @state.setter
    def state(self, value: str) -> None:
        self._begin(value)

    @property
    def lifecycle(self) -> Lifecycle:
        return self._lifecycle if self._has_left else self.resource.lifecycle

    def is_of(self, resource: Resource) -> bool:
        """And has not been left for another transit gateway."""
        return self.resource is resource and not self._has_left

    def leave(self) -> None:
        self._has_left = True
        self.delete()
