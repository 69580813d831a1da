# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a tunnel is not up from both ends: checks in the order in which a tunnel comes up; the first to fail counts."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..model.tunnel_states import Bgp, Esp, Failure, Ike, TelemetryStatus
from .observation import UNKNOWN, Observation


class Cause(NamedTuple):
    """Why a tunnel is not up, and what to check."""

    text: str
    check: str


def cause_of(observed: Observation) -> Cause | None:
    """The first cause that can be seen, None when the tunnel is up from both ends."""
    for check in _CHECKS:
        cause = check(observed)
        if cause:
            return cause
    return None


def _no_tunnel(observed: Observation) -> Cause | None:
    if observed.tunnel:
        return None
    return Cause("AWS shows no tunnel of this connection", "the state of the VPN connection in AWS")


def _no_status(observed: Observation) -> Cause | None:
    if "tunnels" in observed.status:
        return None
    if observed.left_out:
        return Cause(f"the gateway cannot be reached: {observed.left_out}", f"does Ansible reach {observed.gateway}")
    message = str(observed.status.get("msg") or "").strip()
    return Cause(
        "no status from the gateway" + (f": {message}" if message else ""),
        f"does Ansible reach {observed.gateway}, and did an earlier task fail there",
    )


def _no_ipsec(observed: Observation) -> Cause | None:
    if not observed.status.get("ipsec_capable", True):
        missing = ", ".join(observed.status["missing"])
        return Cause(f"the gateway cannot do IPsec, missing: {missing}", "its kernel and its packages")
    if observed.failure == Failure.DAEMON_NOT_RUNNING:
        return Cause("the IPsec daemon is not running on the gateway", "its service and its log on the gateway")
    if not observed.state or observed.failure == Failure.NOT_LOADED:
        return Cause("the gateway does not know this tunnel", "was the play run against this gateway")
    return None


def _no_interface(observed: Observation) -> Cause | None:
    if observed.state.get("interface_up", True):
        return None
    return Cause(f"interface {observed.state['interface']} is missing or down", "ip -d link on the gateway")


_SELECTORS = (
    "the local and remote network CIDR of the connection in AWS; after a change of them, run the play against this"
    " gateway again"
)

# What one end refused, and what to check.
_REFUSALS = {
    Failure.NO_SHARED_KEY: Cause(
        "authentication failed: the gateway has no key for this tunnel",
        "swanctl --list-conns and swanctl --load-creds on the gateway",
    ),
    Failure.AUTHENTICATION_FAILED: Cause(
        "authentication failed",
        "do AWS and the gateway have the same pre-shared key for this tunnel, and does the gateway identify itself "
        "as {customer}",
    ),
    Failure.NO_PROPOSAL_CHOSEN: Cause(
        "no proposal chosen",
        "encryption, integrity, DH groups and IKE version: the tunnel options in AWS, the proposals of the gateway",
    ),
    Failure.TS_UNACCEPTABLE: Cause("traffic selectors refused (TS_UNACCEPTABLE)", _SELECTORS),
    Failure.KERNEL_REFUSED: Cause(
        "the kernel of the gateway refused the IPsec SA", "the log of the IPsec daemon and of the kernel"
    ),
}


def _refused(observed: Observation) -> Cause | None:
    if observed.failure is None or observed.failure == Failure.NO_ANSWER:
        return None
    otherwise = Cause(f"refused with {observed.failure.value}", "the log of the IPsec daemon on the gateway")
    text, check = _REFUSALS.get(observed.failure, otherwise)
    return Cause(text, check.format(customer=observed.customer))


def _no_ike(observed: Observation) -> Cause | None:
    state = observed.state.get("ike") or UNKNOWN
    if state == Ike.ESTABLISHED:
        return None
    if observed.failure == Failure.NO_ANSWER:
        return Cause(
            f"no answer on UDP 500 (IKE is {state})",
            f"is {observed.customer} the public address of the gateway, and do the firewalls on the way let UDP 500, "
            f"UDP 4500 and ESP pass to and from {observed.outside}",
        )
    return Cause(f"IKE is not up (IKE_SA is {state})", "the log of the IPsec daemon on the gateway")


def _no_child(observed: Observation) -> Cause | None:
    state = observed.state.get("esp") or UNKNOWN
    if state == Esp.INSTALLED:
        return None
    return Cause(
        f"IKE is up but there is no IPsec SA (CHILD_SA is {state})",
        "the log of the IPsec daemon on the gateway: what followed IKE_AUTH",
    )


def _not_carried(observed: Observation) -> Cause | None:
    missing = observed.state.get("selectors_missing")
    if not missing:
        return None
    return Cause(f"the IPsec SA does not carry all of {' and '.join(missing)}", _SELECTORS)


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


_CHECKS: tuple[Callable[[Observation], Cause | None], ...] = (
    _no_tunnel,
    _no_status,
    _no_ipsec,
    _no_interface,
    _refused,
    _no_ike,
    _no_child,
    _not_carried,
    _bgp_down,
    _route_missing,
    _aws_down,
    _not_accepted,
    _ping_lost_forward,
    _ping_lost_back,
)
