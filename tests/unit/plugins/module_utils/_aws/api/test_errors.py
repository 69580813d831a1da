# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which exception of the core an error of the SDK becomes."""

from __future__ import annotations

import pytest
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._aws.api.ec2 import Ec2
from ansible_collections.hybridnet.aws_vpn.plugins.module_utils._core.errors import (
    ApiError,
    InvalidState,
    NotFound,
)
from botocore.stub import Stubber

Stub = tuple[Ec2, Stubber]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidVpnConnectionID.NotFound", NotFound),
        ("InvalidVpnConnectionID", NotFound),
        ("InvalidVpnConnection.InvalidState", InvalidState),
        ("IncorrectState", InvalidState),
        ("UnauthorizedOperation", ApiError),
        ("InvalidParameterValue", ApiError),
    ],
)
def test_codes(stub: Stub, code: str, kind: type[ApiError]) -> None:
    ec2, stubber = stub
    stubber.add_client_error("modify_vpn_connection", code, "no")
    with pytest.raises(ApiError) as error:
        ec2.modify_connection("vpn-1", {})
    assert error.type is kind
    assert str(error.value) == f"ModifyVpnConnection for vpn-1 failed: {code}: no"
    assert (error.value.code, error.value.subject) == (code, "vpn-1")
