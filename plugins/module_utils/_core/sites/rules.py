# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is wrong with a list of connections, all of it in one list, before AWS is asked for anything.

The inventory, the modules and the adoption of connections are judged by these rules alone. A caller may name options
differently: each problem comes with the names of its connections and the option as vpn_sites calls it.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ..grouping import grouped
from ..model import names, values
from ..model.access import Access
from ..model.resources import BGP, ConnectionWanted, VpnGatewayWanted
from ..options import rules, value_rules
from ..options.access_rules import access_problems
from ..options.problem import Problem, broken
from ..options.resource_rules import (
    amazon_side_asn_problems,
    customer_gateway_problems,
    id_problems,
    routing_problems,
    tag_problems,
)
from ..text import shown
from . import networks
from .entry import ConnectionEntry
from .networks import Finding
from .selector_rules import selector_problems

_OF_A_GATEWAY = ("public_ip", "bgp_asn", "device_name", "certificate_arn", "local_cidrs", "shared_networks")
_TARGET_MISSING = "missing: what the VPN ends on in AWS: one of " + ", ".join(value_rules.TARGET_KEYS)


def findings(entries: Sequence[ConnectionEntry], wanted: Sequence[ConnectionWanted]) -> list[Finding]:
    """Every broken rule of every entry, with the names it is about; C(wanted) are the connections they ask for."""
    found: list[Finding] = []
    for entry, connection in zip(entries, wanted):
        found += [(_whose(entry, problem), problem) for problem in entry_problems(entry, connection)]
    for name, owners in _shared(entries, lambda entry: entry.name):
        found.append(((name,), Problem("name", f"is given {len(owners)} times")))
    found += _names(entries)
    found += _shared_customer_gateways(entries)
    found += networks.shared(entries)
    for _id, owners in _shared([entry for entry in entries if entry.vpn_gateway], _vpc_id):
        found += [finding for other in owners[1:] for finding in _disagreements(owners[0], other)]
        found += _tag_disagreements(owners, "virtual private gateway")
    for _id, owners in _shared([entry for entry in entries if entry.vpn_concentrator], _concentrator_of):
        found += _tag_disagreements(owners, "VPN concentrator")
    # What is wrong with a gateway is wrong with all its connections.
    return list(dict.fromkeys([*found, *_inside_cidrs(entries, wanted)]))


def _whose(entry: ConnectionEntry, problem: Problem) -> tuple[str, ...]:
    return (entry.gateway if problem.option.partition("[")[0] in _OF_A_GATEWAY else entry.name,)


def _names(entries: Sequence[ConnectionEntry]) -> Iterator[Finding]:
    """Names that cannot be told apart from others, and gateways that are described twice."""
    for gateway, own in grouped((entry.gateway, entry) for entry in entries).items():
        for problem in broken("name", gateway, names.part_problem(gateway)):
            yield (gateway,), problem
        for each in own:
            for problem in broken("connections[].name", each.connection, names.part_problem(each.connection)):
                yield (each.name,), problem
        # A name that is given twice is said already.
        if len({_of_the_gateway(each) for each in own}) > 1 and len({each.name for each in own}) == len(own):
            yield (gateway,), Problem("name", "is given more than once, with different values")


def _of_the_gateway(entry: ConnectionEntry) -> tuple[Any, ...]:
    return (entry.site, entry.public_ip, entry.bgp_asn, entry.device_name, entry.certificate_arn, entry.local_cidrs)


def entry_problems(entry: ConnectionEntry, wanted: ConnectionWanted) -> list[Problem]:
    """The broken rules of one connection by itself."""
    region = entry.access.region
    given = {
        "public_ip": entry.public_ip,
        "bgp_asn": entry.bgp_asn,
        "device_name": entry.device_name,
        "certificate_arn": entry.certificate_arn,
    }
    found = [*access_problems(asdict(entry.access)), *customer_gateway_problems(given, region)]
    has_bad_address = any(problem.option == "public_ip" for problem in found)
    if entry.bgp_asn is None and entry.routing == BGP:
        found.append(Problem("bgp_asn", value_rules.ASN_MISSING))
    found += broken("preference", entry.preference, value_rules.preference_problem(entry.preference))
    found += _target_problems(entry)
    found += networks.entry_problems(entry)
    found += selector_problems(entry)
    found += tag_problems(entry.tags, is_marked=True)
    certified = entry.certificate_arn is not None and entry.public_ip is None
    address = None if has_bad_address else entry.public_ip
    setting = rules.given_setting(wanted, public_ip=address, has_no_address=certified, region=region)
    return found + rules.given_problems(wanted, setting)


