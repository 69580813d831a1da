# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Turns the SDK's answers into the model and the model into requests, by the field tables; seals the keys it reads."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..._core.devices.configuration import DeviceTunnel, parse
from ..._core.model.resources import (
    BGP,
    STATIC,
    Attachment,
    Connection,
    CustomerGateway,
    RouteTable,
    StaticRoute,
    Telemetry,
    TransitGateway,
    Tunnel,
    VpnGateway,
)
from ..._core.model.secret import Secret
from ..._core.model.tunnel_states import TelemetryStatus
from ..._core.options import fields
from ..._core.options.field import Field, Kind
from . import answers

# The largest ASN BgpAsn takes; above it the API wants BgpAsnExtended.
_BGP_ASN_MAXIMUM = 2147483647
_NOT_IN_OPTIONS = ("inside_cidr", "pre_shared_key")

# Answers.


def customer_gateway(raw: Mapping[str, Any]) -> CustomerGateway:
    """A customer gateway; AWS answers ASNs as text."""
    return CustomerGateway(
        id=answers.needed_id(raw, "CustomerGatewayId", "cgw"),
        state=raw.get("State", ""),
        public_ip=answers.address(raw, "IpAddress"),
        bgp_asn=answers.number(raw, "BgpAsnExtended") or answers.number(raw, "BgpAsn"),
        device_name=raw.get("DeviceName"),
        tags=tags(raw),
        certificate_arn=raw.get("CertificateArn"),
    )


def vpn_gateway(raw: Mapping[str, Any]) -> VpnGateway:
    """A virtual private gateway."""
    return VpnGateway(
        id=answers.needed_id(raw, "VpnGatewayId", "vgw"),
        state=raw.get("State", ""),
        amazon_side_asn=answers.number(raw, "AmazonSideAsn"),
        attachments=tuple(
            Attachment(answers.needed_id(entry, "VpcId", "vpc"), entry.get("State", ""))
            for entry in raw.get("VpcAttachments", [])
        ),
        tags=tags(raw),
    )


def transit_gateway(raw: Mapping[str, Any]) -> TransitGateway:
    """A transit gateway."""
    options = raw.get("Options", {})
    ecmp = options.get("VpnEcmpSupport")

    def table(switch: str, name: str) -> str | None:
        return answers.optional_id(options, name, "tgw-rtb") if options.get(switch) == "enable" else None

    return TransitGateway(
        id=answers.needed_id(raw, "TransitGatewayId", "tgw"),
        state=raw.get("State", ""),
        amazon_side_asn=answers.number(options, "AmazonSideAsn"),
        ecmp=None if ecmp is None else ecmp == "enable",
        default_association_table=table("DefaultRouteTableAssociation", "AssociationDefaultRouteTableId"),
        default_propagation_table=table("DefaultRouteTablePropagation", "PropagationDefaultRouteTableId"),
    )


def route_table(raw: Mapping[str, Any]) -> RouteTable:
    """A route table."""
    gateways = tuple(answers.needed_id(entry, "GatewayId") for entry in raw.get("PropagatingVgws", []))
    vpc_id = answers.optional_id(raw, "VpcId", "vpc") or ""
    return RouteTable(answers.needed_id(raw, "RouteTableId", "rtb"), vpc_id, gateways)


def connection(raw: Mapping[str, Any], keep_secrets: bool = False) -> Connection:
    """A VPN connection; keys stay readable only when asked for, the device XML never stays at all."""
    options = raw.get("Options", {})
    device = {tunnel.outside_address: tunnel for tunnel in parse(raw.get("CustomerGatewayConfiguration") or "")}
    telemetry = {entry.get("OutsideIpAddress"): _telemetry(entry) for entry in raw.get("VgwTelemetry", [])}
    return Connection(
        id=answers.needed_id(raw, "VpnConnectionId", "vpn"),
        state=raw.get("State", ""),
        customer_gateway_id=answers.optional_id(raw, "CustomerGatewayId", "cgw") or "",
        vpn_gateway_id=answers.optional_id(raw, "VpnGatewayId", "vgw"),
        transit_gateway_id=answers.optional_id(raw, "TransitGatewayId", "tgw"),
        routing=STATIC if options.get("StaticRoutesOnly") else BGP,
        options=from_wire(fields.CONNECTION, options),
        tunnels=tuple(
            _tunnel(number, entry, telemetry=telemetry, device=device, keep_secrets=keep_secrets)
            for number, entry in enumerate(options.get("TunnelOptions", []), 1)
        ),
        routes=tuple(
            StaticRoute(cidr, entry.get("State", ""))
            for entry in raw.get("Routes", [])
            if entry.get("Source") in (None, "Static") and (cidr := answers.network(entry, "DestinationCidrBlock"))
        ),
        tags=tags(raw),
        pre_shared_key_arn=raw.get("PreSharedKeyArn"),
        device_amazon_side_asn=next(
            (tunnel.amazon_side_asn for tunnel in device.values() if tunnel.amazon_side_asn), None
        ),
        vpn_concentrator_id=answers.optional_id(raw, "VpnConcentratorId"),
        gateway_association_state=raw.get("GatewayAssociationState"),
    )


