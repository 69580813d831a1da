# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter tunnel_report: verdicts in, text out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.tunnel_report import FilterModule

report = FilterModule().filters()["tunnel_report"]
VERDICT: dict[str, Any] = {"rows": [], "up": False, "lines": [], "causes": ["No tunnel to look at"]}


def test_formats() -> None:
    nothing = {"up": False, "tunnels": [], "causes": ["No tunnel to look at"], "gateways": {}}
    assert json.loads(report([VERDICT])) == nothing
    assert json.loads(report([VERDICT], gateway_status={"a": {"drift": []}}))["gateways"] == {"a": {"drift": []}}
    assert report([VERDICT], "junit").startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites')


@pytest.mark.parametrize(("given", "words"), [(([VERDICT], "yaml"), "no format yaml"), (([{}],), "takes a list")])
def test_wrong_input(given: tuple[Any, ...], words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        report(*given)