def customer_asn(entry: ConnectionEntry) -> int:
    """The ASN of the customer gateway; static routing needs one in name only."""
    return value_rules.DEFAULT_STATIC_CUSTOMER_ASN if entry.bgp_asn is None else entry.bgp_asn


def _target_problems(entry: ConnectionEntry) -> list[Problem]:
    gateway, concentrator = entry.vpn_gateway, entry.vpn_concentrator
    ids = {
        "transit_gateway_id": ("tgw", entry.transit_gateway_id),
        "vpn_gateway_id": ("vgw", entry.vpn_gateway_id),
        "vpn_gateway.vpc_id": ("vpc", gateway and gateway.vpc_id),
        "vpn_concentrator.transit_gateway_id": ("tgw", concentrator and concentrator.transit_gateway_id),
    }
    is_given = entry.unattached or entry.vpn_concentrator_id or any(value for _prefix, value in ids.values())
    if not is_given:
        return [Problem("target", _TARGET_MISSING)]
    concentrator_id = entry.vpn_concentrator_id
    rule = value_rules.any_id_problem(concentrator_id) if concentrator_id else None
    found = broken("vpn_concentrator_id", concentrator_id, rule)
    for option, (prefix, value) in ids.items():
        found += id_problems(option, prefix, [value]) if value else []
    if gateway:
        found += [problem.below("vpn_gateway.") for problem in amazon_side_asn_problems(gateway.amazon_side_asn)]
        found += id_problems("vpn_gateway.propagate_to", "rtb", gateway.propagate_to or ())
    found += routing_problems(entry.transit_routing, entry.transit_gateway_id)
    return [problem.below("target.") for problem in found] + _asn_pair(entry)


def _asn_pair(entry: ConnectionEntry) -> list[Problem]:
    """What is known of a virtual private gateway that is described; of one that exists the plan knows more."""
    theirs = entry.vpn_gateway.amazon_side_asn if entry.vpn_gateway else None
    rule = None if theirs is None else value_rules.asn_pair_problem(customer_asn(entry), theirs)
    if rule is None:
        return []
    if entry.bgp_asn is None:
        return [Problem("bgp_asn", f"not set, so {customer_asn(entry)}: {rule}")]
    return [Problem.of("bgp_asn", entry.bgp_asn, rule)]


def _shared_customer_gateways(entries: Sequence[ConnectionEntry]) -> Iterator[Finding]:
    """AWS keeps one customer gateway per address, ASN, certificate and device name; a gateway has one of its own.

    That is so in each Region of each account.
    """
    rule = "also the address of {}: each gateway has its own, or a device_name of its own"
    gateways = list({(entry.gateway, entry.access): entry for entry in reversed(entries)}.values())[::-1]
    with_address = [entry for entry in gateways if entry.public_ip]
    without = [entry for entry in gateways if not entry.public_ip]
    for (_access, address, _device_name), owners in _shared(with_address, _address):
        for other in owners[1:]:
            yield (other.gateway,), Problem.of("public_ip", address, rule.format(owners[0].gateway))
    for (_access, certificate, _asn, _name), owners in _shared(without, _certificate):
        for other in owners[1:] if certificate else ():
            text = f"also the certificate of {owners[0].gateway}: give each gateway a device_name of its own"
            yield (other.gateway,), Problem.of("certificate_arn", certificate, text)


