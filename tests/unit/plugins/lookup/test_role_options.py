# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup role_options: the options of a role, where an empty one counts as not set."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible_collections.hybridnet.aws_vpn.plugins.lookup.role_options import LookupModule


class _Templar:
    """Values are what they are."""

    @staticmethod
    def template(value: Any) -> Any:
        return value


def options(role: str, **variables: Any) -> dict[str, Any]:
    (found,) = LookupModule(loader=None, templar=_Templar()).run([role], variables)
    return dict(found)


@pytest.mark.parametrize("empty", ["", []])
def test_an_empty_variable_has_the_default(empty: Any) -> None:
    found = options("verify", verify_wait=empty, verify_pings=empty, verify_probe_host=empty)
    assert (found["wait"], found["pings"], found["probe_host"]) == (90, 5, "")


def test_a_value_has_its_type() -> None:
    assert options("verify", verify_wait="7")["wait"] == 7
    with pytest.raises(AnsibleLookupError, match="verify_wait"):
        options("verify", verify_wait="soon")


def test_a_playbook_of_the_collection_comes_first() -> None:
    assert options("verify", verify_wait=7, __site_vpn_verify_wait=9)["wait"] == 9


def test_no_other_role() -> None:
    with pytest.raises(AnsibleLookupError, match="nginx is none of them"):
        options("nginx")


def test_a_task_that_asks_again_evaluates_nothing_again() -> None:
    class Templar:
        asked = 0

        def template(self, value: Any) -> Any:
            self.asked += 1
            return value

    templar = Templar()
    variables, others = {"verify_wait": 7}, {"verify_wait": 8}
    lookup = LookupModule(loader=None, templar=templar)
    found = [lookup.run(["verify"], given)[0]["wait"] for given in (variables, variables, others)]
    assert (found, templar.asked) == ([7, 7, 8], 2)
