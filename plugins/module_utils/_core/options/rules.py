# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules that look at several options of a connection together, so that AWS has nothing left to refuse.

Each is checked twice: on what the user gives, where what is not given may be anything, and, once AWS was looked at,
on what the options then come to. Only what AWS documents is a rule here; what is merely likely is left to AWS.

https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Callable

from ..model.resources import BGP, STATIC, Connection, ConnectionWanted, Id, TunnelWanted
from ..model.values import is_within, network
from . import fields, value_rules
from .field import Field, live_rounds
from .problem import Problem, broken

TRANSIT_GATEWAY = "a transit gateway"
VPN_GATEWAY = "a virtual private gateway"
VPN_CONCENTRATOR = "a VPN concentrator"
UNATTACHED = "no gateway"

_IPV4, _IPV6 = "ipv4", "ipv6"
# What breaks a rule: the option to blame, and the rule.
Broken = Iterator["tuple[str, str]"]


@dataclass(frozen=True)
class Setting:
    """What else of a connection its options depend on; None where it is not known."""

    target: str | None = None
    routing: str | None = None
    public_ip: str | None = None
    # The customer gateway has a certificate and no address.
    has_no_address: bool = False
    inside_version: str | None = None
    region: str | None = None


class Values:
    """The options as they are going to be: asked for, else present, else AWS's default, as far as that is known."""

    def __init__(self, table: Iterable[Field], wanted: Mapping[str, Any], actual: Mapping[str, Any] | None) -> None:
        self.rows = {row.name: row for row in table}
        self._wanted = wanted
        self._actual = actual

    def __call__(self, name: str) -> Any:
        value = self._wanted.get(name)
        if value is not None or self._actual is None:
            return value
        present = self._actual.get(name)
        return self.rows[name].default if present is None else present

    def asks(self, *names: str) -> str | None:
        """The first of these options that is asked for."""
        return next((name for name in names if self._wanted.get(name) is not None), None)


def target_of(
    *, vpn_concentrator: Id | None, transit_gateway_id: str | None, vpn_gateway: Id | None, unattached: bool
) -> str | None:
    """The kind of target; None when none is named."""
    kinds = (
        (vpn_concentrator, VPN_CONCENTRATOR),
        (transit_gateway_id, TRANSIT_GATEWAY),
        (vpn_gateway, VPN_GATEWAY),
        (unattached, UNATTACHED),
    )
    return next((kind for given, kind in kinds if given), None)


def given_setting(
    wanted: ConnectionWanted,
    *,
    public_ip: str | None = None,
    has_no_address: bool = False,
    region: str | None = None,
) -> Setting:
    """What the options of a description depend on, without a look at AWS."""
    target = target_of(
        vpn_concentrator=wanted.vpn_concentrator,
        transit_gateway_id=wanted.transit_gateway_id,
        vpn_gateway=wanted.vpn_gateway,
        unattached=wanted.unattached,
    )
    return Setting(target, wanted.routing, public_ip, has_no_address, region=region)


def given_problems(wanted: ConnectionWanted, setting: Setting) -> list[Problem]:
    """All that is wrong with what is asked of one connection, without a look at AWS."""
    found = [problem.below("options.") for problem in fields.problems(fields.CONNECTION, wanted.options)]
    rows_hold = not found
    count = value_rules.tunnel_count_problem(len(wanted.tunnels))
    found += broken("tunnels", len(wanted.tunnels), count)
    inside = wanted.options.get("tunnel_inside_ip_version")
    for number, tunnel in enumerate(wanted.tunnels, 1):
        of_tunnel = fields.problems(fields.TUNNEL, tunnel.options)
        # A value of the wrong kind cannot be weighed against others.
        of_tunnel = of_tunnel or tunnel_problems(tunnel.options, None, replace(setting, inside_version=inside))
        found += [problem.below(f"tunnels[{number}].") for problem in of_tunnel]
    found += [Problem("tunnels", rule) for rule in _inside_clashes(wanted.tunnels)]
    if rows_hold:
        found += connection_problems(wanted.options, None, setting)
    return found


