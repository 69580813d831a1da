# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS says of one tunnel at a time."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.tunnel_status import (
    ActiveStatus,
    KeyExchange,
    Maintenance,
    Negotiated,
)


@pytest.mark.parametrize(
    ("text", "pending"),
    [
        (None, False),
        ("", False),
        ("  ", False),
        ("None", False),
        ("none", False),
        ("NONE ", False),
        ("Available", True),
        ("available", True),
        ("something AWS has not told us of", True),
    ],
)
def test_what_counts_as_pending(text: str | None, pending: bool) -> None:
    found = Maintenance(text)
    assert found.is_pending is pending
    assert found.as_result()["is_pending"] is pending
    assert ("with pending" in found.state) is pending


def test_both_phases_are_returned_under_names_of_their_own() -> None:
    exchanges = (KeyExchange(1, 36), KeyExchange(2, 37))
    found = ActiveStatus(
        provisioning_status="available",
        ike_version="ikev2",
        phase1=Negotiated("AES256-GCM-16", None, 20, exchanges),
        phase2=Negotiated("AES256", "SHA2-512", 21),
    ).as_result()
    assert found["phase1_additional_key_exchanges"] == [{"round": 1, "method": 36}, {"round": 2, "method": 37}]
    assert (found["phase1_encryption_algorithm"], found["phase2_encryption_algorithm"]) == ("AES256-GCM-16", "AES256")
    assert (found["phase1_dh_group"], found["phase2_dh_group"]) == (20, 21)
    assert found["phase2_additional_key_exchanges"] == []


def test_a_tunnel_that_is_down_has_the_same_keys_without_values() -> None:
    nothing = ActiveStatus().as_result()
    assert set(nothing) == set(ActiveStatus(phase1=Negotiated("AES128")).as_result())
    assert [value for value in nothing.values() if value] == []
