# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a tunnel; see C(fields) for how the table is used.

Names are never converted by rule: requests spell C(DPDTimeoutSeconds) and C(IKEVersions), answers
C(DpdTimeoutSeconds) and C(IkeVersions).
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from typing import Any

from . import formats, value_rules
from .field import Change, Field, Kind

_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
_TUNNEL = f"{_API}API_VpnTunnelOptionsSpecification.html"
_LOGS = f"{_API}API_CloudWatchLogOptionsSpecification.html"
_GUIDE = "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html"


def _tunnel(name: str, request: str, response: str = "", **rest: Any) -> Field:
    return Field(name, request, response or request, change=Change.ONE_TUNNEL, **{"source": _TUNNEL, **rest})


AEAD = ("AES128-GCM-16", "AES256-GCM-16")
_CIPHERS = ("AES128", "AES256", *AEAD)
_HASHES = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
_GROUPS = (2, *range(14, 25))
_METHODS = (2, 5, *range(14, 25), 35, 36, 37)
# The gateway must have the same value.
AGREED: dict[str, Any] = {"peer_follows": True, "must_agree": True}
_CLOUDWATCH = ("LogOptions", "CloudWatchLogOptions")
_NO_LIST = "all that it supports"
_LOWEST = (
    "From these, AWS takes the lowest that the gateway offers and ignores the order of the gateway. To force strong"
    " algorithms, omit the weak ones."
)


def _values(name: str, wire: str, choices: tuple[Any, ...], response: str = "", **rest: Any) -> Field:
    defaults: dict[str, Any] = {"elements": "str", "default": choices, "default_doc": _NO_LIST}
    return _tunnel(
        name,
        wire,
        response,
        kind=Kind.VALUES,
        type="list",
        choices=choices,
        **AGREED,
        **{**defaults, **rest},
    )


def _groups(name: str, wire: str, choices: tuple[Any, ...], doc: tuple[str, ...]) -> Field:
    # No default to compare with: whether "all" has the ML-KEM groups is not told.
    return _values(name, wire, choices, elements="int", default=None, doc=(*doc, _LOWEST))


def _encryption(phase: int) -> Field:
    return _values(
        f"phase{phase}_encryption_algorithms",
        f"Phase{phase}EncryptionAlgorithms",
        _CIPHERS,
        doc=(f"Ciphers AWS allows in phase {phase}.", _LOWEST),
    )


def _integrity(phase: int) -> Field:
    return _values(
        f"phase{phase}_integrity_algorithms",
        f"Phase{phase}IntegrityAlgorithms",
        _HASHES,
        hidden_by=(f"phase{phase}_encryption_algorithms", AEAD),
        doc=(
            f"Integrity algorithms AWS allows in phase {phase}.",
            "If only GCM ciphers are allowed in the phase, AWS does not return this list. It is then not compared.",
        ),
    )


def _log(name: str, wire: str, enabled: str, group: str, output: str) -> tuple[Field, ...]:
    """The three options of one log, each with its documentation."""
    nested: dict[str, Any] = {"kind": Kind.NESTED, "path": _CLOUDWATCH, "source": _LOGS}
    arn: dict[str, Any] = {"rule": formats.log_group_arn_problem, "normal": formats.normal_log_group_arn}
    words: dict[str, Any] = {"default": "json", "choices": ("json", "text")}
    return (
        _tunnel(f"{name}_enabled", f"{wire}Enabled", type="bool", default=False, doc=(enabled,), **nested),
        _tunnel(f"{name}_group_arn", f"{wire}GroupArn", doc=(group,), **arn, **nested),
        _tunnel(f"{name}_output_format", f"{wire}OutputFormat", doc=(output,), **words, **nested),
    )