def tags(raw: Mapping[str, Any]) -> dict[str, str]:
    """The tags of an answer."""
    return {entry.get("Key", ""): entry.get("Value", "") for entry in raw.get("Tags", [])}


def from_wire(table: Sequence[Field], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an answer by our names; absent stays absent."""
    found: dict[str, Any] = {}
    for row in table:
        place: Any = raw
        for step in row.path:
            place = place.get(step) or {}
        value = place.get(row.response)
        # What is empty says as little as what is not there.
        if value is not None and (row.is_secret or value not in ("", [])):
            found[row.name] = _value_from_wire(row, value)
    return found


def _tunnel(
    number: int,
    raw: Mapping[str, Any],
    *,
    telemetry: Mapping[str | None, Telemetry],
    device: Mapping[str, DeviceTunnel],
    keep_secrets: bool,
) -> Tunnel:
    outside = answers.address(raw, "OutsideIpAddress")
    rendered = device.get(outside or "")
    options = from_wire(fields.TUNNEL, raw)
    key = options.get("pre_shared_key") or (rendered.pre_shared_key if rendered else None)
    return Tunnel(
        number=number,
        outside_address=outside,
        inside_cidr=answers.inside_cidr(raw, "TunnelInsideCidr") or (rendered.inside_cidr if rendered else None),
        pre_shared_key=key if key is None or keep_secrets else key.sealed(),
        options={name: value for name, value in options.items() if name not in _NOT_IN_OPTIONS},
        telemetry=telemetry.get(outside),
    )


def _telemetry(raw: Mapping[str, Any]) -> Telemetry:
    changed = raw.get("LastStatusChange")
    return Telemetry(
        status=raw.get("Status", TelemetryStatus.DOWN.value),
        status_message=raw.get("StatusMessage", ""),
        accepted_route_count=answers.number(raw, "AcceptedRouteCount") or 0,
        last_status_change=changed.isoformat() if isinstance(changed, datetime) else changed,
        certificate_arn=raw.get("CertificateArn"),
    )


def _value_from_wire(row: Field, value: Any) -> Any:
    if row.is_secret:
        # With Secrets Manager storage AWS leaves the key out or writes this word in its place.
        return None if value in (None, "", "REDACTED") else Secret(value)
    if row.kind is Kind.VALUES:
        return sorted(entry["Value"] for entry in value if "Value" in entry)
    if row.kind is Kind.KEY_EXCHANGES:
        return [
            {
                "round": answers.number(entry, "AdditionalKeyExchangeRound") or 0,
                "methods": sorted(each["Value"] for each in entry.get("KeyExchangeMethods") or () if "Value" in each),
                "requirement": entry.get("Requirement") or "required",
            }
            for entry in value
        ]
    return value


# Requests.


def to_wire(table: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a request; what is not asked for is not sent, so AWS's default or the present value holds."""
    request: dict[str, Any] = {}
    for row in table:
        value = values.get(row.name)
        if value is None or (value == row.default and not row.sent_as_default):
            continue
        place = request
        for step in row.path:
            place = place.setdefault(step, {})
        place[row.request] = _value_to_wire(row, value)
    return request


def customer_gateway_request(
    public_ip: str | None, bgp_asn: int, device_name: str | None = None, certificate_arn: str | None = None
) -> dict[str, Any]:
    """The request of CreateCustomerGateway but for its tags."""
    asn = "BgpAsn" if bgp_asn <= _BGP_ASN_MAXIMUM else "BgpAsnExtended"
    optional = {"IpAddress": public_ip, "DeviceName": device_name, "CertificateArn": certificate_arn}
    return {"Type": "ipsec.1", asn: bgp_asn, **{name: value for name, value in optional.items() if value}}


def tag_specification(resource_type: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Tags to be set by the creation itself, so that what exists can always be found again."""
    return [{"ResourceType": resource_type, "Tags": tag_list(values)}]


def tag_list(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as the API wants them."""
    return [{"Key": key, "Value": values[key]} for key in sorted(values)]


def _value_to_wire(row: Field, value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    if row.kind is Kind.VALUES:
        return [{"Value": entry} for entry in value]
    if row.kind is Kind.KEY_EXCHANGES:
        return [_round_to_wire(entry) for entry in value]
    return value


def _round_to_wire(entry: Mapping[str, Any]) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "AdditionalKeyExchangeRound": entry["round"],
        "Requirement": entry.get("requirement") or "required",
    }
    # An optional round without methods is switched off; the protocol has no way to write an empty list.
    if entry.get("methods"):
        wire["KeyExchangeMethods"] = [{"Value": method} for method in entry["methods"]]
    return wire
