# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How strongSwan says what a tunnel is: the words of swanctl.conf."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.values import release
from .proposals import Proposal, Timers, Words

INTERFACE = "vpn"
LACKING_DH_GROUPS: frozenset[int] = frozenset()

_ENCRYPTION = {
    "AES128": "aes128",
    "AES256": "aes256",
    "AES128-GCM-16": "aes128gcm16",
    "AES256-GCM-16": "aes256gcm16",
}
_HASH = {"SHA1": "sha1", "SHA2-256": "sha256", "SHA2-384": "sha384", "SHA2-512": "sha512"}
_KEY_EXCHANGE = {
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
}

# Since this release one start action may both install a trap and start.
_TRAP_AND_START = (5, 9, 6)


def ike_proposal(proposal: Proposal) -> str:
    """An AEAD cipher brings no PRF of its own, so IKE needs one named."""
    integrity = _HASH[proposal.integrity]
    return _joined(proposal, f"prf{integrity}" if proposal.is_aead else integrity)


def esp_proposal(proposal: Proposal) -> str:
    return _joined(proposal, "" if proposal.is_aead else _HASH[proposal.integrity])


def _joined(proposal: Proposal, middle: str) -> str:
    words = (_ENCRYPTION[proposal.encryption], middle, _KEY_EXCHANGE[proposal.dh_group])
    return "-".join(word for word in words if word)


def start_action(version: str) -> str:
    """Traps are what brings a tunnel back after any kind of loss: a start alone gives up when AWS refuses once."""
    return "trap|start" if release(version) >= _TRAP_AND_START else "trap"


def words(
    *, ike: Proposal, ike_timers: Timers, esp: Proposal, esp_timers: Timers, always_udp: bool, version: str
) -> Words:
    """What a connection's file says beyond addresses and names."""
    return {
        "ike_proposal": ike_proposal(ike),
        "ike_rekey_time": ike_timers.rekey,
        "ike_rand_time": ike_timers.random,
        "ike_over_time": ike_timers.life - ike_timers.rekey,
        "encap": "yes" if always_udp else "no",
        "esp_proposal": esp_proposal(esp),
        "esp_life_time": esp_timers.life,
        "esp_rekey_time": esp_timers.rekey,
        "esp_rand_time": esp_timers.random,
        "start_action": start_action(version),
        "close_action": "trap",
        "dpd_action": "restart",
        "dpd_delay": 10,
    }
