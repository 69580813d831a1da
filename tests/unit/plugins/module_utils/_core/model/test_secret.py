# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets do not show themselves, whatever is done with them."""

from __future__ import annotations

import copy
import json
import pickle
import traceback

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.resources import Tunnel, TunnelWanted
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.secret import Secret

MARKER = "MARKER_psk.secret"


@pytest.mark.parametrize(
    "text",
    [
        repr(Secret(MARKER)),
        str(Secret(MARKER)),
        f"{Secret(MARKER)}",
        f"{Secret(MARKER):>20}",
        "{}".format(Secret(MARKER)),  # noqa: UP032  # another way of formatting is the point
        "%s" % Secret(MARKER),  # noqa: UP031  # as above
        repr([Secret(MARKER)]),
        repr({"key": Secret(MARKER)}),
        repr(TunnelWanted({"pre_shared_key": Secret(MARKER)})),
        repr(Tunnel(1, "198.18.0.1", None, Secret(MARKER))),
        repr(Secret(MARKER).sealed()),
    ],
)
def test_no_text_shows_the_key(text: str) -> None:
    assert MARKER not in text
    assert "redacted" in text


def test_a_traceback_does_not_show_the_key() -> None:
    try:
        raise RuntimeError(Secret(MARKER))
    except RuntimeError:
        assert MARKER not in traceback.format_exc()


def test_it_is_not_serialised() -> None:
    with pytest.raises(TypeError):
        json.dumps(Secret(MARKER))
    for serialise in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            serialise(Secret(MARKER))


def test_reveal_is_the_only_way() -> None:
    assert Secret(MARKER).reveal() == MARKER


def test_a_sealed_secret_compares_but_reveals_nothing() -> None:
    sealed = Secret(MARKER).sealed()
    assert sealed.is_sealed
    assert sealed == Secret(MARKER)
    assert sealed != Secret("another_key")
    assert hash(sealed) == hash(Secret(MARKER))
    with pytest.raises(ValueError, match="sealed"):
        sealed.reveal()


def test_it_is_not_equal_to_its_own_text() -> None:
    assert Secret(MARKER) != MARKER
