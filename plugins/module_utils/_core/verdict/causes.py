# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Is every tunnel up from both ends, and if not, why not; private to hybridnet.aws_vpn, may change without notice.

What the gateway sees, what AWS says and what pings showed are joined per tunnel (look), then one list of
checks, in the order in which a tunnel comes up, names the first cause. How it is printed is in verdict_lines.py.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..model.tunnel_states import Bgp, Esp, Failure, Ike, TelemetryStatus

UNKNOWN = "?"
NOT_APPLICABLE = "-"


class Cause(NamedTuple):
    """Why a tunnel is not up, and what to look at."""

    text: str
    check: str


@dataclass(frozen=True)
class Pings:
    """Pings along one path, as the module ping_probe counted them."""

    sent: int
    received: int
    source: str | None = None
    target: str | None = None
    error: str | None = None

    @property
    def ratio(self) -> str:
        return f"{self.received}/{self.sent}"

    @property
    def path(self) -> str:
        origin = f" from {self.source}" if self.source else ""
        return origin + (f" to {self.target}" if self.target else "")

    @property
    def are_lost(self) -> bool:
        """Fewer than half of them were answered. A single lost one says nothing about the tunnel."""
        return self.received * 2 < max(self.sent, 1)

    def __str__(self) -> str:
        return f"{self.ratio} answered{self.path}" + (f" ({self.error.strip()})" if self.error else "")


@dataclass(frozen=True)
class Look:
    """Everything known about one tunnel, from all sides."""

    site: str
    routing: str
    tunnel: Mapping[str, Any]
    # The gateway's answer, empty when there is none, and the part of it about this tunnel.
    gateway: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[str, Any] = field(default_factory=dict)
    telemetry: Mapping[str, Any] = field(default_factory=dict)
    forward: Pings | None = None
    back: Pings | None = None

    @property
    def outside(self) -> str:
        return str(self.tunnel.get("outside_address") or UNKNOWN)

    @property
    def customer(self) -> str:
        return str(self.tunnel.get("customer_address") or "the gateway")

    @property
    def failure(self) -> Failure | None:
        """Why there is no IPsec SA, as far as the gateway knows; of several reasons the one that tells most."""
        known = self.seen.get("evidence") or []
        return next((failure for failure in Failure if failure in known), None)

    @property
    def ike_up(self) -> bool:
        return bool(self.seen.get("ike") == Ike.ESTABLISHED)

    @property
    def esp_up(self) -> bool:
        return bool(self.seen.get("esp") == Esp.INSTALLED)

    @property
    def bgp(self) -> Mapping[str, Any]:
        return self.seen.get("bgp") or {}


def looks(
    sites: Mapping[str, Mapping[str, Any]],
    gateway_status: Mapping[str, Mapping[str, Any]],
    connections: Iterable[Mapping[str, Any]],
    forward: Mapping[str, Mapping[str, Any]],
    back: Mapping[str, Mapping[str, Any]],
) -> list[Look]:
    """Each tunnel of each site; a site without tunnels gives one look at an empty tunnel."""
    telemetry = {
        tunnel.get("outside_address"): tunnel.get("telemetry") or {}
        for connection in connections
        for tunnel in connection.get("tunnels") or []
    }
    found = []
    for name, site in sites.items():
        gateway = gateway_status.get(name) or {}
        seen = {entry.get("outside_address"): entry for entry in gateway.get("tunnels") or []}
        for tunnel in site.get("tunnels") or [{}]:
            address = tunnel.get("outside_address")
            found.append(
                Look(
                    site=name,
                    routing=str(tunnel.get("routing") or site.get("routing")),
                    tunnel=tunnel,
                    gateway=gateway,
                    seen=seen.get(address, {}),
                    telemetry=telemetry.get(address, {}),
                    forward=_pings(forward.get(name) or {}, address) if tunnel else None,
                    back=_pings(back.get(name) or {}, None),
                )
            )
    return found


