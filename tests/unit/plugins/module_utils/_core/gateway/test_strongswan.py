# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of swanctl.conf."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import strongswan
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway.proposals import (
    DH_GROUPS,
    ENCRYPTION,
    INTEGRITY,
    Proposal,
    Timers,
)


@pytest.mark.parametrize(
    ("proposal", "ike", "esp"),
    [
        (Proposal("AES256-GCM-16", "SHA2-384", 20), "aes256gcm16-prfsha384-ecp384", "aes256gcm16-ecp384"),
        (Proposal("AES128-GCM-16", "SHA2-256", 19), "aes128gcm16-prfsha256-ecp256", "aes128gcm16-ecp256"),
        (Proposal("AES256", "SHA2-512", 21), "aes256-sha512-ecp521", "aes256-sha512-ecp521"),
        (Proposal("AES128", "SHA1", 2), "aes128-sha1-modp1024", "aes128-sha1-modp1024"),
    ],
)
def test_proposals(proposal: Proposal, ike: str, esp: str) -> None:
    assert strongswan.ike_proposal(proposal) == ike
    assert strongswan.esp_proposal(proposal) == esp


def test_there_is_a_word_for_everything_that_may_be_chosen() -> None:
    for encryption in ENCRYPTION:
        for integrity in INTEGRITY:
            for group in DH_GROUPS:
                assert strongswan.ike_proposal(Proposal(encryption, integrity, group)).count("-") == 2


@pytest.mark.parametrize(
    ("version", "action"),
    [
        ("5.9.5", "trap"),
        ("5.9.6", "trap|start"),
        ("5.9.13", "trap|start"),
        ("6.0", "trap|start"),
        ("6.0.1", "trap|start"),
    ],
)
def test_start_action_depends_on_the_release(version: str, action: str) -> None:
    assert strongswan.start_action(version) == action


def test_an_sa_that_is_not_rekeyed_ends_with_its_life() -> None:
    words = strongswan.words(
        ike=Proposal("AES256-GCM-16", "SHA2-384", 20),
        ike_timers=Timers(27000, 1200, 28800),
        esp=Proposal("AES256-GCM-16", "SHA2-384", 20),
        esp_timers=Timers(3000, 120, 3600),
        always_udp=False,
        version="6.0",
    )
    assert words["ike_rekey_time"] == 27000
    assert words["ike_over_time"] == 1800
    assert words["esp_life_time"] == 3600
    assert words["close_action"] == "trap"