def effective_problems(
    wanted: ConnectionWanted,
    actual: Connection | None,
    pairs: Sequence[tuple[TunnelWanted, Mapping[str, Any], int]],
    setting: Setting,
) -> list[str]:
    """What is wrong with a connection as it would become; C(pairs) are tunnels asked for, as they are, by number."""
    options: Mapping[str, Any] = actual.options if actual else {}
    inside = Values(fields.CONNECTION, wanted.options, options)("tunnel_inside_ip_version")
    found = connection_problems(wanted.options, options, setting)
    for want, present, number in pairs:
        of_tunnel = tunnel_problems(want.options, present, replace(setting, inside_version=inside))
        found += [problem.below(f"tunnels[{number}].") for problem in of_tunnel]
    return [f"{wanted.name}: {problem}" for problem in found]


def network_version(options: Mapping[str, Any]) -> int:
    """The family of the networks a connection is for."""
    return 6 if options.get("tunnel_inside_ip_version") == _IPV6 else 4


def tunnel_problems(wanted: Mapping[str, Any], actual: Mapping[str, Any] | None, setting: Setting) -> list[Problem]:
    """Rules among the options of one tunnel; without C(actual) only those that hold whatever it is."""
    values = Values(fields.TUNNEL, wanted, actual)
    return [_problem(values, option, rule) for check in _TUNNEL_RULES for option, rule in check(values, setting)]


def connection_problems(wanted: Mapping[str, Any], actual: Mapping[str, Any] | None, setting: Setting) -> list[Problem]:
    """Rules among the options of a connection, its target, its routing and the address of its customer gateway."""
    values = Values(fields.CONNECTION, wanted, actual)
    return [
        _problem(values, option, rule).below("options.")
        if option in values.rows
        else Problem.of(option, getattr(setting, option), rule)
        for check in _CONNECTION_RULES
        for option, rule in check(values, setting)
    ]


def _problem(values: Values, option: str, rule: str) -> Problem:
    return Problem(option, rule, fields.shown(values.rows[option], values(option)))


# One tunnel.


def _lifetimes(values: Values, _setting: Setting) -> Broken:
    first, second = values("phase1_lifetime_seconds"), values("phase2_lifetime_seconds")
    blamed = values.asks("phase2_lifetime_seconds", "phase1_lifetime_seconds")
    if blamed and first is not None and second is not None and second >= first:
        yield blamed, f"phase 2 ({second} seconds) must be shorter than phase 1 ({first} seconds)"


def _rekey_margin(values: Values, _setting: Setting) -> Broken:
    margin, lifetime = values("rekey_margin_time_seconds"), values("phase2_lifetime_seconds")
    blamed = values.asks("rekey_margin_time_seconds", "phase2_lifetime_seconds")
    if blamed and margin is not None and lifetime is not None and margin * 2 > lifetime:
        yield (
            blamed,
            f"the rekey margin ({margin} seconds) is at most half of the lifetime of phase 2 ({lifetime} seconds)",
        )


def _startup(values: Values, setting: Setting) -> Broken:
    if values("startup_action") != "start":
        return
    versions = values("ike_versions")
    blamed = values.asks("startup_action", "ike_versions")
    if blamed and versions is not None and "ikev2" not in versions:
        yield blamed, "startup_action=start needs IKEv2, but ike_versions does not have it"
    if values.asks("startup_action") and setting.has_no_address:
        yield "startup_action", "AWS can begin only with a customer gateway that has an address (public_ip)"


def _logs(values: Values, _setting: Setting) -> Broken:
    for prefix in ("", "bgp_"):
        switch = f"{prefix}log_enabled"
        if values(switch) is not False:
            continue
        for option in (f"{prefix}log_group_arn", f"{prefix}log_output_format"):
            if values.asks(option):
                yield option, f"only with {switch}=true"


