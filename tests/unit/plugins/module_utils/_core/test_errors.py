# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user reads when something goes wrong, and that a bug shows none of its own text."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    SHOWN_FAILURES,
    Ambiguous,
    ApiError,
    ApplyFailed,
    GatewayFailure,
    InvalidInput,
    TimedOut,
    VpnError,
    text_of,
)

MARKER = "MARKER_psk.1"


def caught(error: Exception) -> Exception:
    """The error as it is after it was raised in this file."""
    try:
        raise error
    except Exception as raised:  # noqa: BLE001 - the point of the test is that it can be any
        return raised


def test_an_error_of_ours_speaks_for_itself() -> None:
    assert text_of(InvalidInput(["a: x", "b: y"])) == "a: x; b: y"


def test_of_a_bug_only_its_kind_and_its_place_are_said() -> None:
    text = text_of(caught(ValueError(MARKER)))
    assert text.startswith("unexpected ValueError in test_errors.py, line ")
    assert text.endswith("this is a bug in hybridnet.aws_vpn")
    assert MARKER not in text


def test_the_place_of_a_bug_is_where_it_was_raised_and_not_where_it_was_caught() -> None:
    with pytest.raises(ZeroDivisionError) as outer:
        exec(compile("\n\n1 / 0", "/somewhere/inner.py", "exec"), {})  # noqa: S102 - a file with a line of its own
    assert "in inner.py, line 3:" in text_of(outer.value)


def test_a_bug_that_was_never_raised_has_no_place() -> None:
    assert "in unknown place" in text_of(KeyError(MARKER))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ApiError("CreateRoute", "Limit", "too many"), "CreateRoute failed: Limit: too many"),
        (ApiError("CreateRoute", "Limit", "too many", "vpn-1"), "CreateRoute for vpn-1 failed: Limit: too many"),
        (TimedOut(61.4, ["vpn-1 pending", "vgw-1 attaching"]), "Not ready after 61 s: vpn-1 pending; vgw-1 attaching"),
    ],
)
def test_texts(error: VpnError, text: str) -> None:
    assert str(error) == text


def test_resources_that_are_ambiguous_are_all_named_in_one_order() -> None:
    error = Ambiguous("VPN connection", "berlin", ["vpn-2", "vpn-1"])
    assert error.ids == ["vpn-1", "vpn-2"]
    assert "VPN connection of berlin is ambiguous: vpn-1, vpn-2 " in str(error)


def failure(error: str) -> GatewayFailure:
    return GatewayFailure(error, [error], [], [])


def test_a_failed_run_says_what_is_done_and_what_is_not() -> None:
    text = str(ApplyFailed(["berlin: refused"], ["a", "b"], ["c"], {"berlin": failure("refused")}))
    assert text == "berlin: refused (2 steps completed, 1 not begun; run again to resume)"


def test_a_run_in_which_many_sites_failed_names_some_and_counts_all() -> None:
    steps = [f"s{number}: refused" for number in range(SHOWN_FAILURES + 2)]
    error = ApplyFailed(steps, [], [], {step: failure(step) for step in steps})
    assert error.failed_steps == steps
    assert f"s{SHOWN_FAILURES - 1}: refused; and 2 more, in failed_steps (12 gateways failed; " in str(error)
    assert f"s{SHOWN_FAILURES}:" not in str(error)
