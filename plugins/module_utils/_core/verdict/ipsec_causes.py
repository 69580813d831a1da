# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a tunnel has no IPsec SA: the gateway, its interface, IKE and ESP, in the order in which a tunnel comes up."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.tunnel_log import TUNNEL
from ..model.tunnel_states import Bgp, Esp, Failure, Ike
from .cause import ESP, GATEWAY, IKE, SELECTORS, UDP, Cause, Check, on_the_gateway
from .observation import UNKNOWN, Observation


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
        return Cause("the gateway does not know this tunnel", "was the play run against this gateway", ("ike",))
    return None


def _no_interface(observed: Observation) -> Cause | None:
    if observed.state.get("interface_up", True):
        return None
    return Cause(
        f"interface {observed.state['interface']} is missing or down", "ip -d link on the gateway", ("interfaces",)
    )


_SELECTORS = (
    "the local and remote network CIDR of the connection in AWS; after a change of them, run the play against this"
    " gateway again"
)

# What one end refused, and what to check.
_REFUSALS = {
    Failure.NO_SHARED_KEY: Cause(
        "authentication failed: the gateway has no key for this tunnel",
        "the key files of the IPsec daemon on the gateway; the next run of the play writes and loads them",
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


# The same where IKE is up: then it was the IPsec SA that was refused.
_NO_PROPOSAL_FOR_ESP = Cause(
    "no proposal chosen for the IPsec SA",
    "encryption, integrity and DH groups of phase 2: the tunnel options in AWS, the proposals of the gateway",
)


def _refused(observed: Observation) -> Cause | None:
    return None if observed.state.get("ike") == Ike.ESTABLISHED else _refusal(observed)


def _child_refused(observed: Observation) -> Cause | None:
    if observed.failure == Failure.TS_UNACCEPTABLE:
        return None
    return _NO_PROPOSAL_FOR_ESP if observed.failure == Failure.NO_PROPOSAL_CHOSEN else _refusal(observed)


def _refusal(observed: Observation) -> Cause | None:
    if observed.failure is None or observed.failure == Failure.NO_ANSWER:
        return None
    otherwise = Cause(f"refused with {observed.failure.value}", "the log of the IPsec daemon on the gateway")
    cause = _REFUSALS.get(observed.failure, otherwise)
    return cause._replace(check=cause.check.format(customer=observed.customer))


def _no_answer(observed: Observation) -> Cause | None:
    state = observed.state.get("ike") or UNKNOWN
    if state == Ike.ESTABLISHED or observed.failure != Failure.NO_ANSWER:
        return None
    if observed.logged(TUNNEL):
        return Cause(
            f"no answer on UDP 500 (IKE is {state}), but AWS receives what the gateway sends",
            f"do the firewalls on the way let UDP 500 and UDP 4500 pass from {observed.outside} to the gateway"
            + on_the_gateway(observed, "input"),
        )
    return Cause(
        f"no answer on UDP 500 (IKE is {state})",
        f"is {observed.customer} the public address of the gateway, and do the firewalls on the way let UDP 500, "
        f"UDP 4500 and ESP pass to and from {observed.outside}" + on_the_gateway(observed, "input", "output"),
    )


def _no_ike(observed: Observation) -> Cause | None:
    state = observed.state.get("ike") or UNKNOWN
    if state == Ike.ESTABLISHED:
        return None
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


def _nothing_back(observed: Observation) -> Cause | None:
    lost = (pings and pings.are_lost for pings in (observed.forward, observed.from_gateway))
    bgp_is_down = observed.routing == "bgp" and observed.bgp.get("state") != Bgp.ESTABLISHED
    if not observed.unanswered or not (bgp_is_down or any(lost)):
        return None
    return Cause(
        f"ESP does not come back: the gateway sent {observed.unanswered} bytes and received none",
        "do the firewalls on the way let ESP (IP protocol 50), and UDP 4500 if the gateway is behind NAT, pass from "
        f"{observed.outside} to the gateway" + on_the_gateway(observed, "input"),
        ("interfaces", "firewall"),
    )


CHECKS: tuple[Check, ...] = (
    (GATEWAY, _no_tunnel),
    (GATEWAY, _no_status),
    (GATEWAY, _no_ipsec),
    (GATEWAY, _no_interface),
    (UDP, _no_answer),
    (IKE, _refused),
    (IKE, _no_ike),
    (ESP, _child_refused),
    (SELECTORS, _refusal),
    (ESP, _no_child),
    (SELECTORS, _not_carried),
    (ESP, _nothing_back),
)