def _key_exchanges(phase: int) -> Field:
    return _tunnel(
        f"phase{phase}_additional_key_exchanges",
        f"Phase{phase}AdditionalKeyExchanges",
        kind=Kind.KEY_EXCHANGES,
        type="list",
        elements="dict",
        default=(),
        rule=formats.rounds_problem,
        **AGREED,
        suboptions=_ROUND,
        default_doc="none",
        source=f"{_API}API_VpnAdditionalKeyExchangeRequest.html",
        doc=(
            f"All additional key exchanges of phase {phase} after the initial one, as in RFC 9370, for example with"
            " ML-KEM against quantum computers. An empty list disables them.",
            "IKEv2 only. It must be possible to use a different method in the initial exchange and in each required"
            " round.",
        ),
    )


_ROUND: dict[str, dict[str, Any]] = {
    "round": {
        "type": "int",
        "required": True,
        "description": ["Number of the round, V(1) to V(7), each at most once."],
    },
    "methods": {
        "type": "list",
        "elements": "int",
        "choices": list(_METHODS),
        "description": [
            "Key exchange methods AWS allows in the round, by their IANA numbers: Diffie-Hellman groups, and V(35),"
            " V(36), V(37) for ML-KEM-512, ML-KEM-768, ML-KEM-1024.",
            "A required round needs at least one method. An optional round without a method is disabled.",
        ],
    },
    "requirement": {
        "type": "str",
        "choices": ["required", "optional"],
        "default": "required",
        "description": ["With V(required) the tunnel stays down if the gateway does not support the round."],
    },
}

