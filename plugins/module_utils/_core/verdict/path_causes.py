# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why no packet passes a tunnel that has an IPsec SA: BGP, routes, AWS and pings, in the order in which they follow."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.tunnel_log import BGP as LOG_OF_BGP
from ..model.tunnel_states import Bgp, TelemetryStatus
from .cause import (
    BACK_PING,
    BGP,
    GATEWAY_PING,
    HOST_PING,
    MTU,
    PREFIXES,
    ROUTES,
    TELEMETRY,
    Cause,
    Check,
    on_the_gateway,
)
from .observation import UNKNOWN, Observation, Pings

# What FRR says of a session that is down: its state, and why it ended the last time.
_TOO_MANY_FROM_AWS = Cause(
    "IPsec is up but BGP is down: AWS announced more networks than the gateway accepts",
    "the networks that AWS announces, and gateway_bgp_maximum_prefix; then start the session again with "
    "vtysh -c 'clear bgp {neighbor}' on the gateway",
)
_TOO_MANY_FROM_GATEWAY = Cause(
    "IPsec is up but BGP is down: the gateway announced more networks than AWS accepts",
    "site_vpn_local_cidrs: a virtual private gateway accepts 100 networks, a transit gateway 1,000",
)
_SHUT_BY_AWS = Cause(
    "IPsec is up but BGP is down: AWS shut the session down",
    "maintenance of the tunnel in AWS, and the BGP log of the tunnel in AWS",
)
_ASNS = Cause("IPsec is up but BGP is down: the ASNs do not agree", "the ASNs: {asns}")
_BGP_REASONS: tuple[tuple[str, Cause], ...] = (
    ("Idle (PfxCt)", _TOO_MANY_FROM_AWS),
    ("sent Cease/Maximum Number of Prefixes", _TOO_MANY_FROM_AWS),
    ("received Cease/Maximum Number of Prefixes", _TOO_MANY_FROM_GATEWAY),
    (
        "Idle (Admin)",
        Cause(
            "IPsec is up but BGP is down: the session is shut down on the gateway",
            "neighbor {neighbor} shutdown in vtysh -c 'show running-config' on the gateway",
        ),
    ),
    ("received Cease/Administrative Shutdown", _SHUT_BY_AWS),
    ("Bad Peer AS", _ASNS),
    (
        "Hold Timer Expired",
        Cause(
            "IPsec is up but BGP is down: nothing came from AWS any more",
            "do packets of all sizes pass the tunnel, and TCP 179 to and from {neighbor}",
        ),
    ),
    (
        "No path to specified Neighbor",
        Cause(
            "IPsec is up but BGP is down: the gateway has no route to the inside address of AWS",
            "ip address and ip route get {neighbor} on the gateway",
        ),
    ),
)
# The same from what AWS logged, for a gateway that does not say why.
_BGP_IN_AWS: tuple[tuple[str, Cause], ...] = (
    ("bad OPEN message", _ASNS),
    ("maximum prefix limit was exceeded", _TOO_MANY_FROM_GATEWAY),
    ("sent a notification 6/1 ", _TOO_MANY_FROM_GATEWAY),
    ("sent a notification 6/2 ", _SHUT_BY_AWS),
    (
        "sent a Hold Timer Expired",
        Cause(
            "IPsec is up but BGP is down: nothing came from the gateway any more",
            "the log of FRR, and do packets of all sizes pass the tunnel",
        ),
    ),
    (
        "from Connect to Active",
        Cause(
            "IPsec is up but BGP is down: AWS gets no TCP connection to the gateway",
            "TCP 179 from {neighbor} to the gateway, and that FRR has no password for this neighbor: AWS has none",
        ),
    ),
)
_FORWARDING = ("sysctl", "firewall", "interfaces")
_BGP_PARTS = ("bgp", "interfaces", "firewall")


def _bgp_down(observed: Observation) -> Cause | None:
    state = observed.bgp.get("state")
    if observed.routing != "bgp" or state == Bgp.ESTABLISHED:
        return None
    if not (observed.status.get("bgp_daemon") or {}).get("running", True):
        return Cause("IPsec is up but the routing daemon is not running", "the service frr and its log on the gateway")
    ours, theirs = observed.tunnel.get("customer_asn") or UNKNOWN, observed.tunnel.get("amazon_side_asn") or UNKNOWN
    asns = f"gateway {ours}, AWS {theirs}"
    neighbor = observed.tunnel.get("aws_inside_address") or "the inside address of AWS"
    words = "no session" if state in (None, Bgp.DOWN) else str(state)
    if observed.bgp.get("reason"):
        words += f", {observed.bgp['reason']}"
    logged = str((observed.logged(LOG_OF_BGP) or {}).get("text") or "")
    for said, reasons in ((words, _BGP_REASONS), (logged, _BGP_IN_AWS)):
        for mark, cause in reasons:
            if mark in said:
                check = cause.check.format(neighbor=neighbor, asns=asns)
                return cause._replace(text=f"{cause.text} ({words})", check=check, parts=_BGP_PARTS)
    return Cause(
        f"IPsec is up but BGP is down ({words})",
        f"the ASNs ({asns}), TCP 179 to {neighbor} through the tunnel" + on_the_gateway(observed, "input", "output"),
        _BGP_PARTS,
    )