def _inside_cidrs(entries: Sequence[ConnectionEntry], wanted: Sequence[ConnectionWanted]) -> list[Finding]:
    """Inside CIDRs that must not be shared, each once where both ends of a tunnel forbid it to the same connections."""
    found: list[Finding] = []
    claims = [*_tunnels_of_one_gateway(entries), *rules.shared_inside_cidrs(wanted)]
    # The most names first: what is said of more connections is said of each two of them.
    for names_of_all, problem in sorted(claims, key=lambda claim: -len(claim[0])):
        if not any(set(names_of_all) <= set(more) and problem.is_about_the_same_as(other) for more, other in found):
            found.append((names_of_all, problem))
    return found


def _tunnels_of_one_gateway(entries: Sequence[ConnectionEntry]) -> Iterator[Finding]:
    """Inside CIDRs that several connections of one gateway ask for: it could not tell their tunnels apart."""
    for gateway, own in grouped((entry.gateway, entry) for entry in entries).items():
        claims = [
            (str(inside), entry.name)
            for entry in own
            for tunnel in entry.tunnels
            if (inside := values.network(tunnel.options.get("inside_cidr")))
        ]
        for cidr, claimants in value_rules.duplicates(claims):
            names_of_all = tuple(dict.fromkeys(claimants))
            if len(names_of_all) > 1:
                rule = f"the tunnels end on {gateway}, so each needs an inside CIDR of its own"
                yield names_of_all, Problem.of("tunnels[].inside_cidr", cidr, rule)


def _address(entry: ConnectionEntry) -> tuple[Access, str | None, str | None]:
    return entry.access, entry.public_ip, entry.device_name


def _certificate(entry: ConnectionEntry) -> tuple[Access, str | None, int, str | None]:
    return entry.access, entry.certificate_arn, customer_asn(entry), entry.device_name


def _vpc_id(entry: ConnectionEntry) -> str | None:
    return entry.vpn_gateway.vpc_id if entry.vpn_gateway else None


def _concentrator_of(entry: ConnectionEntry) -> str | None:
    return entry.vpn_concentrator.transit_gateway_id if entry.vpn_concentrator else None


def _tag_disagreements(owners: Sequence[ConnectionEntry], resource: str) -> Iterator[Finding]:
    """A shared resource has the tags that all its connections have, and one value of each; a Name is that of one."""
    first: dict[str, tuple[str, str]] = {}
    for entry in owners:
        for key, value in entry.tags.items():
            owner, theirs = first.setdefault(key, (entry.name, value))
            if key != "Name" and theirs != value:
                rule = (
                    f"{owner} has another value for the same {resource}: give both the same value, or leave the tag out"
                    " at one of them"
                )
                yield (entry.name,), Problem.of(f"tags.{shown(key)}", value, rule)


def _shared(
    entries: Iterable[ConnectionEntry], key: Callable[[ConnectionEntry], Any]
) -> list[tuple[Any, list[ConnectionEntry]]]:
    groups = grouped((key(entry), entry) for entry in entries)
    return [(value, owners) for value, owners in groups.items() if len(owners) > 1]


def _disagreements(first: ConnectionEntry, other: ConnectionEntry) -> Iterator[Finding]:
    """Connections that share the virtual private gateway of a VPC must describe the same one."""
    ours, theirs = other.vpn_gateway, first.vpn_gateway
    if ours is None or theirs is None:
        return
    pairs = (
        ("amazon_side_asn", _amazon_side_asn(ours), _amazon_side_asn(theirs)),
        ("propagate_to", ours.propagate_to, theirs.propagate_to),
    )
    for option, here, there in pairs:
        # What is no ASN is a problem of its own.
        if here != there and not (option == "amazon_side_asn" and amazon_side_asn_problems(here)):
            rule = f"{first.name} has {shown(_words(there))} for the same virtual private gateway"
            yield (other.name,), Problem.of(f"target.vpn_gateway.{option}", _words(here), rule)


def _amazon_side_asn(gateway: VpnGatewayWanted) -> int:
    return value_rules.DEFAULT_AMAZON_SIDE_ASN if gateway.amazon_side_asn is None else gateway.amazon_side_asn


def _words(value: Any) -> str:
    if value is None:
        return "nothing"
    return (", ".join(value) or "no route table") if isinstance(value, tuple) else str(value)
