# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customer gateways: records of the devices at the customer's end of VPN connections."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.ec2.utils import random_customer_gateway_id

from ..environment import current
from . import errors
from .filters import Filters, FilterValue, select
from .lifecycle import AVAILABLE, DELETED, DELETING, PENDING
from .resources import Resource, TagStore, forget_deleted, pick, require_type

DEFAULT_ASN = 65000
# Reserved in every Region, and in single ones.
_RESERVED_ASNS = {7224: None, 9059: "eu-west-1", 10124: "ap-northeast-1", 17943: "ap-southeast-1"}
# That the certificate exists is not looked at.
_CERTIFICATE = re.compile(r"arn:[^:]+:acm:[^:]+:[0-9]{12}:certificate/\S+")
_ID = re.compile(r"cgw-([0-9a-f]{8}|[0-9a-f]{17})")


class CustomerGateway(Resource):
    def __init__(
        self, store: TagStore, request: Mapping[str, Any], identity: tuple[Any, ...], tags: Mapping[str, str]
    ) -> None:
        super().__init__(store, random_customer_gateway_id(), PENDING, tags)
        self.identity = identity
        self.type, self.ip_address, self.asn, self.device_name, self.certificate_arn = identity
        self.is_extended_asn = request.get("BgpAsnExtended") is not None
        self.lifecycle.pass_through(PENDING, AVAILABLE, self.account.delays.of("customer_gateway"))

    def describe(self) -> dict[str, Any]:
        answer = {
            "CustomerGatewayId": self.id,
            "State": self.state,
            "Type": self.type,
            "IpAddress": self.ip_address,
            "DeviceName": self.device_name,
            "CertificateArn": self.certificate_arn,
            "Tags": self.tag_list(),
        }
        answer["BgpAsnExtended" if self.is_extended_asn else "BgpAsn"] = str(self.asn)
        return answer


_FILTERS: dict[str, FilterValue[CustomerGateway]] = {
    "bgp-asn": lambda gateway: str(gateway.asn),
    "customer-gateway-id": lambda gateway: gateway.id,
    "ip-address": lambda gateway: gateway.ip_address,
    "state": lambda gateway: gateway.state,
    "type": lambda gateway: gateway.type,
}


class CustomerGateways:
    """The customer gateways of one account and Region."""

    def __init__(self, store: TagStore, region: str, is_used: Callable[[str], bool]) -> None:
        self.all: dict[str, CustomerGateway] = {}
        self._store = store
        self._region = region
        self._is_used = is_used

    def create(self, request: Mapping[str, Any], tags: Mapping[str, str]) -> CustomerGateway:
        """An identical request answers with the gateway that is there, and leaves its tags alone."""
        require_type(request.get("Type"))
        address = self._address(request)
        device_name = request.get("DeviceName")
        if device_name is not None and not 1 <= len(device_name) <= 255:
            raise errors.invalid_value("deviceName", device_name)
        identity = (request["Type"], address, self._asn(request), device_name, request.get("CertificateArn"))
        for gateway in self.all.values():
            if gateway.identity == identity and gateway.state not in (DELETING, DELETED):
                return gateway
        self._check_quota()
        gateway = CustomerGateway(self._store, request, identity, tags)
        self.all[gateway.id] = gateway
        return gateway

    def _check_quota(self) -> None:
        quotas = current().account(self._store.account_id).quotas
        if quotas.is_full("customer_gateways", (one.is_live for one in self.all.values())):
            raise errors.limit("CustomerGatewayLimitExceeded")

    def delete(self, gateway_id: str) -> None:
        gateway = self.get(gateway_id)
        if gateway.state in (DELETING, DELETED):
            raise errors.customer_gateway_state(gateway_id, gateway.state)
        if self._is_used(gateway_id):
            raise errors.in_use("customer gateway")
        gateway.lifecycle.pass_through(DELETING, DELETED, gateway.account.delays.of("customer_gateway"))

    def get(self, gateway_id: str) -> CustomerGateway:
        if not _ID.fullmatch(gateway_id):
            raise errors.customer_gateway_malformed(gateway_id)
        return pick(self.all, [gateway_id], errors.customer_gateway_not_found)[0]

    def get_available(self, gateway_id: str) -> CustomerGateway:
        gateway = self.get(gateway_id)
        if gateway.state != AVAILABLE:
            raise errors.customer_gateway_state(gateway_id, gateway.state)
        return gateway

    def find(self, ids: Iterable[str] | None, filters: Filters | None) -> list[CustomerGateway]:
        forget_deleted(self.all, self._store)
        found = [self.get(gateway_id) for gateway_id in dict.fromkeys(ids)] if ids else pick(self.all, None, None)
        return select(found, filters, _FILTERS)

    def _asn(self, request: Mapping[str, Any]) -> int:
        short, extended = request.get("BgpAsn"), request.get("BgpAsnExtended")
        if short is not None and extended is not None:
            raise errors.invalid_combination("The parameters BgpAsn and BgpAsnExtended cannot be used together")
        if short is not None and not 1 <= short <= 2147483647:
            raise errors.invalid_value("bgpAsn", short)
        if extended is not None and not 2147483648 <= extended <= 4294967294:
            raise errors.invalid_value("bgpAsnExtended", extended)
        asn = int(short if short is not None else extended if extended is not None else DEFAULT_ASN)
        if asn in _RESERVED_ASNS and _RESERVED_ASNS[asn] in (None, self._region):
            raise errors.invalid_value("bgpAsn", asn, "This ASN is reserved.")
        return asn

    @staticmethod
    def _address(request: Mapping[str, Any]) -> str | None:
        """Only a customer gateway with a certificate may have no address."""
        value = request.get("IpAddress") or request.get("PublicIp")
        arn = request.get("CertificateArn")
        if arn and not _CERTIFICATE.fullmatch(arn):
            raise errors.invalid_value("certificateArn", arn)
        if value is None:
            if arn:
                return None
            raise errors.missing(["IpAddress"])
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            raise errors.invalid_value("ipAddress", value) from None
        if address.is_unspecified or address.is_loopback or address.is_multicast:
            raise errors.invalid_value("ipAddress", value)
        return str(address)
