# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

# Private to this collection: no stable interface for others.

"""One table per resource: what an option is called on each side, what it may hold, and what changing it costs.

Names are never converted by rule: requests spell C(DPDTimeoutSeconds) and C(IKEVersions), answers
C(DpdTimeoutSeconds) and C(IkeVersions).
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from . import validate
from .secret import Secret


class Change(enum.Enum):
    """What a change of an option on an existing resource comes to."""

    NEVER = "read only"
    IN_PLACE = "in place, interrupts nothing"
    ONE_TUNNEL = "in place, interrupts one tunnel"
    BOTH_TUNNELS = "in place, interrupts both tunnels"
    REPLACE = "needs a new resource"


class Kind(enum.Enum):
    """How a value looks on the wire."""

    PLAIN = "as it is"
    HIDDEN = "text that is not shown"
    VALUES = "unordered list of {Value}"
    KEY_EXCHANGES = "list of rounds"
    NESTED = "structure flattened into several options"


@dataclass(frozen=True)
class Field:
    """One option: the whole truth about it."""

    name: str
    request: str
    response: str
    change: Change
    kind: Kind = Kind.PLAIN
    type: str = "str"
    elements: str | None = None
    default: Any = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[Any, ...] | None = None
    rule: Callable[[object], str | None] | None = None
    # The device at the site must be told the new value, or the tunnel stays down.
    peer_follows: bool = False
    # Part of the argument spec of this version; the others are only read.
    settable: bool = False
    aliases: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    doc: tuple[str, ...] = ()

    @property
    def is_secret(self) -> bool:
        return self.kind is Kind.HIDDEN

    def same(self, wanted: Any, actual: Any) -> bool:
        """Whether AWS already has what is asked for; absent on the AWS side means AWS's default."""
        if actual is None:
            actual = self.default
        if self.kind is Kind.VALUES and wanted is not None and actual is not None:
            return set(wanted) == set(actual)
        return bool(wanted == actual)

    def shown(self, value: Any) -> Any:
        """The value as a person may see it."""
        if isinstance(value, Secret) or (self.is_secret and value is not None):
            return "(set)"
        if self.kind is Kind.VALUES and value is not None:
            return sorted(value)
        return value


def _tunnel(name: str, request: str, response: str = "", **rest: Any) -> Field:
    return Field(name, request, response or request, change=Change.ONE_TUNNEL, **rest)


_CIPHERS = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
_HASHES = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
_CLOUDWATCH = ("LogOptions", "CloudWatchLogOptions")


def _values(name: str, wire: str, choices: tuple[Any, ...], response: str = "", elements: str = "str") -> Field:
    return _tunnel(
        name, wire, response, kind=Kind.VALUES, type="list", elements=elements, choices=choices, peer_follows=True
    )


