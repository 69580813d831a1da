# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tables of options, and all that follows from them: argument spec, option docs, comparison, requests.

Rules that look at several options together are in C(rules).
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import text
from ..model.secret import Secret
from . import formats, value_rules
from .field import Change, Field, Kind, live_rounds
from .problem import Problem
from .tunnel_fields import AGREED, TUNNEL

__all__ = ["TUNNEL"]

_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
_CUSTOMER = "https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html"


def _connection(name: str, wire: str, change: Change, **rest: Any) -> Field:
    return Field(
        name, wire, wire, change=change, **{"source": f"{_API}API_VpnConnectionOptionsSpecification.html", **rest}
    )


_WITH_BGP = (
    "With BGP it must contain V(169.254.0.0/16), where the addresses of the BGP sessions are: omit it, and limit the"
    " networks that BGP announces.",
)


def _selector(end: str, version: int) -> Field:
    place = "behind the gateway" if end == "local" else "on the AWS side"
    return _connection(
        f"{end}_ipv{version}_network_cidr",
        f"{end.capitalize()}Ipv{version}NetworkCidr",
        Change.BOTH_TUNNELS,
        default="0.0.0.0/0" if version == 4 else "::/0",
        rule=formats.selector_problem(version),
        normal=formats.normal_network,
        **AGREED,
        doc=(
            f"IPv{version} network {place} that the tunnels carry. Only with IPv{version} inside.",
            "AWS refuses a gateway that proposes only a part of this network (C(TS_UNACCEPTABLE)).",
            *(_WITH_BGP if version == 4 else ()),
        ),
    )


CONNECTION: tuple[Field, ...] = (
    _connection(
        "static_routes_only",
        "StaticRoutesOnly",
        Change.REPLACE,
        **AGREED,
        type="bool",
        default=False,
        settable=False,
    ),
    _connection(
        "enable_acceleration",
        "EnableAcceleration",
        Change.REPLACE,
        **AGREED,
        type="bool",
        default=False,
        doc=(
            "Whether traffic enters the AWS network at the nearest edge location. Not possible on a virtual private"
            " gateway. The gateway must send ESP in UDP, also without NAT, and start rekeys itself. The role C(gateway)"
            " does both.",
        ),
    ),
    _connection(
        "tunnel_inside_ip_version",
        "TunnelInsideIpVersion",
        Change.REPLACE,
        **AGREED,
        default="ipv4",
        choices=("ipv4", "ipv6"),
        sent_as_default=False,
        doc=("IP version of the traffic in the tunnels. V(ipv6) is not possible on a virtual private gateway.",),
    ),
    *(_selector(end, version) for version in (4, 6) for end in ("local", "remote")),
    _connection(
        "outside_ip_address_type",
        "OutsideIpAddressType",
        Change.REPLACE,
        **AGREED,
        default="PublicIpv4",
        choices=("PublicIpv4", "PrivateIpv4", "Ipv6"),
        doc=(
            "Type of the outside addresses of the tunnels. V(PrivateIpv4) is a private-IP VPN over Direct Connect. It"
            " needs a transit gateway with a CIDR block and C(transport_transit_gateway_attachment_id). V(Ipv6) needs"
            " a customer gateway with an IPv6 address, and is not possible on a virtual private gateway.",
        ),
    ),
    _connection(
        "transport_transit_gateway_attachment_id",
        "TransportTransitGatewayAttachmentId",
        Change.REPLACE,
        rule=value_rules.attachment_id_problem,
        doc=(
            "Direct Connect attachment of the transit gateway that carries a private-IP VPN. Only with"
            " V(PrivateIpv4) in C(outside_ip_address_type).",
        ),
    ),
    _connection(
        "tunnel_bandwidth",
        "TunnelBandwidth",
        Change.BOTH_TUNNELS,
        default="standard",
        choices=("standard", "large"),
        doc=(
            "V(standard) is up to 1.25 Gbit/s for each tunnel, V(large) up to 5 Gbit/s. V(large) is not possible on a"
            " virtual private gateway or a VPN concentrator, with acceleration, without an address of the customer"
            " gateway, and in some Regions.",
            "In some Regions AWS cannot change it in place.",
        ),
    ),
)

CUSTOMER_GATEWAY: tuple[Field, ...] = (
    Field(
        "public_ip",
        "IpAddress",
        "IpAddress",
        change=Change.BOTH_TUNNELS,
        **AGREED,
        rule=value_rules.outside_address_problem,
        normal=formats.normal_address,
        doc=(
            "Address of the gateway as AWS sees it. Behind NAT it is the address of the NAT device. Use an IPv6 or a"
            " private IPv4 address if C(outside_ip_address_type) of the connection is V(Ipv6) or V(PrivateIpv4).",
            "You can omit it only with C(certificate_arn). AWS then does not check the address of the gateway.",
        ),
        source=_CUSTOMER,
    ),
    Field(
        "bgp_asn",
        "BgpAsn",
        "BgpAsn",
        change=Change.BOTH_TUNNELS,
        **AGREED,
        type="int",
        default=value_rules.DEFAULT_STATIC_CUSTOMER_ASN,
        minimum=1,
        maximum=4294967294,
        doc=(
            "Autonomous system number of the gateway. AWS reserves 7224 in every Region, 9059 in eu-west-1, 10124 in"
            " ap-northeast-1 and 17943 in ap-southeast-1.",
            "If you omit it, an existing customer gateway keeps its ASN. A new connection with BGP needs one.",
        ),
        source=_CUSTOMER,
    ),
    Field(
        "device_name",
        "DeviceName",
        "DeviceName",
        change=Change.BOTH_TUNNELS,
        rule=formats.device_name_problem,
        doc=("Name of the device, up to 255 characters. AWS allows one customer gateway per address, ASN and name.",),
        source=f"{_API}API_CreateCustomerGateway.html",
    ),
    Field(
        "certificate_arn",
        "CertificateArn",
        "CertificateArn",
        change=Change.BOTH_TUNNELS,
        **AGREED,
        rule=formats.certificate_arn_problem,
        doc=(
            "Certificate of the gateway in AWS Certificate Manager, issued by a private certificate authority there."
            " With it the tunnels authenticate with certificates instead of pre-shared keys.",
        ),
        source=_CUSTOMER,
    ),
)

