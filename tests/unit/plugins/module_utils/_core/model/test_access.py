# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an entry says of its Region and account, and how both are named."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model.access import Access

ROLE = "arn:aws:iam::111122223333:role/vpn"
OWN = Access("eu-central-1", "main")


def test_what_an_entry_does_not_say_is_that_of_the_task() -> None:
    assert Access.of({"name": "berlin"}, OWN) == OWN
    assert Access.of({"region": "eu-west-1", "profile": ""}, OWN) == Access("eu-west-1", "main")
    assert Access.of({"profile": "other"}, OWN) == Access("eu-central-1", "other")
    own_role = Access.of({"assume_role_arn": ROLE, "external_id": "word", "role_session_name": "run"}, OWN)
    assert own_role == Access("eu-central-1", "main", ROLE, "word", "run")
    assert Access.of({}) == Access()


@pytest.mark.parametrize(
    ("access", "account", "label"),
    [
        (Access("eu-central-1"), None, "eu-central-1"),
        (OWN, "main", "eu-central-1, main"),
        (Access("eu-central-1", "main", ROLE, "word"), ROLE, f"eu-central-1, {ROLE}"),
    ],
)
def test_names(access: Access, account: str | None, label: str) -> None:
    assert access.as_result() == {"region": "eu-central-1", "account": account}
    assert access.label == label