TUNNEL: tuple[Field, ...] = (
    _tunnel(
        "inside_cidr",
        "TunnelInsideCidr",
        rule=validate.inside_cidr_problem,
        peer_follows=True,
        settable=True,
        doc=(
            "Network of the two inside addresses: a /30 within 169.254.0.0/16. AWS takes the first host address,"
            " the customer gateway the second.",
            "Not one of V(169.254.0.0/30), V(169.254.1.0/30), V(169.254.2.0/30), V(169.254.3.0/30),"
            " V(169.254.4.0/30), V(169.254.5.0/30) and V(169.254.169.252/30), which AWS keeps for itself.",
            "When it is left out, AWS chooses one for a new connection, and that of an existing one is left alone.",
        ),
    ),
    _tunnel(
        "pre_shared_key",
        "PreSharedKey",
        kind=Kind.HIDDEN,
        rule=validate.psk_problem,
        peer_follows=True,
        settable=True,
        aliases=("psk",),
        doc=(
            "Pre-shared key of the tunnel: 8 to 64 characters out of A-Z, a-z, 0-9, V(.) and V(_), first not V(0).",
            "When it is left out, AWS makes a key of 32 characters for a new connection, and that of an existing one is"
            " left alone.",
            "Never returned, and shown as C((set)) or C((changed)) in plans and diffs.",
        ),
    ),
    _tunnel("inside_ipv6_cidr", "TunnelInsideIpv6Cidr", peer_follows=True),
    _tunnel("phase1_lifetime_seconds", "Phase1LifetimeSeconds", type="int", default=28800, minimum=900, maximum=28800),
    _tunnel("phase2_lifetime_seconds", "Phase2LifetimeSeconds", type="int", default=3600, minimum=900, maximum=3600),
    _tunnel("rekey_margin_time_seconds", "RekeyMarginTimeSeconds", type="int", default=270, minimum=60, maximum=1800),
    _tunnel("rekey_fuzz_percentage", "RekeyFuzzPercentage", type="int", default=100, minimum=0, maximum=100),
    _tunnel("replay_window_size", "ReplayWindowSize", type="int", default=1024, minimum=64, maximum=2048),
    # No default: AWS's own texts say 30 on creation and 40 on modification.
    _tunnel("dpd_timeout_seconds", "DPDTimeoutSeconds", "DpdTimeoutSeconds", type="int", minimum=30),
    _tunnel(
        "dpd_timeout_action",
        "DPDTimeoutAction",
        "DpdTimeoutAction",
        default="clear",
        choices=("clear", "none", "restart"),
    ),
    _values("phase1_encryption_algorithms", "Phase1EncryptionAlgorithms", _CIPHERS),
    _values("phase2_encryption_algorithms", "Phase2EncryptionAlgorithms", _CIPHERS),
    _values("phase1_integrity_algorithms", "Phase1IntegrityAlgorithms", _HASHES),
    _values("phase2_integrity_algorithms", "Phase2IntegrityAlgorithms", _HASHES),
    _values("phase1_dh_group_numbers", "Phase1DHGroupNumbers", (2, *range(14, 25), 35), elements="int"),
    _values("phase2_dh_group_numbers", "Phase2DHGroupNumbers", (2, 5, *range(14, 25), 35, 36, 37), elements="int"),
    _values("ike_versions", "IKEVersions", ("ikev1", "ikev2"), "IkeVersions"),
    _tunnel("startup_action", "StartupAction", default="add", choices=("add", "start")),
    _tunnel("enable_tunnel_lifecycle_control", "EnableTunnelLifecycleControl", type="bool", default=False),
    _tunnel("log_enabled", "LogEnabled", type="bool", default=False, kind=Kind.NESTED, path=_CLOUDWATCH),
    _tunnel("log_group_arn", "LogGroupArn", kind=Kind.NESTED, path=_CLOUDWATCH),
    _tunnel("log_output_format", "LogOutputFormat", choices=("json", "text"), kind=Kind.NESTED, path=_CLOUDWATCH),
    _tunnel("bgp_log_enabled", "BgpLogEnabled", type="bool", default=False, kind=Kind.NESTED, path=_CLOUDWATCH),
    _tunnel("bgp_log_group_arn", "BgpLogGroupArn", kind=Kind.NESTED, path=_CLOUDWATCH),
    _tunnel(
        "bgp_log_output_format", "BgpLogOutputFormat", choices=("json", "text"), kind=Kind.NESTED, path=_CLOUDWATCH
    ),
    _tunnel("phase1_additional_key_exchanges", "Phase1AdditionalKeyExchanges", kind=Kind.KEY_EXCHANGES, type="list"),
    _tunnel("phase2_additional_key_exchanges", "Phase2AdditionalKeyExchanges", kind=Kind.KEY_EXCHANGES, type="list"),
)


def _connection(name: str, wire: str, change: Change, **rest: Any) -> Field:
    return Field(name, wire, wire, change=change, **rest)


