# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tunnel options: what AWS accepts. One table for create and modify; stored as sent."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

from .. import addresses
from . import errors

# What the request calls it, where the answer spells it otherwise.
ANSWER_NAMES = {
    "DPDTimeoutSeconds": "DpdTimeoutSeconds",
    "DPDTimeoutAction": "DpdTimeoutAction",
    "IKEVersions": "IkeVersions",
}
# AWS uses these when they are absent; only needed to check one option against another.
DEFAULTS: Mapping[str, Any] = {
    "Phase1LifetimeSeconds": 28800,
    "Phase2LifetimeSeconds": 3600,
    "RekeyMarginTimeSeconds": 270,
    "IkeVersions": [{"Value": "ikev1"}, {"Value": "ikev2"}],
    "StartupAction": "add",
}

_PSK = re.compile(r"[A-Za-z1-9._][A-Za-z0-9._]{7,63}")
_ENCRYPTION = frozenset({"AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"})
_INTEGRITY = frozenset({"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"})
_PHASE1_GROUPS = frozenset({2, *range(14, 25), 35})
_PHASE2_GROUPS = frozenset({2, 5, *range(14, 25), 35, 36, 37})

Rule = Callable[[Any], bool]


def _between(low: int, high: int | None = None) -> Rule:
    return lambda value: value >= low and (high is None or value <= high)


def _one_of(*allowed: str) -> Rule:
    return lambda value: value in allowed


def _values_in(allowed: frozenset[Any]) -> Rule:
    return lambda values: bool(values) and all(entry.get("Value") in allowed for entry in values)


def is_inside_ipv4(cidr: str) -> bool:
    """A /30 without host bits in 169.254.0.0/16 that AWS has not reserved."""
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        return False
    return (
        network.prefixlen == 30
        and network.subnet_of(addresses.INSIDE_IPV4)
        and network not in addresses.RESERVED_INSIDE_IPV4
    )


def is_inside_ipv6(cidr: str) -> bool:
    try:
        network = ipaddress.IPv6Network(cidr)
    except ValueError:
        return False
    return network.prefixlen == 126 and network.subnet_of(addresses.INSIDE_IPV6)


def _is_log_options(options: Mapping[str, Any]) -> bool:
    logs = options.get("CloudWatchLogOptions") or {}
    formats = [logs[name] for name in ("LogOutputFormat", "BgpLogOutputFormat") if name in logs]
    has_targets = all(
        logs.get(target)
        for switch, target in (("LogEnabled", "LogGroupArn"), ("BgpLogEnabled", "BgpLogGroupArn"))
        if logs.get(switch)
    )
    return has_targets and all(value in ("json", "text") for value in formats)


def _is_key_exchanges(rounds: list[Mapping[str, Any]]) -> bool:
    numbers = [entry.get("AdditionalKeyExchangeRound") for entry in rounds]
    for entry in rounds:
        methods = [method.get("Value") for method in entry.get("KeyExchangeMethods") or []]
        requirement = entry.get("Requirement", "required")
        if requirement not in ("required", "optional") or (requirement == "required" and not methods):
            return False
        if not all(method in _PHASE2_GROUPS for method in methods):
            return False
    return len(set(numbers)) == len(numbers) and all(number in range(1, 8) for number in numbers)


RULES: Mapping[str, Rule] = {
    "TunnelInsideCidr": is_inside_ipv4,
    "TunnelInsideIpv6Cidr": is_inside_ipv6,
    "PreSharedKey": lambda key: _PSK.fullmatch(key) is not None,
    "Phase1LifetimeSeconds": _between(900, 28800),
    "Phase2LifetimeSeconds": _between(900, 3600),
    "RekeyMarginTimeSeconds": _between(60),
    "RekeyFuzzPercentage": _between(0, 100),
    "ReplayWindowSize": _between(64, 2048),
    "DPDTimeoutSeconds": _between(30),
    "DPDTimeoutAction": _one_of("clear", "none", "restart"),
    "Phase1EncryptionAlgorithms": _values_in(_ENCRYPTION),
    "Phase2EncryptionAlgorithms": _values_in(_ENCRYPTION),
    "Phase1IntegrityAlgorithms": _values_in(_INTEGRITY),
    "Phase2IntegrityAlgorithms": _values_in(_INTEGRITY),
    "Phase1DHGroupNumbers": _values_in(_PHASE1_GROUPS),
    "Phase2DHGroupNumbers": _values_in(_PHASE2_GROUPS),
    "IKEVersions": _values_in(frozenset({"ikev1", "ikev2"})),
    "StartupAction": _one_of("add", "start"),
    "LogOptions": _is_log_options,
    "EnableTunnelLifecycleControl": lambda value: isinstance(value, bool),
    "Phase1AdditionalKeyExchanges": _is_key_exchanges,
    "Phase2AdditionalKeyExchanges": _is_key_exchanges,
}


def check(request: Mapping[str, Any]) -> dict[str, Any]:
    """The options of one request under the names of the answer; refuses what AWS refuses."""
    stored: dict[str, Any] = {}
    for name, value in request.items():
        if value is None:
            continue
        rule = RULES.get(name)
        if rule is None or not rule(value):
            raise errors.invalid_value(name, None if name == "PreSharedKey" else _shown(value))
        stored[ANSWER_NAMES.get(name, name)] = value
    return stored


def check_together(options: Mapping[str, Any], customer_address: str | None) -> None:
    """Rules over several options, on what will be in force, also when only one of them was sent."""
    effective = {**DEFAULTS, **options}
    phase2 = effective["Phase2LifetimeSeconds"]
    if phase2 >= effective["Phase1LifetimeSeconds"]:
        raise errors.invalid_value("Phase2LifetimeSeconds", phase2, "It must be less than the phase 1 lifetime.")
    if effective["RekeyMarginTimeSeconds"] > phase2 / 2:
        margin = effective["RekeyMarginTimeSeconds"]
        raise errors.invalid_value("RekeyMarginTimeSeconds", margin, "It must be at most half the phase 2 lifetime.")
    is_ikev1_only = {entry["Value"] for entry in effective["IkeVersions"]} == {"ikev1"}
    if effective["StartupAction"] == "start" and (is_ikev1_only or customer_address is None):
        raise errors.invalid_combination("StartupAction start needs IKEv2 and the address of the customer gateway")
    for phase in ("Phase1", "Phase2"):
        _check_key_exchanges(phase, effective, is_ikev1_only)


def _check_key_exchanges(phase: str, effective: Mapping[str, Any], is_ikev1_only: bool) -> None:
    """The initial group and every required round must be able to pick distinct methods (RFC 9370)."""
    required = [
        {method["Value"] for method in entry["KeyExchangeMethods"]}
        for entry in effective.get(f"{phase}AdditionalKeyExchanges", [])
        if entry.get("Requirement", "required") == "required"
    ]
    if not required:
        return
    if is_ikev1_only:
        raise errors.invalid_combination("Required additional key exchanges need IKEv2")
    default = _PHASE1_GROUPS if phase == "Phase1" else _PHASE2_GROUPS
    groups = {entry["Value"] for entry in effective.get(f"{phase}DHGroupNumbers", [])} or set(default)
    if not _can_differ([groups, *required]):
        raise errors.invalid_combination(f"{phase}AdditionalKeyExchanges leave no distinct method for every round")


def _can_differ(choices: list[set[int]], used: frozenset[int] = frozenset()) -> bool:
    if not choices:
        return True
    return any(_can_differ(choices[1:], used | {method}) for method in choices[0] - used)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(entry.get("Value", entry)) for entry in value)
    return str(value)