def _inside_family(values: Values, setting: Setting) -> Broken:
    if values.asks("inside_ipv6_cidr") and setting.inside_version == _IPV4:
        yield "inside_ipv6_cidr", "only on a connection with tunnel_inside_ip_version=ipv6"


def _key_exchanges(values: Values, _setting: Setting) -> Broken:
    for phase in (1, 2):
        option, initial = f"phase{phase}_additional_key_exchanges", f"phase{phase}_dh_group_numbers"
        rounds = live_rounds(values(option))
        required = {number: methods for number, (methods, need) in rounds.items() if need == "required"}
        if not required:
            continue
        blamed = values.asks(option, "ike_versions")
        if blamed and values("ike_versions") is not None and set(values("ike_versions")) == {"ikev1"}:
            yield blamed, "a required round of additional key exchange needs IKEv2, and ike_versions allows only ikev1"
        groups = values(initial)
        # No list is all AWS supports, from which it can always pick one that is left over.
        picks = [*([frozenset(groups)] if groups else []), *required.values()]
        blamed = values.asks(option, initial)
        if blamed and not _can_all_differ(picks):
            yield (
                blamed,
                f"the initial exchange ({initial}) and each required round must be able to use different methods",
            )


def _can_all_differ(choices: Sequence[AbstractSet[int]]) -> bool:
    """Whether one can pick a different element from every set."""
    holder: dict[int, int] = {}

    def place(owner: int, seen: set[int]) -> bool:
        for method in sorted(choices[owner]):
            if method in seen:
                continue
            seen.add(method)
            if method not in holder or place(holder[method], seen):
                holder[method] = owner
                return True
        return False

    return all(place(owner, set()) for owner in range(len(choices)))


# One connection.


def _acceleration(values: Values, setting: Setting) -> Broken:
    if values("enable_acceleration") and setting.target == VPN_GATEWAY:
        yield "enable_acceleration", "needs a transit gateway, not a virtual private gateway"


def _inside_version(values: Values, setting: Setting) -> Broken:
    version = values("tunnel_inside_ip_version")
    if version == _IPV6 and setting.target == VPN_GATEWAY:
        yield "tunnel_inside_ip_version", "IPv6 inside needs a transit gateway or Cloud WAN"
    if version is None:
        return
    for family in (_IPV4, _IPV6):
        for option in (f"local_{family}_network_cidr", f"remote_{family}_network_cidr"):
            if family != version and values.asks(option):
                yield option, f"only with tunnel_inside_ip_version={family}, and this connection has {version} inside"


def _selectors(values: Values, setting: Setting) -> Broken:
    for option in ("local_ipv4_network_cidr", "remote_ipv4_network_cidr"):
        if setting.routing == BGP and values.asks(option) and not is_within(_LINK_LOCAL, values(option)):
            yield (
                option,
                f"BGP sessions use {_LINK_LOCAL}, which the tunnels would not carry: use 0.0.0.0/0, and limit the"
                " networks that BGP announces",
            )


# The inside addresses of tunnels.
_LINK_LOCAL = "169.254.0.0/16"


def _bandwidth(values: Values, setting: Setting) -> Broken:
    if values("tunnel_bandwidth") != "large":
        return
    if setting.target in (VPN_GATEWAY, VPN_CONCENTRATOR):
        yield "tunnel_bandwidth", f"needs a transit gateway or Cloud WAN, not {setting.target}"
        return
    blamed = values.asks("tunnel_bandwidth", "enable_acceleration")
    if blamed and values("enable_acceleration"):
        yield blamed, "AWS has tunnel_bandwidth=large only without acceleration (enable_acceleration)"
    if values.asks("tunnel_bandwidth") and setting.has_no_address:
        yield "tunnel_bandwidth", "needs a customer gateway that has an address (public_ip)"
    if values.asks("tunnel_bandwidth") and setting.region in _REGIONS_WITHOUT_LARGE:
        yield "tunnel_bandwidth", f"not available in {setting.region}"


