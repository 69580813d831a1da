# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which environment variables an inventory may set: none that could hold a secret, and no value in a refusal."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.inventory.environment import (
    ALLOWED,
    ONLY_EMPTY,
    PROXIES,
    problems,
    variables,
)

MARKER = "MarkerKey+20"


@pytest.mark.parametrize("name", [*ALLOWED, "AWS_ENDPOINT_URL_EC2"])
def test_what_holds_no_secret_is_allowed(name: str) -> None:
    assert problems({name: "eu-central-1"}) == []
    assert [str(problem) for problem in problems({name: [MARKER]})] == [f".{name}: a string is expected"]


@pytest.mark.parametrize("name", ONLY_EMPTY)
def test_credentials_may_only_be_taken_away(name: str) -> None:
    assert problems({name: ""}) == []
    (problem,) = problems({name: MARKER})
    assert str(problem).startswith(f".{name}: not allowed, because other users of the controller can read")


@pytest.mark.parametrize("name", [*PROXIES, "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"])
def test_no_password_in_an_address(name: str) -> None:
    assert problems({name: "http://192.0.2.1:3128"}) == []
    (problem,) = problems({name: f"http://user:{MARKER}@192.0.2.1:3128"})
    assert "must not contain a user name or a password" in str(problem)
    assert MARKER not in str(problem)


@pytest.mark.parametrize(
    ("environment", "texts"),
    [
        (None, []),
        ({}, []),
        ([MARKER], [": a dictionary is expected"]),
        ({"AWS_PROFIL": MARKER}, [".AWS_PROFIL: not allowed, because "]),
        ({"LD_PRELOAD": MARKER}, [".LD_PRELOAD: not allowed, because "]),
        # What is no name can be a secret on the wrong side of the colon.
        ({f"AWS_SECRET_ACCESS_KEY={MARKER}": ""}, [": not allowed, because "]),
        ({"AWS_PROFILE": "a", "X": "", "Y": ""}, [".X: not allowed, because ", ".Y: not allowed, because "]),
    ],
)
def test_each_variable_has_its_problem(environment: object, texts: list[str]) -> None:
    found = list(map(str, problems(environment)))
    assert len(found) == len(texts)
    assert all(problem.startswith(text) for problem, text in zip(found, texts, strict=True))
    assert MARKER not in "".join(found)


def test_a_mistyped_name_comes_with_a_suggestion() -> None:
    (problem,) = problems({"AWS_PROFIL": "a"})
    assert str(problem).endswith(", did you mean AWS_PROFILE?")


def test_variables_are_text() -> None:
    assert variables({"AWS_METADATA_SERVICE_TIMEOUT": 5}) == {"AWS_METADATA_SERVICE_TIMEOUT": "5"}
    assert variables(None) == {}
