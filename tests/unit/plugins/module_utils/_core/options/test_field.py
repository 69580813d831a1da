# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row of a field table: what is the same, what is shown, and which rule is broken."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import fields
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options.field import Field


def row(name: str) -> Field:
    return fields.tunnel_field(name)


@pytest.mark.parametrize(
    ("name", "wanted", "actual", "same"),
    [
        ("phase1_lifetime_seconds", 28800, None, True),
        ("phase1_lifetime_seconds", 3600, None, False),
        ("phase1_lifetime_seconds", 3600, 3600, True),
        ("dpd_timeout_seconds", 30, None, False),
        ("ike_versions", ["ikev2", "ikev1"], ["ikev1", "ikev2"], True),
        ("ike_versions", ["ikev2"], ["ikev1", "ikev2"], False),
        ("ike_versions", ["ikev2"], None, False),
        # Without a list AWS allows all.
        ("ike_versions", ["ikev2", "ikev1"], None, True),
        ("phase1_encryption_algorithms", ["AES256"], None, False),
        # Whether "all" has the ML-KEM group is not told, so it is asked for once.
        ("phase1_dh_group_numbers", [2, *range(14, 25), 35], None, False),
        ("phase1_dh_group_numbers", [35, 14], [14, 35], True),
        ("inside_ipv6_cidr", "FD00:0::/126", "fd00::/126", True),
        ("log_group_arn", "arn:aws:logs:x:1:log-group:a", "arn:aws:logs:x:1:log-group:a:*", True),
        ("log_output_format", "json", None, True),
        ("phase1_additional_key_exchanges", [], None, True),
        ("phase1_additional_key_exchanges", [{"round": 1, "methods": None, "requirement": "optional"}], None, True),
        ("phase1_additional_key_exchanges", [{"round": 1, "methods": [36]}], None, False),
        (
            "phase1_additional_key_exchanges",
            [{"round": 2, "methods": [36]}, {"round": 1, "methods": [37, 36], "requirement": "optional"}],
            [
                {"round": 1, "methods": [36, 37], "requirement": "optional"},
                {"round": 2, "methods": [36], "requirement": "required"},
                {"round": 3, "methods": [], "requirement": "optional"},
            ],
            True,
        ),
        (
            "phase1_additional_key_exchanges",
            [{"round": 1, "methods": [36]}],
            [{"round": 1, "methods": [36], "requirement": "optional"}],
            False,
        ),
        ("inside_cidr", "169.254.20.0/30", "169.254.20.0/30", True),
        ("pre_shared_key", Secret("one_key_1"), Secret("one_key_1").sealed(), True),
        ("pre_shared_key", Secret("one_key_1"), Secret("two_key_2").sealed(), False),
    ],
)
def test_same(name: str, wanted: Any, actual: Any, same: bool) -> None:
    assert row(name).same(wanted, actual) is same


def test_shown_hides_keys_and_sorts_lists() -> None:
    assert row("pre_shared_key").shown(Secret("MARKER_key")) == "(set)"
    assert row("pre_shared_key").shown("MARKER_key") == "(set)"
    assert row("pre_shared_key").shown(None) is None
    assert row("ike_versions").shown(["ikev2", "ikev1"]) == ["ikev1", "ikev2"]


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("phase1_lifetime_seconds", 900, None),
        ("phase1_lifetime_seconds", 899, "900 to 28800 seconds is expected"),
        ("phase1_lifetime_seconds", 28801, "900 to 28800 seconds is expected"),
        ("phase1_lifetime_seconds", "3600", "a whole number is expected"),
        ("phase1_lifetime_seconds", True, "a whole number is expected"),
        ("rekey_fuzz_percentage", 101, "0 to 100 percent is expected"),
        ("replay_window_size", 63, "64 to 2048 packets is expected"),
        ("dpd_timeout_seconds", 29, "at least 30 seconds is expected"),
        ("dpd_timeout_action", "stop", "one of clear, none, restart is expected"),
        ("log_enabled", "yes", "true or false is expected"),
        ("ike_versions", [], "an empty list is not possible"),
        ("ike_versions", "ikev2", "a list is expected"),
        ("phase1_dh_group_numbers", [20, 36], "has 36, AWS knows 2, 14"),
        ("phase2_dh_group_numbers", [5, 36, 37], None),
        ("phase1_encryption_algorithms", ["AES192"], "has AES192, AWS knows AES128"),
        ("phase1_additional_key_exchanges", [{"round": 8, "methods": [36]}], "from 1 to 7"),
        ("pre_shared_key", 12345678, "quote it"),
        ("pre_shared_key", Secret("0badbadbad"), "must not start with 0"),
        ("inside_ipv6_cidr", "fd00::/64", "/126 only"),
    ],
)
def test_the_rule_of_one_row(name: str, value: Any, rule: str | None) -> None:
    found = row(name).problem(value)
    assert found is None if rule is None else found is not None and rule in found
