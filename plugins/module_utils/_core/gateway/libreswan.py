# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How Libreswan says what a tunnel is: the words of ipsec.conf."""

# Private to this collection: no stable interface for others.

from __future__ import annotations

from ..model.values import release
from .proposals import Proposal, Timers, Words

# A managed interface has this name, and a number that is its id.
INTERFACE = "ipsec"
# Not built by the distributions, and removed since.
LACKING_DH_GROUPS = frozenset({2, 22, 23, 24})

_ENCRYPTION = {
    "AES128": "aes128",
    "AES256": "aes256",
    "AES128-GCM-16": "aes_gcm128",
    "AES256-GCM-16": "aes_gcm256",
}
_HASH = {"SHA1": "sha1", "SHA2-256": "sha2_256", "SHA2-384": "sha2_384", "SHA2-512": "sha2_512"}
# From this release on IKEv2 is a value of keyexchange, and the older words are obsolete.
_KEYEXCHANGE = (5,)


def ike_algorithms(proposal: Proposal) -> str:
    """An AEAD cipher brings no PRF of its own, so the hash names it."""
    return f"{_ENCRYPTION[proposal.encryption]}-{_HASH[proposal.integrity]}"


def esp_algorithms(proposal: Proposal) -> str:
    return _ENCRYPTION[proposal.encryption] if proposal.is_aead else ike_algorithms(proposal)


def words(
    *, ike: Proposal, ike_timers: Timers, esp: Proposal, esp_timers: Timers, always_udp: bool, version: str
) -> Words:
    """What a connection's file says beyond addresses and names.

    One margin serves both SAs: it is right for the ESP SA, and the life of the IKE SA follows from it. The margin
    grows by up to so many percent at random.
    """
    margin = esp_timers.life - esp_timers.rekey
    return {
        "has_keyexchange": release(version) >= _KEYEXCHANGE,
        "ike": ike_algorithms(ike),
        "ike_dh_group": ike.dh_group,
        "esp": esp_algorithms(esp),
        "esp_dh_group": esp.dh_group,
        "encapsulation": "yes" if always_udp else "auto",
        "ikelifetime": ike_timers.rekey + margin,
        "salifetime": esp_timers.life,
        "rekeymargin": margin,
        "rekeyfuzz": 100 * esp_timers.random // margin,
        "dpddelay": 10,
        "retransmit_timeout": 20,
    }