def _pings(result: Mapping[str, Any], outside_address: str | None) -> Pings | None:
    """The pings of one path in what ping_probe returned: none where it was skipped, none answered where it failed."""
    if result.get("failed") or result.get("unreachable"):
        return Pings(0, 0, error=result.get("msg"))
    for probe in result.get("probes") or []:
        if probe.get("outside_address") == outside_address:
            return Pings(
                sent=probe["sent"],
                received=probe["received"],
                source=result.get("source"),
                target=result.get("address"),
                error=probe.get("error"),
            )
    return None


def cause_of(look: Look) -> Cause | None:
    """The first cause that can be seen, None when the tunnel is up from both ends."""
    for check in CHECKS:
        cause = check(look)
        if cause:
            return cause
    return None


def _no_tunnel(look: Look) -> Cause | None:
    if look.tunnel:
        return None
    return Cause("AWS shows no tunnel of this site", "the state of the VPN connection in AWS")


def _no_status(look: Look) -> Cause | None:
    if "tunnels" in look.gateway:
        return None
    message = str(look.gateway.get("msg") or "").strip()
    return Cause(
        "no status from the gateway" + (f": {message}" if message else ""),
        f"does Ansible reach {look.site}, and did an earlier task fail there",
    )


def _no_ipsec(look: Look) -> Cause | None:
    missing = ", ".join(str(entry) for entry in look.gateway.get("missing") or [])
    if not look.gateway.get("ipsec_capable", True):
        return Cause(
            "the gateway cannot do IPsec" + (f", missing: {missing}" if missing else ""), "its kernel and its packages"
        )
    if look.failure == Failure.DAEMON_NOT_RUNNING:
        return Cause("the IPsec daemon is not running on the gateway", "its service and its log on the gateway")
    if not look.seen or look.failure == Failure.NOT_LOADED:
        return Cause("the gateway does not know this tunnel", "was the play run against this gateway")
    return None


def _no_interface(look: Look) -> Cause | None:
    up = look.seen.get("interface_up", True)
    if look.seen.get("interface") and up:
        return None
    name = look.seen.get("interface")
    return Cause(f"interface {name or 'of the tunnel'} is missing or down", "ip -d link on the gateway")


# What is refused in one way only: the cause, and what to look at.
_REFUSALS = {
    Failure.NO_SHARED_KEY: (
        "authentication failed: the gateway has no key for this tunnel",
        "swanctl --list-conns and swanctl --load-creds on the gateway",
    ),
    Failure.AUTHENTICATION_FAILED: (
        "authentication failed",
        "do AWS and the gateway have the same pre-shared key for this tunnel, and does the gateway identify itself "
        "as {customer}",
    ),
    Failure.NO_PROPOSAL_CHOSEN: (
        "no proposal chosen",
        "encryption, integrity, DH groups and IKE version: the tunnel options in AWS, the proposals of the gateway",
    ),
    Failure.TS_UNACCEPTABLE: (
        "traffic selectors refused (TS_UNACCEPTABLE)",
        "the local and remote network CIDR of the connection in AWS, 0.0.0.0/0 unless there is a reason",
    ),
    Failure.KERNEL_REFUSED: (
        "the kernel of the gateway refused the IPsec SA",
        "the log of the IPsec daemon and of the kernel",
    ),
}


def _refused(look: Look) -> Cause | None:
    if look.failure is None or look.failure == Failure.NO_ANSWER:
        return None
    otherwise = (f"refused with {look.failure.value}", "the log of the IPsec daemon on the gateway")
    text, check = _REFUSALS.get(look.failure, otherwise)
    return Cause(text, check.format(customer=look.customer))


def _no_ike(look: Look) -> Cause | None:
    if look.ike_up:
        return None
    state = look.seen.get("ike") or UNKNOWN
    if look.failure == Failure.NO_ANSWER:
        return Cause(
            f"no answer on UDP 500 (IKE is {state})",
            f"is {look.customer} the public address of the gateway, and do the firewalls on the way let UDP 500, "
            f"UDP 4500 and ESP pass to and from {look.outside}",
        )
    return Cause(f"IKE is not up (IKE_SA is {state})", "the log of the IPsec daemon on the gateway")