# Regions where AWS does not offer large bandwidth.
_REGIONS_WITHOUT_LARGE = ("ap-southeast-4", "ca-west-1", "eu-central-2", "il-central-1", "me-central-1")


def _outside_type(values: Values, setting: Setting) -> Broken:
    kind = values("outside_ip_address_type")
    if kind in ("PrivateIpv4", "Ipv6") and setting.target == VPN_GATEWAY:
        yield "outside_ip_address_type", "needs a transit gateway, not a virtual private gateway"
    if kind == "PrivateIpv4" and values("transport_transit_gateway_attachment_id") is None:
        yield "outside_ip_address_type", "needs transport_transit_gateway_attachment_id"
    transport = values.asks("transport_transit_gateway_attachment_id")
    if transport and kind != "PrivateIpv4":
        yield transport, "only with outside_ip_address_type=PrivateIpv4"


def _outside_address(values: Values, setting: Setting) -> Broken:
    if setting.public_ip is None:
        return
    # A gateway with an unusual address must say what it is for, as a mistyped one is far more often the reason.
    kind = values("outside_ip_address_type") or "PublicIpv4"
    problem = _ADDRESS_RULES[kind](setting.public_ip)
    if problem:
        yield "public_ip", problem


_ADDRESS_RULES: dict[str, Callable[[object], str | None]] = {
    "PublicIpv4": value_rules.public_address_problem,
    "PrivateIpv4": value_rules.private_address_problem,
    "Ipv6": value_rules.ipv6_address_problem,
}


def _concentrator(_values: Values, setting: Setting) -> Broken:
    if setting.target == VPN_CONCENTRATOR and setting.routing == STATIC:
        yield "routing", "a VPN concentrator accepts only connections with BGP"


_Rule = Callable[[Values, Setting], Broken]
_TUNNEL_RULES: tuple[_Rule, ...] = (_lifetimes, _rekey_margin, _startup, _logs, _inside_family, _key_exchanges)
_CONNECTION_RULES: tuple[_Rule, ...] = (
    _acceleration,
    _inside_version,
    _selectors,
    _bandwidth,
    _outside_type,
    _outside_address,
    _concentrator,
)


# Several tunnels and several connections.


def _inside_clashes(tunnels: Sequence[TunnelWanted]) -> list[str]:
    problem = value_rules.inside_cidrs_problem([tunnel.options.get("inside_cidr") for tunnel in tunnels])
    found = [problem] if problem else []
    ipv6 = [network(tunnel.options.get("inside_ipv6_cidr")) for tunnel in tunnels]
    named = [str(network) for network in ipv6 if network]
    if len(set(named)) < len(named):
        found.append(f"tunnel 1 and tunnel 2 have the same inside CIDR {named[0]}")
    return found


def shared_inside_cidrs(connections: Sequence[ConnectionWanted]) -> list[tuple[Sequence[str], Problem]]:
    """Inside CIDRs that several connections ask for where AWS takes each once, with the connections' names.

    IPv4 is unique on a virtual private gateway, IPv6 on a transit gateway.
    """
    owned: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for connection in connections:
        gateways = (("inside_cidr", connection.vpn_gateway), ("inside_ipv6_cidr", connection.transit_gateway_id))
        for option, gateway in gateways:
            for tunnel in connection.tunnels if gateway else ():
                cidr = tunnel.options.get(option)
                if cidr is not None and network(cidr):
                    owned.setdefault((option, str(gateway)), []).append((str(network(cidr)), connection.name))
    found: list[tuple[Sequence[str], Problem]] = []
    for (option, gateway), claims in owned.items():
        rule = f"the connections share {gateway}, so each needs inside CIDRs of its own"
        for cidr, claimants in value_rules.duplicates(claims):
            names = tuple(dict.fromkeys(claimants))
            if len(names) > 1:
                found.append((names, Problem.of(f"tunnels[].{option}", cidr, rule)))
    return found
