# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the configuration of the owner of a gateway and ours cannot both be, in words."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .peers import DAEMONS

_FRR = "/etc/frr/frr.conf"
# What lets the tunnels through a chain, by its hook. Which networks may use them is in our own table.
_NFTABLES = {
    "input": ("udp dport {{ 500, 4500 }} accept", "meta l4proto esp accept", 'iifname "{tunnels}*" accept'),
    "output": ("udp dport {{ 500, 4500 }} accept", "meta l4proto esp accept", 'oifname "{tunnels}*" accept'),
    "forward": ('iifname "{tunnels}*" accept', 'oifname "{tunnels}*" accept'),
}
_IPTABLES = {
    "input": ("-p udp -m multiport --dports 500,4500 -j ACCEPT", "-p esp -j ACCEPT", "-i {tunnels}+ -j ACCEPT"),
    "output": ("-p udp -m multiport --dports 500,4500 -j ACCEPT", "-p esp -j ACCEPT", "-o {tunnels}+ -j ACCEPT"),
    "forward": ("-i {tunnels}+ -j ACCEPT", "-o {tunnels}+ -j ACCEPT"),
}


@dataclass(frozen=True)
class Wanted:
    """What the role is going to configure, as far as it is known: before the tunnels are there, only a part is."""

    tunnels: Sequence[Mapping[str, Any]] = ()
    routing: str | None = None
    asn: int | str | None = None
    bgp_router_id: str | None = None
    lan_address: str | None = None
    ike_daemon: str = "strongswan"
    sysctls: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_bgp(self) -> bool:
        """Also where tunnels do not say how they are routed, as for their peers."""
        said = [tunnel.get("routing") or "bgp" for tunnel in self.tunnels]
        return (self.routing or "".join(said[:1])) == "bgp"

    @property
    def asns(self) -> set[int]:
        """The AS of the gateway. Two of them are refused elsewhere."""
        return {int(tunnel["customer_asn"]) for tunnel in self.tunnels} or ({int(self.asn)} if self.asn else set())


def clashes(owner: Mapping[str, Any], wanted: Wanted) -> list[str]:
    """One line for each, with the place and the line of the owner, and what to do."""
    bgp = owner["bgp"]
    return [
        *(_unmarked(bgp) or _bgp(bgp, wanted)),
        *_sysctls(owner["sysctls"], wanted.sysctls),
        *_firewall(owner["firewall"]["closed"], DAEMONS[wanted.ike_daemon].INTERFACE),
    ]


def _unmarked(bgp: Mapping[str, Any]) -> list[str]:
    """Nothing else is said beside it: the lines of a whole block are there."""
    if not bgp["ours"]:
        return []
    return [
        f"{_FRR} has lines of the role outside its marked block: {'; '.join(bgp['ours'])}. Saving the running "
        "configuration removes the marks. Restore the file, or remove these lines and the neighbors that belong to them"
    ]


def _bgp(bgp: Mapping[str, Any], wanted: Wanted) -> Iterator[str]:
    if not wanted.is_bgp:
        return
    own, router_id = bgp["asn"], bgp["router_id"]
    if own is not None and wanted.asns - {own}:
        ours = ", ".join(map(str, sorted(wanted.asns)))
        yield f"{_FRR} has 'router bgp {own}', and the tunnels have the AS {ours}. FRR has one AS"
    if own is not None and wanted.bgp_router_id not in (None, "", router_id):
        line = f"'bgp router-id {router_id}'" if router_id else f"'router bgp {own}' without a router id"
        yield f"{_FRR} has {line}, which counts. Leave gateway_bgp_router_id empty, or set {wanted.bgp_router_id} there"
    if bgp["route_map"] and not bgp["calls_ours"] and wanted.lan_address:
        yield (
            f"{_FRR} has '{bgp['route_map']}', and FRR has one such line. For gateway_lan_address, add the line "
            "'call AWS-VPN-SOURCE' to this route map"
        )
    known = {tunnel["aws_inside_address"] for tunnel in wanted.tunnels}
    for neighbor in (each for each in bgp["neighbors"] if each in known):
        yield f"{_FRR} has 'neighbor {neighbor}', which is the end of a tunnel in AWS. Remove its lines"
    for path in bgp["separate"]:
        yield (
            f"FRR reads {path}, and with {_FRR} it does not. Move its lines there, and remove 'no service "
            "integrated-vtysh-config' from /etc/frr/vtysh.conf"
        )


def _sysctls(others: Mapping[str, Any], wanted: Mapping[str, str]) -> Iterator[str]:
    for key, value in wanted.items():
        found = others.get(key)
        if found and found["is_later"] and found["value"] != value:
            yield f"{found['where']} has '{found['line']}'. A gateway needs {key} = {value}. Remove the line"


def _firewall(closed: Sequence[Mapping[str, str]], tunnels: str) -> Iterator[str]:
    for chain in closed:
        is_nftables = " " in chain["chain"]
        rules = (_NFTABLES if is_nftables else _IPTABLES)[chain["hook"]]
        start = "nft insert rule" if is_nftables else "iptables-legacy -I"
        commands = "; ".join(f"{start} {chain['chain']} {rule.format(tunnels=tunnels)}" for rule in rules)
        yield (
            f"the chain {chain['chain']} drops packets that no rule accepts ({chain['ending']}), and the role cannot "
            f"open it. Add these rules there, also for the next boot: {commands}"
        )