def _no_prefix(observed: Observation) -> Cause | None:
    if observed.routing != "bgp":
        return None
    if observed.bgp.get("prefixes_received") == 0:
        return Cause(
            "route missing: AWS announces no network over BGP",
            "is the VPC attached to the gateway in AWS, and do the route tables of a transit gateway propagate it",
        )
    if observed.bgp.get("prefixes_sent") == 0:
        return Cause(
            "route missing: the gateway announces no network over BGP",
            "site_vpn_local_cidrs and the log of FRR",
            ("bgp",),
        )
    return None


def _no_route(observed: Observation) -> Cause | None:
    missing = observed.state.get("routes_missing")
    if observed.routing == "bgp" or not missing:
        return None
    return Cause(
        f"route missing: no route to {', '.join(missing)} into the tunnel",
        "ip route show table all on the gateway",
        ("interfaces",),
    )


def _aws_down(observed: Observation) -> Cause | None:
    if observed.telemetry.get("status") == TelemetryStatus.UP:
        return None
    if not observed.telemetry:
        return Cause("AWS returned no telemetry for this tunnel", "the VPN connection in AWS")
    message, since = (observed.telemetry.get(key) for key in ("status_message", "last_status_change"))
    return Cause(
        "up on the gateway, but AWS reports DOWN" + (f" ({message})" if message else ""),
        "whether AWS still reports it after a minute or two"
        + (f" (its last change was at {since})" if since else "")
        + ", then BGP as AWS sees it",
    )


def _not_accepted(observed: Observation) -> Cause | None:
    if observed.routing != "bgp" or observed.telemetry.get("accepted_route_count") != 0:
        return None
    return Cause(
        "route missing: AWS accepted no route from the gateway", "site_vpn_local_cidrs, and what the gateway announces"
    )


def _gateway_ping_lost(observed: Observation) -> Cause | None:
    return _lost(observed, observed.from_gateway if observed.is_from_host else observed.forward)


def _host_ping_lost(observed: Observation) -> Cause | None:
    return _lost(observed, observed.forward if observed.is_from_host else None)


def _lost(observed: Observation, pings: Pings | None) -> Cause | None:
    if not pings or not pings.are_lost:
        return None
    return Cause(
        f"ping lost on the way out: {pings}",
        "security group and network ACL of the host in the VPC, the route of its subnet back to "
        f"{', '.join(observed.tunnel.get('local_cidrs') or []) or 'the site'}, MTU",
        _FORWARDING,
    )


def _not_forwarded(observed: Observation) -> Cause | None:
    """The gateway reaches the host in the VPC, and the host behind it does not: it is not a matter of the VPC."""
    asked, own = observed.forward, observed.from_gateway
    if not observed.is_from_host or not asked or not asked.sent or not asked.are_lost or not own or own.are_lost:
        return None
    if (observed.status.get("host") or {}).get("forwards") is False:
        return Cause(
            "the gateway does not forward packets: net.ipv4.ip_forward is 0",
            "the files in /etc/sysctl.d on the gateway, which one sets it to 0",
            _FORWARDING,
        )
    chains = observed.chains("forward")
    interface = observed.state.get("interface") or "the interface of the tunnel"
    if chains:
        return Cause(
            f"the firewall of the gateway drops forwarded packets: {chains}",
            f"its rules must accept packets to and from {interface}",
            _FORWARDING,
        )
    return Cause(
        f"pings of the gateway pass, those from {asked.source or 'the host behind it'} do not: {asked}",
        f"the route of this host to {asked.target} by way of the gateway, the firewall of the gateway, and"
        " site_vpn_local_cidrs",
        _FORWARDING,
    )


def _too_large(observed: Observation) -> Cause | None:
    large = observed.forward.large if observed.forward else None
    if not observed.forward or not large or not large.are_lost:
        return None
    own = observed.from_gateway.large if observed.from_gateway else None
    most = f"{large.passes} bytes do" if large.passes else "smaller ones do"
    if observed.is_from_host and own and not own.are_lost:
        return Cause(
            f"packets of {large.size} bytes pass from the gateway, but not from {observed.forward.source or 'the host'}"
            f" behind it, {most}: {large}",
            "the MTU of this host, of the LAN and of the gateway's interface there; does the LAN carry ICMP of type 3",
            _FORWARDING,
        )
    less = f"; it is at least {large.size - large.passes} bytes too large" if large.size and large.passes else ""
    return Cause(
        f"packets of {large.size} bytes do not pass, {most}: {large}",
        f"gateway_path_mtu: what does the line of the gateway carry{less}; do firewalls let ICMP of type 3 pass",
        ("interfaces",),
    )


def _ping_lost_back(observed: Observation) -> Cause | None:
    if not observed.back or not observed.back.are_lost:
        return None
    return Cause(
        f"ping lost on the way back: {observed.back}",
        "the firewall of the pinged host, forwarding on the gateway, the routes of the VPC to the site",
        _FORWARDING,
    )


CHECKS: tuple[Check, ...] = (
    (BGP, _bgp_down),
    (PREFIXES, _no_prefix),
    (ROUTES, _no_route),
    (TELEMETRY, _aws_down),
    (ROUTES, _not_accepted),
    (GATEWAY_PING, _gateway_ping_lost),
    (HOST_PING, _not_forwarded),
    (HOST_PING, _host_ping_lost),
    (MTU, _too_large),
    (BACK_PING, _ping_lost_back),
)
