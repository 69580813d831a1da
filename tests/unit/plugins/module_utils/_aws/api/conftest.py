# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adapter against the real service model: each request goes through botocore's Stubber."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.caller import client_config
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.pace import Clock
from botocore.config import Config
from botocore.stub import Stubber

Stub = tuple[Ec2, Stubber]


@pytest.fixture
def slept() -> list[float]:
    """The pauses that were made."""
    return []


@pytest.fixture
def clock(slept: list[float]) -> Clock:
    """A clock that only moves when somebody sleeps, and no chance."""
    return Clock(lambda: sum(slept), slept.append, lambda: 1.0)


@pytest.fixture
def stub(clock: Clock) -> Iterator[Stub]:
    """The calls, and the answers they get, which all have to be asked for."""
    client = boto3.client(
        "ec2",
        region_name="eu-central-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(**client_config()),
    )
    with Stubber(client) as stubber:
        yield Ec2(client, clock), stubber
        stubber.assert_no_pending_responses()