_TUNNEL_BY_NAME: dict[str, Field] = {row.name: row for row in TUNNEL}
_CONNECTION_BY_NAME: dict[str, Field] = {row.name: row for row in CONNECTION}
_LOG_OPTIONS = ("log_enabled", "log_group_arn", "log_output_format")


def tunnel_field(name: str) -> Field:
    """The row of a tunnel option."""
    return _TUNNEL_BY_NAME[name]


def connection_field(name: str) -> Field:
    """The row of a connection option."""
    return _CONNECTION_BY_NAME[name]


def settable(table: tuple[Field, ...]) -> tuple[Field, ...]:
    """The rows users set by their name."""
    return tuple(row for row in table if row.settable)


def argument_spec(table: tuple[Field, ...]) -> dict[str, dict[str, Any]]:
    """The Ansible argument spec of the settable rows; AWS's defaults stay AWS's, so none is filled in."""
    spec: dict[str, dict[str, Any]] = {}
    for row in settable(table):
        entry: dict[str, Any] = {"type": row.type}
        if row.elements:
            entry["elements"] = row.elements
        if row.suboptions:
            entry["options"] = {
                name: {key: value for key, value in option.items() if key != "description"}
                for name, option in row.suboptions.items()
            }
        if row.choices:
            entry["choices"] = list(row.choices)
        if row.aliases:
            entry["aliases"] = list(row.aliases)
        if row.is_secret:
            entry["no_log"] = True
        elif "key" in row.name:
            # Said aloud, as the name alone looks like that of a secret.
            entry["no_log"] = False
        spec[row.name] = entry
    return spec


def differences(table: tuple[Field, ...], wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[Field, ...]:
    """Rows of the table that are asked for and not so on the AWS side."""
    unlike = [
        row
        for row in table
        if wanted.get(row.name) is not None and not row.same(wanted[row.name], actual.get(row.name))
    ]
    names = {row.name for row in unlike}
    return tuple(row for row in unlike if not _is_hidden(row, actual, names))


def _is_hidden(row: Field, actual: Mapping[str, Any], changing: set[str]) -> bool:
    """Whether AWS has no answer to compare with, as it never answers that list beside what else is set."""
    if row.hidden_by is None or actual.get(row.name) is not None:
        return False
    other, values = row.hidden_by
    return other not in changing and bool(actual.get(other)) and set(actual[other]) <= set(values)


def complete(rows: Iterable[Field], wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    """What a change of these rows of an existing tunnel has to send besides the rows themselves.

    A log travels as a whole, so that what was not named is not reset; rounds that are no longer wanted are
    switched off by name, as the API has no way to send an empty list.
    """
    sent = {row.name: wanted[row.name] for row in rows}
    if any(row.path for row in rows):
        for prefix in ("", "bgp_"):
            sent.update(_whole_log(prefix, wanted, actual))
    for row in rows:
        if row.kind is Kind.KEY_EXCHANGES:
            asked = {entry["round"] for entry in wanted[row.name]}
            gone = sorted(set(live_rounds(actual.get(row.name))) - asked)
            off = [{"round": number, "methods": [], "requirement": "optional"} for number in gone]
            sent[row.name] = [*wanted[row.name], *off]
    return sent


def _whole_log(prefix: str, wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    switch, *details = (prefix + name for name in _LOG_OPTIONS)
    values = {name: actual.get(name) if wanted.get(name) is None else wanted[name] for name in (switch, *details)}
    if not values[switch]:
        # AWS takes neither group nor format of a log that is off.
        return {} if values[switch] is None else {switch: False}
    return {name: value for name, value in values.items() if value is not None}


def problems(table: tuple[Field, ...], values: Mapping[str, Any]) -> list[Problem]:
    """Rules of single rows that values break; a secret shows no value."""
    found = []
    for row in settable(table):
        value = values.get(row.name)
        rule = None if value is None else row.problem(value)
        if rule:
            found.append(Problem(row.name, rule, shown(row, value)))
    return found


def shown(row: Field, value: Any) -> str:
    """C(=value) for a message, nothing where the value is or may be a secret, or is no single word."""
    if row.is_secret or isinstance(value, (Secret, dict)) or row.kind is Kind.KEY_EXCHANGES:
        return ""
    return f"={text.shown(', '.join(map(str, value)) if isinstance(value, (list, tuple)) else value)}"
