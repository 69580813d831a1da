# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual private gateways and their attachment to a VPC."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.ec2.utils import random_vpn_gateway_id

from ..environment import current
from . import errors
from .filters import Filters, FilterValue, select
from .lifecycle import AVAILABLE, DELETED, DELETING, PENDING, Lifecycle
from .resources import Resource, TagStore, forget_deleted, pick, require_type

DEFAULT_AMAZON_SIDE_ASN = 64512
ATTACHED = "attached"
DETACHED = "detached"
# About so long AWS lists what is detached.
DETACHED_LISTED_SECONDS = 300.0


def is_amazon_side_asn(asn: int) -> bool:
    return 64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294


class Attachment:
    """A virtual private gateway at a VPC; a detached one stays listed for a while."""

    def __init__(self, gateway: VpnGateway, vpc_id: str) -> None:
        self.vpc_id = vpc_id
        self._delays = gateway.account.delays
        self._lifecycle = Lifecycle(gateway.account.clock, DETACHED)

    @property
    def state(self) -> str:
        return self._lifecycle.state

    @property
    def is_attaching_or_attached(self) -> bool:
        return self.state in ("attaching", ATTACHED)

    @property
    def is_listed(self) -> bool:
        return self.state != DETACHED or self._lifecycle.seconds_in_state() <= DETACHED_LISTED_SECONDS

    def attach(self) -> None:
        self._lifecycle.pass_through("attaching", ATTACHED, self._delays.of("vpc_attachment"))

    def detach(self) -> None:
        self._lifecycle.pass_through("detaching", DETACHED, self._delays.of("vpc_attachment"))

    def describe(self) -> dict[str, str]:
        return {"VpcId": self.vpc_id, "State": self.state}


class VpnGateway(Resource):
    def __init__(self, store: TagStore, request: Mapping[str, Any], tags: Mapping[str, str]) -> None:
        super().__init__(store, random_vpn_gateway_id(), PENDING, tags)
        self.amazon_side_asn = int(request.get("AmazonSideAsn") or DEFAULT_AMAZON_SIDE_ASN)
        self.availability_zone: str | None = request.get("AvailabilityZone")
        self._newest_attachment: Attachment | None = None
        self.lifecycle.pass_through(PENDING, AVAILABLE, self.account.delays.of("vpn_gateway"))

    @property
    def attachments(self) -> dict[str, Attachment]:
        """By VPC, as moto's own code reads it. One at most: AWS lists no detached one beside its successor."""
        newest = self._newest_attachment
        return {newest.vpc_id: newest} if newest is not None and newest.is_listed else {}

    def attach(self, vpc_id: str) -> Attachment:
        self._newest_attachment = Attachment(self, vpc_id)
        self._newest_attachment.attach()
        return self._newest_attachment

    def attached_vpc(self) -> str | None:
        return next((one.vpc_id for one in self.attachments.values() if one.state == ATTACHED), None)

    def describe(self) -> dict[str, Any]:
        return {
            "VpnGatewayId": self.id,
            "State": self.state,
            "Type": "ipsec.1",
            "AmazonSideAsn": self.amazon_side_asn,
            "AvailabilityZone": self.availability_zone,
            "VpcAttachments": [attachment.describe() for attachment in self.attachments.values()],
            "Tags": self.tag_list(),
        }


_FILTERS: dict[str, FilterValue[VpnGateway]] = {
    "amazon-side-asn": lambda gateway: str(gateway.amazon_side_asn),
    "attachment.state": lambda gateway: [one.state for one in gateway.attachments.values()],
    "attachment.vpc-id": lambda gateway: list(gateway.attachments),
    "availability-zone": lambda gateway: gateway.availability_zone,
    "state": lambda gateway: gateway.state,
    "type": lambda _gateway: "ipsec.1",
    "vpn-gateway-id": lambda gateway: gateway.id,
}


class VpnGateways:
    """The virtual private gateways of one account and Region."""

    def __init__(self, store: TagStore, require_vpc: Callable[[str], object], is_used: Callable[[str], bool]) -> None:
        self.all: dict[str, VpnGateway] = {}
        self._store = store
        self._require_vpc = require_vpc
        self._is_used = is_used

    def create(self, request: Mapping[str, Any], tags: Mapping[str, str]) -> VpnGateway:
        require_type(request.get("Type"))
        asn = request.get("AmazonSideAsn")
        if asn is not None and not is_amazon_side_asn(asn):
            raise errors.invalid_value("amazonSideAsn", asn)
        quotas = current().account(self._store.account_id).quotas
        if quotas.is_full("vpn_gateways", (one.is_live for one in self.all.values())):
            raise errors.limit("VpnGatewayLimitExceeded")
        gateway = VpnGateway(self._store, request, tags)
        self.all[gateway.id] = gateway
        return gateway

    def delete(self, gateway_id: str) -> None:
        gateway = self.get(gateway_id)
        if gateway.state in (DELETING, DELETED):
            raise errors.vpn_gateway_state(gateway_id, gateway.state)
        if any(one.state != DETACHED for one in gateway.attachments.values()) or self._is_used(gateway_id):
            raise errors.in_use("virtual private gateway")
        gateway.lifecycle.pass_through(DELETING, DELETED, gateway.account.delays.of("vpn_gateway_deletion"))

    def attach(self, gateway_id: str, vpc_id: str) -> Attachment:
        """Attaching what is attached already answers with the attachment."""
        gateway = self.get_usable(gateway_id)
        self._require_vpc(vpc_id)
        for attachment in gateway.attachments.values():
            if attachment.vpc_id == vpc_id and attachment.is_attaching_or_attached:
                return attachment
            if attachment.state != DETACHED:
                raise errors.attachment_limit(gateway_id)
        if any(self._holds(other, vpc_id) for other in self.all.values()):
            raise errors.vpc_has_gateway(vpc_id)
        return gateway.attach(vpc_id)

    def detach(self, gateway_id: str, vpc_id: str) -> None:
        attachment = self.get(gateway_id).attachments.get(vpc_id)
        if attachment is None or not attachment.is_attaching_or_attached:
            raise errors.attachment_not_found(gateway_id, vpc_id)
        attachment.detach()

    def get(self, gateway_id: str) -> VpnGateway:
        return pick(self.all, [gateway_id], errors.vpn_gateway_not_found)[0]

    def get_usable(self, gateway_id: str) -> VpnGateway:
        """A pending one is fine: public clients attach and connect right after the create, without waiting."""
        gateway = self.get(gateway_id)
        if gateway.state in (DELETING, DELETED):
            raise errors.vpn_gateway_state(gateway_id, gateway.state)
        return gateway

    def find(self, ids: Iterable[str] | None, filters: Filters | None) -> list[VpnGateway]:
        forget_deleted(self.all, self._store)
        return select(pick(self.all, ids, errors.vpn_gateway_not_found), filters, _FILTERS)

    @staticmethod
    def _holds(gateway: VpnGateway, vpc_id: str) -> bool:
        attachment = gateway.attachments.get(vpc_id)
        return attachment is not None and attachment.state != DETACHED