CONNECTION: tuple[Field, ...] = (
    _connection("static_routes_only", "StaticRoutesOnly", Change.REPLACE, type="bool", default=False),
    _connection("enable_acceleration", "EnableAcceleration", Change.REPLACE, type="bool", default=False),
    _connection("tunnel_inside_ip_version", "TunnelInsideIpVersion", Change.REPLACE, default="ipv4"),
    _connection("local_ipv4_network_cidr", "LocalIpv4NetworkCidr", Change.BOTH_TUNNELS, default="0.0.0.0/0"),
    _connection("remote_ipv4_network_cidr", "RemoteIpv4NetworkCidr", Change.BOTH_TUNNELS, default="0.0.0.0/0"),
    _connection("local_ipv6_network_cidr", "LocalIpv6NetworkCidr", Change.BOTH_TUNNELS, default="::/0"),
    _connection("remote_ipv6_network_cidr", "RemoteIpv6NetworkCidr", Change.BOTH_TUNNELS, default="::/0"),
    _connection("outside_ip_address_type", "OutsideIpAddressType", Change.REPLACE, default="PublicIpv4"),
    _connection("transport_transit_gateway_attachment_id", "TransportTransitGatewayAttachmentId", Change.REPLACE),
    _connection("tunnel_bandwidth", "TunnelBandwidth", Change.BOTH_TUNNELS, default="standard"),
)

CUSTOMER_GATEWAY: tuple[Field, ...] = (
    Field(
        "public_ip",
        "IpAddress",
        "IpAddress",
        change=Change.BOTH_TUNNELS,
        rule=validate.public_address_problem,
        settable=True,
        doc=("Public IPv4 address AWS sees the gateway at; behind NAT that of the NAT device.",),
    ),
    Field(
        "bgp_asn",
        "BgpAsn",
        "BgpAsn",
        change=Change.BOTH_TUNNELS,
        type="int",
        default=validate.DEFAULT_STATIC_CUSTOMER_ASN,
        minimum=1,
        maximum=4294967294,
        settable=True,
        doc=(
            "Autonomous system number of the gateway, V(1) to V(4294967294). AWS keeps 7224 in every Region, 9059 in"
            " eu-west-1, 10124 in ap-northeast-1 and 17943 in ap-southeast-1 for itself.",
        ),
    ),
    Field(
        "device_name",
        "DeviceName",
        "DeviceName",
        change=Change.BOTH_TUNNELS,
        settable=True,
        doc=("Name of the device, up to 255 characters. AWS keeps one customer gateway per address, ASN and name.",),
    ),
)

_BY_NAME: dict[str, Field] = {field.name: field for field in TUNNEL}


def tunnel_field(name: str) -> Field:
    """The row of a tunnel option."""
    return _BY_NAME[name]


def settable(table: tuple[Field, ...]) -> tuple[Field, ...]:
    """The rows users may set in this version."""
    return tuple(field for field in table if field.settable)


def argument_spec(table: tuple[Field, ...]) -> dict[str, dict[str, Any]]:
    """The Ansible argument spec of the settable rows; AWS's defaults stay AWS's, so none is filled in."""
    spec: dict[str, dict[str, Any]] = {}
    for field in settable(table):
        entry: dict[str, Any] = {"type": field.type}
        if field.elements:
            entry["elements"] = field.elements
        if field.choices:
            entry["choices"] = list(field.choices)
        if field.aliases:
            entry["aliases"] = list(field.aliases)
        if field.is_secret:
            entry["no_log"] = True
        spec[field.name] = entry
    return spec


def differences(table: tuple[Field, ...], wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[Field, ...]:
    """Rows of the table that are asked for and not so on the AWS side."""
    return tuple(
        field
        for field in table
        if wanted.get(field.name) is not None and not field.same(wanted[field.name], actual.get(field.name))
    )


def problems(table: tuple[Field, ...], values: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Rules of the table that values break, as C(where.option=value: rule); a secret shows no value."""
    found = []
    for field in table:
        value = values.get(field.name)
        if value is None or field.rule is None:
            continue
        problem = field.rule(value.reveal() if isinstance(value, Secret) else value)
        if problem:
            shown = "" if field.is_secret else f"={value}"
            found.append(f"{where}{field.name}{shown}: {problem}")
    return tuple(found)
