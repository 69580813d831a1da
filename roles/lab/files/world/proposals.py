# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an emulated AWS tunnel endpoint offers: AWS's tunnel options in charon's words.

AWS picks the lowest of its configured values that the peer offers; so does charon when the lowest
comes first here, because it prefers its own order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Options = dict[str, Any]

_CIPHERS = {"AES128": "aes128", "AES256": "aes256", "AES128-GCM-16": "aes128gcm16", "AES256-GCM-16": "aes256gcm16"}
_HASHES = {"SHA1": "sha1", "SHA2-256": "sha256", "SHA2-384": "sha384", "SHA2-512": "sha512"}
_GROUPS = {
    2: "modp1024",
    5: "modp1536",
    14: "modp2048",
    15: "modp3072",
    16: "modp4096",
    17: "modp6144",
    18: "modp8192",
    19: "ecp256",
    20: "ecp384",
    21: "ecp521",
    22: "modp1024s160",
    23: "modp2048s224",
    24: "modp2048s256",
    35: "mlkem512",
    36: "mlkem768",
    37: "mlkem1024",
}
# Not in the defaults: ML-KEM (35 to 37), which the packaged charon cannot do.
_DEFAULT_GROUPS = {1: (2, *range(14, 25)), 2: (2, 5, *range(14, 25))}


def option(options: Options, name: str, default: Any) -> Any:
    """An option by its API name, spelled as in a request (DPDTimeoutSeconds) or in an answer (DpdTimeoutSeconds)."""
    for key, value in options.items():
        if key.lower() == name.lower() and value not in (None, [], ""):
            return value
    return default


def _values(options: Options, name: str, default: Sequence[Any], order: Sequence[Any]) -> list[Any]:
    given = option(options, name, None)
    chosen = default if given is None else [item["Value"] if isinstance(item, dict) else item for item in given]
    unknown = set(chosen) - set(order)
    if unknown:
        raise ValueError(f"{name}: {sorted(unknown)} cannot be offered")
    return [value for value in order if value in chosen]


def _phase(options: Options, phase: int) -> tuple[list[str], list[str], list[str], list[str]]:
    ciphers = _values(options, f"Phase{phase}EncryptionAlgorithms", list(_CIPHERS), list(_CIPHERS))
    hashes = _values(options, f"Phase{phase}IntegrityAlgorithms", list(_HASHES), list(_HASHES))
    groups = _values(options, f"Phase{phase}DHGroupNumbers", _DEFAULT_GROUPS[phase], list(_GROUPS))
    plain = [_CIPHERS[name] for name in ciphers if "GCM" not in name]
    combined = [_CIPHERS[name] for name in ciphers if "GCM" in name]
    return plain, combined, [_HASHES[name] for name in hashes], [_GROUPS[number] for number in groups]


def ike(options: Options) -> list[str]:
    """Proposals for the IKE SA; with GCM the integrity list names the pseudo-random function."""
    plain, combined, hashes, groups = _phase(options, 1)
    proposals = []
    if plain:
        proposals.append("-".join([*plain, *hashes, *groups]))
    if combined:
        proposals.append("-".join([*combined, *(f"prf{name}" for name in hashes), *groups]))
    return proposals


def esp(options: Options) -> list[str]:
    """Proposals for the IPsec SA."""
    plain, combined, hashes, groups = _phase(options, 2)
    proposals = []
    if plain:
        proposals.append("-".join([*plain, *hashes, *groups, "noesn"]))
    if combined:
        proposals.append("-".join([*combined, *groups, "noesn"]))
    return proposals


def timing(options: Options, is_accelerated: bool = False) -> dict[str, dict[str, str]]:
    """Lifetimes and dead peer detection: AWS rekeys margin * (1 + fuzz) to margin seconds before the end.

    It leaves that to the gateway on an accelerated connection.
    """
    first = int(option(options, "Phase1LifetimeSeconds", 28800))
    second = int(option(options, "Phase2LifetimeSeconds", 3600))
    margin = int(option(options, "RekeyMarginTimeSeconds", 270))
    spread = margin * int(option(options, "RekeyFuzzPercentage", 100)) // 100
    watched = option(options, "DPDTimeoutAction", "clear") != "none"
    return {
        "ike": {
            "rekey_time": "0s" if is_accelerated else f"{first - margin}s",
            "over_time": f"{margin}s",
            "rand_time": f"{spread}s",
            "dpd_delay": "10s" if watched else "0s",
        },
        "child": {
            "rekey_time": "0s" if is_accelerated else f"{second - margin}s",
            "life_time": f"{second}s",
            "rand_time": f"{spread}s",
            "replay_window": str(option(options, "ReplayWindowSize", 1024)),
        },
    }


def retransmit_timeout(options: Options) -> float:
    """Seconds between four tries, so that a dead peer is given up DPDTimeoutSeconds after its last word."""
    return (int(option(options, "DPDTimeoutSeconds", 30)) - 10) / 4


def ike_version(options: Options) -> str:
    """charon's version: 0 takes both."""
    versions = _values(options, "IKEVersions", ["ikev1", "ikev2"], ["ikev1", "ikev2"])
    return {"ikev1": "1", "ikev2": "2"}[versions[0]] if len(versions) == 1 else "0"