def _no_child(look: Look) -> Cause | None:
    if look.esp_up:
        return None
    return Cause(
        f"IKE is up but there is no IPsec SA (CHILD_SA is {look.seen.get('esp') or UNKNOWN})",
        "the log of the IPsec daemon on the gateway: what followed IKE_AUTH",
    )


def _bgp_down(look: Look) -> Cause | None:
    state = look.bgp.get("state")
    if look.routing != "bgp" or state == Bgp.ESTABLISHED:
        return None
    if not (look.gateway.get("bgp_daemon") or {}).get("running", True):
        return Cause("IPsec is up but the routing daemon is not running", "the service frr and its log on the gateway")
    ours, theirs = look.tunnel.get("customer_asn") or UNKNOWN, look.tunnel.get("amazon_side_asn") or UNKNOWN
    neighbor = look.tunnel.get("aws_inside_address") or "the inside address of AWS"
    words = "no session" if state in (None, Bgp.DOWN) else state
    return Cause(
        f"IPsec is up but BGP is down ({words})",
        f"the ASNs (gateway {ours}, AWS {theirs}), TCP 179 to {neighbor} through the tunnel",
    )


def _route_missing(look: Look) -> Cause | None:
    if look.routing == "bgp":
        if look.bgp.get("prefixes_received") == 0:
            return Cause(
                "route missing: AWS announces no network over BGP",
                "is the VPC attached to the gateway in AWS, and do the route tables of a transit gateway propagate it",
            )
        if look.bgp.get("prefixes_sent") == 0:
            return Cause(
                "route missing: the gateway announces no network over BGP", "site_vpn_local_cidrs and the log of FRR"
            )
        return None
    missing = look.seen.get("routes_missing")
    if not missing:
        return None
    return Cause(
        f"route missing: no route to {', '.join(missing)} into the tunnel", "ip route show table all on the gateway"
    )


def _aws_down(look: Look) -> Cause | None:
    if look.telemetry.get("status") == TelemetryStatus.UP:
        return None
    if not look.telemetry:
        return Cause("AWS returned no telemetry for this tunnel", "the VPN connection in AWS")
    message = str(look.telemetry.get("status_message") or "").strip()
    since = look.telemetry.get("last_status_change")
    return Cause(
        "up on the gateway, but AWS reports DOWN" + (f" ({message})" if message else ""),
        "AWS may lag by a minute or more"
        + (f", its last change was {since}" if since else "")
        + "; then BGP as AWS sees it",
    )


def _not_accepted(look: Look) -> Cause | None:
    if look.routing != "bgp" or look.telemetry.get("accepted_route_count") != 0:
        return None
    return Cause(
        "route missing: AWS accepted no route from the gateway", "site_vpn_local_cidrs, and what the gateway announces"
    )


def _ping_lost_forward(look: Look) -> Cause | None:
    if not look.forward or not look.forward.are_lost:
        return None
    return Cause(
        f"ping lost on the way out: {look.forward}",
        "security group and network ACL of the host in the VPC, the route of its subnet back to "
        f"{', '.join(look.tunnel.get('local_cidrs') or []) or 'the site'}, MTU",
    )


def _ping_lost_back(look: Look) -> Cause | None:
    if not look.back or not look.back.are_lost:
        return None
    return Cause(
        f"ping lost on the way back: {look.back}",
        "the firewall of the pinged host, forwarding on the gateway, the routes of the VPC to the site",
    )


CHECKS: tuple[Callable[[Look], Cause | None], ...] = (
    _no_tunnel,
    _no_status,
    _no_ipsec,
    _no_interface,
    _refused,
    _no_ike,
    _no_child,
    _bgp_down,
    _route_missing,
    _aws_down,
    _not_accepted,
    _ping_lost_forward,
    _ping_lost_back,
)
