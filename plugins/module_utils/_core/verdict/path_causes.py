# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why no packet passes a tunnel that has an IPsec SA: BGP, routes, AWS and pings, in the order in which they follow."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.tunnel_states import Bgp, TelemetryStatus
from .cause import Cause, Check
from .observation import UNKNOWN, Observation


def _bgp_down(observed: Observation) -> Cause | None:
    state = observed.bgp.get("state")
    if observed.routing != "bgp" or state == Bgp.ESTABLISHED:
        return None
    if not (observed.status.get("bgp_daemon") or {}).get("running", True):
        return Cause("IPsec is up but the routing daemon is not running", "the service frr and its log on the gateway")
    ours, theirs = observed.tunnel.get("customer_asn") or UNKNOWN, observed.tunnel.get("amazon_side_asn") or UNKNOWN
    neighbor = observed.tunnel.get("aws_inside_address") or "the inside address of AWS"
    words = "no session" if state in (None, Bgp.DOWN) else state
    return Cause(
        f"IPsec is up but BGP is down ({words})",
        f"the ASNs (gateway {ours}, AWS {theirs}), TCP 179 to {neighbor} through the tunnel",
    )


def _route_missing(observed: Observation) -> Cause | None:
    if observed.routing == "bgp":
        if observed.bgp.get("prefixes_received") == 0:
            return Cause(
                "route missing: AWS announces no network over BGP",
                "is the VPC attached to the gateway in AWS, and do the route tables of a transit gateway propagate it",
            )
        if observed.bgp.get("prefixes_sent") == 0:
            return Cause(
                "route missing: the gateway announces no network over BGP", "site_vpn_local_cidrs and the log of FRR"
            )
        return None
    missing = observed.state.get("routes_missing")
    if not missing:
        return None
    return Cause(
        f"route missing: no route to {', '.join(missing)} into the tunnel", "ip route show table all on the gateway"
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


def _ping_lost_forward(observed: Observation) -> Cause | None:
    if not observed.forward or not observed.forward.are_lost:
        return None
    return Cause(
        f"ping lost on the way out: {observed.forward}",
        "security group and network ACL of the host in the VPC, the route of its subnet back to "
        f"{', '.join(observed.tunnel.get('local_cidrs') or []) or 'the site'}, MTU",
    )


def _ping_lost_back(observed: Observation) -> Cause | None:
    if not observed.back or not observed.back.are_lost:
        return None
    return Cause(
        f"ping lost on the way back: {observed.back}",
        "the firewall of the pinged host, forwarding on the gateway, the routes of the VPC to the site",
    )


CHECKS: tuple[Check, ...] = (
    _bgp_down,
    _route_missing,
    _aws_down,
    _not_accepted,
    _ping_lost_forward,
    _ping_lost_back,
)
