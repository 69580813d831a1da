# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is wrong with a list of sites, all of it in one list, before AWS is asked for anything."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..model.resources import BGP, ConnectionWanted, Site, VpnGatewayWanted
from ..options import fields, rules, value_rules
from ..plan import tags
from ..plan.transit import route_tables

_DEVICE_ROWS = tuple(row for row in fields.CUSTOMER_GATEWAY if row.name not in ("public_ip", "bgp_asn"))


def problems(sites: Sequence[Site], region: str | None, connection: Callable[[Site], ConnectionWanted]) -> list[str]:
    """Every rule AWS would refuse later, of every site; C(connection) is what a site asks for."""
    wanted = [connection(site) for site in sites]
    found: list[str] = []
    for site, want in zip(sites, wanted):
        found += _site_problems(site, region) + _connection_problems(site, want)
    found += [f"{name}: the name is given {len(owners)} times" for name, owners in _same(sites, lambda s: s.name)]
    for device, owners in _same(sites, _device):
        names = ", ".join(site.name for site in owners)
        found.append(
            f"{names}: public_ip={device[0]}: the same address and ASN {device[1]} cannot stand for several sites"
            + ("" if device[2] is None and device[3] is None else " unless their device_name differs")
        )
    for _vpc_id, owners in _same([site for site in sites if site.vpn_gateway], lambda s: s.vpn_gateway.vpc_id):
        first = owners[0].vpn_gateway
        for other in owners[1:]:
            found += _disagreement(owners[0].name, other.name, first, other.vpn_gateway)
    return found + rules.shared_inside_problems(wanted)


def customer_asn(site: Site) -> int:
    """The ASN of the customer gateway; a static site needs one in name only."""
    return value_rules.DEFAULT_STATIC_CUSTOMER_ASN if site.bgp_asn is None else site.bgp_asn


def _device(site: Site) -> tuple[str | None, int, str | None, str | None]:
    """What AWS tells customer gateways apart by."""
    return site.public_ip, customer_asn(site), site.device_name, site.certificate_arn


def _site_problems(site: Site, region: str | None) -> list[str]:
    """Those of the site's resources one by one."""
    found = [f"{site.name}: {text}" for text in tags.problems(site.tags)]
    device = {"device_name": site.device_name, "certificate_arn": site.certificate_arn}
    found += fields.problems(_DEVICE_ROWS, device, f"{site.name}: ")
    if site.public_ip is None and site.certificate_arn is None:
        found.append(f"{site.name}: public_ip: needed, unless certificate_arn is given")
    checks: list[tuple[str, object, str | None]] = []
    if site.bgp_asn is not None:
        checks.append(("bgp_asn", site.bgp_asn, value_rules.customer_asn_problem(site.bgp_asn, region)))
    elif site.routing == BGP:
        checks.append(("bgp_asn", "", "needed with routing=bgp"))
    gateway = site.vpn_gateway
    if gateway and gateway.amazon_side_asn is not None:
        asn = gateway.amazon_side_asn
        checks.append(("target.vpn_gateway.amazon_side_asn", asn, value_rules.amazon_side_asn_problem(asn)))
        checks.append(("bgp_asn", customer_asn(site), value_rules.asn_pair_problem(customer_asn(site), asn)))
    version = rules.network_version(site.options)
    for option in ("local_cidrs", "remote_cidrs"):
        checks += [(option, cidr, value_rules.cidr_problem(cidr, version)) for cidr in getattr(site, option)]
    return found + [f"{site.name}: {option}={value}: {problem}" for option, value, problem in checks if problem]


def _connection_problems(site: Site, wanted: ConnectionWanted) -> list[str]:
    """Those of the site's connection as a whole."""
    certified = site.certificate_arn is not None and site.public_ip is None
    setting = rules.Setting(rules.target_of(wanted), site.routing, site.public_ip, certified)
    found = rules.given_problems(wanted, setting, f"{site.name}: ")
    return found + route_tables.problems(wanted.transit_routing, site.transit_gateway_id, f"{site.name}: target.")


def _same(sites: Iterable[Site], key: Any) -> list[tuple[Any, list[Site]]]:
    groups: dict[Any, list[Site]] = {}
    for site in sites:
        groups.setdefault(key(site), []).append(site)
    return [(value, owners) for value, owners in groups.items() if len(owners) > 1]


def _disagreement(
    name: str, other_name: str, first: VpnGatewayWanted | None, other: VpnGatewayWanted | None
) -> list[str]:
    if first is None or other is None:
        return []
    found = []
    for option in ("amazon_side_asn", "propagate_to"):
        if getattr(first, option) != getattr(other, option):
            found.append(
                f"{name}, {other_name}: target.vpn_gateway.{option}: the sites share the gateway of {first.vpc_id}"
                f" and must agree ({getattr(first, option)} against {getattr(other, option)})"
            )
    return found
