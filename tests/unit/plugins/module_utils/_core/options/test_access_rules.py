# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the Region and the account of an entry."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.model import access
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.options import access_rules

ROLE = "arn:aws:iam::111122223333:role/vpn"


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"region": "", "assume_role_arn": "", "external_id": None},
        {"region": "us-gov-west-1", "profile": "my profile"},
        {"assume_role_arn": "arn:aws-us-gov:iam::111122223333:role/path/of/vpn", "external_id": "a:b/c", "name": 5},
        {"assume_role_arn": ROLE, "role_session_name": "night@run=1,2"},
    ],
)
def test_what_is_right(entry: dict[str, Any]) -> None:
    assert access_rules.access_problems(entry) == []


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ({"region": "europe"}, "region=europe: not the name of an AWS Region such as eu-central-1"),
        (
            {"assume_role_arn": "vpn"},
            "assume_role_arn=vpn: not the ARN of an IAM role such as arn:aws:iam::111122223333:role/vpn",
        ),
        ({"assume_role_arn": f"{ROLE}\n"}, f"assume_role_arn='{ROLE}\\n': not the ARN of an IAM role"),
        ({"assume_role_arn": ROLE, "role_session_name": "x"}, "role_session_name=x: 2 to 64 letters"),
        ({"assume_role_arn": ROLE, "external_id": "a b"}, "external_id=a b: 2 to 1224 letters"),
        ({"external_id": "word"}, "external_id: only together with assume_role_arn"),
        ({"role_session_name": "run"}, "role_session_name: only together with assume_role_arn"),
        ({"profile": 5}, "profile=5: the name of a profile is expected"),
        ({"region": ["eu-west-1"]}, "region=(a list): not the name of an AWS Region"),
    ],
)
def test_what_is_wrong(entry: dict[str, Any], line: str) -> None:
    (problem,) = access_rules.access_problems(entry)
    assert str(problem).startswith(line)


def test_there_is_a_rule_for_each_option() -> None:
    assert tuple(access_rules.RULES) == access.OPTIONS
