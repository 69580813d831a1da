# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of what AWS allows a tunnel uses, and what follows from that."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.gateway import proposals
from hypothesis import given
from hypothesis import strategies as st

DEFAULT = proposals.Proposal("AES256-GCM-16", "SHA2-384", 20)


def options(phase: int, encryption: Any = None, integrity: Any = None, groups: Any = None) -> dict[str, Any]:
    found = {"encryption_algorithms": encryption, "integrity_algorithms": integrity, "dh_group_numbers": groups}
    return {f"phase{phase}_{name}": value for name, value in found.items() if value is not None}


@pytest.mark.parametrize("phase", [1, 2])
@pytest.mark.parametrize(
    ("encryption", "integrity", "groups", "expected"),
    [
        (None, None, None, DEFAULT),
        ([], [], [], DEFAULT),
        (["AES128", "AES256"], ["SHA2-256"], [14], proposals.Proposal("AES256", "SHA2-256", 14)),
        (["AES128-GCM-16", "AES256"], None, [14, 19], proposals.Proposal("AES128-GCM-16", "SHA2-384", 19)),
        (["AES256-GCM-16"], ["SHA2-512", "SHA1"], [2, 21], proposals.Proposal("AES256-GCM-16", "SHA2-512", 21)),
        (None, None, [35, 24, 15], proposals.Proposal("AES256-GCM-16", "SHA2-384", 15)),
    ],
)
def test_chooses_the_strongest(
    phase: int, encryption: Any, integrity: Any, groups: Any, expected: proposals.Proposal
) -> None:
    assert proposals.choose(options(phase, encryption, integrity, groups), phase) == expected


@pytest.mark.parametrize(
    ("given_options", "text"),
    [
        (options(1, integrity=["SHA1"]), "phase1_integrity_algorithms: SHA1: only weak"),
        (options(1, groups=[2, 24]), "phase1_dh_group_numbers: 2, 24: only weak"),
        (options(1, groups=[35]), "phase1_dh_group_numbers: 35: none of them is supported"),
        (options(1, encryption=["3DES"]), "phase1_encryption_algorithms: 3DES: none of them is supported"),
    ],
)
def test_refuses_what_is_weak_or_unknown(given_options: dict[str, Any], text: str) -> None:
    with pytest.raises(proposals.NoProposal, match=text):
        proposals.choose(given_options, 1)


def test_weak_values_need_consent() -> None:
    allowed = options(2, ["AES128"], ["SHA1"], [2])
    assert proposals.choose(allowed, 2, allow_weak=True) == proposals.Proposal("AES128", "SHA1", 2)


def test_order_of_the_lists_does_not_matter() -> None:
    one = options(1, ["AES128", "AES256"], ["SHA2-256", "SHA2-512"], [14, 16])
    other = options(1, ["AES256", "AES128"], ["SHA2-512", "SHA2-256"], [16, 14])
    assert proposals.choose(one, 1) == proposals.choose(other, 1)


# The table of the AWS guide, "Best practices for your customer gateway device", for a path of 1500 bytes.
@pytest.mark.parametrize(
    ("encryption", "integrity", "nat_traversal", "mtu", "mss"),
    [
        ("AES256-GCM-16", "SHA2-384", False, 1446, 1406),
        ("AES128-GCM-16", "SHA2-384", True, 1438, 1398),
        ("AES256", "SHA1", False, 1438, 1398),
        ("AES256", "SHA1", True, 1422, 1382),
        ("AES128", "SHA2-256", False, 1438, 1398),
        ("AES128", "SHA2-256", True, 1422, 1382),
        ("AES256", "SHA2-384", False, 1422, 1382),
        ("AES256", "SHA2-384", True, 1422, 1382),
        ("AES256", "SHA2-512", False, 1422, 1382),
        ("AES256", "SHA2-512", True, 1406, 1366),
    ],
)
def test_sizes_are_those_of_aws(encryption: str, integrity: str, nat_traversal: bool, mtu: int, mss: int) -> None:
    proposal = proposals.Proposal(encryption, integrity, 20)
    assert proposals.mtu(proposal, 1500, nat_traversal) == mtu
    assert proposals.mss(mtu) == mss


def test_a_narrow_path_makes_a_narrow_tunnel() -> None:
    assert proposals.mtu(DEFAULT, 1492, False) == 1438


def test_default_timers_stay_clear_of_those_of_aws() -> None:
    # AWS starts to rekey ESP from 3060 s on, IKE from 28260 s on.
    assert proposals.esp_timers({}) == proposals.Timers(rekey=3000, random=120, life=3600)
    assert proposals.ike_timers({}) == proposals.Timers(rekey=27000, random=1200, life=28800)


@given(life1=st.integers(900, 28800), life2=st.integers(900, 3600), fuzz=st.integers(0, 100), data=st.data())
def test_timers_make_sense_for_all_that_aws_allows(life1: int, life2: int, fuzz: int, data: st.DataObject) -> None:
    margin = data.draw(st.integers(60, life2 // 2))
    allowed = {
        "phase1_lifetime_seconds": life1,
        "phase2_lifetime_seconds": life2,
        "rekey_margin_time_seconds": margin,
        "rekey_fuzz_percentage": fuzz,
    }
    for timers, life in ((proposals.ike_timers(allowed), life1), (proposals.esp_timers(allowed), life2)):
        assert timers.life == life
        assert 0 < timers.random < timers.rekey < life
        assert timers.rekey >= life // 2
        # Before AWS, unless AWS was told to start in the first half of the life of the SA.
        assert timers.rekey < life - margin * (100 + fuzz) // 100 or timers.rekey == life // 2


@pytest.mark.parametrize(
    ("options", "weak"),
    [
        ({}, []),
        ({"phase1_dh_group_numbers": [2, 14]}, []),
        ({"phase1_dh_group_numbers": [2, 24], "phase2_dh_group_numbers": [5]}, ["phase1_dh_group_numbers"]),
        ({"phase1_integrity_algorithms": ["SHA1"]}, ["phase1_integrity_algorithms"]),
        ({"phase1_encryption_algorithms": ["AES128"]}, []),
    ],
)
def test_options_that_allow_nothing_but_weak_values(options: dict[str, Any], weak: list[str]) -> None:
    assert proposals.weak_options(options, 1) == weak
