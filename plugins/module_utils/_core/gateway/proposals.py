# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What one tunnel may use of what AWS allows: algorithms, packet sizes and timers.

AWS takes the lowest value of its own lists that the gateway offers, whatever order the gateway prefers,
so the gateway offers one proposal only. An option that AWS does not return means its whole default list.
"""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ..text import shown

# Strongest sensible value first; everything AWS accepts is in here, but for ML-KEM (35 to 37), which is no DH group.
ENCRYPTION = ("AES256-GCM-16", "AES128-GCM-16", "AES256", "AES128")
INTEGRITY = ("SHA2-384", "SHA2-512", "SHA2-256", "SHA1")
DH_GROUPS = (20, 19, 21, 16, 15, 14, 17, 18, 24, 23, 22, 5, 2)

WEAK_INTEGRITY = frozenset({"SHA1"})
WEAK_DH_GROUPS = frozenset({2, 5, 22, 23, 24})

WEAK = "SHA1, DH groups 2, 5, 22, 23, 24"

# Bytes of the initialisation vector and of the check value, and the block the payload is padded to.
_GCM_SIZES = (8, 16, 4)
_CBC_IV_AND_BLOCK = 16
_CBC_CHECK_VALUE = {"SHA1": 12, "SHA2-256": 16, "SHA2-384": 24, "SHA2-512": 32}
_OUTER_IPV4, _UDP, _ESP, _ESP_TRAILER = 20, 8, 8, 2
_TCP_IPV4 = 40


# What a daemon makes of them: the values of its file, by the names that its template has for them.
Words = dict[str, Union[str, int]]


class NoProposal(ValueError):
    """Nothing that AWS allows on this tunnel may be used."""


@dataclass(frozen=True)
class Proposal:
    """One choice for one phase. With an AEAD cipher the integrity algorithm only names the PRF."""

    encryption: str
    integrity: str
    dh_group: int

    @property
    def is_aead(self) -> bool:
        return "GCM" in self.encryption


@dataclass(frozen=True)
class Timers:
    """Seconds. The gateway rekeys somewhere between rekey - random and rekey; the SA ends at life."""

    rekey: int
    random: int
    life: int


def choose(
    options: Mapping[str, Any], phase: int, allow_weak: bool = False, lacking: frozenset[int] = frozenset()
) -> Proposal:
    """The best proposal of a phase among what the tunnel's options allow; the same for the same options.

    lacking: DH groups that the daemon of the gateway does not have.
    """
    prefix = f"phase{phase}_"
    groups = [group for group in DH_GROUPS if group not in lacking]
    return Proposal(
        encryption=_first(options, prefix + "encryption_algorithms", ENCRYPTION, frozenset(), allow_weak),
        integrity=_first(options, prefix + "integrity_algorithms", INTEGRITY, WEAK_INTEGRITY, allow_weak),
        dh_group=_first(options, prefix + "dh_group_numbers", groups, WEAK_DH_GROUPS, allow_weak),
    )


def weak_options(options: Mapping[str, Any], phase: int) -> list[str]:
    """The options of a phase that allow nothing but weak values."""
    weak = {"integrity_algorithms": WEAK_INTEGRITY, "dh_group_numbers": WEAK_DH_GROUPS}
    names = {f"phase{phase}_{name}": values for name, values in weak.items()}
    return [name for name, values in names.items() if options.get(name) and values.issuperset(options[name])]


def _first(options: Mapping[str, Any], name: str, preferred: Sequence[Any], weak: frozenset[Any], allow: bool) -> Any:
    allowed = options.get(name) or preferred
    known = [value for value in preferred if value in allowed]
    usable = [value for value in known if allow or value not in weak]
    if usable:
        return usable[0]
    listed = shown(", ".join(map(shown, allowed)))
    why = f"only weak values are allowed ({WEAK})" if known else "none of them is supported"
    raise NoProposal(f"{name}: {listed}: {why}")


def mtu(proposal: Proposal, path_mtu: int, nat_traversal: bool) -> int:
    """The largest inner packet whose ESP packet fits the path, as AWS tabulates it."""
    if proposal.is_aead:
        vector, check_value, block = _GCM_SIZES
    else:
        vector, check_value, block = _CBC_IV_AND_BLOCK, _CBC_CHECK_VALUE[proposal.integrity], _CBC_IV_AND_BLOCK
    room = path_mtu - _OUTER_IPV4 - (_UDP if nat_traversal else 0) - _ESP - vector - check_value
    return room // block * block - _ESP_TRAILER


def mss(tunnel_mtu: int) -> int:
    """The largest TCP segment over IPv4 in packets of this size."""
    return tunnel_mtu - _TCP_IPV4


def ike_timers(options: Mapping[str, Any]) -> Timers:
    """Rekey the IKE SA well before AWS does, so that the two never rekey at once."""
    life = int(options.get("phase1_lifetime_seconds") or 28800)
    rekey = max(life // 2, min(life * 15 // 16, _aws_rekeys_at(life, options) - life // 64))
    return Timers(rekey=rekey, random=life // 24, life=life)


def esp_timers(options: Mapping[str, Any]) -> Timers:
    """Rekey the ESP SA well before AWS does."""
    life = int(options.get("phase2_lifetime_seconds") or 3600)
    rekey = max(life // 2, min(life * 5 // 6, _aws_rekeys_at(life, options) - life // 60))
    return Timers(rekey=rekey, random=life // 30, life=life)


def _aws_rekeys_at(life: int, options: Mapping[str, Any]) -> int:
    """The earliest second at which AWS starts a rekey."""
    margin = int(options.get("rekey_margin_time_seconds") or 270)
    fuzz = options.get("rekey_fuzz_percentage")
    return life - margin * (100 + int(100 if fuzz is None else fuzz)) // 100
