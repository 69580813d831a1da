# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPN concentrators: one transit gateway attachment that the connections of many sites share.

That the states are those of the other VPN objects, and the code for one that is in use, is not documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.ec2.utils import random_id

from ..environment import current
from . import errors
from .filters import Filters, FilterValue, select
from .lifecycle import AVAILABLE, DELETED, DELETING, PENDING
from .resources import Resource, TagStore, forget_deleted, pick, require_type
from .transit import TransitGateways

PREFIX = "vcn"


class VpnConcentrator(Resource):
    def __init__(self, store: TagStore, transit_gateway_id: str, tags: Mapping[str, str]) -> None:
        super().__init__(store, random_id(PREFIX), PENDING, tags)
        self.transit_gateway_id = transit_gateway_id
        self.attachment_id: str | None = None
        self.lifecycle.pass_through(PENDING, AVAILABLE, self.account.delays.of("concentrator"))

    def describe(self) -> dict[str, Any]:
        return {
            "VpnConcentratorId": self.id,
            "State": self.state,
            "TransitGatewayId": self.transit_gateway_id,
            "TransitGatewayAttachmentId": self.attachment_id,
            "Type": "ipsec.1",
            "Tags": self.tag_list(),
        }


_FILTERS: dict[str, FilterValue[VpnConcentrator]] = {
    "state": lambda one: one.state,
    "transit-gateway-attachment-id": lambda one: one.attachment_id,
    "transit-gateway-id": lambda one: one.transit_gateway_id,
    "type": lambda _one: "ipsec.1",
    "vpn-concentrator-id": lambda one: one.id,
}


class VpnConcentrators:
    """The VPN concentrators of one account and Region."""

    def __init__(self, store: TagStore, transit_gateways: TransitGateways, is_used: Callable[[str], bool]) -> None:
        self.all: dict[str, VpnConcentrator] = {}
        self._store = store
        self._transit_gateways = transit_gateways
        self._is_used = is_used

    def create(self, request: Mapping[str, Any], tags: Mapping[str, str]) -> VpnConcentrator:
        """The model does not require the transit gateway, AWS does."""
        require_type(request.get("Type"))
        gateway_id = request.get("TransitGatewayId")
        if gateway_id is None:
            raise errors.missing(["TransitGatewayId"])
        self._transit_gateways.get_target(gateway_id)
        quotas = current().account(self._store.account_id).quotas
        live = [one for one in self.all.values() if one.is_live]
        beside = (one.transit_gateway_id == gateway_id for one in live)
        if quotas.is_full("vpn_concentrators", (True for _each in live)) or quotas.is_full(
            "vpn_concentrators_per_transit_gateway", beside
        ):
            raise errors.limit("VpnConcentratorLimitExceeded")
        concentrator = VpnConcentrator(self._store, gateway_id, tags)
        concentrator.attachment_id = self._transit_gateways.attach(concentrator, "vpn-concentrator", gateway_id).id
        self.all[concentrator.id] = concentrator
        return concentrator

    def delete(self, concentrator_id: str) -> None:
        concentrator = self.get(concentrator_id)
        if concentrator.state in (DELETING, DELETED):
            raise errors.concentrator_state(concentrator_id, concentrator.state)
        if self._is_used(concentrator_id):
            raise errors.in_use("VPN concentrator")
        concentrator.lifecycle.pass_through(DELETING, DELETED, concentrator.account.delays.of("concentrator"))

    def get(self, concentrator_id: str) -> VpnConcentrator:
        return pick(self.all, [concentrator_id], errors.concentrator_not_found)[0]

    def get_available(self, concentrator_id: str) -> VpnConcentrator:
        """AWS wants it available before connections are made on it."""
        concentrator = self.get(concentrator_id)
        if concentrator.state != AVAILABLE:
            raise errors.concentrator_state(concentrator_id, concentrator.state)
        return concentrator

    def find(self, ids: Iterable[str] | None, filters: Filters | None) -> list[VpnConcentrator]:
        forget_deleted(self.all, self._store)
        return select(pick(self.all, ids, errors.concentrator_not_found), filters, _FILTERS)
