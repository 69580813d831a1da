# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an SDK says that is older than an operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import InvalidInput


@pytest.mark.parametrize(
    ("work", "name"),
    [
        (lambda ec2: ec2.vpn_concentrators(), "DescribeVpnConcentrators"),
        (lambda ec2: ec2.active_status("vpn-1", "203.0.113.2"), "GetActiveVpnTunnelStatus"),
    ],
)
def test_an_sdk_that_is_too_old_is_told(work: Callable[[Ec2], Any], name: str) -> None:
    with pytest.raises(InvalidInput, match=f"the installed botocore does not know {name}, a newer one is needed"):
        work(Ec2(object()))
