# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for all unit tests: the emulated AWS, fresh for each test, and a boto3 client on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest

if TYPE_CHECKING:
    from iam import Guard
    from vpn_emulator import Emulator


@pytest.fixture(scope="session")
def _emulator_server() -> Iterator[Emulator]:
    from vpn_emulator import in_process

    with in_process(settle=0) as emulator:
        yield emulator


@pytest.fixture
def emulator(_emulator_server: Emulator) -> Emulator:
    """An account that is empty, and nobody else's; `emulator.settle = 30` before a call makes its states last."""
    return _emulator_server.new_account()


@pytest.fixture
def ec2(emulator: Emulator) -> Any:
    return boto3.client("ec2", **emulator.client_options())


@pytest.fixture
def guard(_emulator_server: Emulator) -> Iterator[Guard]:
    """The same emulator at `guard.url`, where only what `guard.policies` allow is answered."""
    import iam

    with iam.served([]) as guard:
        yield guard
