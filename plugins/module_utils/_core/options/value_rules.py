# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules that AWS, or the network, would refuse later; private to hybridnet.aws_vpn, may change without notice.

Every rule is a pure function that returns the rule broken as a sentence fragment, or None.
The fragment never repeats the value, so a rule about a secret cannot leak it; callers name host, option and value.

https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from ..grouping import grouped
from ..model import values

DEFAULT_AMAZON_SIDE_ASN = 64512
DEFAULT_STATIC_CUSTOMER_ASN = 65000
ASN_MISSING = "missing: BGP needs the ASN of the gateway, such as 65010 (or static routing)"
STATIC_ROUTES = (
    "only with routing=static and a virtual private gateway, or with transit_gateway_routing.static_routes_to"
)
TARGET_KEYS = (
    "transit_gateway_id",
    "vpn_gateway_id",
    "vpn_gateway",
    "vpn_concentrator_id",
    "vpn_concentrator",
    "unattached",
)
TUNNELS_PER_CONNECTION = 2

_LINK_LOCAL = ipaddress.IPv4Network("169.254.0.0/16")
_LOOPBACK = ipaddress.IPv4Network("127.0.0.0/8")
_LOOPBACK_IPV6 = ipaddress.IPv6Address("::1")
_MULTICAST = ipaddress.IPv4Network("224.0.0.0/4")
_UNROUTABLE = tuple(ipaddress.IPv4Network(cidr) for cidr in ("0.0.0.0/8", "240.0.0.0/4"))
_BEHIND_NAT = tuple(
    ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
_RESERVED_INSIDE = tuple(
    ipaddress.IPv4Network(f"169.254.{last}/30") for last in ("0.0", "1.0", "2.0", "3.0", "4.0", "5.0", "169.252")
)
_NOT_ROUTED_IPV6 = tuple(ipaddress.IPv6Network(cidr) for cidr in ("fe80::/10", "::1/128", "ff00::/8"))
_RESERVED_ASN_ANYWHERE = 7224
_RESERVED_ASNS = {"eu-west-1": 9059, "ap-northeast-1": 10124, "ap-southeast-1": 17943}
_PSK_ALPHABET = re.compile(r"[A-Za-z0-9._]*\Z")
_REGION = re.compile(r"[a-z]+(-[a-z]+)+-[0-9]+\Z")
_ID_NOUNS = {
    "tgw": "transit gateway",
    "vgw": "virtual private gateway",
    "vpc": "VPC",
    "rtb": "route table",
    "cgw": "customer gateway",
    "vpn": "VPN connection",
    "tgw-rtb": "transit gateway route table",
    "tgw-attach": "transit gateway attachment",
}


def cidr_problem(value: object, version: int = 4) -> str | None:
    """A network that can be routed through a tunnel, of the family the tunnel carries."""
    if version == 6:
        return _ipv6_cidr_problem(value)
    parsed = values.ipv4_network(value)
    if parsed is None:
        return _not_a_network(value)
    for special, name in ((_LINK_LOCAL, "link-local"), (_LOOPBACK, "loopback"), (_MULTICAST, "multicast")):
        if parsed.subnet_of(special):
            return f"{name} addresses ({special}) cannot be routed through a tunnel"
    return None


def _ipv6_cidr_problem(value: object) -> str | None:
    parsed = values.network(value)
    if not isinstance(parsed, ipaddress.IPv6Network):
        return "not an IPv6 network without host bits such as 2001:db8:20::/48, which IPv6 inside needs"
    if any(parsed.subnet_of(special) for special in _NOT_ROUTED_IPV6):
        return "link-local, loopback and multicast addresses cannot be routed through a tunnel"
    return None


def _not_a_network(value: object) -> str:
    if isinstance(value, str):
        if "/" not in value:
            return "not a CIDR: the prefix length is missing (10.20.0.0/16)"
        try:
            loose = ipaddress.ip_network(value, strict=False)
        except ValueError:
            return "not a CIDR such as 10.20.0.0/16"
        if loose.version == 6:
            return "an IPv4 CIDR is expected; IPv6 needs a connection with IPv6 inside"
        if not values.PREFIX_LENGTH.search(value):
            return f"write the prefix length as a number: {loose}"
        return f"has host bits set, the network is {loose}"
    return "not a CIDR such as 10.20.0.0/16"


def inside_cidr_problem(value: object) -> str | None:
    """A /30 for the two inside addresses of a tunnel."""
    parsed = values.ipv4_network(value)
    if parsed is None:
        return _not_a_network(value).replace("10.20.0.0/16", "169.254.20.0/30")
    if parsed.prefixlen != 30:
        return "AWS takes a /30 only"
    if not parsed.subnet_of(_LINK_LOCAL):
        return "must lie inside 169.254.0.0/16"
    if parsed in _RESERVED_INSIDE:
        return "reserved by AWS (169.254.0.0/30 to 169.254.5.0/30 and 169.254.169.252/30)"
    return None


def psk_problem(value: object) -> str | None:
    """A pre-shared key AWS accepts; the fragment says nothing about the key itself."""
    if not isinstance(value, str):
        return "a pre-shared key is a string (quote it)"
    if not 8 <= len(value) <= 64:
        return "a pre-shared key has 8 to 64 characters"
    if not _PSK_ALPHABET.match(value):
        return "a pre-shared key has only letters A-Z a-z, digits, '.' and '_'"
    if value.startswith("0"):
        return "a pre-shared key must not start with 0"
    return None


def customer_asn_problem(asn: object, region: str | None) -> str | None:
    """The ASN of the gateway on the customer side."""
    if not isinstance(asn, int) or isinstance(asn, bool):
        return "an ASN is a whole number (no dotted notation)"
    if not 1 <= asn <= 4294967294:
        return "an ASN is between 1 and 4294967294"
    if asn == _RESERVED_ASN_ANYWHERE:
        return "reserved by AWS in every Region (choose a private ASN: 64512-65534 or 4200000000-4294967294)"
    if region and _RESERVED_ASNS.get(region) == asn:
        return f"reserved by AWS in {region} (choose a private ASN: 64512-65534 or 4200000000-4294967294)"
    return None


def amazon_side_asn_problem(asn: object) -> str | None:
    """The ASN of the AWS side, given when its gateway is created."""
    if not isinstance(asn, int) or isinstance(asn, bool):
        return "an ASN is a whole number (no dotted notation)"
    if not (64512 <= asn <= 65534 or 4200000000 <= asn <= 4294967294):
        return "AWS takes a private ASN only: 64512-65534 or 4200000000-4294967294"
    return None


def asn_pair_problem(customer_asn: int, amazon_side_asn: int) -> str | None:
    """Both ends of a connection to a virtual private gateway."""
    if customer_asn == amazon_side_asn:
        return f"equal to the ASN of the virtual private gateway ({amazon_side_asn}), the two must differ"
    return None


def public_address_problem(value: object) -> str | None:
    """The address AWS sees the gateway at. Documentation and benchmark ranges pass, for examples and the lab."""
    parsed = values.ipv4_address(value)
    if parsed is None:
        return "not an IPv4 address" if value else "the public address of the gateway is missing"
    for special, name in ((_LOOPBACK, "loopback"), (_LINK_LOCAL, "link-local"), (_MULTICAST, "multicast")):
        if parsed in special:
            return f"a {name} address, AWS needs the public address of the gateway"
    if any(parsed in special for special in _UNROUTABLE):
        return "not a host address on the internet"
    if any(parsed in special for special in _BEHIND_NAT):
        return (
            "a private address, AWS cannot reach it: behind NAT give the public address of the NAT device here "
            "(in an inventory the gateway's own address is site_vpn_gateway_address)"
        )
    return None


def outside_address_problem(value: object) -> str | None:
    """An address of a customer gateway, whatever the outside addresses of its connection are."""
    parsed = values.address(value)
    if parsed is None:
        return "not an IPv4 or IPv6 address" if value else "the address of the gateway is missing"
    if parsed.version == 6:
        return ipv6_address_problem(value)
    if any(parsed in special for special in _BEHIND_NAT):
        return None
    return public_address_problem(value)


def ipv6_address_problem(value: object) -> str | None:
    """The IPv6 address AWS sees the gateway at."""
    parsed = values.address(value)
    if not isinstance(parsed, ipaddress.IPv6Address):
        return "not an IPv6 address, which outside_ip_address_type=Ipv6 needs"
    if parsed.is_loopback or parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified:
        return "not a host address on the internet"
    return None


def private_address_problem(value: object) -> str | None:
    """The address of the gateway within a private-IP VPN; AWS takes public ones there too."""
    return "not an IPv4 address" if values.ipv4_address(value) is None else outside_address_problem(value)


def attachment_id_problem(value: object) -> str | None:
    """The id of an attachment of a transit gateway."""
    return resource_id_problem(value, "tgw-attach")


def preference_problem(value: object) -> str | None:
    """The order of the connections of a gateway: every place is seen in the metrics of its routes."""
    return None if values.is_preference(value) else "a number from 1 to 9 is expected"


def region_problem(value: object) -> str | None:
    """The name of an AWS Region."""
    if not isinstance(value, str) or not _REGION.match(value):
        return "not the name of an AWS Region such as eu-central-1"
    return None


def endpoint_problem(url: str) -> str | None:
    """The URL of the EC2 API. Requests carry credentials and answers carry keys, so both are encrypted on the way."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "not a URL"
    found = values.address(host)
    is_here = host == "localhost" or found == _LOOPBACK_IPV6 or (found is not None and found in _LOOPBACK)
    if parts.scheme == "https" or (parts.scheme == "http" and is_here):
        return None
    return "only https is accepted; http only to this host itself (127.0.0.0/8, ::1, localhost)"


def resource_id_problem(value: object, prefix: str) -> str | None:
    """An EC2 id of one kind: tgw, vgw, vpc, rtb, cgw or vpn."""
    if not isinstance(value, str) or not re.match(rf"{re.escape(prefix)}-([0-9a-f]{{8}}|[0-9a-f]{{17}})\Z", value):
        noun = _ID_NOUNS.get(prefix, prefix)
        return f"not the id of a {noun} ({prefix}- and 17, in old accounts 8, hexadecimal digits)"
    return None


def any_id_problem(value: object) -> str | None:
    """An EC2 id whose prefix no source confirms, such as that of a VPN concentrator."""
    return None if values.is_id(value) else "not an id"


def target_problem(target: Mapping[str, object]) -> str | None:
    """What the connection ends on, on the AWS side: exactly one of the kinds."""
    given = [key for key in TARGET_KEYS if target.get(key) not in (None, False)]
    if len(given) == 1:
        return None
    found = " and ".join(given) if given else "none"
    return f"exactly one of {', '.join(TARGET_KEYS)} is needed, found {found}"


def tunnel_count_problem(count: int) -> str | None:
    """How many tunnels one connection has."""
    if count > TUNNELS_PER_CONNECTION:
        return f"a connection has {TUNNELS_PER_CONNECTION} tunnels, {count} are described"
    return None


def inside_cidrs_problem(cidrs: Iterable[object]) -> str | None:
    """Inside CIDRs of the tunnels that end on one gateway; None entries (AWS chooses) are passed over."""
    owned = [(str(cidr), f"tunnel {number}") for number, cidr in enumerate(cidrs, 1) if values.ipv4_network(cidr)]
    for first, second in overlaps(owned):
        if first[0] == second[0]:
            return f"{first[1]} and {second[1]} have the same inside CIDR {first[0]}"
        return f"the inside CIDRs {first[0]} ({first[1]}) and {second[0]} ({second[1]}) overlap"
    return None


Owned = tuple[str, str]


def overlaps(owned: Sequence[Owned]) -> list[tuple[Owned, Owned]]:
    """Pairs of (CIDR, owner) that share addresses, in the order given; each entry is paired with its first clash.

    CIDRs nest or are disjoint, so one sorted sweep with a stack of the enclosing networks finds them:
    a thousand sites cost a sort, not a million comparisons. What is no network is passed over.
    """
    found: list[tuple[int, int]] = []
    enclosing: list[tuple[ipaddress.IPv4Network, int]] = []
    parsed = ((values.ipv4_network(cidr), position) for position, (cidr, _owner) in enumerate(owned))
    for net, position in sorted((net, position) for net, position in parsed if net is not None):
        while enclosing and not net.subnet_of(enclosing[-1][0]):
            enclosing.pop()
        if enclosing:
            clash = enclosing[-1][1]
            found.append((min(clash, position), max(clash, position)))
        enclosing.append((net, position))
    return [(owned[first], owned[second]) for first, second in sorted(found)]


def clashes(cidrs: Iterable[str], others: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of one network from each side that share addresses."""
    right = [(other, values.ipv4_network(other)) for other in others]
    found = []
    for cidr in cidrs:
        left = values.ipv4_network(cidr)
        found += [(cidr, other) for other, net in right if left and net and left.overlaps(net)]
    return found


def duplicates(owned: Iterable[Owned]) -> list[tuple[str, list[str]]]:
    """Values that more than one owner claims, with all their owners."""
    return [(value, names) for value, names in grouped(owned).items() if len(names) > 1]
