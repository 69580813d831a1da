# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of ipsec.conf."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import libreswan, proposals
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.proposals import (
    ENCRYPTION,
    INTEGRITY,
    Proposal,
)


def words(version: str = "5.2", always_udp: bool = False, **options: Any) -> dict[str, Any]:
    return libreswan.words(
        ike=Proposal("AES256-GCM-16", "SHA2-384", 20),
        ike_timers=proposals.ike_timers(options),
        esp=Proposal("AES256-GCM-16", "SHA2-384", 20),
        esp_timers=proposals.esp_timers(options),
        always_udp=always_udp,
        version=version,
    )


@pytest.mark.parametrize(
    ("proposal", "ike", "esp"),
    [
        (Proposal("AES256-GCM-16", "SHA2-384", 20), "aes_gcm256-sha2_384", "aes_gcm256"),
        (Proposal("AES128-GCM-16", "SHA2-256", 19), "aes_gcm128-sha2_256", "aes_gcm128"),
        (Proposal("AES256", "SHA2-512", 21), "aes256-sha2_512", "aes256-sha2_512"),
        (Proposal("AES128", "SHA1", 14), "aes128-sha1", "aes128-sha1"),
    ],
)
def test_algorithms(proposal: Proposal, ike: str, esp: str) -> None:
    assert libreswan.ike_algorithms(proposal) == ike
    assert libreswan.esp_algorithms(proposal) == esp


def test_there_is_a_word_for_everything_that_may_be_chosen() -> None:
    for encryption in ENCRYPTION:
        for integrity in INTEGRITY:
            assert "-" in libreswan.ike_algorithms(Proposal(encryption, integrity, 14))


@pytest.mark.parametrize(
    ("version", "has_keyexchange"), [("4.10", False), ("4.14", False), ("5.2", True), ("5.4", True)]
)
def test_words_that_depend_on_the_release(version: str, has_keyexchange: bool) -> None:
    assert words(version)["has_keyexchange"] is has_keyexchange


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"phase1_lifetime_seconds": 900, "phase2_lifetime_seconds": 899},
        {"phase2_lifetime_seconds": 900, "rekey_margin_time_seconds": 450},
        {"rekey_margin_time_seconds": 60, "rekey_fuzz_percentage": 0},
    ],
)
def test_it_rekeys_when_the_other_daemon_would(options: dict[str, Any]) -> None:
    found, ike, esp = words(**options), proposals.ike_timers(options), proposals.esp_timers(options)
    assert found["salifetime"] == esp.life
    assert found["salifetime"] - found["rekeymargin"] == esp.rekey
    assert found["ikelifetime"] - found["rekeymargin"] == ike.rekey
    earliest = found["salifetime"] - found["rekeymargin"] * (100 + found["rekeyfuzz"]) / 100
    assert esp.rekey - esp.random <= earliest < esp.rekey


def test_an_accelerated_tunnel_is_always_in_udp() -> None:
    assert (words()["encapsulation"], words(always_udp=True)["encapsulation"]) == ("auto", "yes")


def test_a_group_that_it_lacks_is_not_chosen() -> None:
    lacking = libreswan.LACKING_DH_GROUPS
    options = {"phase1_dh_group_numbers": [2, 5, 24]}
    assert proposals.choose(options, 1, True).dh_group == 24
    assert proposals.choose(options, 1, True, lacking).dh_group == 5
    with pytest.raises(proposals.NoProposal, match="none of them is supported"):
        proposals.choose({"phase1_dh_group_numbers": [2, 24]}, 1, True, lacking)