TUNNEL: tuple[Field, ...] = (
    _tunnel(
        "inside_cidr",
        "TunnelInsideCidr",
        rule=value_rules.inside_cidr_problem,
        **AGREED,
        default_doc="a free network",
        doc=(
            "Network of the two inside addresses: a /30 within 169.254.0.0/16. AWS has the first host address, the"
            " gateway has the second.",
            "Not one of V(169.254.0.0/30), V(169.254.1.0/30), V(169.254.2.0/30), V(169.254.3.0/30),"
            " V(169.254.4.0/30), V(169.254.5.0/30) and V(169.254.169.252/30), which AWS reserves. It must be unique"
            " on a virtual private gateway.",
        ),
    ),
    _tunnel(
        "inside_ipv6_cidr",
        "TunnelInsideIpv6Cidr",
        rule=formats.inside_ipv6_cidr_problem,
        normal=formats.normal_network,
        **AGREED,
        default_doc="a free network, with IPv6 inside",
        doc=(
            "IPv6 network of the two inside addresses: a /126 within fd00::/8. It must be unique on a transit"
            " gateway. Only with C(tunnel_inside_ip_version) V(ipv6).",
        ),
    ),
    _tunnel(
        "pre_shared_key",
        "PreSharedKey",
        kind=Kind.HIDDEN,
        rule=value_rules.psk_problem,
        **AGREED,
        aliases=("psk",),
        default_doc="a random key of 32 characters",
        doc=(
            "Pre-shared key of the tunnel: 8 to 64 characters from A-Z, a-z, 0-9, V(.) and V(_). The first character"
            " must not be V(0).",
            "It is never returned. Plans and diffs show it as C((set)) or C((changed)). It is not compared if it is"
            " kept in AWS Secrets Manager.",
        ),
    ),
    _values("ike_versions", "IKEVersions", ("ikev1", "ikev2"), "IkeVersions", doc=("IKE versions AWS allows.",)),
    _encryption(1),
    _encryption(2),
    _integrity(1),
    _integrity(2),
    _groups(
        "phase1_dh_group_numbers",
        "Phase1DHGroupNumbers",
        (*_GROUPS, 35),
        ("Diffie-Hellman groups AWS allows for the initial exchange of phase 1. V(35) is ML-KEM-512.",),
    ),
    _groups(
        "phase2_dh_group_numbers",
        "Phase2DHGroupNumbers",
        _METHODS,
        (
            "Diffie-Hellman groups AWS allows for the initial exchange of phase 2. V(35), V(36) and V(37) are"
            " ML-KEM-512, ML-KEM-768 and ML-KEM-1024.",
        ),
    ),
    _key_exchanges(1),
    _key_exchanges(2),
    _tunnel(
        "phase1_lifetime_seconds",
        "Phase1LifetimeSeconds",
        type="int",
        peer_follows=True,
        default=28800,
        minimum=900,
        maximum=28800,
        unit="seconds",
        doc=("Lifetime of phase 1 on the AWS side.",),
    ),
    _tunnel(
        "phase2_lifetime_seconds",
        "Phase2LifetimeSeconds",
        type="int",
        peer_follows=True,
        default=3600,
        minimum=900,
        maximum=3600,
        unit="seconds",
        doc=("Lifetime of phase 2 on the AWS side. It must be shorter than the lifetime of phase 1.",),
    ),
    _tunnel(
        "rekey_margin_time_seconds",
        "RekeyMarginTimeSeconds",
        type="int",
        peer_follows=True,
        default=270,
        minimum=60,
        maximum=1800,
        unit="seconds",
        doc=("How long before the end of the phase 2 lifetime AWS may start a rekey: at most half of this lifetime.",),
    ),
    _tunnel(
        "rekey_fuzz_percentage",
        "RekeyFuzzPercentage",
        type="int",
        peer_follows=True,
        default=100,
        minimum=0,
        maximum=100,
        unit="percent",
        doc=("Part of the rekey margin in which AWS chooses a random time for the rekey.",),
    ),
    _tunnel(
        "replay_window_size",
        "ReplayWindowSize",
        type="int",
        peer_follows=True,
        default=1024,
        minimum=64,
        maximum=2048,
        unit="packets",
        doc=("Size of the window in which AWS accepts packets out of order.",),
    ),
    _tunnel(
        "dpd_timeout_seconds",
        "DPDTimeoutSeconds",
        "DpdTimeoutSeconds",
        type="int",
        minimum=30,
        unit="seconds",
        # No default: AWS's own texts say 30 on creation and 40 on modification.
        default_doc="V(30) or V(40); its documentation has both",
        doc=("Time without an answer after which AWS considers the gateway dead.",),
    ),
    _tunnel(
        "dpd_timeout_action",
        "DPDTimeoutAction",
        "DpdTimeoutAction",
        default="clear",
        choices=("clear", "none", "restart"),
        doc=(
            "What AWS does after a DPD timeout. V(clear) ends the session and removes its routes. V(restart) restarts"
            " the session. V(none) does nothing.",
        ),
    ),
    _tunnel(
        "startup_action",
        "StartupAction",
        default="add",
        choices=("add", "start"),
        source=_GUIDE,
        doc=(
            "Who starts the IKE negotiation. With V(add) the gateway starts it, with V(start) AWS does. V(start)"
            " needs IKEv2 and a customer gateway with an address.",
        ),
    ),
    _tunnel(
        "enable_tunnel_lifecycle_control",
        "EnableTunnelLifecycleControl",
        type="bool",
        default=False,
        source="https://docs.aws.amazon.com/vpn/latest/s2svpn/tunnel-endpoint-lifecycle.html",
        doc=(
            "Whether AWS delays endpoint maintenance until a certain date, so that you can apply it earlier at a time"
            " of your choice.",
        ),
    ),
    *_log(
        "log",
        "Log",
        "Whether AWS writes the activity of the tunnel (IKE, DPD) to CloudWatch Logs.",
        "Log group for the activity log. Only with C(log_enabled). With a name that begins with C(/aws/vendedlogs/)"
        " you avoid the size limit of the resource policy.",
        "Format of the activity log. Only with C(log_enabled).",
    ),
    *_log(
        "bgp_log",
        "BgpLog",
        "Whether AWS writes the BGP activity of the tunnel to CloudWatch Logs. Useful only with dynamic routing.",
        "Log group for the BGP log. Only with C(bgp_log_enabled).",
        "Format of the BGP log. Only with C(bgp_log_enabled).",
    ),
)
