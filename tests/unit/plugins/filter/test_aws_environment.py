# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter aws_environment: the variables, or one error with every problem and no value."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.hybridnet.aws_vpn.plugins.filter.aws_environment import FilterModule

aws_environment = FilterModule().filters()["aws_environment"]
MARKER = "MarkerKey+20"


def test_what_is_allowed_is_handed_on_as_text() -> None:
    given = {"AWS_PROFILE": "lab", "AWS_METADATA_SERVICE_TIMEOUT": 5}
    assert aws_environment(given) == {"AWS_PROFILE": "lab", "AWS_METADATA_SERVICE_TIMEOUT": "5"}
    assert aws_environment({}) == {}


def test_every_problem_is_in_the_error_and_no_value() -> None:
    with pytest.raises(AnsibleFilterError) as refusal:
        aws_environment({"AWS_SECRET_ACCESS_KEY": MARKER, "HTTPS_PROXY": f"http://user:{MARKER}@192.0.2.1"})
    message = str(refusal.value)
    first, second = message.splitlines()
    assert first.startswith("environment.AWS_SECRET_ACCESS_KEY: not allowed")
    assert second.startswith("environment.HTTPS_PROXY: must not contain")
    assert MARKER not in message
