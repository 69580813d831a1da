# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Service Quotas says of the account, and that nobody needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.quotas import client_config, limits
from botocore.config import Config

if TYPE_CHECKING:
    from vpn_emulator import Emulator

CODES = ["L-3E6EC3A3", "L-4FB7FF5D", "L-7029FAB6", "L-B91E5754"]


@pytest.fixture
def client(emulator: Emulator) -> Any:
    return boto3.client("service-quotas", **emulator.client_options(), config=Config(**client_config()))


def test_the_numbers_of_the_account(client: Any, emulator: Emulator) -> None:
    emulator.quotas.set(vpn_connections=120)
    assert limits(client, CODES) == dict(zip(CODES, [120, 50, 5, 10], strict=True))


def test_a_quota_without_a_number_is_left_out(client: Any, emulator: Emulator) -> None:
    emulator.quotas.set(customer_gateways=None)
    assert set(limits(client, CODES)) == {"L-3E6EC3A3", "L-7029FAB6", "L-B91E5754"}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ServiceException", "TooManyRequestsException"])
def test_after_a_refusal_nothing_more_is_asked(client: Any, emulator: Emulator, code: str) -> None:
    emulator.faults.add("refuse", "GetServiceQuota", call=2, code=code)
    assert limits(client, CODES) == {"L-3E6EC3A3": 50}
    assert emulator.calls["GetServiceQuota"] == 2


def test_a_service_that_is_out_of_reach_is_no_error(emulator: Emulator) -> None:
    options = {**emulator.client_options(), "endpoint_url": "http://127.0.0.1:9"}
    assert limits(boto3.client("service-quotas", **options, config=Config(**client_config())), CODES) == {}
